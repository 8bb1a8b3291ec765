//! What an examination found.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::look::Key;
use super::{Evidence, Family, Rule, Severity};
use crate::okta::Response;
use crate::run::Side;

/// All rulings over one pair.
#[derive(Clone)]
pub struct Report {
    /// Host of the source.
    pub source: String,
    /// Host of the target.
    pub target: String,
    /// One for each rule, in the order of the rules.
    pub rulings: Vec<Ruling>,
    /// Calls made to the source and to the target, pages and repeats counted.
    pub calls: [usize; 2],
    /// How much of each limit was used.
    pub uses: Vec<Use>,
}

/// What one rule says of one pair.
#[derive(Clone)]
pub struct Ruling {
    /// The rule.
    pub rule: &'static Rule,
    /// What it says.
    pub outcome: Outcome,
    /// The answers it looked at: org and address.
    pub reads: Vec<Key>,
    /// What it did not look at, when it looked at the first of many only.
    pub partly: Option<&'static str>,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// There is nothing here for it to judge.
    DoesNotApply {
        /// Why not.
        why: String,
    },
    /// Something is wrong.
    Finding {
        /// What shows it.
        evidence: Vec<Evidence>,
    },
    /// Nothing is wrong.
    Ok,
    /// Not known: a read had no usable answer. Never taken for good.
    Unknown {
        /// Why not.
        why: String,
    },
}

/// How much of the limit of one kind of call was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Use {
    /// In which org.
    pub side: Side,
    /// The operation.
    pub op: String,
    /// Calls made.
    pub calls: u64,
    /// Calls that the org allows in its window, as it said last; 0 when it said nothing.
    pub limit: u64,
    /// Calls that were left, at the least.
    pub least_left: Option<u64>,
    /// Calls that the org put off (429).
    pub refused: u64,
    /// Of those, the ones refused for too many calls at the same time (a limit of 0).
    pub crowded: u64,
}

impl Use {
    pub(super) fn new(side: Side, op: &str) -> Use {
        Use {
            side,
            op: op.to_owned(),
            calls: 0,
            limit: 0,
            least_left: None,
            refused: 0,
            crowded: 0,
        }
    }

    pub(super) fn add(&mut self, response: &Response) {
        let number = |name: &str| response.header(name)?.trim().parse::<u64>().ok();
        let limit = number("x-rate-limit-limit");
        self.calls += 1;
        if response.status == 429 {
            self.refused += 1;
            self.crowded += u64::from(limit == Some(0));
        }
        if let Some(limit) = limit.filter(|limit| *limit > 0) {
            self.limit = limit;
            let left = number("x-rate-limit-remaining");
            self.least_left = match (left, self.least_left) {
                (Some(left), Some(least)) => Some(left.min(least)),
                (left, least) => left.or(least),
            };
        }
    }

    /// The share of the limit that the calls were, in tenths of a percent; none without a limit.
    pub fn share(&self) -> Option<u64> {
        (self.calls * 1000).checked_div(self.limit)
    }
}

impl Report {
    /// The findings, the worst first.
    pub fn findings(&self) -> Vec<(&Ruling, &[Evidence])> {
        let mut found: Vec<(&Ruling, &[Evidence])> = self
            .rulings
            .iter()
            .filter_map(|ruling| match &ruling.outcome {
                Outcome::Finding { evidence } => Some((ruling, evidence.as_slice())),
                _ => None,
            })
            .collect();
        found.sort_by_key(|(ruling, _)| ruling.rule.severity);
        found
    }

    /// What is not known, with why not.
    pub fn unknown(&self) -> Vec<(&Ruling, &str)> {
        self.rulings
            .iter()
            .filter_map(|ruling| match &ruling.outcome {
                Outcome::Unknown { why } => Some((ruling, why.as_str())),
                _ => None,
            })
            .collect()
    }

    /// How many rulings of a kind.
    pub fn count(&self, is: impl Fn(&Ruling) -> bool) -> usize {
        self.rulings.iter().filter(|ruling| is(ruling)).count()
    }

    /// The rulings of a family in one word: the worst finding, else `unknown`, else `ok`, else `-`
    /// where nothing applies.
    pub fn word(&self, family: Family) -> &'static str {
        let all = || self.rulings.iter().filter(|one| one.rule.family == family);
        let worst = all()
            .filter(|one| matches!(one.outcome, Outcome::Finding { .. }))
            .map(|one| one.rule.severity)
            .min();
        match worst {
            Some(severity) => severity.name(),
            None if all().any(|one| matches!(one.outcome, Outcome::Unknown { .. })) => "unknown",
            None if all().any(|one| one.outcome == Outcome::Ok) => "ok",
            None => "-",
        }
    }

    /// The use that came nearest to a limit.
    pub fn nearest(&self) -> Option<&Use> {
        let shares = self.uses.iter().filter(|one| one.share().is_some());
        shares.max_by_key(|one| one.share())
    }

    /// All of it for a program.
    pub fn json(&self) -> Json {
        let rulings: Vec<Json> = self.rulings.iter().map(Ruling::json).collect();
        let [source, target] = self.calls;
        json!({
            "source": self.source, "target": self.target,
            "findings": self.findings().len(), "unknown": self.unknown().len(),
            "calls": {"source": source, "target": target},
            "limits": self.uses, "rules": rulings,
        })
    }
}

impl Ruling {
    pub(super) fn json(&self) -> Json {
        let mut made = json!(self.outcome);
        let rule = self.rule;
        let about = json!({
            "id": rule.id, "family": rule.family, "severity": rule.severity, "title": rule.title,
            "because": rule.why, "remedy": rule.remedy, "source": rule.source,
            "partly": self.partly,
        });
        if let (Json::Object(made), Json::Object(about)) = (&mut made, about) {
            made.extend(about);
        }
        made
    }
}

/// How many findings of each severity.
pub(super) fn by_severity(report: &Report) -> Vec<(Severity, usize)> {
    let found = report.findings();
    Severity::ALL
        .into_iter()
        .map(|severity| {
            let same = found
                .iter()
                .filter(|(one, _)| one.rule.severity == severity);
            (severity, same.count())
        })
        .collect()
}

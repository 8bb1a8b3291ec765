//! A report beside a wish: what the wish asks for and is not there, what it wants as it is, and
//! what mends each finding: rows of a plan, or a person.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{Evidence, Report, Rule};
use crate::run::timeline::{StepState, StepView, Timeline};
use crate::run::{Method, Plan, Wish};

/// What a rule finds and a wish can want.
type Wants = fn(&Wish) -> bool;
const WANTED: &[(&str, Wants, &str)] = &[
    (
        "unassigning-deactivates",
        |wish| push(wish, |one| one.deactivate),
        "push.deactivate = true",
    ),
    (
        "initial-status-mails",
        |wish| push(wish, |one| one.initial_status.mails()),
        "push.initial_status",
    ),
    (
        "initial-status-pending",
        |wish| push(wish, |one| one.initial_status.name().starts_with("pending")),
        "push.initial_status",
    ),
    (
        "connection-by-token",
        |wish| wish.pushes_by(Method::Token),
        "push.method = \"token\"",
    ),
    (
        "rotation-by-hand",
        |wish| wish.pushes_by(Method::OauthManual),
        "push.method = \"oauth-manual\"",
    ),
];

fn push(wish: &Wish, is: impl Fn(&crate::run::Push) -> bool) -> bool {
    wish.push.as_ref().is_some_and(is)
}

/// What mends something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum MendedBy {
    /// Nothing: the wish wants it so.
    Nothing {
        /// The member that says so.
        wished: &'static str,
    },
    /// A person.
    Person {
        /// In which org.
        org: String,
        /// Where: a page of the Admin Console; empty where only what to do is known.
        page: &'static str,
        /// What to do.
        what: String,
    },
    /// Rows of the plan, by key.
    Plan {
        /// Their keys.
        rows: Vec<String>,
    },
}

/// Something that the wish asks for and is not so.
#[derive(Debug, Clone, Serialize)]
pub struct Gap {
    /// Id of the procedure.
    pub procedure: &'static str,
    /// Key of the row.
    pub row: String,
    /// In which org.
    pub org: String,
    /// The row.
    pub title: String,
    /// How it stands.
    pub state: StepState,
    /// What was seen.
    pub detail: String,
    /// What mends it.
    pub mend: MendedBy,
}

/// A finding with what mends it.
#[derive(Clone)]
pub struct Mended {
    /// The rule.
    pub rule: &'static Rule,
    /// What mends it.
    pub mend: MendedBy,
}

/// A report beside a wish.
#[derive(Clone)]
pub struct Wished {
    /// One for each finding, the worst first.
    pub findings: Vec<Mended>,
    /// What is not as wished.
    pub gaps: Vec<Gap>,
    /// Id of the plan; nothing where it holds no write.
    pub plan: Option<String>,
}

impl Wished {
    /// A report beside a wish of which every row was probed: its timeline and its plan.
    pub fn of(report: &Report, wish: &Wish, timeline: &Timeline, plan: &Plan) -> Wished {
        let findings = report.findings().into_iter();
        let findings = findings.map(|(ruling, evidence)| Mended {
            rule: ruling.rule,
            mend: mend(ruling.rule, evidence, report, wish, plan),
        });
        let steps = timeline
            .procedures
            .iter()
            .flat_map(|one| one.steps.iter().map(|step| (one.id, step)));
        let gaps = steps.filter(|(_, step)| step.state != StepState::Met);
        Wished {
            findings: findings.collect(),
            gaps: gaps.map(|(id, step)| gap(id, step, plan)).collect(),
            plan: (!plan.items.is_empty()).then(|| plan.id.clone()),
        }
    }

    /// Whether something is not as wished, or wrong in spite of the wish.
    pub fn is_ill(&self) -> bool {
        let wrong = |one: &Mended| !matches!(one.mend, MendedBy::Nothing { .. });
        !self.gaps.is_empty() || self.findings.iter().any(wrong)
    }

    /// Whether something that is asked for is not known.
    pub fn is_unsure(&self) -> bool {
        self.gaps.iter().any(|gap| gap.state == StepState::Unknown)
    }

    /// For a terminal; `command` is what would plan it.
    pub fn text(&self, command: &str) -> String {
        let mut text = format!(
            "By the wish, rows that are not as asked: {}\n",
            self.gaps.len()
        );
        for gap in &self.gaps {
            let Gap {
                org,
                title,
                procedure,
                detail,
                mend,
                ..
            } = gap;
            let state = json!(gap.state);
            let state = state.as_str().unwrap_or_default();
            let detail = match detail.is_empty() {
                true => String::new(),
                false => format!(" – {detail}"),
            };
            text.push_str(&format!(
                "  {state}: {org} · {title} ({procedure}){detail}\n"
            ));
            text.push_str(&format!("    {}\n", told(mend, command)));
        }
        for Mended { rule, mend } in &self.findings {
            text.push_str(&format!(
                "  {}: {}\n    {}\n",
                rule.id,
                rule.title,
                told(mend, command)
            ));
        }
        text
    }

    /// For a program.
    pub fn json(&self, command: &str) -> Json {
        let each = self.findings.iter();
        let findings = each.map(|one| json!({"id": one.rule.id, "mend": one.mend}));
        json!({
            "gaps": self.gaps, "findings": findings.collect::<Vec<_>>(),
            "plan": self.plan, "command": self.plan.as_ref().map(|_| command),
        })
    }
}

fn told(mend: &MendedBy, command: &str) -> String {
    match mend {
        MendedBy::Nothing { wished } => format!("as wished: {wished}"),
        MendedBy::Person {
            org,
            page: "",
            what,
        } => format!("by hand, in {org}: {what}"),
        MendedBy::Person { org, page, what } => format!("by hand, in {org}, {page}: {what}"),
        MendedBy::Plan { rows } => format!("mended by {}: {command}", rows.join(", ")),
    }
}

fn planned(plan: &Plan, step: &str) -> Vec<String> {
    let own = |key: &&String| key.split('/').next() == Some(step);
    let keys = plan.items.iter().map(|item| &item.key);
    keys.filter(own).cloned().collect()
}

fn mend(rule: &Rule, evidence: &[Evidence], report: &Report, wish: &Wish, plan: &Plan) -> MendedBy {
    let mut wanted = WANTED.iter();
    let wanted = wanted.find(|(id, wants, _)| *id == rule.id && wants(wish));
    if let Some((_, _, wished)) = wanted {
        return MendedBy::Nothing { wished };
    }
    let steps = rule.mending_rows().iter();
    let rows: Vec<String> = steps.flat_map(|step| planned(plan, step)).collect();
    if !rows.is_empty() {
        return MendedBy::Plan { rows };
    }
    let side = evidence.first().map(|one| one.side);
    let org = match side {
        Some(crate::run::Side::Source) => &report.source,
        _ => &report.target,
    };
    MendedBy::Person {
        org: org.clone(),
        page: "",
        what: rule.remedy.to_owned(),
    }
}

fn gap(procedure: &'static str, step: &StepView, plan: &Plan) -> Gap {
    let rows: Vec<String> = plan.items.iter().map(|item| item.key.clone()).collect();
    let mend = match rows.contains(&step.key) {
        true => MendedBy::Plan {
            rows: vec![step.key.clone()],
        },
        false => MendedBy::Person {
            org: step.org.clone(),
            page: step.page,
            what: match step.by_hand.first() {
                Some(_) => {
                    let clicks = step.by_hand.iter().map(|click| click.text.as_str());
                    clicks.collect::<Vec<_>>().join("; ")
                }
                None => step.why.to_owned(),
            },
        },
    };
    Gap {
        procedure,
        row: step.key.clone(),
        org: step.org.clone(),
        title: match &step.member {
            Some(member) => format!("{}: {member}", step.title),
            None => step.title.clone(),
        },
        state: step.state,
        detail: step.detail.clone(),
        mend,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::rules;
    use crate::run::Push;

    #[test]
    fn the_table_names_rules_that_there_are() {
        let rule = |id: &str| rules().any(|rule| rule.id == id);
        assert!(WANTED.iter().all(|(id, ..)| rule(id)));
    }

    fn plan(keys: &[&str]) -> Plan {
        let items = keys.iter().map(|key| json!({"key": key}));
        let items = items.map(|item| crate::run::PlanItem {
            key: item["key"].as_str().unwrap().to_owned(),
            title: String::new(),
            side: crate::run::Side::Source,
            org: String::new(),
            method: "POST",
            path: String::new(),
            body: None,
            changes: Vec::new(),
            why: "",
            undo: Vec::new(),
        });
        Plan {
            id: "p".into(),
            sentence: String::new(),
            reach: Default::default(),
            reaches: String::new(),
            items: items.collect(),
            by_hand: Vec::new(),
            warnings: Vec::new(),
            cannot_undo: Vec::new(),
        }
    }

    #[test]
    fn a_finding_is_mended_by_a_row_by_a_person_or_not_at_all() {
        let report = Report {
            source: "acme.okta.com".into(),
            target: "hub.okta.com".into(),
            rulings: Vec::new(),
            calls: [0, 0],
            uses: Vec::new(),
        };
        let find = |id: &str| rules().find(|rule| rule.id == id).unwrap();
        let mut wish = Wish::default();
        let with = |id: &str, wish: &Wish, plan: &Plan| mend(find(id), &[], &report, wish, plan);
        let rows = with("create-off", &wish, &plan(&["to-app", "to-apps", "idp/x"]));
        assert_eq!(
            rows,
            MendedBy::Plan {
                rows: vec!["to-app".into()]
            }
        );
        let by_hand = with("create-off", &wish, &plan(&[]));
        assert!(matches!(&by_hand, MendedBy::Person { org, .. } if org == "hub.okta.com"));
        let by_hand = with("unassigning-deactivates", &wish, &plan(&[]));
        assert!(matches!(by_hand, MendedBy::Person { .. }));
        wish.push = Some(Push {
            deactivate: true,
            ..Push::default()
        });
        let wished = with("unassigning-deactivates", &wish, &plan(&[]));
        assert!(matches!(wished, MendedBy::Nothing { .. }));
    }
}

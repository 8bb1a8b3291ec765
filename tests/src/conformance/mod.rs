//! Conformance: what was exchanged, held against Okta's published document.
//!
//! Answers of the lab are checked with every status, requests where the product itself asked. A difference is
//! either mended or stands in the one table of [`explained`] with its evidence.

mod document;
mod explained;
mod schema;
mod unlisted;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

pub use document::{Document, Fault};
pub(crate) use explained::fits;
pub use explained::{Explained, Which, explained};

use crate::exchange::{Exchange, Recording};

/// One kind of difference, however often it was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Method and path template.
    pub operation: String,
    /// `request` or `answer STATUS`, then the place in it.
    pub at: String,
    /// The keyword that does not hold.
    pub keyword: String,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            at,
            keyword,
            what,
        } = self;
        write!(f, "{operation}: {at}: {keyword}: {what}")
    }
}

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Report {
    /// Exchanges that were held against the document.
    pub checked: usize,
    /// Of these, exchanges with an unexplained difference.
    pub failed: usize,
    /// Exchanges with an injected fault: no claim about Okta.
    pub faulty: usize,
    /// Method and path template of every operation that was met.
    pub operations: BTreeSet<String>,
    /// Differences without explanation, each with the recording that shows it.
    pub unexplained: BTreeMap<Difference, String>,
    /// Places in [`explained`] that were needed, with how many differences each explains.
    pub used: BTreeMap<usize, usize>,
}

impl Report {
    /// Explanations that explain nothing here, though they are about a document like this one.
    pub fn stale(&self, documents: &[Document]) -> Vec<&'static Explained> {
        let entries = explained().enumerate();
        entries
            .filter(|(at, entry)| !self.used.contains_key(at) && entry.which.fits(documents))
            .map(|(_, entry)| entry)
            .collect()
    }
}

/// Holds recordings against documents; an operation is looked up in the first that has it.
pub fn compare(documents: &[Document], recordings: &[Recording]) -> Report {
    let mut report = Report::default();
    for recording in recordings {
        for exchange in &recording.exchanges {
            note(&mut report, documents, recording, exchange);
        }
    }
    report
}

fn note(report: &mut Report, documents: &[Document], recording: &Recording, exchange: &Exchange) {
    if exchange.fault.is_some() {
        report.faulty += 1;
        return;
    }
    report.checked += 1;
    let mut failed = false;
    for difference in differences(documents, exchange, &mut report.operations) {
        let entries = explained().enumerate();
        let mut fitting = entries.filter(|(_, entry)| entry.explains(&difference, documents));
        match fitting.next() {
            Some((at, _)) => *report.used.entry(at).or_default() += 1,
            None => {
                failed = true;
                let shown = format!("{}: {} {}", recording.name, exchange.method, exchange.path);
                report.unexplained.entry(difference).or_insert(shown);
            }
        }
    }
    report.failed += usize::from(failed);
}

fn differences(
    documents: &[Document],
    exchange: &Exchange,
    met: &mut BTreeSet<String>,
) -> Vec<Difference> {
    let path = exchange.place();
    let found = documents
        .iter()
        .find_map(|document| Some((document, document.find(&exchange.method, path)?)));
    let answer = format!("answer {}", exchange.status);
    let Some((document, operation)) = found else {
        return outside(&documents[0], exchange, &answer);
    };
    met.insert(operation.name.clone());
    let mut all = BTreeSet::new();
    let mut add = |side: &str, faults: Vec<Fault>| {
        for Fault { at, keyword, what } in faults {
            all.insert(Difference {
                operation: operation.name.clone(),
                at: format!("{side} {at}").trim_end().to_owned(),
                keyword,
                what,
            });
        }
    };
    if exchange.is_ours() {
        add("request", document.sent(operation, &exchange.request));
        add("request", document.query(operation, exchange.query()));
    }
    // A refused DPoP proof is told in a header (RFC 9449, section 7.1), so a body need not say it again.
    let answered = match (proof_refused(exchange), &exchange.response) {
        (true, Value::Null) => Vec::new(),
        (true, body) => document.error("", body),
        (false, body) => document.answered(operation, exchange.status, body),
    };
    add(&answer, answered);
    all.into_iter().collect()
}

fn proof_refused(exchange: &Exchange) -> bool {
    let told = exchange.headers.get("www-authenticate");
    exchange.status >= 400
        && told.is_some_and(|values| values.iter().any(|value| value.starts_with("DPoP ")))
}

// An operation that the document does not have may refuse in Okta's shape, and do nothing else.
fn outside(document: &Document, exchange: &Exchange, answer: &str) -> Vec<Difference> {
    let operation = format!("{} {}", exchange.method, templated(exchange.place()));
    if exchange.status >= 400 {
        let faults = document.error(&operation, &exchange.response);
        let differences = faults.into_iter().map(|fault| Difference {
            operation: operation.clone(),
            at: format!("{answer} {}", fault.at),
            keyword: fault.keyword,
            what: fault.what,
        });
        return differences.collect();
    }
    vec![Difference {
        operation,
        at: answer.to_owned(),
        keyword: "unlisted".to_owned(),
        what: "is no operation of the document".to_owned(),
    }]
}

fn templated(path: &str) -> String {
    let id = |part: &str| {
        let named = part.bytes().any(|byte| byte.is_ascii_digit()) && part.len() > 9;
        // `expire_password_with_temp_password` is a word.
        !part.contains('_') && (named || part.len() >= 20)
    };
    let parts = path
        .split('/')
        .map(|part| if id(part) { "{id}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests;

//! Recorded traffic of real orgs: read with the product's types, and played again to the lab.

mod explained;
mod likeness;
mod reading;
mod replay;

use std::collections::BTreeMap;

pub use explained::{EXPLAINED, Explained};

use crate::exchange::Recording;

/// What came of reading and replaying recordings.
#[derive(Debug, Default)]
pub struct Report {
    /// Checks that passed.
    pub passed: usize,
    /// Lines that say what failed.
    pub failed: Vec<String>,
    /// Indexes of [`EXPLAINED`] that were needed, with how many differences each explains.
    pub used: BTreeMap<usize, usize>,
}

/// Checks every exchange twice: that the product reads it without loss, and that the lab answers alike.
pub fn check(recordings: &[Recording]) -> Report {
    let mut report = Report::default();
    for recording in recordings {
        for exchange in &recording.exchanges {
            let name = format!("{}: {} {}", recording.name, exchange.method, exchange.path);
            match reading::without_loss(exchange) {
                Ok(()) => report.passed += 1,
                Err(lost) => report.failed.push(format!("{name}: read: {lost}")),
            }
        }
        replay(recording, &mut report);
    }
    report
}

impl Report {
    /// Explanations that nothing in these recordings needs.
    pub fn stale(&self) -> Vec<&'static Explained> {
        let entries = EXPLAINED.iter().enumerate();
        let unused = entries.filter(|(at, _)| !self.used.contains_key(at));
        unused.map(|(_, entry)| entry).collect()
    }
}

fn replay(recording: &Recording, report: &mut Report) {
    let mut answers = replay::Player::new(recording);
    for exchange in &recording.exchanges {
        let mut failed = false;
        for found in answers.play(exchange) {
            let entries = EXPLAINED.iter().enumerate();
            let mut fitting =
                entries.filter(|(_, entry)| entry.explains(&recording.name, exchange, &found));
            if let Some((at, _)) = fitting.next() {
                *report.used.entry(at).or_default() += 1;
                continue;
            }
            failed = true;
            report.failed.push(format!(
                "{}: {} {}: lab: {found}",
                recording.name, exchange.method, exchange.path
            ));
        }
        report.passed += usize::from(!failed);
    }
}

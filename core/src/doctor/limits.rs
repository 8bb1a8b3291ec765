//! The orgs' limits, as this examination met them.

use super::look::{Evidence, Look};
use super::report::Use;
use super::{Family, Judged, Rule, Severity};
use crate::okta::read_op;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "limit-nearly-used",
        family: Family::RateLimits,
        severity: Severity::Medium,
        title: "Others use most of a limit of the org",
        why: "Pushes share the org's limits with everything else: a large assignment would be put off, and others with it.",
        source: "Rate limits: X-Rate-Limit-Limit and X-Rate-Limit-Remaining",
        remedy: "Look at Reports > Rate Limits for who uses it; push in waves, or ask Okta for more some weeks ahead.",
        reads: &[],
        judge: |look| {
            told(
                look,
                |one| {
                    one.least_left
                        .is_some_and(|left| left * 5 < one.limit && one.calls * 5 < one.limit)
                },
                |one| {
                    format!(
                        "{} of {} calls left",
                        one.least_left.unwrap_or(0),
                        one.limit
                    )
                },
            )
        },
    },
    Rule {
        id: "calls-put-off",
        family: Family::RateLimits,
        severity: Severity::Medium,
        title: "The org put off calls of this examination",
        why: "A limit is used up already: pushes wait for it too.",
        source: "Rate limits: status 429, E0000047",
        remedy: "Look at Reports > Rate Limits for who uses it, and examine again later.",
        reads: &[],
        judge: |look| {
            told(
                look,
                |one| one.refused > one.crowded,
                |one| format!("{} calls put off", one.refused - one.crowded),
            )
        },
    },
    Rule {
        id: "too-many-at-once",
        family: Family::RateLimits,
        severity: Severity::Medium,
        title: "The org answers too many calls at the same time",
        why: "The limit on concurrent calls stops everybody at once, sign-ins included.",
        source: "Rate limits, concurrency: 429 with a limit of 0",
        remedy: "Look in the System Log for core.concurrency.org.limit.violation, and find the slow calls.",
        reads: &[],
        judge: |look| {
            told(
                look,
                |one| one.crowded > 0,
                |one| format!("{} calls refused for concurrency", one.crowded),
            )
        },
    },
];

fn told(look: &Look<'_>, is: impl Fn(&Use) -> bool, words: impl Fn(&Use) -> String) -> Judged {
    let found = look.uses().iter().filter(|one| is(one));
    Ok(found
        .map(|one| Evidence {
            side: one.side,
            read: format!("GET {}", read_op(&one.op).map_or("", |op| op.path)),
            object: String::new(),
            place: String::new(),
            seen: words(one),
        })
        .collect())
}

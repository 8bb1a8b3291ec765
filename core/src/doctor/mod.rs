//! The doctor: what is wrong with a pair that is there, found by reading alone.
//!
//! A rule is a row without write: what it reads and what the answers mean. [`Examination`] makes
//! every read once, however many rules look at it, and judges each rule when its answers are in.
//! A rule can only ask for a [`Probe`](crate::okta::Probe), so an examination changes nothing.
//!
//! Deliberately absent: any write. What mends a finding is a plan of the procedures, or a person.

mod across;
mod assignments;
mod bookmarks;
mod connection;
mod exam;
mod features;
mod federation;
mod group_push;
pub mod joined;
mod keys;
pub mod known;
mod limits;
mod linking;
mod look;
mod mappings;
mod mend;
mod pair;
mod places;
mod report;
mod service_app;
mod text;
mod time;
mod tokens;
pub mod trial;
mod wished;

pub use across::{Hub, Kind, Shared};
pub use exam::{Examination, Progress, Shelf, Start};
pub use look::{Evidence, Judged, Look, Object, Stop};
pub use mend::Mend;
pub use report::{Outcome, Report, Ruling, Use};
pub use wished::{Gap, Mended, MendedBy, Wished};

use serde::Serialize;

use crate::okta::ReadOp;

/// One pitfall, with how it shows.
pub struct Rule {
    /// Stable id, kebab-case, unique over all families.
    pub id: &'static str,
    /// What it belongs to.
    pub family: Family,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, as a statement.
    pub title: &'static str,
    /// What comes of it, in one sentence that a tired admin understands.
    pub why: &'static str,
    /// Okta reference for the read and for what is made of it.
    pub source: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// The reads it may ask for; empty when it judges the pair or the examination itself, after all others.
    pub reads: &'static [&'static ReadOp],
    /// What the answers mean.
    pub judge: fn(&Look<'_>) -> Judged,
}

/// What rules are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Which two orgs, and which app links them.
    Pair,
    /// Signing in to the target through the source.
    Federation,
    /// Who is taken for whom.
    Linking,
    /// Bookmarks to the target's apps.
    Bookmarks,
    /// Keys and certificates.
    Keys,
    /// The client that acts for the source.
    ServiceApp,
    /// How the source reaches the target.
    Connection,
    /// What is pushed and imported.
    Features,
    /// What accounts are made of.
    Mappings,
    /// People who have the app.
    Assignments,
    /// Groups kept alike.
    GroupPush,
    /// API tokens and their owners.
    Tokens,
    /// The orgs' limits.
    RateLimits,
}

impl Family {
    /// All, in the order in which they are told.
    pub const ALL: [Family; 13] = [
        Family::Pair,
        Family::Federation,
        Family::Linking,
        Family::Bookmarks,
        Family::Keys,
        Family::ServiceApp,
        Family::Connection,
        Family::Features,
        Family::Mappings,
        Family::Assignments,
        Family::GroupPush,
        Family::Tokens,
        Family::RateLimits,
    ];

    /// As it is told.
    pub fn title(self) -> &'static str {
        match self {
            Family::Pair => "pair",
            Family::Federation => "federation",
            Family::Linking => "account linking",
            Family::Bookmarks => "bookmarks",
            Family::Keys => "keys and certificates",
            Family::ServiceApp => "service app",
            Family::Connection => "connection",
            Family::Features => "features",
            Family::Mappings => "mappings",
            Family::Assignments => "assignments",
            Family::GroupPush => "group push",
            Family::Tokens => "tokens",
            Family::RateLimits => "rate limits",
        }
    }
}

/// How bad a finding is; the worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Someone may get what is not theirs, or everybody is locked out.
    Critical,
    /// Something does not work.
    High,
    /// Something will not work, or works by luck.
    Medium,
    /// Worth knowing.
    Low,
}

impl Severity {
    /// All, the worst first.
    pub const ALL: [Severity; 4] = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
    ];

    /// As it is told.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        }
    }
}

/// The rules, family by family. A new family adds one line.
const FAMILIES: &[&[Rule]] = &[
    pair::RULES,
    federation::RULES,
    linking::RULES,
    bookmarks::RULES,
    keys::RULES,
    service_app::RULES,
    connection::RULES,
    features::RULES,
    mappings::RULES,
    assignments::RULES,
    group_push::RULES,
    tokens::RULES,
    limits::RULES,
];

/// Every rule of every family.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().copied().flatten()
}

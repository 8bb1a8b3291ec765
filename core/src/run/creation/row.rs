//! How one row stands.

/// One row that is to get an account.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub state: State,
    pub link: Link,
    /// Sends whose effect nobody could tell, of the account and of its link.
    pub unsure: u32,
    pub link_unsure: u32,
    /// Times one write was put off by limits or objects not yet visible.
    pub put_off: u32,
    /// Why the org refused, until a read has shown what is there.
    pub refused: Option<String>,
}

/// How its account stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum State {
    /// Not looked for yet.
    #[default]
    Unread,
    /// There is none; one is to be made.
    Fresh,
    /// Sent, and nobody knows what came of it: "none" counts when read often enough, over long
    /// enough.
    Doubt { until: u64, reads: u32 },
    /// The org says it made it, or a read after a doubtful send showed it.
    Made { id: String },
    /// A read after the last write showed all of it.
    Proven { id: String },
    /// A read showed something else.
    Differs { id: String, why: String },
    /// Somebody else's account is in the way: it is left as it is.
    Exists { why: String },
    /// The org surely did not make it.
    Refused { why: String },
    /// Nobody knows.
    Unknown { why: String },
}

/// How its link to the identity provider stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Link {
    /// None is to be made.
    #[default]
    None,
    /// To be made.
    Wanted,
    /// Sent; a read will show.
    Sent,
    /// A read showed it.
    Proven,
    /// The org surely did not make it.
    Refused { why: String },
    /// Nobody knows.
    Unknown { why: String },
}

//! What the engine asks of its driver, and what the driver brings back.

use std::sync::Arc;

use serde::Serialize;

use super::Side;
use super::journal::Entry;
use super::timeline::Pause;
use crate::okta::{Call, Response};

/// Something that may be done now. A driver starts each id once.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Its stable id.
    pub id: u64,
    /// What to do.
    pub what: What,
}

/// What to do. Asking again is cheap: calls and entries are shared.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Ask a person; answer [`Reply::Done`] when they are ready.
    Person(Pause),
    /// Send this call to this org; answer [`Reply::Response`] or [`Reply::Failed`].
    Send {
        /// Which org.
        side: Side,
        /// The call.
        call: Arc<Call>,
        /// Whether it changes the org: such a call is never repeated by a driver.
        write: bool,
    },
    /// Store this entry durably; answer [`Reply::Stored`] or [`Reply::NotStored`].
    Store(Arc<Entry>),
    /// Answer [`Reply::Waited`] at this time, in milliseconds since 1970.
    Wait {
        /// When.
        until: u64,
    },
}

/// What a driver brings back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Reply {
    /// The person is ready.
    Done,
    /// No answer.
    Failed(Failure),
    /// The entry is not stored, and why.
    NotStored(String),
    /// The org answered.
    Response(Response),
    /// The entry is stored.
    Stored,
    /// The time has come.
    Waited,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Failure {
    /// The connection failed; the call may have arrived.
    Network,
    /// The call was surely never sent.
    NotSent,
    /// The tab of that org is gone or shows another org; the call may have arrived.
    TabGone,
    /// No answer in time; the call may have arrived, or may still.
    Timeout,
}

impl Failure {
    /// What to call it.
    pub fn text(self) -> &'static str {
        match self {
            Failure::Network => "the connection failed",
            Failure::NotSent => "the call was not sent",
            Failure::TabGone => "the tab of this org is gone",
            Failure::Timeout => "no answer came in time",
        }
    }
}

//! How long a key is good for, seen from a day that is given.

use der::DateTime;
use serde::Serialize;
use std::fmt;

/// The end of a key or of its certificate, seen from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Expiry {
    /// The end is far off.
    Later {
        /// Whole days until then.
        days: u64,
    },
    /// The end has come.
    Past {
        /// Whole days since then.
        days: u64,
    },
    /// The end is near enough to plan a rotation.
    Soon {
        /// Whole days until then.
        days: u64,
    },
}

impl Expiry {
    /// Of an end, both in seconds since 1970.
    pub fn of(end: u64, now: u64) -> Self {
        let days = end.abs_diff(now) / DAY;
        match (end <= now, days <= SOON) {
            (true, _) => Self::Past { days },
            (_, true) => Self::Soon { days },
            _ => Self::Later { days },
        }
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later { days } | Self::Soon { days } => write!(f, "ends in {}", counted(*days)),
            Self::Past { days } => write!(f, "ended {} ago", counted(*days)),
        }
    }
}

/// Seconds since 1970 of a time as Okta writes it, `2036-01-02T03:04:05.000Z`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let whole = match text.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => text.to_owned(),
    };
    let time: DateTime = whole.parse().ok()?;
    Some(time.unix_duration().as_secs())
}

const DAY: u64 = 86_400;
/// Okta asks 15 working days for some changes, and a rotation touches both orgs: a quarter is time enough.
const SOON: u64 = 90;

fn counted(days: u64) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

//! What went wrong, said so that the reader knows what to do next.

use std::fmt;

/// One failure: a stable code, what happened where, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Stable code, kebab-case.
    pub code: &'static str,
    /// What happened and where.
    pub what: String,
    /// What to do next; whole sentences.
    pub remedy: String,
}

/// The result of everything here.
pub type Outcome<T> = Result<T, Trouble>;

/// A failure with its remedy.
pub fn trouble(code: &'static str, what: impl Into<String>, remedy: impl Into<String>) -> Trouble {
    Trouble {
        code,
        what: what.into(),
        remedy: remedy.into(),
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "error[{}]: {}\n  next: {}",
            self.code, self.what, self.remedy
        )
    }
}

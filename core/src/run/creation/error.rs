//! Why accounts are not made.

use super::super::RunError;
use crate::explain::Explain;

/// Why a creation does not do what it was told to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreationError {
    /// The journal is of another file or another org.
    #[error("entry {entry} of the journal is of another file or another org")]
    Foreign {
        /// Number of the entry.
        entry: u64,
    },
    /// As for any run.
    #[error("{0}")]
    Run(RunError),
    /// The target could not be read before the plan.
    #[error("the target could not be read to the end: {why}")]
    Unread {
        /// What it said last.
        why: String,
    },
}

impl Explain for CreationError {
    fn code(&self) -> &'static str {
        match self {
            CreationError::Foreign { .. } => "creation-foreign",
            CreationError::Run(error) => error.code(),
            CreationError::Unread { .. } => "creation-unread",
        }
    }

    fn hint(&self) -> String {
        match self {
            CreationError::Foreign { .. } => "A file that was changed is another file: give the one as it was, or another journal with --journal. Accounts that were made already are found as existing ones then.".to_owned(),
            CreationError::Run(error) => error.hint(),
            CreationError::Unread { .. } => {
                "Check that the token may read users, groups and identity providers, then try again. Nothing was written.".to_owned()
            }
        }
    }
}

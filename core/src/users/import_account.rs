//! The account of an import: the rows, and where each name came from.

use super::account::Account;
use super::names::{Doubt, RULE};
use crate::explain::seen;
use serde::{Deserialize, Serialize};
use std::fmt;

const DOUBTS_SHOWN: usize = 20;

/// What became of every row, and of every name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportAccount {
    /// The rows; those kept are the users in the import file.
    #[serde(flatten)]
    pub account: Account,
    /// Names guessed from the display name.
    pub guessed: u64,
    /// Names from the second file.
    pub joined: u64,
    /// Guesses that deserve a look.
    pub doubtful: u64,
    /// The first 1000 of them.
    pub doubts: Vec<Guess>,
    /// Rows whose login came before, in another case or Unicode form perhaps.
    pub duplicates: u64,
    /// The group to put them in when they are imported.
    pub group: Option<String>,
    /// Whether a choice about them is due before the file may be used.
    pub blocked: bool,
}

/// A guessed name that deserves a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guess {
    /// Line of its row.
    pub line: usize,
    /// First name, safe to show.
    pub first: String,
    /// Last name, safe to show.
    pub last: String,
    /// Why.
    pub why: Doubt,
}

impl fmt::Display for ImportAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.account.fmt(f)?;
        if self.joined > 0 {
            writeln!(f, "  names from the second file: {}", self.joined)?;
        }
        if self.guessed > 0 {
            writeln!(f, "  names guessed: {}. {}", self.guessed, RULE)?;
        }
        for Guess {
            line,
            first,
            last,
            why,
        } in self.doubts.iter().take(DOUBTS_SHOWN)
        {
            writeln!(
                f,
                "    look at line {line}: first `{first}`, last `{last}` ({why})"
            )?;
        }
        let shown = u64::try_from(self.doubts.len().min(DOUBTS_SHOWN)).unwrap_or(u64::MAX);
        if self.doubtful > shown {
            writeln!(f, "    and {} more such names", self.doubtful - shown)?;
        }
        if let Some(group) = &self.group {
            writeln!(
                f,
                "  next: put them into group `{}` after the import, which carries no groups",
                seen(group)
            )?;
        }
        if self.blocked {
            writeln!(
                f,
                "  blocked: {} rows repeat a login; choose what to do with them",
                self.duplicates
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_an_import_has_to_tell_stands_in_its_account() {
        let guess = |line| Guess {
            line,
            first: "Ada".to_owned(),
            last: "Fox".to_owned(),
            why: Doubt::MoreWords,
        };
        let told = ImportAccount {
            guessed: 30,
            joined: 2,
            doubtful: 30,
            doubts: (2..32).map(guess).collect(),
            duplicates: 3,
            group: Some("Every\u{202e}body".to_owned()),
            blocked: true,
            ..ImportAccount::default()
        };
        let text = told.to_string();
        for line in [
            "names from the second file: 2\n",
            "names guessed: 30. ",
            "look at line 21: first `Ada`, last `Fox`",
            "and 10 more such names\n",
            "put them into group `Every\\u{202e}body`",
            "blocked: 3 rows repeat a login",
        ] {
            assert!(text.contains(line), "{line}: {text}");
        }
        assert!(!text.contains("line 22"), "{text}");
    }
}

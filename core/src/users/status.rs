//! User status words: the API's and the Admin Console's, read alike.

use serde::{Deserialize, Serialize};

/// A user's status (Okta API reference, User object; Okta help, "About user account status").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Signs in.
    Active,
    /// Deactivated.
    Deprovisioned,
    /// Locked out after failed sign-ins.
    LockedOut,
    /// The password has expired.
    PasswordExpired,
    /// Activated, but has not finished signing up: "Pending user action".
    Provisioned,
    /// In the middle of a password reset.
    Recovery,
    /// Not activated yet.
    Staged,
    /// Suspended by an admin.
    Suspended,
}

/// Word of the API and label of the console.
const WORDS: &[(Status, &str, &str)] = &[
    (Status::Active, "ACTIVE", "Active"),
    (Status::Deprovisioned, "DEPROVISIONED", "Deactivated"),
    (Status::LockedOut, "LOCKED_OUT", "Locked out"),
    (
        Status::PasswordExpired,
        "PASSWORD_EXPIRED",
        "Password expired",
    ),
    (Status::Provisioned, "PROVISIONED", "Pending user action"),
    (Status::Recovery, "RECOVERY", "Password reset"),
    (Status::Staged, "STAGED", "Staged"),
    (Status::Suspended, "SUSPENDED", "Suspended"),
];

impl Status {
    /// The status a cell names, whatever its case; blanks around it do not matter, and `_`, `-`
    /// and blanks inside are the same.
    pub fn parse(cell: &str) -> Option<Self> {
        let cell = flat(cell.trim());
        WORDS
            .iter()
            .find(|(_, word, label)| cell == flat(word) || cell == flat(label))
            .map(|(status, ..)| *status)
    }

    /// As the Admin Console labels it.
    pub fn label(self) -> &'static str {
        WORDS
            .iter()
            .find(|(status, ..)| *status == self)
            .map_or("", |(_, _, label)| label)
    }
}

fn flat(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '_' | '-' => ' ',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

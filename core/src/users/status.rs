//! User status words: the API's and the Admin Console's, read alike.

use org2org_lane::{CODES, KEPT};
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
    /// How many there are.
    pub const COUNT: usize = 8;
    /// Every status, in the order of their names.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Active,
        Self::Deprovisioned,
        Self::LockedOut,
        Self::PasswordExpired,
        Self::Provisioned,
        Self::Recovery,
        Self::Staged,
        Self::Suspended,
    ];

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

impl Status {
    /// What the fast lane calls a status: its place in [`Status::ALL`].
    ///
    /// The code of the status that a cell names, quotes and all; nothing when that takes a second look.
    pub(super) fn code(cell: &[u8]) -> Option<u8> {
        let text = std::str::from_utf8(cell).ok()?;
        let inside = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let status = Self::parse(inside.unwrap_or(text))?;
        let place = Self::ALL.into_iter().position(|one| one == status)?;
        u8::try_from(place).ok()
    }
}

// The lane keeps the rows of active users, and has a code for every status.
const _: () = assert!(Status::Active as u8 == KEPT && Status::COUNT <= CODES);

fn flat(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '_' | '-' => ' ',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

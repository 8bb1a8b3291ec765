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

/// Cells as written whose status is known: reports hold few different ones, so each is read once.
pub(super) struct Words {
    slots: [(Vec<u8>, Option<Status>); SLOTS],
}

const SLOTS: usize = 64;

impl Default for Words {
    fn default() -> Self {
        Self {
            slots: std::array::from_fn(|_| (Vec::new(), None)),
        }
    }
}

impl Words {
    /// The status that a cell names, quotes and all; nothing when that takes a second look.
    #[inline]
    pub(super) fn find(&mut self, cell: &[u8]) -> Option<Status> {
        let slot = self.slots.get_mut(slot_of(cell))?;
        if slot.0 != cell {
            *slot = (cell.to_vec(), parse_raw(cell));
        }
        slot.1
    }
}

/// Words in one slot push each other out, which costs time only; those of Okta have one each.
#[inline]
fn slot_of(cell: &[u8]) -> usize {
    // Neither first nor last, which may be quotes.
    let letter = |at: usize| cell.get(at).copied().map_or(0, usize::from);
    (cell.len() + letter(1) + letter(2) * 2) % SLOTS
}

fn parse_raw(cell: &[u8]) -> Option<Status> {
    let text = std::str::from_utf8(cell).ok()?;
    let inside = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    Status::parse(inside.unwrap_or(text))
}

fn flat(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '_' | '-' => ' ',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

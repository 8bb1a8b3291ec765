//! The hand-off: how a link is set up where no one person has both orgs. Each admin runs the rows
//! of their own org, and a signed file carries to the other what their rows need. It goes to and
//! fro, a receipt each time, until both halves are proven.
//!
//! What the signature proves: that the file is, byte for byte, what the holder of one key wrote,
//! and (by `answers`) that it answers this very file. It does not prove who holds the key, which
//! is for the two admins to compare by voice ([`fingerprint`]), nor that what it says is true: the
//! other half is told, not read. Keys are made, kept and used by the faces (Ed25519, RFC 8032).

mod allowed;
mod kept;
mod names;
#[cfg(test)]
mod tests;
mod words;

pub use kept::{Half, Trail};
pub use names::{Kind, is_same, open_in};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::explain::{Explain, seen};
use crate::facts::{Fact, Member, Value};
use crate::json::{self, json};
use crate::org::OrgUrl;
use crate::procedures;
use crate::run::stored::{self, At};
use crate::run::{Aim, Org, Pair, Run, Side, Told, Wish};

const HEAD: &str = "org2org-handoff 1\n";
const KEY: &str = "\nkey ";
const SIGNATURE: &str = "\nsignature ";

/// What one admin tells the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Handoff {
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
    /// Digest of the file that it answers; empty in the first.
    pub answers: String,
    /// Both orgs. What is not known of the other one is empty.
    pub pair: Pair,
    /// The wish. A member without an id is a name that the other org has to look up.
    pub wish: Wish,
    /// Whether every row of the maker's org is proven.
    pub whole: bool,
    /// The maker's half.
    pub told: Told,
}

/// A file whose form is right: the face checks its signature before it is opened.
#[derive(Debug, Clone)]
pub struct Sealed {
    body: String,
    /// What was signed.
    pub signed: String,
    /// The maker's public key.
    pub key: [u8; 32],
    /// The signature over [`Sealed::signed`].
    pub signature: [u8; 64],
}

/// Why a hand-off is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandoffError {
    /// It is not what a hand-off looks like.
    #[error("this is no hand-off file: {why}")]
    Form {
        /// What was seen.
        why: String,
    },
    /// The signature does not belong to it.
    #[error("the hand-off was changed after it was signed")]
    Changed,
    /// Another key than the one that was trusted.
    #[error("the hand-off is signed with the key `{seen}`, not with `{trusted}`")]
    Stranger {
        /// Fingerprint of its key.
        seen: String,
        /// Fingerprint that was trusted.
        trusted: String,
    },
    /// It is older than one that was taken, or answers none that was made here.
    #[error("the hand-off is older than one taken before, or answers no file made here since")]
    Stale,
    /// It is about another org than the one that is open.
    #[error("the hand-off is for `{wanted}`, and `{seen}` is open")]
    OtherOrg {
        /// The org it names.
        wanted: String,
        /// The org that answers.
        seen: String,
    },
    /// It was made on this side.
    #[error("the hand-off was made by the admin of the {side} org")]
    Own {
        /// The maker's side.
        side: &'static str,
    },
}

impl Explain for HandoffError {
    fn code(&self) -> &'static str {
        match self {
            HandoffError::Form { .. } => "handoff-form",
            HandoffError::Changed => "handoff-changed",
            HandoffError::Stranger { .. } => "handoff-stranger",
            HandoffError::Stale => "handoff-stale",
            HandoffError::OtherOrg { .. } => "handoff-other-org",
            HandoffError::Own { .. } => "handoff-own",
        }
    }

    fn hint(&self) -> String {
        match self {
            HandoffError::Form { .. } | HandoffError::Changed => "Nothing was read or written. Ask the other admin to send the file once more, as a file and not as text in a mail.",
            HandoffError::Stranger { .. } => "Call the other admin on a number you know and compare the digits. If theirs differ from the file's, the file is not theirs.",
            HandoffError::Stale => "Nothing of it was taken. Ask the other admin for the last file that they made; if it is this one, make a new file, send it to them and take their answer to that.",
            HandoffError::OtherOrg { .. } => "Open the org that the file names, or ask the other admin which org they meant.",
            HandoffError::Own { .. } => "Send it to the admin of the other org; yours is the file that they send back.",
        }
        .to_owned()
    }
}

impl Handoff {
    /// What the run over one half has to tell. `open` are names for the other org to look up, as
    /// members without an id in the wish.
    pub fn of(run: &Run, side: Side, wish: &Wish, answers: &str, at: u64) -> Handoff {
        let bare = |org: &Org| Org {
            actor: String::new(),
            login: String::new(),
            ..org.clone()
        };
        Handoff {
            at,
            answers: answers.to_owned(),
            pair: Pair {
                source: bare(&run.pair().source),
                target: bare(&run.pair().target),
            },
            wish: wish.clone(),
            whole: run.is_half_proven(side) && !has_open(wish),
            told: run.tell(side, is_handed),
        }
    }

    /// What is to be signed: the face signs exactly these bytes and gives them to [`seal`].
    pub fn text(&self, key: &[u8; 32]) -> String {
        [HEAD, &json::pretty(&self.json()), KEY, &hex(key)].concat()
    }

    /// The maker's side.
    pub fn maker(&self) -> Side {
        self.told.side
    }

    /// The pair as the other admin has it: their own org is the one they opened, which must be
    /// the one that the file names.
    pub fn pair_with(&self, own: Org) -> Result<Pair, HandoffError> {
        let named = self.pair.org(other(self.maker()));
        let same =
            named.url.host() == own.url.host() && (named.id.is_empty() || named.id == own.id);
        let maker = self.pair.org(self.maker());
        if !same || own.id == maker.id || own.url.host() == maker.url.host() {
            return Err(HandoffError::OtherOrg {
                wanted: named.url.host().to_owned(),
                seen: own.url.host().to_owned(),
            });
        }
        let theirs = self.pair.org(self.maker()).clone();
        Ok(match self.maker() {
            Side::Source => Pair {
                source: theirs,
                target: own,
            },
            Side::Target => Pair {
                source: own,
                target: theirs,
            },
        })
    }

    fn json(&self) -> Json {
        let parsed = |text: String| json::read(&text).unwrap_or(Json::Null);
        let fact = |(fact, place, value): &(&'static Fact, String, Value)| json!({"fact": fact.id, "place": place.as_str(), "value": as_json(value)});
        json!({
            "from": self.told.side.name(),
            "at": self.at,
            "answers": self.answers.as_str(),
            "pair": parsed(self.pair.text()),
            "wish": parsed(self.wish.text()),
            "whole": self.whole,
            "proven": (Json::from(self.told.proven.clone())),
            "facts": (Json::Array(self.told.facts.iter().map(fact).collect()))
        })
    }
}

/// The file: what was signed, with its signature.
pub fn seal(signed: &str, signature: &[u8; 64]) -> String {
    [signed, SIGNATURE, &hex(signature), "\n"].concat()
}

/// Digest of a file, by which its answer names it.
pub fn digest(file: &str) -> String {
    hex(&Sha256::digest(file.as_bytes()))
}

/// Thirty digits for a key, in six groups, to be compared by voice: some 99 bits, so that nobody
/// finds a second key with the same ones.
pub fn fingerprint(key: &[u8; 32]) -> String {
    let digest = Sha256::new_with_prefix(b"org2org-handoff-key")
        .chain_update(key)
        .finalize();
    let group = |bytes: &[u8]| {
        let number = bytes
            .iter()
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        format!("{:05}", number % 100_000)
    };
    let groups: Vec<String> = digest.chunks_exact(5).map(group).collect();
    groups.join(" ")
}

impl Sealed {
    /// Takes a file apart. Whether the signature belongs to it is for the face to find out.
    pub fn read(file: &str) -> Result<Sealed, HandoffError> {
        let form = |why: &str| HandoffError::Form {
            why: why.to_owned(),
        };
        let rest = file
            .strip_suffix('\n')
            .ok_or_else(|| form("its end is missing"))?;
        let (signed, signature) =
            last(rest, 128, SIGNATURE).ok_or_else(|| form("it is not signed"))?;
        let (text, key) = last(signed, 64, KEY).ok_or_else(|| form("its key is missing"))?;
        let body = text
            .strip_prefix(HEAD)
            .ok_or_else(|| form("it does not begin like one of this version"))?;
        Ok(Sealed {
            body: body.to_owned(),
            signed: signed.to_owned(),
            key: unhex(key).ok_or_else(|| form("its key is none"))?,
            signature: unhex(signature).ok_or_else(|| form("its signature is none"))?,
        })
    }

    /// What the file says, once the face has found the signature good (`valid`). Anything that a
    /// hand-off has no place for is refused, signed or not.
    pub fn open(&self, valid: bool) -> Result<Handoff, HandoffError> {
        if !valid {
            return Err(HandoffError::Changed);
        }
        let form = |why: String| HandoffError::Form { why };
        let read = stored::whole(&self.body, body).map_err(|error| form(error.to_string()))?;
        if json::pretty(&read.json()) != self.body {
            return Err(form(
                "it holds something that has no place in one".to_owned(),
            ));
        }
        if read.wish.aim != Aim::Connect {
            return Err(form("it does not set up a link; a key is replaced and a link removed by somebody with both orgs".to_owned()));
        }
        Ok(read)
    }

    /// Whether it is signed with the key whose digits were compared.
    pub fn is_from(&self, digits: &str) -> Result<(), HandoffError> {
        let only = |text: &str| {
            text.chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        };
        let seen = fingerprint(&self.key);
        match only(digits) == only(&seen) {
            true => Ok(()),
            false => Err(HandoffError::Stranger {
                seen,
                trusted: crate::explain::seen(digits),
            }),
        }
    }
}

/// Fills the ids of names that the other org looked up, and leaves out those still open: what a
/// run may work with.
pub fn closed(wish: &Wish) -> Wish {
    let mut wish = wish.clone();
    for (_, members) in names::lists(&mut wish) {
        members.retain(|member| !member.id.is_empty());
    }
    wish
}

fn has_open(wish: &Wish) -> bool {
    let mut wish = wish.clone();
    let open = |members: &Vec<Member>| members.iter().any(|member| member.id.is_empty());
    names::lists(&mut wish).any(|(_, members)| open(members))
}

/// Whether a fact may be in a hand-off.
pub fn is_handed(fact: &Fact) -> bool {
    allowed::HANDED.contains(&fact.id)
}

/// The org at an address of which only that is known yet.
pub fn unseen(url: &OrgUrl) -> Org {
    let name = url.host().split('.').next().unwrap_or_default();
    Org {
        url: url.clone(),
        id: String::new(),
        name: name.to_uppercase(),
        actor: String::new(),
        login: String::new(),
    }
}

/// The other side.
pub fn other(side: Side) -> Side {
    match side {
        Side::Source => Side::Target,
        Side::Target => Side::Source,
    }
}

fn body(at: &At<'_>) -> Option<Handoff> {
    let side = match at.one_of("from", &["source", "target"], "not a side") {
        0 => Side::Source,
        _ => Side::Target,
    };
    Some(Handoff {
        at: at.number("at"),
        answers: at.text("answers"),
        pair: stored::pair(&at.member("pair"))?,
        wish: stored::wish(&at.member("wish")),
        whole: at.flag("whole"),
        told: Told {
            side,
            proven: at.list("proven", |at| at.own_text().to_owned()),
            facts: at.list("facts", told).into_iter().flatten().collect(),
        },
    })
}

fn told(at: &At<'_>) -> Option<(&'static Fact, String, Value)> {
    let (id, place) = (at.text("fact"), at.text("place"));
    let found = given(&id).filter(|fact| is_handed(fact));
    if found.is_none() {
        at.note(&["a value that no hand-off may hold: ", &seen(&id)].concat());
    }
    let value = at.member("value");
    let value = match value.value {
        Json::Null => Value::None,
        Json::Array(_) => Value::Members(at.list("value", stored::member)),
        _ => Value::Text(value.own_text().to_owned()),
    };
    Some((found?, place, value))
}

fn given(id: &str) -> Option<&'static Fact> {
    let steps = procedures::ALL.iter().flat_map(|procedure| procedure.steps);
    let mut facts = steps.flat_map(|step| step.gives);
    facts.find(|fact| fact.id == id).copied()
}

fn as_json(value: &Value) -> Json {
    let member = |one: &Member| json!({"id": one.id.as_str(), "name": one.name.as_str()});
    match value {
        Value::Members(members) => Json::Array(members.iter().map(member).collect()),
        Value::None => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Parts a text before its last bytes, so many, and the mark that stands before them.
fn last<'a>(text: &'a str, bytes: usize, mark: &str) -> Option<(&'a str, &'a str)> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(bytes)?)?;
    Some((head.strip_suffix(mark)?, tail))
}

// In small letters only: a file has one form.
fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let digits: Option<Vec<u8>> = text.as_bytes().iter().map(digit).collect();
    let digits = digits.filter(|digits| digits.len() == 2 * N)?;
    let pair = |pair: &[u8]| pair.iter().fold(0, |sum, digit| (sum << 4) | digit);
    digits
        .chunks_exact(2)
        .map(pair)
        .collect::<Vec<u8>>()
        .try_into()
        .ok()
}

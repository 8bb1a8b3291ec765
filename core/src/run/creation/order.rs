//! What accounts are asked for: the rows of a file, their groups, the identity provider.

use serde_json::Value;

use super::super::journal::{sha256, sha256_of};
use super::super::{Member, Org};
use crate::json;
use crate::okta::answer::text;
use crate::okta::{Write, idps, users};
use crate::users::{Gathered, Newcomer};

const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Order {
    /// Every row of the file.
    pub rows: Gathered,
    /// The [`digest`] of the file. It keys the hashes by which the journal names rows, so that only
    /// who holds the file can tell whose they are.
    pub file: String,
    /// The groups that each account is in from the start.
    pub groups: Vec<Member>,
    /// The identity provider that each account is linked to.
    pub idp: Option<Member>,
    /// Whether the accounts are active at once.
    pub activate: bool,
}

impl Order {
    /// The key under which the journal knows each row: its line, and a hash that is another for
    /// every file and every org.
    pub(super) fn keys(&self, org: &Org) -> Vec<String> {
        let secret = sha256(&["users create", &self.file, &org.id].join("\n"));
        let key = |person: &Newcomer| {
            let hash = sha256(
                &[&secret, &person.login.to_lowercase()]
                    .map(String::as_str)
                    .join("\n"),
            );
            format!("account@{}-{hash}", person.line)
        };
        self.rows.people.iter().map(key).collect()
    }

    /// What makes the account.
    pub(super) fn create(&self, person: &Newcomer) -> Write {
        let groups: Vec<&str> = self.groups.iter().map(|group| group.id.as_str()).collect();
        users::create(&person.profile, &groups, self.activate)
    }

    /// What links it.
    pub(super) fn link(&self, person: &Newcomer, id: &str) -> Option<Write> {
        let idp = self.idp.as_ref()?;
        Some(idps::link(&idp.id, id, self.external(person)))
    }

    /// What the identity provider calls this person.
    pub(super) fn external<'a>(&self, person: &'a Newcomer) -> &'a str {
        match person.beside.as_str() {
            "" => &person.login,
            beside => beside,
        }
    }

    /// Whether an account holds what this row says, made the way we make them.
    pub(super) fn is_like(person: &Newcomer, account: &Value) -> bool {
        let same = |name: &str| {
            let wanted = person.profile.get(name).and_then(Value::as_str);
            text(account, &["/profile/", name].concat()).ok() == wanted
        };
        let folded = |name: &str| {
            let wanted = person.profile.get(name).and_then(Value::as_str);
            let seen = text(account, &["/profile/", name].concat()).ok();
            seen.map(str::to_lowercase) == wanted.map(str::to_lowercase)
        };
        text(account, "/credentials/provider/type") == Ok("FEDERATION")
            && same("firstName")
            && same("lastName")
            && folded("email")
    }
}

/// SHA-256 of a file, hex.
pub fn digest(file: &[u8]) -> String {
    sha256_of(file)
}

/// Whether links can be made to this identity provider by the API; why not, where they cannot.
/// `named` says that the file holds what the provider calls each person.
///
/// Okta reference: Identity Provider Users API, link a user. A SAML provider must honour persistent
/// NameIDs; an OpenID Connect one knows people by `sub`, which no user name is.
pub fn linkable(idp: &Value, named: bool) -> Result<(), &'static str> {
    let kind = text(idp, "/type").unwrap_or_default();
    if kind != "SAML2" {
        return match named {
            true => Ok(()),
            false => {
                Err("it knows people by the ids they have there: name the column that holds them")
            }
        };
    }
    let settings = json::at(idp, "/protocol/settings").unwrap_or(&Value::Null);
    match settings.get("honorPersistentNameId") == Some(&Value::Bool(true))
        && text(settings, "/nameFormat") == Ok(PERSISTENT)
    {
        true => Ok(()),
        false => Err(
            "it does not honour persistent NameIDs, so each person is linked at the first sign-in",
        ),
    }
}

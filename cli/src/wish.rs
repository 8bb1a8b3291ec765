//! The wish as a file: what it may say, for one source or for several.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use org2org_core::explain::{seen, seen_sentences};
use org2org_core::org::OrgUrl;
use org2org_core::rights::InUse;
use org2org_core::run::{Aim, InitialStatus, Member, Method, Push, SignOn, Wish};
use serde::Deserialize;
use toml::{Table, Value};

use crate::outcome::{Exit, Outcome, Trouble};

/// What is wanted, in names that people know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WishFile {
    aim: Option<String>,
    retire_key: Option<String>,
    sign_on: Option<String>,
    pub app_label: Option<String>,
    pub idp_name: Option<String>,
    pub group_name: Option<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    #[serde(default)]
    pub users: Vec<String>,
    #[serde(default)]
    pub apps: Vec<String>,
    #[serde(default)]
    pub new_accounts_at_sign_in: bool,
    #[serde(default)]
    pub accounts_by_file: bool,
    #[serde(default)]
    pub link_accounts: bool,
    #[serde(default)]
    pub routing_rule: bool,
    pub push: Option<PushFile>,
}

/// How and what is pushed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushFile {
    method: Option<String>,
    pub client_label: Option<String>,
    #[serde(default)]
    pub deactivate: bool,
    initial_status: Option<String>,
    #[serde(default)]
    pub groups: Vec<String>,
    pub replaces_token: Option<String>,
}

/// The wish for one source.
#[derive(Debug)]
pub struct Part {
    /// The source, where the file names it.
    pub source: Option<OrgUrl>,
    /// Whether it goes first.
    pub pilot: bool,
    /// What is wanted.
    pub wish: WishFile,
}

/// Reads a wish: one part without source, or one for each `[[spoke]]`, in their order.
pub fn read(path: &Path) -> Outcome<Vec<Part>> {
    let text = fs::read_to_string(path).map_err(|error| {
        Trouble::file(
            format!("{}: {error}", seen(&path.display().to_string())),
            "Give the file that holds the wish.",
        )
    })?;
    let unreadable = |error: toml::de::Error| unreadable(path, &text, &error);
    let mut whole: Table = toml::from_str(&text).map_err(unreadable)?;
    match whole.remove("spoke") {
        None => Ok(vec![Part {
            source: None,
            pilot: false,
            wish: toml::from_str(&text).map_err(unreadable)?,
        }]),
        Some(spokes) => each_spoke(&whole, spokes),
    }
}

/// Whether a wish file names its sources. A file that cannot be read names none.
pub fn names_sources(path: &Path) -> bool {
    let text = fs::read_to_string(path).unwrap_or_default();
    toml::from_str::<Table>(&text).is_ok_and(|whole| whole.contains_key("spoke"))
}

fn each_spoke(shared: &Table, spokes: Value) -> Outcome<Vec<Part>> {
    let Value::Array(spokes) = spokes else {
        return Err(wrong(
            "`spoke` is no list".to_owned(),
            "Write each as [[spoke]].",
        ));
    };
    let mut parts = Vec::new();
    let mut known = BTreeSet::new();
    for (at, spoke) in spokes.into_iter().enumerate() {
        let part = spoke_part(shared, spoke).map_err(|trouble| Trouble {
            what: format!("[[spoke]] {}: {}", at + 1, trouble.what),
            ..trouble
        })?;
        let host = part.source.as_ref().map(|source| source.host().to_owned());
        if !known.insert(host) {
            return Err(wrong(
                format!("[[spoke]] {}: its source is named twice", at + 1),
                "Name each source once.",
            ));
        }
        parts.push(part);
    }
    match parts.is_empty() {
        true => Err(wrong(
            "`spoke` names no source".to_owned(),
            "Write a [[spoke]] for each, or none at all.",
        )),
        false => Ok(parts),
    }
}

fn spoke_part(shared: &Table, spoke: Value) -> Outcome<Part> {
    let usage = |what: &str| wrong(what.to_owned(), "`docs/wish.toml` shows every member.");
    let Value::Table(mut own) = spoke else {
        return Err(usage("it is no table"));
    };
    let Some(Value::String(source)) = own.remove("source") else {
        return Err(usage("it has no `source`"));
    };
    let pilot = match own.remove("pilot") {
        None => false,
        Some(Value::Boolean(pilot)) => pilot,
        Some(_) => return Err(usage("`pilot` is neither true nor false")),
    };
    let wish = over(shared, own);
    Ok(Part {
        source: Some(OrgUrl::parse(&source)?),
        pilot,
        wish: wish
            .try_into()
            .map_err(|error: toml::de::Error| usage(&seen_sentences(error.message())))?,
    })
}

/// What is shared, with the members of one spoke in its place; `push` member by member.
fn over(shared: &Table, own: Table) -> Table {
    let mut whole = shared.clone();
    for (name, value) in own {
        let value = match (name.as_str(), whole.remove("push"), value) {
            ("push", Some(Value::Table(shared)), Value::Table(own)) => {
                Value::Table(over(&shared, own))
            }
            ("push", _, value) => value,
            (_, push, value) => {
                push.and_then(|push| whole.insert("push".to_owned(), push));
                value
            }
        };
        whole.insert(name, value);
    }
    whole
}

impl WishFile {
    /// What is to become of the link.
    pub fn aim(&self) -> Outcome<Aim> {
        match (self.aim.as_deref().unwrap_or("connect"), &self.retire_key) {
            ("connect", None) => Ok(Aim::Connect),
            ("pilot", None) => self.pilot(),
            ("remove", None) => Ok(Aim::Remove),
            ("rotate-key", Some(key)) => Ok(Aim::Rotate(key.clone())),
            ("rotate-key", None) => Err(wrong(
                "`aim` is `rotate-key` and `retire_key` is missing".to_owned(),
                "Name the key that is to go; with a name that the app does not have, `plan` tells the one it signs with.",
            )),
            ("connect" | "pilot" | "remove", Some(_)) => Err(wrong(
                "`retire_key` goes with `aim = \"rotate-key\"` only".to_owned(),
                "Leave it out, or change the aim.",
            )),
            (other, _) => Err(wrong(
                format!("`aim` is `{}`", seen(other)),
                "Choose one of: connect, pilot, rotate-key, remove.",
            )),
        }
    }

    fn pilot(&self) -> Outcome<Aim> {
        let more = [
            !self.groups.is_empty(),
            !self.apps.is_empty(),
            self.push.is_some(),
        ];
        match (self.users.is_empty(), more.contains(&true)) {
            (false, false) => Ok(Aim::Pilot),
            (true, _) => Err(wrong(
                "`aim` is `pilot` and `users` names nobody".to_owned(),
                "Name one person of the source, or a few, by user name.",
            )),
            (_, true) => Err(wrong(
                "`aim` is `pilot`, and `groups`, `apps` or `push` are of no use to it".to_owned(),
                "Leave them out: a pilot takes the connection as it is.",
            )),
        }
    }

    /// How people sign in.
    pub fn sign_on(&self) -> Outcome<SignOn> {
        match self.sign_on.as_deref().unwrap_or("saml") {
            "oidc" => Ok(SignOn::Oidc),
            "saml" => Ok(SignOn::Saml),
            other => Err(wrong(
                format!("`sign_on` is `{}`", seen(other)),
                "Choose one of: saml, oidc.",
            )),
        }
    }

    /// The wish without anything that an org must be asked for: names stand without ids.
    pub fn sketch(&self) -> Outcome<Wish> {
        let push = self.push.as_ref().map(|push| {
            Ok::<_, Trouble>(Push {
                method: push.method()?.unwrap_or_default(),
                initial_status: push.initial_status()?.unwrap_or_default(),
                deactivate: push.deactivate,
                replaces_token: push.replaces_token.clone(),
                groups: unread(&push.groups),
                ..Push::default()
            })
        });
        Ok(Wish {
            aim: self.aim()?,
            sign_on: self.sign_on()?,
            groups: unread(&self.groups),
            users: unread(&self.users),
            apps: unread(&self.apps),
            jit: self.new_accounts_at_sign_in,
            by_file: self.accounts_by_file,
            links: self.link_accounts,
            routing: self.routing_rule,
            push: push.transpose()?,
            ..Wish::default()
        })
    }

    /// What it puts to use, as far as it decides about rights.
    pub fn in_use(&self) -> Outcome<InUse> {
        Ok(InUse::of(&self.sketch()?))
    }
}

/// Names that are not looked up.
fn unread(names: &[String]) -> Vec<Member> {
    let member = |name: &String| Member {
        id: String::new(),
        name: name.clone(),
    };
    names.iter().map(member).collect()
}

impl PushFile {
    /// How the source proves itself, where it is said.
    pub fn method(&self) -> Outcome<Option<Method>> {
        chosen("method", self.method.as_deref(), &Method::ALL, |one| {
            one.name()
        })
    }

    /// How accounts start, where it is said.
    pub fn initial_status(&self) -> Outcome<Option<InitialStatus>> {
        let name = self.initial_status.as_deref();
        chosen("initial_status", name, &InitialStatus::ALL, |one| {
            one.name()
        })
    }
}

fn chosen<T: Copy>(
    member: &str,
    name: Option<&str>,
    all: &[T],
    named: fn(&T) -> &'static str,
) -> Outcome<Option<T>> {
    let Some(name) = name else { return Ok(None) };
    let found = all.iter().find(|one| named(one) == name).copied();
    found.map(Some).ok_or_else(|| {
        let names = all.iter().map(named).collect::<Vec<_>>().join(", ");
        wrong(
            format!("`push.{member}` is `{}`", seen(name)),
            &format!("Choose one of: {names}."),
        )
    })
}

fn wrong(what: String, hint: &str) -> Trouble {
    Trouble {
        code: "wish".to_owned(),
        what,
        hint: hint.to_owned(),
        exit: Exit::Usage,
    }
}

/// The crate's own words would show the line as it is: perhaps the file of a token was given by mistake.
fn unreadable(path: &Path, text: &str, error: &toml::de::Error) -> Trouble {
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count();
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    let what = format!(
        "{}, line {}, column {}: {}; it reads `{}`",
        seen(&path.display().to_string()),
        line + 1,
        column + 1,
        seen_sentences(error.message()),
        seen(text.lines().nth(line).unwrap_or_default())
    );
    wrong(what, "`docs/wish.toml` shows every member.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<Part> {
        let mut whole: Table = toml::from_str(text).unwrap();
        let spokes = whole.remove("spoke").unwrap();
        each_spoke(&whole, spokes).unwrap_or_else(|trouble| panic!("{}", trouble.what))
    }

    #[test]
    fn a_spoke_has_what_is_shared_unless_it_says_otherwise() {
        let parts = parts(
            r#"
            groups = ["Sales"]
            [push]
            deactivate = true
            initial_status = "pending_with_pass"
            [[spoke]]
            source = "https://acme.okta.com"
            [[spoke]]
            source = "https://east.okta.com"
            pilot = true
            groups = ["East"]
            push = { deactivate = false }
            "#,
        );
        let [acme, east] = parts.as_slice() else {
            panic!("two spokes")
        };
        assert_eq!(acme.wish.groups, ["Sales"]);
        assert_eq!(east.wish.groups, ["East"]);
        assert!(!acme.pilot && east.pilot);
        let push = |part: &Part| part.wish.push.as_ref().map(|push| push.deactivate);
        assert_eq!([push(acme), push(east)], [Some(true), Some(false)]);
        let status = east.wish.push.as_ref().unwrap().initial_status.as_deref();
        assert_eq!(status, Some("pending_with_pass"));
    }

    #[test]
    fn what_a_spoke_cannot_say_is_refused_with_its_place() {
        let told = |spokes: &str| {
            let whole: Table = toml::from_str(spokes).unwrap();
            let spokes = whole.get("spoke").cloned().unwrap();
            each_spoke(&Table::new(), spokes).unwrap_err().what
        };
        let source = "source = \"https://acme.okta.com\"\n";
        for (text, part) in [
            ("spoke = 3".to_owned(), "no list"),
            ("spoke = []".to_owned(), "names no source"),
            ("[[spoke]]\n".to_owned(), "[[spoke]] 1: it has no `source`"),
            (
                format!("[[spoke]]\n{source}[[spoke]]\n{source}"),
                "[[spoke]] 2: its source is named twice",
            ),
            (
                format!("[[spoke]]\n{source}pilot = 1\n"),
                "neither true nor false",
            ),
            (
                format!("[[spoke]]\n{source}roles = []\n"),
                "unknown field `roles`",
            ),
        ] {
            assert!(told(&text).contains(part), "{}", told(&text));
        }
    }
}

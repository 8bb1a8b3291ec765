//! Several spokes of one hub: who stands where, and what they share by mistake.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::look::{Look, Stop, mask_mail};
use super::{Examination, Family, Report, Severity};
use crate::explain::seen;
use crate::map::Map;

/// The examinations of the spokes of one hub, put together.
#[derive(Clone, Default)]
pub struct Hub {
    spokes: Vec<Spoke>,
}

#[derive(Clone)]
struct Spoke {
    report: Report,
    /// What only one spoke may have: kind and value.
    own: Vec<(Kind, String)>,
}

/// What only one spoke of a hub may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The client that acts for it.
    Client,
    /// The address at which the hub fetches its keys.
    KeysAddress,
    /// The name under which it signs people in.
    Issuer,
    /// A user name.
    UserName,
}

/// Something that several spokes share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// What it is.
    pub kind: Kind,
    /// Its value; of user names only how many.
    pub value: String,
    /// Hosts of the spokes that share it.
    pub spokes: Vec<String>,
    /// How bad it is.
    pub severity: Severity,
    /// What comes of it.
    pub why: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

impl Kind {
    fn meaning(self) -> (Severity, &'static str, &'static str) {
        match self {
            Kind::Client => (
                Severity::Critical,
                "Several sources act as one client: the hub cannot tell them apart, and taking it away from one takes it from all.",
                "Make a service app of its own for each source.",
            ),
            Kind::Issuer => (
                Severity::High,
                "Which identity provider takes a sign-in is left to chance.",
                "Give each source an Org2Org app of its own, and each an identity provider in the hub.",
            ),
            Kind::KeysAddress => (
                Severity::Critical,
                "The keys of one source open the hub in the name of another.",
                "Set each service app to the Client Public Key URL of its own source.",
            ),
            Kind::UserName => (
                Severity::High,
                "People of different sources are taken for the same person in the hub.",
                "Give each source a suffix for user names of its own.",
            ),
        }
    }
}

impl Hub {
    /// Adds the finished examination of a spoke.
    pub fn add(&mut self, exam: &Examination) {
        if let Some(report) = exam.report() {
            self.spokes.push(Spoke {
                report: report.clone(),
                own: exam.look(own).unwrap_or_default(),
            });
        }
    }

    /// The reports, in the order in which they were added.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.spokes.iter().map(|spoke| &spoke.report)
    }

    /// What several spokes share, the worst first.
    pub fn shared(&self) -> Vec<Shared> {
        let mut owners: Map<(Kind, String), Vec<&str>> = Map::new();
        for spoke in &self.spokes {
            for own in &spoke.own {
                owners.change(own.clone(), |hosts| {
                    if !hosts.contains(&spoke.report.source.as_str()) {
                        hosts.push(&spoke.report.source);
                    }
                });
            }
        }
        let several = owners.iter().filter(|(_, hosts)| hosts.len() > 1);
        let mut names: Map<Vec<&str>, usize> = Map::new();
        let mut found = Vec::new();
        for ((kind, value), hosts) in several {
            match kind {
                Kind::UserName => names.change(hosts.clone(), |count| *count += 1),
                _ => found.push(shared(*kind, seen(&mask_mail(value)), hosts)),
            }
        }
        found.extend(
            names
                .iter()
                .map(|(hosts, count)| shared(Kind::UserName, format!("{count} user names"), hosts)),
        );
        found.sort_by_key(|one| one.severity);
        found
    }

    /// Spokes by families, for a program.
    pub fn json(&self) -> Json {
        let spokes: Vec<Json> = self.reports().map(Report::json).collect();
        let rows: Vec<Json> = self
            .reports()
            .map(|report| {
                let words: serde_json::Map<String, Json> = Family::ALL
                    .into_iter()
                    .map(|family| (family.title().to_owned(), json!(report.word(family))))
                    .collect();
                json!({"source": report.source, "families": words})
            })
            .collect();
        json!({"matrix": rows, "shared": self.shared(), "spokes": spokes})
    }
}

fn shared(kind: Kind, value: String, spokes: &[&str]) -> Shared {
    let (severity, why, remedy) = kind.meaning();
    Shared {
        kind,
        value,
        spokes: spokes.iter().map(|host| (*host).to_owned()).collect(),
        severity,
        why,
        remedy,
    }
}

/// What this spoke has for itself, as far as it was read.
fn own(look: &Look<'_>) -> Result<Vec<(Kind, String)>, Stop> {
    let mut found = Vec::new();
    let mut add = |kind: Kind, value: &str| {
        if !value.is_empty() {
            found.push((kind, value.to_owned()));
        }
    };
    if let Ok(connection) = look.oauth() {
        add(Kind::Client, connection.text("/profile/clientId"));
    }
    if let Ok(client) = look.client() {
        add(
            Kind::KeysAddress,
            client.text("/settings/oauthClient/jwks_uri"),
        );
    }
    if let Ok(idp) = look.idp() {
        add(Kind::Issuer, idp.text(super::places::ISSUER_AT));
    }
    for person in look.people()? {
        add(
            Kind::UserName,
            &person.text("/credentials/userName").to_lowercase(),
        );
    }
    Ok(found)
}

//! The orgs that a command opens: which by what, and from where that comes.

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use org2org_core::org::OrgUrl;
use org2org_core::run::Side;

use super::client::Client;
use super::credentials::{Credentials, clients_of, from_file, no_token, token};
use super::http::{Door, Key, agent};
use crate::arguments::Reach;
use crate::outcome::Outcome;

/// Both orgs, or the one that a person has.
#[derive(Default)]
pub struct Doors {
    /// The source.
    pub source: Option<Door>,
    /// The target.
    pub target: Option<Door>,
}

impl Doors {
    /// One org alone, with its token from this file or the first line of standard input.
    pub fn one(side: Side, url: &OrgUrl, file: Option<&Path>, reach: &Reach) -> Outcome<Doors> {
        let files = file.into_iter().collect();
        let given = Credentials {
            files: match side {
                Side::Source => [files, Vec::new()],
                Side::Target => [Vec::new(), files],
            },
            clients: Vec::new(),
        };
        let door = doors(&[(url, side)], &given, reach)?.pop();
        Ok(match side {
            Side::Source => Doors {
                source: door,
                ..Doors::default()
            },
            Side::Target => Doors {
                target: door,
                ..Doors::default()
            },
        })
    }

    /// Whether the org of this side is open.
    pub fn has(&self, side: Side) -> bool {
        self.at(side).is_some()
    }

    fn at(&self, side: Side) -> Option<&Door> {
        match side {
            Side::Source => self.source.as_ref(),
            Side::Target => self.target.as_ref(),
        }
    }

    /// The org on this side.
    pub fn of(&self, side: Side) -> Outcome<&Door> {
        self.at(side)
            .ok_or_else(|| no_token(&format!("there is no token for the {}", side.name())))
    }
}

/// The ways into these orgs: as a client where one is given for it, else with a token from a file,
/// or line by line from standard input when there are no files.
pub fn doors(orgs: &[(&OrgUrl, Side)], given: &Credentials, reach: &Reach) -> Outcome<Vec<Door>> {
    let clients = clients_of(orgs, given)?;
    let by_token = |side: Side| {
        let both = orgs.iter().zip(&clients);
        both.filter(|((_, own), client)| *own == side && client.is_none())
            .count()
    };
    let counts = Side::BOTH.map(by_token);
    let files = given.files.each_ref().map(Vec::len);
    if files != [0, 0] && files != counts {
        return Err(no_token(&format!(
            "{} token files for the {} orgs that are opened by a token",
            files.iter().sum::<usize>(),
            counts.iter().sum::<usize>()
        )));
    }
    let agent = agent(reach)?;
    let mut lines = io::stdin().lock().lines();
    let mut files = given.files.each_ref().map(|files| files.iter());
    let mut all = Vec::new();
    for ((org, side), client) in orgs.iter().zip(clients) {
        let [sources, target] = &mut files;
        let file = match side {
            Side::Source => sources,
            Side::Target => target,
        };
        let key = match (client, given.files.iter().all(Vec::is_empty)) {
            (Some([_, id, path]), _) => {
                let client = Client::open(org.base(), id, Path::new(path), agent.clone())?;
                Key::Client(Arc::new(client))
            }
            (None, false) => Key::Token(from_file(file.next().copied())?.into()),
            (None, true) => {
                let line = lines.next().and_then(Result::ok).unwrap_or_default();
                let whose = side.name();
                let place = format!("line with the {whose}'s token on standard input");
                Key::Token(token(&line, &place)?.into())
            }
        };
        all.push(Door::new(org.base(), key, agent.clone()));
    }
    Ok(all)
}

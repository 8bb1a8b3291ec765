//! Reading: what is there before the plan, and what is there after the last write.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::apply::SETTLE;
use super::super::care::ON_ITS_WAY;
use super::super::journal::{Event, sha256};
use super::super::pace;
use super::make::MOST_UNSURE;
use super::row::{Link, State};
use super::{Creation, Order, Phase, Read, Task, Work};
use crate::explain::seen;
use crate::okta::answer::text;
use crate::okta::{groups, idps, users};

/// Rows that one search asks for: with two names of 100 letters each, a query of 6 KB.
const BATCH: usize = 15;

/// One thing that is read.
#[derive(Debug, Clone)]
pub(super) enum Look {
    /// The accounts of these rows.
    Rows(Vec<usize>),
    /// Who is in the group at this place of the order.
    Group(usize),
    /// Who is linked to the identity provider.
    Links,
}

/// What a round of proof has read.
#[derive(Debug, Default)]
pub(super) struct Seen {
    accounts: BTreeMap<usize, Vec<Account>>,
    members: BTreeMap<usize, BTreeSet<String>>,
    links: BTreeMap<String, String>,
    /// Why a read was given up.
    trouble: Option<String>,
}

#[derive(Debug)]
struct Account {
    id: String,
    status: String,
    like: bool,
}

enum Verdict {
    Proven,
    Differs(String),
    NotYet(String),
}

impl Creation {
    /// Looks for the accounts of the rows whose state is such.
    pub(super) fn look_for_all(&mut self, such: impl Fn(&State) -> bool) {
        let states = self.rows.iter().map(|row| &row.state).enumerate();
        let rows: Vec<usize> = states
            .filter(|(_, state)| such(state))
            .map(|(at, _)| at)
            .collect();
        let batches = rows.chunks(BATCH).map(|rows| Look::Rows(rows.to_vec()));
        self.looks.extend(batches);
    }

    pub(super) fn begin_look(&mut self, look: Look) {
        let probe = match &look {
            Look::Rows(rows) => {
                let people = rows.iter().filter_map(|row| self.person(*row));
                let names: BTreeSet<&str> = people
                    .flat_map(|person| [person.login.as_str(), person.email.as_str()])
                    .collect();
                users::with_logins(names)
            }
            Look::Group(at) => match self.order.groups.get(*at) {
                Some(group) => groups::people(&group.id),
                None => return,
            },
            Look::Links => match &self.order.idp {
                Some(idp) => idps::users(&idp.id),
                None => return,
            },
        };
        self.read(&probe, Work::Look(look));
    }

    /// Takes a read.
    pub(super) fn looked(&mut self, look: Look, answer: Read) {
        let answer = match (answer, self.phase) {
            (_, Phase::Stopped) => return,
            (Ok(answer), _) => answer,
            (Err(why), Phase::Looking) => return self.unread = Some(why),
            (Err(why), _) => return self.seen.trouble = Some(why),
        };
        match (look, self.phase) {
            (Look::Rows(rows), Phase::Looking) => {
                for row in rows {
                    self.place(row, answer.items());
                }
            }
            (Look::Rows(rows), _) => {
                for row in rows {
                    let accounts = self.accounts_of(row, answer.items());
                    self.seen.accounts.insert(row, accounts);
                }
            }
            (Look::Group(at), _) => {
                let ids = answer
                    .items()
                    .iter()
                    .filter_map(|user| text(user, "/id").ok());
                let ids = ids.map(str::to_owned).collect();
                self.seen.members.insert(at, ids);
            }
            (Look::Links, _) => {
                let pair = |user: &Value| {
                    let name = text(user, "/externalId").unwrap_or_default();
                    Some((text(user, "/id").ok()?.to_owned(), name.to_owned()))
                };
                self.seen.links = answer.items().iter().filter_map(pair).collect();
            }
        }
    }

    fn accounts_of(&self, row: usize, items: &[Value]) -> Vec<Account> {
        let Some(person) = self.person(row) else {
            return Vec::new();
        };
        let own = items.iter().filter(|item| is_called(item, &person.login));
        own.map(|item| Account {
            id: text(item, "/id").unwrap_or_default().to_owned(),
            status: text(item, "/status").unwrap_or_default().to_owned(),
            like: Order::is_like(person, item),
        })
        .collect()
    }

    /// How a row stands before the plan, by what is there and by what the journal tells.
    fn place(&mut self, row: usize, items: &[Value]) {
        let (key, link) = (self.key(row, Task::Create), self.key(row, Task::Link));
        let trace = self
            .ledger
            .trace(&key)
            .map(|trace| (trace.took, trace.id.map(str::to_owned)));
        let sent = self.ledger.trace(&link).map(|trace| trace.took);
        let found = self.accounts_of(row, items);
        let Some(person) = self.person(row) else {
            return;
        };
        let mail = items
            .iter()
            .find(|item| is_called(item, &person.email) && !is_called(item, &person.login));
        let exists = |account: &Account| State::Exists {
            why: format!(
                "an account of this user name exists: {}",
                seen(&account.status)
            ),
        };
        let mut unsure = 0;
        let state = match (trace, found.as_slice()) {
            (Some((true, Some(id))), []) => State::Made { id },
            (Some((true, Some(id))), [one]) if one.id == id => State::Made { id },
            (Some((false, _)), [one]) if one.like => {
                unsure = 1;
                State::Made { id: one.id.clone() }
            }
            (Some(_), []) => {
                unsure = 1;
                State::Doubt {
                    until: self.now + ON_ITS_WAY,
                    reads: 0,
                }
            }
            (_, [one, ..]) => exists(one),
            (None, []) => match mail {
                Some(other) => State::Exists {
                    why: format!(
                        "its e-mail address is the user name of another account: {}",
                        seen(text(other, "/status").unwrap_or_default())
                    ),
                },
                None => State::Fresh,
            },
        };
        let links = self.order.idp.is_some();
        if let Some(own) = self.rows.get_mut(row) {
            own.state = state;
            own.unsure = unsure;
            own.link = match (links, sent) {
                (false, _) => Link::None,
                (true, None) => Link::Wanted,
                (true, Some(took)) => {
                    own.link_unsure = u32::from(!took);
                    Link::Sent
                }
            };
        }
    }

    /// Begins a round of reads over all that was made.
    pub(super) fn begin_proof(&mut self) {
        self.phase = Phase::Proving;
        self.seen = Seen::default();
        self.look_for_all(|state| matches!(state, State::Made { .. }));
        if !self.looks.is_empty() {
            self.looks
                .extend((0..self.order.groups.len()).map(Look::Group));
            self.looks
                .extend(self.order.idp.iter().map(|_| Look::Links));
        }
    }

    /// Judges a round of proof; whether there is more to do.
    pub(super) fn judge(&mut self) -> bool {
        let settled = self.now >= self.wrote_at + SETTLE || self.wrote_at == 0;
        let mut waits = false;
        for row in 0..self.rows.len() {
            let Some(State::Made { id }) = self.rows.get(row).map(|row| row.state.clone()) else {
                continue;
            };
            let linked = self.link_is_known(row, &id, settled);
            match self.verdict(row, &id) {
                Verdict::Proven if linked => self.proven(row, id),
                Verdict::Differs(why) => self.set(row, State::Differs { id, why }),
                Verdict::NotYet(why) if settled && linked => self.set(row, State::Unknown { why }),
                Verdict::Proven | Verdict::NotYet(_) => waits = true,
            }
        }
        if self.seen.trouble.is_some() || !waits {
            self.phase = Phase::Over;
            return false;
        }
        if self.queue.is_empty() {
            let at = self.now + pace::backoff(self.rounds);
            self.rounds += 1;
            self.later.insert((at, usize::MAX, Task::Look));
        } else {
            self.phase = Phase::Making;
        }
        true
    }

    fn set(&mut self, row: usize, state: State) {
        if let Some(own) = self.rows.get_mut(row) {
            own.state = state;
        }
    }

    fn verdict(&self, row: usize, id: &str) -> Verdict {
        if let Some(why) = &self.seen.trouble {
            return Verdict::NotYet(format!("it was not read back: {why}"));
        }
        let accounts = self.seen.accounts.get(&row).map(Vec::as_slice);
        let account = match accounts {
            Some([one]) if one.id == id => one,
            None | Some([]) => {
                return Verdict::NotYet("the org accepted it and does not show it".to_owned());
            }
            Some([one]) => {
                return Verdict::Differs(format!("another account is there: {}", one.id));
            }
            Some(several) => {
                return Verdict::Differs(format!("{} accounts have this user name", several.len()));
            }
        };
        let wanted = if self.order.activate {
            "ACTIVE"
        } else {
            "STAGED"
        };
        if account.status != wanted {
            return Verdict::Differs(format!("it is {}, not {wanted}", seen(&account.status)));
        }
        if !account.like {
            return Verdict::Differs(
                "its names, address or provider are not those of the row".to_owned(),
            );
        }
        let lacks = self.order.groups.iter().enumerate().find(|(at, _)| {
            let members = self.seen.members.get(at);
            !members.is_some_and(|members| members.contains(id))
        });
        match lacks {
            Some((_, group)) => {
                Verdict::NotYet(format!("no read shows it in {}", seen(&group.name)))
            }
            None => Verdict::Proven,
        }
    }

    /// Whether no more is to be learnt of a row's link. One that was sent without a clear answer and
    /// is surely not there is sent again.
    fn link_is_known(&mut self, row: usize, id: &str, settled: bool) -> bool {
        let name = self
            .person(row)
            .map(|person| self.order.external(person).to_owned());
        let shown = self.seen.links.get(id).cloned();
        let again = settled && shown.is_none() && self.seen.trouble.is_none();
        let Some(own) = self.rows.get_mut(row) else {
            return true;
        };
        if own.link != Link::Sent {
            return true;
        }
        own.link = match shown {
            Some(shown) if Some(&shown) == name.as_ref() => Link::Proven,
            Some(_) => Link::Refused {
                why: "it is linked under another name".to_owned(),
            },
            None if again && (1..MOST_UNSURE).contains(&own.link_unsure) => {
                own.link = Link::Wanted;
                self.queue.push_back((row, Task::Link));
                return false;
            }
            None if settled => Link::Unknown {
                why: "no read shows the link; run the command again".to_owned(),
            },
            None => return false,
        };
        true
    }

    fn proven(&mut self, row: usize, id: String) {
        let (account, link) = (self.key(row, Task::Create), self.key(row, Task::Link));
        let linked = self
            .rows
            .get(row)
            .is_some_and(|row| row.link == Link::Proven);
        let keys = [Some(account), linked.then_some(link)];
        for key in keys.into_iter().flatten() {
            let fingerprint = sha256(&id);
            if !self.ledger.proved(&key, &fingerprint) {
                let id = Some(id.clone());
                let event = Event::Proof { id, fingerprint };
                let entry = self.ledger.record(self.now, &key, event);
                self.note(entry);
            }
        }
        self.set(row, State::Proven { id });
    }
}

fn is_called(account: &Value, login: &str) -> bool {
    text(account, "/profile/login").is_ok_and(|seen| seen.to_lowercase() == login.to_lowercase())
}

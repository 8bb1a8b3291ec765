//! What happens to a person's account in the target, event by event, under the settings at hand.
//!
//! A cell is what Okta's documents say, with the document; what they do not say is unknown, and
//! shown as nothing else.

use serde_json::{Value as Json, json};

use crate::run::InitialStatus;

/// The settings on which it depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// People are pushed (Create Users and Update User Attributes on), with this initial status.
    pub push: Option<InitialStatus>,
    /// Deactivate Users is on.
    pub deactivate: bool,
    /// A first sign-in makes an account.
    pub jit: bool,
}

/// What may happen to a person in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The person gets the app.
    Assign,
    /// The person signs in to the target.
    SignIn,
    /// The person's profile changes.
    Change,
    /// The person is suspended.
    Suspend,
    /// The person is deactivated.
    Deactivate,
    /// The person is brought back.
    Reactivate,
    /// The person loses the app.
    Unassign,
}

/// What is documented of one event in one org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// This, by this document.
    Known(&'static str, &'static str),
    /// No document says.
    Unknown,
}

use Cell::{Known, Unknown};

impl Event {
    /// All, in the order of a person's time with the app.
    pub const ALL: [Event; 7] = [
        Event::Assign,
        Event::SignIn,
        Event::Change,
        Event::Suspend,
        Event::Deactivate,
        Event::Reactivate,
        Event::Unassign,
    ];

    /// As it is told.
    pub fn title(self) -> &'static str {
        match self {
            Event::Assign => "gets the app",
            Event::SignIn => "signs in",
            Event::Change => "changes",
            Event::Suspend => "is suspended",
            Event::Deactivate => "is deactivated",
            Event::Reactivate => "is reactivated",
            Event::Unassign => "loses the app",
        }
    }

    /// What happens in the source.
    pub fn source(self, settings: &Settings) -> Cell {
        match self {
            Event::Assign => Known("The app's tile is there.", ASSIGN),
            Event::SignIn => Known(
                "The source checks the password and its own policies, then signs the person in to the target.",
                FEDERATION,
            ),
            Event::Change => Known("The profile is changed.", USERS),
            Event::Suspend => Known(
                "The person cannot sign in, and so not to the target through the source.",
                USERS,
            ),
            Event::Deactivate => Known("The person loses every app and cannot sign in.", USERS),
            Event::Reactivate => Known(
                "The person can sign in again when the activation is finished.",
                USERS,
            ),
            Event::Unassign if settings.push.is_some() => {
                Known("The app's profile of the person is lost for good.", ASSIGN)
            }
            Event::Unassign => Known("The tile is gone.", ASSIGN),
        }
    }

    /// What happens in the target.
    pub fn target(self, settings: &Settings) -> Cell {
        let pushed = settings.push.is_some();
        match self {
            Event::Assign => match settings.push {
                Some(status) => Known(status.consequence(), STATUS),
                None if settings.jit => Known("Nothing until the first sign-in.", IDP),
                None => Known("Nothing: the account must be there already.", IDP),
            },
            Event::SignIn => match (pushed, settings.jit) {
                (true, true) => Known(
                    "The first sign-in takes the account over; later pushes of it fail.",
                    JIT,
                ),
                (true, false) => Known(
                    "The person is linked to the pushed account with the same user name, where the linking rules allow it.",
                    IDP,
                ),
                (false, true) => Known("The account is linked, or made when there is none.", IDP),
                (false, false) => Known(
                    "The person is linked to the account that is there, where the linking rules allow it; without one the sign-in ends.",
                    IDP,
                ),
            },
            Event::Change if pushed => Known("The change is pushed.", FEATURES),
            Event::Change => Unknown,
            Event::Suspend => Unknown,
            Event::Deactivate if pushed && settings.deactivate => Known(
                "The account is deactivated, and what the target's apps hold of it may be removed.",
                FEATURES,
            ),
            Event::Deactivate => Known(
                "The account stays as it is; the way through the source is closed.",
                FEATURES,
            ),
            Event::Reactivate if pushed && settings.deactivate => Known(
                "The account is active again, also when the target itself had suspended it; the initial status is applied anew.",
                FEATURES,
            ),
            Event::Reactivate => Unknown,
            Event::Unassign if pushed && settings.deactivate => {
                Known("The account is deactivated.", ASSIGN)
            }
            Event::Unassign => Known("The account stays.", ASSIGN),
        }
    }
}

impl Cell {
    fn text(self) -> &'static str {
        match self {
            Known(text, _) => text,
            Unknown => "unknown: no document of Okta's says",
        }
    }

    fn source(self) -> &'static str {
        match self {
            Known(_, source) => source,
            Unknown => "",
        }
    }

    fn json(self) -> Json {
        match self {
            Known(text, source) => json!({"known": true, "text": text, "source": source}),
            Unknown => json!({"known": false}),
        }
    }
}

/// For a terminal.
pub fn text(settings: &Settings) -> String {
    let mut text = String::new();
    for event in Event::ALL {
        text.push_str(&format!("A person {}:\n", event.title()));
        for (org, cell) in cells(event, settings) {
            text.push_str(&format!("  {org:<6}  {}\n", cell.text()));
            if !cell.source().is_empty() {
                text.push_str(&format!("          ({})\n", cell.source()));
            }
        }
    }
    text
}

/// For a document.
pub fn markdown(settings: &Settings) -> String {
    let mut text = "| A person … | in the source | in the target |\n|---|---|---|\n".to_owned();
    for event in Event::ALL {
        let told = cells(event, settings).map(|(_, cell)| match cell.source() {
            "" => cell.text().to_owned(),
            source => format!("{} *({source})*", cell.text()),
        });
        text.push_str(&format!("| {} | {} |\n", event.title(), told.join(" | ")));
    }
    text
}

/// For a program.
pub fn to_json(settings: &Settings) -> Json {
    let rows = Event::ALL.map(|event| {
        let [(_, source), (_, target)] = cells(event, settings);
        json!({"event": event.title(), "source": source.json(), "target": target.json()})
    });
    json!(rows)
}

fn cells(event: Event, settings: &Settings) -> [(&'static str, Cell); 2] {
    [
        ("source", event.source(settings)),
        ("target", event.target(settings)),
    ]
}

const ASSIGN: &str = "Application Users API: assign and unassign a user";
const FEATURES: &str = "Okta help: Org2Org supported features";
const FEDERATION: &str = "Okta help: Integrate Okta Org2Org with Okta";
const IDP: &str = "Identity Providers API: account linking and provisioning";
const JIT: &str = "Okta support: API provisioning and SAML just-in-time";
const STATUS: &str = "Okta support: What do the Org2Org initial status options do";
const USERS: &str = "Okta help: about user account states";

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> Vec<Settings> {
        let mut all = Vec::new();
        for push in [None, Some(InitialStatus::ActiveWithPass)] {
            for deactivate in [false, true] {
                for jit in [false, true] {
                    all.push(Settings {
                        push,
                        deactivate,
                        jit,
                    });
                }
            }
        }
        all
    }

    #[test]
    fn a_cell_has_its_source_or_is_unknown() {
        for settings in every() {
            for event in Event::ALL {
                for (org, cell) in cells(event, &settings) {
                    if let Known(text, source) = cell {
                        assert!(text.ends_with('.') && !source.is_empty(), "{org} {event:?}");
                    }
                }
            }
            assert_eq!(markdown(&settings).lines().count(), 2 + Event::ALL.len());
            assert!(text(&settings).contains("unknown: no document"));
        }
    }

    #[test]
    fn nobody_is_deactivated_unless_that_is_switched_on() {
        for settings in every() {
            let ends = [Event::Deactivate, Event::Unassign].map(|event| event.target(&settings));
            let gone = ends
                .iter()
                .any(|cell| cell.text().contains("is deactivated"));
            assert_eq!(
                gone,
                settings.push.is_some() && settings.deactivate,
                "{settings:?}"
            );
        }
    }
}

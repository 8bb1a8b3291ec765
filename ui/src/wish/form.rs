//! The wish while it is being filled in. Nothing that was chosen is lost when another answer hides it.

use org2org_core::facts::Member;
#[cfg(feature = "all")]
use org2org_core::run::Side;
use org2org_core::run::{Aim, Push, SignOn, Wish};
use sycamore::prelude::*;

use super::{ALL, choice};
use crate::board::Board;
use crate::text::shown;

/// How accounts come into the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// By an import file that a person uploads.
    ByFile,
    /// At the first sign-in.
    JustInTime,
    /// Only those that are there.
    None,
    /// The source pushes them.
    Pushed,
}

/// The parts of the form.
#[derive(Clone, Copy)]
pub struct Form {
    pub board: Board,
    pub aim: Signal<Aim>,
    pub sign_on: Signal<SignOn>,
    pub routing: Signal<bool>,
    pub app_label: Signal<String>,
    pub idp_name: Signal<String>,
    pub group_name: Signal<String>,
    pub apps: Signal<Vec<Member>>,
    pub groups: Signal<Vec<Member>>,
    pub users: Signal<Vec<Member>>,
    pub accounts: Signal<Accounts>,
    pub links: Signal<bool>,
    /// How is pushed, whether or not anybody is; its lists and texts are the signals below.
    pub push: Signal<Push>,
    pub pushed: Signal<Vec<Member>>,
    pub client_label: Signal<String>,
    pub migrates: Signal<bool>,
    pub old_token: Signal<String>,
    /// Id of the refused field, and why.
    pub error: Signal<Option<Refused>>,
}

/// Id of a field, and why it is refused and what would do.
pub type Refused = (&'static str, String);

/// Ids of fields that can be refused.
pub const GROUPS: &str = "find-groups";
pub const PILOT: &str = "find-pilot";
pub const PUSHED: &str = "find-pushed";
pub const KEY: &str = "key";
pub const OLD_TOKEN: &str = "old-token";
pub const CLIENT: &str = "client-label";
pub const NAMES: [&str; 3] = ["app-label", "idp-name", "group-name"];

/// Okta's limit for app labels and IdP names (API reference, `label` and `name`).
const LONGEST_NAME: usize = 100;

impl Form {
    pub fn new(board: Board, wish: &Wish) -> Form {
        let push = match &wish.push {
            Some(push) => push.clone(),
            None => board.choices.with_untracked(|choices| choices.push.clone()),
        };
        let accounts = match wish {
            _ if wish.push.is_some() => Accounts::Pushed,
            _ if wish.by_file => Accounts::ByFile,
            _ if wish.jit => Accounts::JustInTime,
            _ => Accounts::None,
        };
        Form {
            board,
            aim: create_signal(wish.aim.clone()),
            sign_on: create_signal(wish.sign_on),
            routing: create_signal(wish.routing),
            app_label: create_signal(wish.app_label.clone()),
            idp_name: create_signal(wish.idp_name.clone()),
            group_name: create_signal(wish.group_name.clone()),
            apps: create_signal(wish.apps.clone()),
            groups: create_signal(wish.groups.clone()),
            users: create_signal(wish.users.clone()),
            accounts: create_signal(accounts),
            links: create_signal(wish.links),
            pushed: create_signal(push.groups.clone()),
            client_label: create_signal(push.client_label.clone()),
            migrates: create_signal(push.replaces_token.is_some()),
            old_token: create_signal(push.replaces_token.clone().unwrap_or_default()),
            push: create_signal(push),
            error: create_signal(None),
        }
    }

    /// Whether the field of this id was refused, and the words for it.
    pub fn refusal(self, id: &'static str) -> (impl Fn() -> &'static str, View) {
        let why = move || {
            self.error.with(|error| match error {
                Some((field, why)) if *field == id => Some(why.clone()),
                _ => None,
            })
        };
        let refused = move || if why().is_some() { "true" } else { "false" };
        (refused, choice::refusal(id, why))
    }

    /// Whether only the admin of the other org can look up names of this side.
    #[cfg(feature = "all")]
    pub fn is_away(self, side: Side) -> bool {
        let own = self.board.handing.with_untracked(|one| one.side);
        own.is_some_and(|own| own != side)
    }

    pub fn connects(self) -> bool {
        self.aim.with(|aim| *aim == Aim::Connect)
    }

    /// What is filled in so far, complete or not.
    pub fn draft(self) -> Wish {
        let trimmed = |text: Signal<String>| text.with_untracked(|text| text.trim().to_owned());
        let accounts = self.accounts.get_untracked();
        let sign_on = match ALL {
            true => self.sign_on.get_untracked(),
            false => SignOn::Saml,
        };
        let push = || match ALL {
            // How is not asked here yet.
            false => self.push.get_clone_untracked(),
            true => Push {
                client_label: trimmed(self.client_label),
                groups: self.pushed.get_clone_untracked(),
                replaces_token: Some(trimmed(self.old_token))
                    .filter(|_| self.migrates.get_untracked()),
                ..self.push.get_clone_untracked()
            },
        };
        Wish {
            aim: match ALL {
                true => self.aim.get_clone_untracked(),
                false => Aim::Connect,
            },
            sign_on,
            routing: self.routing.get_untracked(),
            app_label: trimmed(self.app_label),
            idp_name: trimmed(self.idp_name),
            group_name: trimmed(self.group_name),
            groups: self.groups.get_clone_untracked(),
            users: self.users.get_clone_untracked(),
            // No documented address leads through OpenID Connect to an app.
            apps: match sign_on {
                SignOn::Oidc => Vec::new(),
                SignOn::Saml => self.apps.get_clone_untracked(),
            },
            jit: accounts == Accounts::JustInTime,
            by_file: accounts == Accounts::ByFile,
            links: accounts == Accounts::ByFile && self.links.get_untracked(),
            push: (accounts == Accounts::Pushed).then(push),
        }
    }

    /// The wish, or the first field that does not do.
    pub fn wish(self) -> Result<Wish, Refused> {
        let wish = self.draft();
        let refused = match &wish.aim {
            _ if !ALL => without_people(&wish),
            Aim::Connect => without_people(&wish)
                .or_else(|| wish.push.as_ref().and_then(|push| odd_push(&wish, push))),
            Aim::Rotate(key) if key.is_empty() => Some((
                KEY,
                "Choose the key that is to go. If none is listed, look at the name of the Org2Org app below.".to_owned(),
            )),
            Aim::Pilot => (wish.users.is_empty())
                .then(|| (PILOT, "Choose somebody who is to be pushed.".to_owned())),
            Aim::Remove | Aim::Rotate(_) => None,
        };
        match refused.or_else(|| odd_name(&wish)) {
            Some(refused) => Err(refused),
            None => Ok(wish),
        }
    }
}

fn without_people(wish: &Wish) -> Option<Refused> {
    let why = "Choose at least one group or person of the source; without one nobody gets access.";
    (wish.groups.is_empty() && wish.users.is_empty()).then(|| (GROUPS, why.to_owned()))
}

fn odd_push(wish: &Wish, push: &Push) -> Option<Refused> {
    // A name that is still to be looked up has no id.
    let same = |one: &Member, other: &Member| match one.id.is_empty() || other.id.is_empty() {
        true => one.name == other.name,
        false => one.id == other.id,
    };
    let assigns = |pushed: &&Member| wish.groups.iter().any(|group| same(group, pushed));
    if let Some(both) = push.groups.iter().find(assigns) {
        let why = " gives access too, and Okta does not support pushing the group that assigns the app. Take it out here and choose another group with the same people, or give access by another one.";
        return Some((PUSHED, ["“", &shown(&both.name), "”", why].concat()));
    }
    if push.replaces_token.as_deref() == Some("") {
        return Some((
            OLD_TOKEN,
            "Write the token's name as Security > API > Tokens of the target shows it.".to_owned(),
        ));
    }
    is_odd(&push.client_label).then(|| (CLIENT, NAME_RULE.to_owned()))
}

fn odd_name(wish: &Wish) -> Option<Refused> {
    let names = [&wish.app_label, &wish.idp_name, &wish.group_name];
    let at = names.iter().position(|name| is_odd(name))?;
    NAMES.get(at).map(|field| (*field, NAME_RULE.to_owned()))
}

fn is_odd(name: &str) -> bool {
    name.is_empty() || name.chars().count() > LONGEST_NAME
}

const NAME_RULE: &str = "A name needs 1 to 100 characters.";

#[cfg(all(test, feature = "all"))]
mod tests {
    use super::*;
    use org2org_core::run::Method;

    fn member(id: &str) -> Member {
        Member {
            id: id.to_owned(),
            name: id.to_owned(),
        }
    }

    fn push() -> Push {
        Push {
            client_label: "Org2Org from Acme".to_owned(),
            ..Push::default()
        }
    }

    fn named() -> Wish {
        Wish {
            app_label: "a".to_owned(),
            idp_name: "b".to_owned(),
            group_name: "c".to_owned(),
            groups: vec![member("Sales")],
            ..Wish::default()
        }
    }

    /// What a form filled with `wish` gives back.
    fn filled(wish: &Wish, change: impl FnOnce(Form)) -> Result<Wish, Refused> {
        let mut given = None;
        let root = create_root(|| {
            let form = Form::new(Board::default(), wish);
            change(form);
            given = Some(form.wish());
        });
        root.dispose();
        given.expect("the form was made")
    }

    #[test]
    fn every_wish_comes_back_as_it_was() {
        let mut wishes = vec![named()];
        for method in Method::ALL {
            let push = Push {
                method,
                deactivate: true,
                groups: vec![member("Finance")],
                replaces_token: Some("old".to_owned()),
                ..push()
            };
            wishes.push(Wish {
                push: Some(push),
                ..named()
            });
        }
        for aim in [Aim::Remove, Aim::Rotate("kid".to_owned())] {
            wishes.push(Wish { aim, ..named() });
        }
        wishes.push(Wish {
            aim: Aim::Pilot,
            users: vec![member("ada@acme.example.com")],
            ..named()
        });
        wishes.push(Wish {
            by_file: true,
            links: true,
            ..named()
        });
        wishes.push(Wish {
            jit: true,
            apps: vec![member("Expenses")],
            ..named()
        });
        wishes.push(Wish {
            sign_on: SignOn::Oidc,
            routing: true,
            ..named()
        });
        for wish in wishes {
            assert_eq!(filled(&wish, |_| ()), Ok(wish.clone()));
        }
    }

    #[test]
    fn refused_fields_are_named_with_what_would_do() {
        let field = |wish: &Wish| filled(wish, |_| ()).map_err(|(field, _)| field);
        let with = |change: fn(&mut Push)| {
            let mut push = push();
            change(&mut push);
            Wish {
                push: Some(push),
                ..named()
            }
        };
        for (wish, refused) in [
            (
                Wish {
                    groups: Vec::new(),
                    ..named()
                },
                GROUPS,
            ),
            (
                Wish {
                    app_label: "x".repeat(101),
                    ..named()
                },
                NAMES[0],
            ),
            (with(|push| push.groups = vec![member("Sales")]), PUSHED),
            (with(|push| push.client_label = " ".to_owned()), CLIENT),
            (
                with(|push| push.replaces_token = Some(" ".to_owned())),
                OLD_TOKEN,
            ),
            (
                Wish {
                    aim: Aim::Rotate(String::new()),
                    ..named()
                },
                KEY,
            ),
            (
                Wish {
                    aim: Aim::Pilot,
                    users: Vec::new(),
                    ..named()
                },
                PILOT,
            ),
        ] {
            assert_eq!(field(&wish), Err(refused), "{wish:?}");
        }
    }

    /// Taking a connection down needs nobody to be chosen.
    #[test]
    fn only_connecting_asks_for_people() {
        for aim in [Aim::Remove, Aim::Rotate("kid".to_owned())] {
            let wish = Wish {
                aim,
                groups: Vec::new(),
                ..named()
            };
            assert_eq!(filled(&wish, |_| ()), Ok(wish.clone()));
        }
    }

    #[test]
    fn what_another_answer_hides_is_kept_but_not_wished() {
        let wish = Wish {
            apps: vec![member("Expenses")],
            push: Some(push()),
            ..named()
        };
        let hidden = filled(&wish, |form| {
            form.sign_on.set(SignOn::Oidc);
            form.accounts.set(Accounts::None);
            assert_eq!(form.apps.get_clone().len(), 1);
        });
        let plain = Wish {
            sign_on: SignOn::Oidc,
            ..named()
        };
        assert_eq!(hidden, Ok(plain));
        let back = filled(&wish, |form| {
            form.accounts.set(Accounts::None);
            form.accounts.set(Accounts::Pushed);
        });
        assert_eq!(back, Ok(wish));
    }
}

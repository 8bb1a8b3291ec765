//! What the person wants: every choice of the procedures in one typed value with safe defaults.

use serde::Serialize;

use super::Pair;
use crate::facts::Member;

/// The choices. Users are kept by id; their names are read from the org when they are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// What is to become of the link between the two orgs.
    pub aim: Aim,
    /// How people sign in.
    pub sign_on: SignOn,
    /// Label of the Org2Org app in the source.
    pub app_label: String,
    /// Name of the IdP in the target.
    pub idp_name: String,
    /// Name of the target's group for people of the source.
    pub group_name: String,
    /// Source groups that get the Org2Org app and the bookmarks.
    pub groups: Vec<Member>,
    /// Source users that get them one by one.
    pub users: Vec<Member>,
    /// Target apps that get a bookmark in the source.
    pub apps: Vec<Member>,
    /// Whether people without an account in the target get one at their first sign-in. Not where
    /// people are pushed: see [`Wish::makes_accounts_at_sign_in`].
    pub jit: bool,
    /// Whether people who are not pushed get their accounts by an import file.
    pub by_file: bool,
    /// Whether such accounts are linked to the IdP before anyone signs in, where that can be.
    pub links: bool,
    /// Whether a routing rule of the target sends people of the source's domains home to sign in.
    pub routing: bool,
    /// How the source pushes people to the target, when it does.
    pub push: Option<Push>,
}

/// What is to become of the link between the two orgs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "name", content = "key")]
pub enum Aim {
    /// It is set up, or completed.
    #[default]
    Connect,
    /// The chosen users are pushed over it as it is, to see that it works.
    Pilot,
    /// It is taken down for good, by the way out that hurts nobody.
    Remove,
    /// The key with this id, with which the source proves itself, gives way to a new one.
    Rotate(String),
}

/// How people sign in to the target through the source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignOn {
    /// OpenID Connect: an Okta Integration IdP in the target. Without bookmarks.
    Oidc,
    /// SAML 2.0.
    #[default]
    Saml,
}

/// How and what the source pushes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Push {
    /// How the source proves itself to the target.
    pub method: Method,
    /// Label of the service app in the target; the name of the token where that is the method.
    pub client_label: String,
    /// Whether people who leave the scope are deactivated in the target.
    pub deactivate: bool,
    /// What becomes of an account when it is made, linked or reactivated.
    pub initial_status: InitialStatus,
    /// Source groups that are kept alike in the target. None of them may be in [`Wish::groups`]:
    /// pushing the group that assigns the app is not supported.
    pub groups: Vec<Member>,
    /// Name of the API token that the connection uses so far, where OAuth 2.0 takes its place.
    pub replaces_token: Option<String>,
}

/// How the source proves itself to the target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// OAuth 2.0; the source makes and rotates the keys.
    #[default]
    OauthAuto,
    /// OAuth 2.0; a person rotates the keys.
    OauthManual,
    /// An API token of the target, carried by a person.
    Token,
}

/// Okta's `initialStatus`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InitialStatus {
    /// Active, with a temporary password.
    #[default]
    ActiveWithPass,
    /// Pending user action; an activation mail is sent.
    ActiveWithoutPass,
    /// Staged, with a temporary password.
    PendingWithPass,
    /// Staged, without password.
    PendingWithoutPass,
}

impl Method {
    /// Each, in the order of Okta's recommendation.
    pub const ALL: [Method; 3] = [Method::OauthAuto, Method::OauthManual, Method::Token];

    /// As it is stored and named in files.
    pub fn name(self) -> &'static str {
        match self {
            Method::OauthAuto => "oauth-auto",
            Method::OauthManual => "oauth-manual",
            Method::Token => "token",
        }
    }
}

impl InitialStatus {
    /// Each of the four.
    pub const ALL: [InitialStatus; 4] = [
        InitialStatus::ActiveWithPass,
        InitialStatus::ActiveWithoutPass,
        InitialStatus::PendingWithPass,
        InitialStatus::PendingWithoutPass,
    ];

    /// The one that Okta calls so.
    pub fn named(word: &str) -> Option<InitialStatus> {
        InitialStatus::ALL
            .into_iter()
            .find(|status| status.name() == word)
    }

    /// Okta's word for it.
    pub fn name(self) -> &'static str {
        match self {
            InitialStatus::ActiveWithPass => "active_with_pass",
            InitialStatus::ActiveWithoutPass => "active_without_pass",
            InitialStatus::PendingWithPass => "pending_with_pass",
            InitialStatus::PendingWithoutPass => "pending_without_pass",
        }
    }

    /// Whether it sends a mail to its person.
    pub fn mails(self) -> bool {
        self == InitialStatus::ActiveWithoutPass
    }

    /// What it does to a person, in a sentence: status, mail and password.
    pub fn consequence(self) -> &'static str {
        match self {
            InitialStatus::ActiveWithPass => {
                "The account is active at once, with a temporary password that nobody is told; no mail is sent."
            }
            InitialStatus::ActiveWithoutPass => {
                "The account waits for its person, who gets an activation mail; there is no password."
            }
            InitialStatus::PendingWithPass => {
                "The account is staged, with a temporary password; nobody can sign in until it is activated, and no mail is sent."
            }
            InitialStatus::PendingWithoutPass => {
                "The account is staged, without password; nobody can sign in until it is activated, and no mail is sent."
            }
        }
    }
}

impl Serialize for Method {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for InitialStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Push {
    /// The defaults: keys that rotate by themselves, active accounts, nobody deactivated, no groups.
    pub fn suggest(pair: &Pair) -> Push {
        Push {
            method: Method::OauthAuto,
            client_label: format!("Org2Org from {}", pair.source.name),
            deactivate: false,
            initial_status: InitialStatus::ActiveWithPass,
            groups: Vec::new(),
            replaces_token: None,
        }
    }
}

impl Wish {
    /// The defaults for a pair: names from the orgs, nobody and nothing chosen, no new accounts.
    pub fn suggest(pair: &Pair) -> Wish {
        let (source, target) = (&pair.source.name, &pair.target.name);
        Wish {
            aim: Aim::Connect,
            sign_on: SignOn::Saml,
            app_label: format!("{target} (Org2Org)"),
            idp_name: format!("{source} (Org2Org)"),
            group_name: format!("People of {source}"),
            groups: Vec::new(),
            users: Vec::new(),
            apps: Vec::new(),
            jit: false,
            by_file: false,
            links: false,
            routing: false,
            push: None,
        }
    }

    /// Whether the link is to be set up.
    pub fn connects(&self) -> bool {
        self.aim == Aim::Connect
    }

    /// Whether people sign in by SAML 2.0.
    pub fn by_saml(&self) -> bool {
        self.sign_on == SignOn::Saml
    }

    /// Whether OAuth 2.0 takes the place of an API token.
    pub fn migrates(&self) -> bool {
        let replaces = |push: &Push| push.replaces_token.is_some();
        self.pushes_by_oauth() && self.push.as_ref().is_some_and(replaces)
    }

    /// Whether people are pushed.
    pub fn pushes(&self) -> bool {
        self.push.is_some() || self.pilots()
    }

    /// Whether chosen people are pushed over the connection that is there, to see that it works.
    pub fn pilots(&self) -> bool {
        self.aim == Aim::Pilot
    }

    /// Whether people are pushed by this method.
    pub fn pushes_by(&self, method: Method) -> bool {
        self.push.as_ref().is_some_and(|push| push.method == method)
    }

    /// Whether people are pushed by OAuth 2.0, with either kind of keys.
    pub fn pushes_by_oauth(&self) -> bool {
        self.push.is_some() && !self.pushes_by(Method::Token)
    }

    /// Whether a first sign-in makes an account. Where people are pushed it must not: a sign-in
    /// would take the account over, and later pushes of it fail.
    pub fn makes_accounts_at_sign_in(&self) -> bool {
        self.jit && !self.pushes()
    }
}

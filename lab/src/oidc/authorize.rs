//! The source's authorize endpoint: a signed-in, assigned person is sent back to the client with a code.

use url::Url;

use super::client::{Client, client};
use super::{Code, SignIns};
use crate::ids::Ids;
use crate::org::User;

/// A code is good for this long, and once.
const CODE_MS: u64 = 60_000;

/// What people may be asked for here; scopes of the Management API are for service apps.
const SCOPES: [&str; 5] = ["openid", "profile", "email", "address", "phone"];

/// A request that may be answered by sending the person back.
pub(crate) struct Asked {
    pub client: Client,
    redirect: String,
    state: String,
    /// True when the answer is posted by the person's browser.
    pub posted: bool,
    /// True when nobody may be asked to sign in.
    pub silent: bool,
    scopes: Vec<String>,
    nonce: Option<String>,
    challenge: Option<String>,
}

/// Why a request is not granted.
pub(crate) enum Refused {
    /// The client or where to go is not known for sure: nobody is sent anywhere.
    Here(&'static str),
    /// The client is told.
    Told(Back),
}

/// Where the browser goes, with what.
pub(crate) struct Back {
    pub to: String,
    pub fields: Vec<(&'static str, String)>,
    pub posted: bool,
}

impl Back {
    /// The address with the fields in its query.
    pub(crate) fn address(&self) -> String {
        let Ok(mut url) = Url::parse(&self.to) else {
            return self.to.clone();
        };
        url.query_pairs_mut().extend_pairs(&self.fields);
        url.into()
    }
}

/// Reads a request. Only what names a known client and one of its addresses is answered there.
pub(crate) fn read(org: &crate::org::Org, given: &[(String, String)]) -> Result<Asked, Refused> {
    let value = |name: &str| {
        let found = given.iter().find(|(key, _)| key == name);
        found
            .map(|(_, value)| value.clone())
            .filter(|text| !text.is_empty())
    };
    let client = value("client_id").and_then(|id| client(org, &id));
    let client = client.ok_or(Refused::Here("Invalid value for 'client_id' parameter."))?;
    let redirect = value("redirect_uri").filter(|to| client.redirects.contains(to));
    let redirect = redirect.ok_or(Refused::Here(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    ))?;
    let asked = Asked {
        redirect,
        state: value("state").unwrap_or_default(),
        posted: value("response_mode").as_deref() == Some("form_post"),
        silent: value("prompt").as_deref() == Some("none"),
        scopes: value("scope")
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        nonce: value("nonce"),
        challenge: value("code_challenge"),
        client,
    };
    asked.judge(
        &value("response_type"),
        &value("response_mode"),
        &value("code_challenge_method"),
    )?;
    Ok(asked)
}

impl Asked {
    fn judge(
        &self,
        kind: &Option<String>,
        mode: &Option<String>,
        method: &Option<String>,
    ) -> Result<(), Refused> {
        let no = |error, text| Err(Refused::Told(self.refusal(error, text)));
        if self.state.is_empty() {
            return no(
                "invalid_request",
                "The authentication request has an invalid 'state' parameter.",
            );
        }
        if kind.as_deref() != Some("code") {
            let text = "The response type is not supported by the authorization server. Configured response types: [code].";
            return no("unsupported_response_type", text);
        }
        if !matches!(mode.as_deref(), None | Some("query" | "form_post")) {
            return no(
                "unsupported_response_mode",
                "The response mode is not supported by the authorization server.",
            );
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            return no("invalid_scope", "The 'openid' scope must be requested.");
        }
        if !self
            .scopes
            .iter()
            .all(|scope| SCOPES.contains(&scope.as_str()))
        {
            let text =
                "One or more scopes are not configured for the authorization server resource.";
            return no("invalid_scope", text);
        }
        match (&self.challenge, method.as_deref()) {
            (None, None) if !self.client.pkce => Ok(()),
            (None, _) => no(
                "invalid_request",
                "PKCE code challenge is required by the application.",
            ),
            (Some(given), Some("S256")) if given.len() == 43 => Ok(()),
            _ => no(
                "invalid_request",
                "The PKCE code challenge must be made with 'S256'.",
            ),
        }
    }

    /// The way back with an error.
    pub(crate) fn refusal(&self, error: &'static str, description: &str) -> Back {
        self.back(vec![
            ("error", error.to_owned()),
            ("error_description", description.to_owned()),
        ])
    }

    fn back(&self, mut fields: Vec<(&'static str, String)>) -> Back {
        fields.push(("state", self.state.clone()));
        Back {
            to: self.redirect.clone(),
            fields,
            posted: self.posted,
        }
    }

    /// The way back with a code for this person.
    pub(crate) fn grant(&self, held: &mut SignIns, ids: &mut Ids, user: &User, now: u64) -> Back {
        held.codes.retain(|_, code| now < code.until);
        let code = Code {
            client: self.client.id.clone(),
            user: user.id.clone(),
            redirect: self.redirect.clone(),
            scopes: self.scopes.clone(),
            nonce: self.nonce.clone(),
            challenge: self.challenge.clone(),
            signed_in: user.last_login.unwrap_or(now),
            until: now + CODE_MS,
        };
        let name = ids.secret();
        held.codes.insert(name.clone(), code);
        self.back(vec![("code", name)])
    }
}

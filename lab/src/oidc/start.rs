//! The target begins: a person is sent to the org that an identity provider names.

use url::Url;

use super::{SignIns, Waiting, callback_address, challenge};
use crate::ids::Ids;
use crate::org::{Idp, Org};

/// A person may take this long to sign in.
const PATIENCE_MS: u64 = 10 * 60_000;

/// The cookie that binds a sign-in to the browser that began it.
pub(crate) const COOKIE: &str = "idp_state";

/// The identity provider of this id that signs people in by OpenID Connect.
pub(crate) fn provider<'o>(org: &'o Org, id: &str) -> Option<&'o Idp> {
    let found = org.idps.get(id)?;
    (found.active && found.kind == "OKTA_INTEGRATION").then_some(found)
}

/// Where the person goes, and the state to be kept in a cookie.
pub(crate) fn start(
    held: &mut SignIns,
    ids: &mut Ids,
    idp: &Idp,
    host: &str,
    to: Option<String>,
    now: u64,
) -> Option<(String, String)> {
    let [state, nonce, verifier] = [ids.secret(), ids.secret(), ids.secret()];
    let mut url = Url::parse(idp.text("/protocol/endpoints/authorization/url")?).ok()?;
    let scopes = idp.protocol["scopes"].as_array().into_iter().flatten();
    let scopes: Vec<&str> = scopes.filter_map(|scope| scope.as_str()).collect();
    url.query_pairs_mut()
        .append_pair(
            "client_id",
            idp.text("/protocol/credentials/client/client_id")?,
        )
        .append_pair("redirect_uri", &callback_address(host))
        .append_pair("response_type", "code")
        .append_pair("scope", &scopes.join(" "))
        .append_pair("state", &state)
        .append_pair("nonce", &nonce)
        .append_pair("code_challenge", &challenge(&verifier))
        .append_pair("code_challenge_method", "S256");
    let waiting = Waiting {
        idp: idp.id.clone(),
        nonce,
        verifier,
        to,
        until: now + PATIENCE_MS,
    };
    held.waiting.retain(|_, waiting| now < waiting.until);
    held.waiting.insert(state.clone(), waiting);
    Some((url.into(), state))
}

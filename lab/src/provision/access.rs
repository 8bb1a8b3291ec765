//! Credentials of a connection: the API token, or an access token that the source fetches with a signed assertion.

use super::line::{Line, Trouble};
use super::state::{Access, Way};
use crate::keys::SigningKey;
use crate::oauth::assertion::{ASSERTION_TYPE, Proof, ProofKey, client_assertion, dpop_proof};
use crate::wire::{Request, Response};

/// AUTO makes a new key when the newest is older than this. How often Okta does is unconfirmed.
const ROTATE_MS: u64 = 90 * 86_400_000;
/// The newest key and the one before: a target that remembers a key set is not cut off.
const KEPT: usize = 2;
/// A token is given up this long before its end.
const EARLY_MS: u64 = 60_000;

/// The request with the connection's credentials.
pub(super) fn authorise(
    line: &mut Line<'_>,
    request: Request,
    scopes: &'static str,
) -> Result<Request, Trouble> {
    let client_id = match way(line).cloned() {
        None => return Err(Trouble::denied("The connection is not enabled")),
        Some(Way::Token(token)) => {
            return Ok(request.with("authorization", &format!("SSWS {token}")));
        }
        Some(Way::OAuth { client_id, .. }) => client_id,
    };
    let access = match held(line, scopes) {
        Some(access) => access,
        None => fetch(line, &request.host, &client_id, scopes)?,
    };
    if !access.bound {
        return Ok(request.with("authorization", &format!("Bearer {}", access.token)));
    }
    let url = format!("https://{}{}", request.host, request.path);
    let proof = proof(line, &request.method, &url, None, Some(&access.token));
    Ok(request
        .with("authorization", &format!("DPoP {}", access.token))
        .with("dpop", &proof))
}

/// True when a refused token can be fetched anew.
pub(super) fn renewable(line: &Line<'_>) -> bool {
    matches!(way(line), Some(Way::OAuth { .. }))
}

/// Keeps an access token for the next calls, or gives it up.
pub(super) fn keep(line: &mut Line<'_>, access: Option<Access>) {
    if let Some(connection) = line.connection_mut() {
        connection.access = access;
    }
}

fn way<'l>(line: &'l Line<'_>) -> Option<&'l Way> {
    line.connection()?.way.as_ref()
}

fn held(line: &Line<'_>, scopes: &str) -> Option<Access> {
    let access = line.connection()?.access.clone()?;
    let mut wanted = scopes.split(' ');
    let enough = wanted.all(|scope| access.scopes.split(' ').any(|held| held == scope));
    (enough && line.now + EARLY_MS < access.until).then_some(access)
}

// With a proof only when the target asks for one, with a nonce only when it asks for that.
fn fetch(
    line: &mut Line<'_>,
    host: &str,
    client_id: &str,
    scopes: &'static str,
) -> Result<Access, Trouble> {
    rotate(line);
    let (mut proven, mut nonce) = (false, None);
    loop {
        let answer = ask(line, host, client_id, scopes, proven, nonce.as_deref())?;
        let body = answer.value();
        let error = body["error"].as_str().unwrap_or_default();
        if !proven && error == "invalid_dpop_proof" {
            proven = true;
        } else if nonce.is_none() && error == "use_dpop_nonce" {
            proven = true;
            nonce = Some(answer.header("dpop-nonce").unwrap_or_default().to_owned());
        } else {
            return taken(line, client_id, scopes, &answer);
        }
    }
}

fn ask(
    line: &mut Line<'_>,
    host: &str,
    client_id: &str,
    scopes: &str,
    proven: bool,
    nonce: Option<&str>,
) -> Result<Response, Trouble> {
    let url = format!("https://{host}/oauth2/v1/token");
    let key = key(line).ok_or_else(|| Trouble::denied("The connection has no signing key"))?;
    let jti = line.world.side_ids.secret();
    let assertion = client_assertion(&key, client_id, &url, &jti, line.now);
    let mut request = Request::new("POST", &url)
        .with("accept", "application/json")
        .form(&[
            ("grant_type", "client_credentials"),
            ("scope", scopes),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &assertion),
        ]);
    if proven {
        request = request.with("dpop", &proof(line, "POST", &url, nonce, None));
    }
    line.send(&request)
}

fn proof(
    line: &mut Line<'_>,
    method: &str,
    url: &str,
    nonce: Option<&str>,
    token: Option<&str>,
) -> String {
    let jti = line.world.side_ids.secret();
    let proof = Proof {
        method,
        url,
        jti: &jti,
        nonce,
        token,
        now: line.now,
    };
    dpop_proof(&ProofKey::of(&line.app), &proof)
}

fn taken(
    line: &mut Line<'_>,
    client_id: &str,
    scopes: &str,
    answer: &Response,
) -> Result<Access, Trouble> {
    let body = answer.value();
    let token = body["access_token"].as_str();
    let Some(token) = token.filter(|_| answer.status == 200) else {
        return Err(refused(line, answer));
    };
    let lasts = body["expires_in"].as_u64().unwrap_or(3600) * 1000;
    let access = Access {
        token: token.to_owned(),
        bound: body["token_type"] == "DPoP",
        scopes: scopes.to_owned(),
        until: line.now + lasts,
    };
    // An admin may have put in another client meanwhile.
    if matches!(way(line), Some(Way::OAuth { client_id: id, .. }) if id == client_id) {
        keep(line, Some(access.clone()));
    }
    Ok(access)
}

fn refused(line: &mut Line<'_>, answer: &Response) -> Trouble {
    if answer.status == 429 {
        return line.limited(answer);
    }
    let body = answer.value();
    let error = body["error"].as_str().or(body["errorCode"].as_str());
    let why = body["error_description"]
        .as_str()
        .or(body["errorSummary"].as_str());
    let (Some(error), Some(why)) = (error, why) else {
        return line.lost();
    };
    let text = format!("Unable to get an access token: {error}: {why}");
    line.log_app("application.integration.authentication_failure", Err(&text));
    Trouble::denied(&text)
}

// AUTO signs with the connection's newest key, MANUAL with the app's signing key.
fn key(line: &Line<'_>) -> Option<SigningKey> {
    let connection = line.connection()?;
    match &connection.way {
        Some(Way::OAuth { auto: true, .. }) => connection.keys.last().cloned(),
        _ => line.org().apps.get(&line.app)?.active_key().cloned(),
    }
}

fn rotate(line: &mut Line<'_>) {
    let now = line.now;
    let auto = matches!(way(line), Some(Way::OAuth { auto: true, .. }));
    let connection = line.connection();
    let newest = connection.and_then(|connection| connection.keys.last());
    let old = newest.is_some_and(|key| now.saturating_sub(key.created) >= ROTATE_MS);
    if !auto || !old {
        return;
    }
    let subject = line.org().subdomain.clone();
    let key = SigningKey::new(&mut line.world.ids, &subject, now, 10);
    let kid = key.kid.clone();
    if let Some(connection) = line.connection_mut() {
        let keys = &mut connection.keys;
        keys.push(key);
        keys.drain(..keys.len().saturating_sub(KEPT));
    }
    line.log_app("app.keys.rotate", Ok(()));
    line.effect(
        "connections/default/jwks",
        format!("key {kid} of the connection"),
    );
}

//! An OAuth client that acts in an org: private_key_jwt at the token endpoint, and DPoP with each call.
//!
//! A token is asked for with no more than the scopes of the calls sent so far, and again when a
//! call needs one more, when it ends, or when the org refuses it. Neither the key nor a token is in
//! any message.

mod answer;
mod key;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use ureq::http::{Request, request::Builder};

use super::credentials::{Kept, kept};
use super::drive::now;
use crate::outcome::{Outcome, Trouble, notice};
use answer::{Granted, Told, refused, told};
use key::SigningKey;

const PATH: &str = "/oauth2/v1/token";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion is good for; Okta takes at most an hour.
const ASSERTION_SECONDS: i64 = 300;
/// Clocks that differ by less are taken to agree.
const CLOCK_SECONDS: i64 = 30;
/// A token is renewed when it has less left.
const MARGIN: Duration = Duration::from_secs(60);
/// Requests for one token: a nonce, a clock and smaller scopes are mended on the way.
const MOST_TRIES: usize = 6;

/// See the module.
pub struct Client {
    /// Its id in the org.
    pub id: String,
    base: String,
    agent: ureq::Agent,
    key: SigningKey,
    proof: SigningKey,
    held: Mutex<Held>,
}

/// What is known of the org's answers so far.
#[derive(Default)]
struct Held {
    token: Option<Token>,
    nonce: Option<String>,
    /// Seconds by which the org's clock is ahead of this machine's.
    ahead: i64,
    wanted: BTreeSet<String>,
    /// Scopes that the org does not give.
    missing: BTreeSet<String>,
}

struct Token {
    text: String,
    scopes: BTreeSet<String>,
    until: Instant,
}

impl Client {
    /// A client with its key in this file.
    pub fn open(base: &str, id: &str, file: &Path, agent: ureq::Agent) -> Outcome<Client> {
        let shown = org2org_core::explain::seen(&file.display().to_string());
        let key = SigningKey::read(&kept(file, Kept::Key)?, &shown)?;
        let proof = SigningKey::fresh();
        Ok(Client {
            proof: proof.ok_or_else(|| refused(base, id, "no key for its proofs could be made"))?,
            id: id.to_owned(),
            base: base.to_owned(),
            agent,
            key,
            held: Mutex::default(),
        })
    }

    /// Of these scopes, those that the org does not give to this client.
    pub fn lacks(&self, scopes: &[&str]) -> Outcome<Vec<String>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.hold(&mut held, scopes)?;
        let has = |scope: &&&str| {
            held.token
                .as_ref()
                .is_some_and(|token| covers(&token.scopes, scope))
        };
        Ok(scopes
            .iter()
            .filter(|scope| !has(scope))
            .map(|scope| (*scope).to_owned())
            .collect())
    }

    /// Adds what shows the org that a call is this client's: a token with these scopes, as far as
    /// the org gives them, and a proof that it is the client's own.
    pub fn sign(
        &self,
        request: Builder,
        method: &str,
        path: &str,
        scopes: &[&str],
    ) -> Outcome<Builder> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.hold(&mut held, scopes)?;
        let token = held
            .token
            .as_ref()
            .map(|token| token.text.clone())
            .unwrap_or_default();
        let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()));
        let proof = self.proof(method, path, held.ahead, json!({ "ath": hash }))?;
        Ok(request
            .header("authorization", format!("DPoP {token}"))
            .header("dpop", proof))
    }

    /// The org did not take the token: the next call asks for another.
    pub fn forget(&self) {
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .token = None;
    }

    fn hold(&self, held: &mut Held, scopes: &[&str]) -> Outcome<()> {
        let news = scopes.iter().filter(|scope| !covers(&held.wanted, scope));
        let news: Vec<String> = news
            .filter(|scope| !held.missing.contains(**scope))
            .map(|scope| (*scope).to_owned())
            .collect();
        let fresh = |token: &Token| token.until > Instant::now();
        if news.is_empty() && held.token.as_ref().is_some_and(fresh) {
            return Ok(());
        }
        held.wanted.extend(news);
        self.renew(held)
    }

    fn renew(&self, held: &mut Held) -> Outcome<()> {
        for _ in 0..MOST_TRIES {
            match self.ask(held)? {
                Told::Granted(granted) => {
                    if self.settled(held, granted) {
                        return Ok(());
                    }
                }
                Told::Nonce(nonce) if held.nonce.as_ref() != Some(&nonce) => {
                    held.nonce = Some(nonce)
                }
                Told::Clock(org) if (org - seconds() - held.ahead).abs() > CLOCK_SECONDS => {
                    held.ahead = org - seconds();
                    notice(&format!(
                        "{}: its clock and this machine's differ by {} s; the org's is taken.",
                        self.base,
                        held.ahead.abs()
                    ));
                }
                Told::NoScope(why) => {
                    if !self.narrowed(held, &BTreeSet::new()) {
                        return Err(refused(&self.base, &self.id, &why));
                    }
                }
                Told::Refused(why) => return Err(refused(&self.base, &self.id, &why)),
                Told::Nonce(_) | Told::Clock(_) => break,
            }
        }
        Err(refused(
            &self.base,
            &self.id,
            "it asks for another proof again and again",
        ))
    }

    /// Keeps a token. False when a scope that it lacks may be had under a wider name.
    fn settled(&self, held: &mut Held, granted: Granted) -> bool {
        let most = granted
            .lifetime
            .saturating_sub(MARGIN)
            .max(granted.lifetime / 2);
        let again = self.narrowed(held, &granted.scopes);
        held.token = Some(Token {
            text: granted.token,
            scopes: granted.scopes,
            until: Instant::now() + most,
        });
        !again
    }

    /// Takes out of what is wanted what is not granted; where only reading is wanted, managing
    /// allows that too. Whether that leaves something new to ask for.
    fn narrowed(&self, held: &mut Held, granted: &BTreeSet<String>) -> bool {
        let lacking: Vec<String> = held
            .wanted
            .iter()
            .filter(|scope| !covers(granted, scope))
            .cloned()
            .collect();
        let mut again = false;
        for scope in lacking {
            held.wanted.remove(&scope);
            held.missing.insert(scope.clone());
            let wider = scope
                .strip_suffix(".read")
                .map(|stem| format!("{stem}.manage"));
            if let Some(wider) = wider.filter(|wider| !held.missing.contains(wider)) {
                again |= held.wanted.insert(wider);
            }
        }
        again
    }

    fn ask(&self, held: &Held) -> Outcome<Told> {
        let address = format!("{}{PATH}", self.base);
        let mine = |what: Option<String>| {
            what.ok_or_else(|| refused(&self.base, &self.id, "its key does not sign"))
        };
        let from = seconds() + held.ahead;
        let claims = json!({
            "iss": self.id, "sub": self.id, "aud": address, "jti": once()?,
            "iat": from, "exp": from + ASSERTION_SECONDS,
        });
        let scopes: Vec<&str> = held.wanted.iter().map(String::as_str).collect();
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", &scopes.join(" ")),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &mine(self.key.assertion(&claims))?),
        ];
        let nonce = held
            .nonce
            .as_ref()
            .map_or(json!({}), |nonce| json!({ "nonce": nonce }));
        let body = url_encoded(&form);
        let request = Request::builder()
            .method("POST")
            .uri(&address)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("user-agent", super::http::AGENT)
            .header("dpop", self.proof("POST", PATH, held.ahead, nonce)?)
            .body(body);
        let request =
            request.map_err(|_| refused(&self.base, &self.id, "no request could be made"))?;
        let answer = self
            .agent
            .run(request)
            .map_err(|error| silent(&self.base, &error))?;
        told(answer).map_err(|why| refused(&self.base, &self.id, &why))
    }

    fn proof(&self, method: &str, path: &str, ahead: i64, more: Value) -> Outcome<String> {
        let mut claims = json!({
            "htm": method, "htu": format!("{}{path}", self.base), "iat": seconds() + ahead, "jti": once()?,
        });
        if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
            claims.extend(more);
        }
        let proof = self.proof.proof(&claims);
        proof.ok_or_else(|| refused(&self.base, &self.id, "the key for its proofs does not sign"))
    }
}

/// Managing includes reading.
fn covers(scopes: &BTreeSet<String>, wanted: &str) -> bool {
    let wider = wanted
        .strip_suffix(".read")
        .map(|stem| format!("{stem}.manage"));
    scopes.contains(wanted) || wider.is_some_and(|wider| scopes.contains(&wider))
}

fn seconds() -> i64 {
    i64::try_from(now() / 1000).unwrap_or_default()
}

fn once() -> Outcome<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| Trouble {
        code: "random".to_owned(),
        what: "this machine gives no random numbers".to_owned(),
        hint: "Nothing was sent.".to_owned(),
        exit: crate::outcome::Exit::Unknown,
    })?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn url_encoded(form: &[(&str, &str)]) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
        .into_bytes()
}

fn silent(base: &str, error: &ureq::Error) -> Trouble {
    Trouble {
        code: "org-silent".to_owned(),
        what: format!("{base}{PATH}: {}", super::http::failure(error).text()),
        hint: "Check the address and the network, then try again.".to_owned(),
        exit: crate::outcome::Exit::Unknown,
    }
}

//! Calls to an org over TLS, with an API token or as an OAuth client. A connection that carried a write is never used
//! again, so no half-dead one can swallow the next.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use org2org_core::map::Map;
use org2org_core::okta::{self, Answer, Call, Probe, Response, Shape};
use org2org_core::run::{Failure, Reply};
use serde_json::Value;
use ureq::config::Config;
use ureq::http::{Request, request::Builder};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::client::Client;
use crate::arguments::Reach;
use crate::outcome::{Exit, Outcome, Trouble, report};

/// The largest answer that is read.
const MOST_BYTES: u64 = 50 * 1024 * 1024;
/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// What core reads of an answer's headers.
const HEADERS: &[&str] = &[
    "content-type",
    "date",
    "link",
    "x-okta-request-id",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
];

/// The way into one org.
#[derive(Clone)]
pub struct Door {
    base: String,
    key: Key,
    agent: ureq::Agent,
}

/// What an org is opened with.
#[derive(Clone)]
pub enum Key {
    /// An API token.
    Token(Arc<str>),
    /// An OAuth client.
    Client(Arc<Client>),
}

/// How this command names itself.
pub const AGENT: &str = concat!("org2org/", env!("CARGO_PKG_VERSION"));

/// What speaks to orgs.
pub fn agent(reach: &Reach) -> Outcome<ureq::Agent> {
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut tls = TlsConfig::builder().unversioned_rustls_crypto_provider(crypto);
    if let Some(path) = &reach.ca {
        let pem = fs::read(path).map_err(|error| {
            Trouble::file(
                format!("{}: {error}", path.display()),
                "Give the certificate as PEM.",
            )
        })?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| {
            Trouble::file(
                format!("{}: {error}", path.display()),
                "Give the certificate as PEM.",
            )
        })?;
        tls = tls.root_certs(RootCerts::Specific(Arc::new(vec![certificate])));
    }
    let config = Config::builder()
        .https_only(true)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(PATIENCE))
        .max_idle_connections(0)
        .max_idle_connections_per_host(0)
        .tls_config(tls.build())
        .build();
    let resolver = Names(reach.connect);
    Ok(ureq::Agent::with_parts(
        config,
        DefaultConnector::default(),
        resolver,
    ))
}

/// Names as the system knows them, or one address for all of them.
#[derive(Debug)]
struct Names(Option<SocketAddr>);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        match self.0 {
            None => DefaultResolver::default().resolve(uri, config, timeout),
            Some(address) => {
                let mut all = self.empty();
                all.push(address);
                Ok(all)
            }
        }
    }
}

impl Door {
    /// The way into the org at this address.
    pub fn new(base: &str, key: Key, agent: ureq::Agent) -> Door {
        Door {
            base: base.to_owned(),
            key,
            agent,
        }
    }

    /// A read outside of a run.
    pub fn read(&self, probe: &Probe) -> Outcome<Response> {
        let silent = |why: &str| Trouble {
            code: "org-silent".to_owned(),
            what: format!("{}: {why}", self.base),
            hint: "Check the address and the network, then try again.".to_owned(),
            exit: Exit::Unknown,
        };
        let call = probe.call().ok_or_else(|| silent("nothing to ask"))?;
        match self.send(&call) {
            Reply::Response(response) => Ok(response),
            Reply::Failed(failure) => Err(silent(failure.text())),
            _ => Err(silent("no answer")),
        }
    }

    /// Address of the org.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A list outside of a run, with all its pages.
    pub fn list(&self, probe: &Probe) -> Outcome<Vec<Value>> {
        let unusable = |why: String| Trouble {
            code: "org-answer".to_owned(),
            what: format!("{}: {why}", self.base),
            hint: "Check that the token may read this, then try again.".to_owned(),
            exit: Exit::Unknown,
        };
        let (Some(op), Some(mut call)) = (probe.op, probe.call()) else {
            return Ok(Vec::new());
        };
        let mut items = Vec::new();
        loop {
            let response = match self.send(&call) {
                Reply::Response(response) if response.status == 200 => response,
                Reply::Response(response) => {
                    let why = response
                        .okta_error()
                        .map_or(String::new(), |(_, text)| text);
                    return Err(unusable(format!(
                        "{} answers {} {why}",
                        call.address(),
                        response.status
                    )));
                }
                Reply::Failed(failure) => return Err(unusable(failure.text().to_owned())),
                _ => return Err(unusable("no answer".to_owned())),
            };
            let answer = Answer::check(&response, &op.shape, Vec::new()).map_err(unusable)?;
            items.extend_from_slice(answer.items());
            match response.next_query() {
                Some(query) if call.query_raw.as_ref() != Some(&query) => {
                    call.query_raw = Some(query)
                }
                _ => return Ok(items),
            }
        }
    }

    /// The id of the client that acts here, where one does.
    pub fn client(&self) -> Option<&str> {
        match &self.key {
            Key::Client(client) => Some(&client.id),
            Key::Token(_) => None,
        }
    }

    /// Of these scopes, those that the client is not given; none of an API token.
    pub fn lacks(&self, scopes: &[&str]) -> Outcome<Vec<String>> {
        match &self.key {
            Key::Client(client) => client.lacks(scopes),
            Key::Token(_) => Ok(Vec::new()),
        }
    }

    /// Sends a call once; once more with another token where the org did not take the first one.
    pub fn send(&self, call: &Call) -> Reply {
        let reply = self.sent(call);
        match (&reply, &self.key) {
            (Reply::Response(answer), Key::Client(client)) if answer.status == 401 => {
                client.forget();
                self.sent(call)
            }
            _ => reply,
        }
    }

    fn sent(&self, call: &Call) -> Reply {
        let (method, accept, scopes) = match (okta::read_op(&call.op), okta::write_op(&call.op)) {
            (Some(op), _) => ("GET", accept(&op.shape), op.scope),
            (_, Some(op)) => (op.method.name(), "application/json", op.scope),
            _ => return Reply::Failed(Failure::NotSent),
        };
        let address = call.address();
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{address}", self.base))
            .header("accept", accept)
            .header("user-agent", AGENT);
        let mut request = match self.signed(request, method, &address, scopes) {
            Ok(request) => request,
            Err(trouble) => {
                report(&trouble);
                return Reply::Failed(Failure::NotSent);
            }
        };
        let body = match &call.body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                body.to_string().into_bytes()
            }
            None => Vec::new(),
        };
        let Ok(request) = request.body(body) else {
            return Reply::Failed(Failure::NotSent);
        };
        match self.agent.run(request) {
            Ok(response) => read(response),
            Err(error) => Reply::Failed(failure(&error)),
        }
    }

    fn signed(
        &self,
        request: Builder,
        method: &str,
        address: &str,
        scopes: &str,
    ) -> Outcome<Builder> {
        let scopes: Vec<&str> = scopes.split_ascii_whitespace().collect();
        match &self.key {
            Key::Token(token) => Ok(request.header("authorization", format!("SSWS {token}"))),
            // What is open to everybody shows no token.
            Key::Client(_) if scopes.is_empty() => Ok(request),
            Key::Client(client) => {
                let path = address.split('?').next().unwrap_or_default();
                client.sign(request, method, path, &scopes)
            }
        }
    }
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Reply {
    let header = |name: &&str| {
        let values: Vec<&str> = response
            .headers()
            .get_all(*name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        (!values.is_empty()).then(|| ((*name).to_owned(), values.join(", ")))
    };
    let headers: Map<String, String> = HEADERS.iter().filter_map(header).collect();
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(MOST_BYTES)
        .lossy_utf8(true)
        .read_to_string();
    match body {
        Ok(body) => Reply::Response(Response {
            redirected: (300..400).contains(&status),
            status,
            headers,
            body,
        }),
        Err(error) => Reply::Failed(failure(&error)),
    }
}

fn accept(shape: &Shape) -> &'static str {
    match shape {
        Shape::Xml(_) => "application/xml",
        _ => "application/json",
    }
}

/// Why a call has no answer.
pub fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::HostNotFound | ureq::Error::Tls(_) | ureq::Error::BadUri(_) => {
            Failure::NotSent
        }
        _ => Failure::Network,
    }
}

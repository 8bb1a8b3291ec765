//! Calls to an org over TLS, with an API token. A connection that carried a write is never used
//! again, so no half-dead one can swallow the next.

use std::fs;
use std::io::{self, BufRead, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use org2org_core::map::Map;
use org2org_core::okta::{self, Answer, Call, Probe, Response, Shape};
use org2org_core::org::OrgUrl;
use org2org_core::run::{Failure, Reply, Side};
use serde_json::Value;
use ureq::config::Config;
use ureq::http::Request;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::arguments::Reach;
use crate::outcome::{Exit, Outcome, Trouble};

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

/// Both orgs, or the one that a person has.
#[derive(Default)]
pub struct Doors {
    /// The source.
    pub source: Option<Door>,
    /// The target.
    pub target: Option<Door>,
}

/// The way into one org.
#[derive(Clone)]
pub struct Door {
    base: String,
    token: Arc<str>,
    agent: ureq::Agent,
}

impl Doors {
    /// One org alone, with its token from this file or the first line of standard input.
    pub fn one(side: Side, url: &OrgUrl, file: Option<&Path>, reach: &Reach) -> Outcome<Doors> {
        let files: Vec<&Path> = file.into_iter().collect();
        let door = doors(&[(url, side.name())], &files, reach)?.pop();
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

    /// The org on this side.
    pub fn of(&self, side: Side) -> Outcome<&Door> {
        let door = match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        };
        door.as_ref()
            .ok_or_else(|| no_token(&format!("there is no token for the {}", side.name())))
    }
}

/// The ways into these orgs, with a token each: from these files, or line by line from standard
/// input when there are none.
pub fn doors(orgs: &[(&OrgUrl, &str)], files: &[&Path], reach: &Reach) -> Outcome<Vec<Door>> {
    if !files.is_empty() && files.len() != orgs.len() {
        let what = format!("{} token files for {} orgs", files.len(), orgs.len());
        return Err(no_token(&what));
    }
    let agent = agent(reach)?;
    let mut lines = io::stdin().lock().lines();
    let mut all = Vec::new();
    for (at, (org, whose)) in orgs.iter().enumerate() {
        let token = match files.get(at) {
            Some(file) => kept(file)?,
            None => {
                let line = lines.next().and_then(Result::ok).unwrap_or_default();
                let place = format!("line with the {whose}'s token on standard input");
                token(&line, &place)?
            }
        };
        all.push(Door {
            base: org.base().to_owned(),
            token: token.into(),
            agent: agent.clone(),
        });
    }
    Ok(all)
}

/// A token from a file that only its owner can read.
fn kept(path: &Path) -> Outcome<String> {
    let shown = org2org_core::explain::seen(&path.display().to_string());
    let read = || -> io::Result<(String, bool)> {
        let file = fs::File::open(path)?;
        let open = is_open(&file.metadata()?);
        let mut text = String::new();
        file.take(4096).read_to_string(&mut text)?;
        Ok((text, open))
    };
    match read() {
        Err(error) => Err(Trouble::file(
            format!("{shown}: {error}"),
            "Give the file that holds the token.",
        )),
        Ok((_, true)) => Err(Trouble::file(
            format!("{shown}: others may read it"),
            "Make it readable by you alone (chmod 600), and consider the token known to others.",
        )),
        Ok((text, false)) => token(&text, &shown),
    }
}

#[cfg(unix)]
pub fn is_open(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
pub fn is_open(_: &fs::Metadata) -> bool {
    false
}

// The token itself is in no message.
fn token(text: &str, place: &str) -> Outcome<String> {
    let token = text.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    match token.len() >= 20 && token.bytes().all(plain) {
        true => Ok(token.to_owned()),
        false => Err(no_token(&format!("{place}: no API token"))),
    }
}

fn no_token(what: &str) -> Trouble {
    Trouble {
        code: "token".to_owned(),
        what: what.to_owned(),
        hint: "An API token is one word of about 42 letters, digits, - and _; make one under Security > API > Tokens.".to_owned(),
        exit: Exit::Usage,
    }
}

fn agent(reach: &Reach) -> Outcome<ureq::Agent> {
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

    /// Sends a call once.
    pub fn send(&self, call: &Call) -> Reply {
        let (method, accept) = match (okta::read_op(&call.op), okta::write_op(&call.op)) {
            (Some(op), _) => ("GET", accept(&op.shape)),
            (_, Some(op)) => (op.method.name(), "application/json"),
            _ => return Reply::Failed(Failure::NotSent),
        };
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{}", self.base, call.address()))
            .header("authorization", format!("SSWS {}", self.token))
            .header("accept", accept)
            .header("user-agent", concat!("org2org/", env!("CARGO_PKG_VERSION")));
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

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::Timeout(_) => Failure::Timeout,
        ureq::Error::HostNotFound | ureq::Error::Tls(_) | ureq::Error::BadUri(_) => {
            Failure::NotSent
        }
        _ => Failure::Network,
    }
}

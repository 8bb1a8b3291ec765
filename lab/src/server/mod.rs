//! Sockets, TLS and the clock: the one part of the lab that is not pure.
//!
//! A request is answered on a thread of its own, which holds the world meanwhile ([`shared`]). What the orgs send each
//! other leaves by [`lines`] and comes in at the listener as any client's request does.

mod arrivals;
mod lines;
mod shared;
mod tls;

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use org2org_lab::{Reply, Request, Response, World};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use arrivals::{Arrivals, Connection};
use lines::Lines;
use shared::{Held, Shared};
use tls::Tls;

// More than the state machine takes, so that it is the one to refuse.
const MOST_BODY: usize = 8 << 20;

/// Which org is at the other end of a connection, by its port there.
type Senders = Arc<Mutex<HashMap<u16, String>>>;

/// A bound port with its certificate.
pub struct Listener {
    /// The port that was taken.
    pub port: u16,
    /// The throw-away authority's certificate, PEM.
    pub certificate: String,
    socket: TcpListener,
    tls: Tls,
}

impl Listener {
    /// Takes a port of the loopback address; 0 for a free one.
    pub async fn bind(port: u16, http1: bool, world: &World) -> io::Result<Self> {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "*.okta.com"]
            .map(str::to_owned)
            .to_vec();
        names.extend(
            world
                .sites()
                .into_iter()
                .flat_map(|site| [site.host, site.admin_host]),
        );
        let tls = Tls::new(names, http1)?;
        let socket = TcpListener::bind(("127.0.0.1", port)).await?;
        Ok(Self {
            port: socket.local_addr()?.port(),
            certificate: tls.certificate.clone(),
            socket,
            tls,
        })
    }

    /// Serves until dropped.
    ///
    /// # Errors
    /// When no line between the orgs can be had.
    pub async fn serve(&self, world: World) -> io::Result<()> {
        let senders = Senders::default();
        let shared = Shared::new(world);
        let connector = TlsConnector::from(self.tls.client.clone());
        let lines = Lines::new(shared.clone(), connector, self.port, senders.clone())?;
        shared.hold().carried_by(Arc::new(lines));
        let site = Arc::new(Site {
            shared,
            arrivals: Arrivals::default(),
        });
        let acceptor = TlsAcceptor::from(self.tls.server.clone());
        loop {
            if let Ok((stream, peer)) = self.socket.accept().await {
                let (acceptor, senders) = (acceptor.clone(), senders.clone());
                let site = site.clone();
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let connection = connection(&stream, peer.port(), &senders);
                        converse(stream, site, connection).await;
                    }
                });
            }
        }
    }
}

fn connection(stream: &TlsStream<TcpStream>, port: u16, senders: &Senders) -> Connection {
    let (_, tls) = stream.get_ref();
    let version = tls.protocol_version();
    let from = senders
        .lock()
        .expect("no holder panics")
        .get(&port)
        .cloned();
    Connection {
        port,
        from,
        tls: version.map_or_else(String::new, |version| format!("{version:?}")),
        server_name: tls.server_name().map(str::to_owned),
    }
}

async fn converse(stream: TlsStream<TcpStream>, site: Arc<Site>, connection: Connection) {
    let cut = Arc::new(Notify::new());
    let service =
        service_fn(|request| answer(request, site.clone(), connection.clone(), cut.clone()));
    let builder = Builder::new(TokioExecutor::new());
    let served = builder.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // An ended or broken connection is the browser's business.
        _ = served => {}
        () = cut.notified() => {}
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    site: Arc<Site>,
    connection: Connection,
    cut: Arc<Notify>,
) -> Result<hyper::Response<Full<Bytes>>, h2::Error> {
    let http = format!("{:?}", request.version());
    let Some(request) = taken(request).await else {
        return Ok(sent(Response::text(
            400,
            "text/plain",
            "The body ended too early.\n".to_owned(),
        )));
    };
    let known = site.clone();
    let handled = tokio::task::spawn_blocking(move || known.handle(&request, &connection, &http));
    let Ok((number, reply)) = handled.await else {
        return Err(h2::Reason::INTERNAL_ERROR.into());
    };
    let told = |response: Response| {
        site.arrivals.answered(number, response.status);
        Ok(sent(response))
    };
    match reply {
        Reply::Answer(response) => told(response),
        Reply::Delayed { response, by_ms } => {
            tokio::time::sleep(Duration::from_millis(by_ms)).await;
            told(response)
        }
        Reply::Dropped => {
            cut.notify_one();
            // The connection is gone before this could ever answer.
            std::future::pending().await
        }
        // hyper resets an HTTP/2 stream with this reason, and closes an HTTP/1.1 connection.
        Reply::Refused => Err(h2::Reason::REFUSED_STREAM.into()),
    }
}

/// What all connections share.
struct Site {
    shared: Arc<Shared>,
    arrivals: Arrivals,
}

impl Site {
    /// Answers one request, and its number in the access log; those of the control addresses have none there.
    fn handle(&self, request: &Request, connection: &Connection, http: &str) -> (u64, Reply) {
        let Some(what) = request.path.strip_prefix("/_lab/") else {
            let number = self.arrivals.note(connection, http, request, now_ms());
            return (number, self.visit(request, connection.from.as_deref()));
        };
        (0, self.control(request, what))
    }

    fn visit(&self, request: &Request, from: Option<&str>) -> Reply {
        let mut held = self.shared.hold();
        let Some(from) = from else {
            let reply = held.handle(request, now_ms());
            drop(held);
            // What a change sets off is done before its answer, whoever does it.
            if !["GET", "HEAD"].contains(&request.method.as_str()) {
                drop(self.shared.hold_settled());
            }
            return reply;
        };
        held.receive(request, from, now_ms())
    }

    // Who looks at the orgs sees them at rest.
    fn control(&self, request: &Request, what: &str) -> Reply {
        let mut held: Held<'_> = match (request.method.as_str(), what) {
            ("GET", "arrivals") => {
                drop(self.shared.hold_at_rest());
                let all = serde_json::json!(self.arrivals.all());
                return Reply::Answer(Response::json(200, &all).with("cache-control", "no-store"));
            }
            ("POST", "reset") => {
                let held = self.shared.hold_after_cut();
                self.arrivals.clear();
                held
            }
            ("GET", "dump" | "effects" | "requests" | "sent") | ("POST", "time") => {
                self.shared.hold_at_rest()
            }
            _ => self.shared.hold(),
        };
        held.handle(request, now_ms())
    }
}

async fn taken(request: hyper::Request<Incoming>) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let text =
        |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let named = parts.headers.get("host").map(text);
    let authority = parts
        .uri
        .authority()
        .map(|authority| authority.to_string())
        .or(named)
        .unwrap_or_default();
    let mut taken = Request::new(parts.method.as_str(), &format!("https://{authority}"));
    taken.path = parts.uri.path().to_owned();
    taken.query = parts.uri.query().unwrap_or_default().to_owned();
    taken.headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect();
    taken.body = match Limited::new(body, MOST_BODY).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        // The rest stays unread; as much as this is refused in Okta's words.
        Err(error) if error.is::<LengthLimitError>() => vec![0; MOST_BODY],
        Err(_) => return None,
    };
    Some(taken)
}

fn sent(response: Response) -> hyper::Response<Full<Bytes>> {
    let mut made = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        made = made.header(name, value);
    }
    let body = Full::new(Bytes::from(response.body));
    made.body(body).unwrap_or_else(|_| {
        let mut failed =
            hyper::Response::new(Full::new(Bytes::from_static(b"a header could not be sent")));
        *failed.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}

fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Waits for Ctrl-C, SIGTERM or, when asked, the end of standard input.
pub async fn told_to_end(until_stdin_closes: bool) {
    let closed = async {
        if !until_stdin_closes {
            std::future::pending::<()>().await;
        }
        let mut rest = [0; 256];
        while tokio::io::stdin()
            .read(&mut rest)
            .await
            .is_ok_and(|count| count > 0)
        {}
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
        () = closed => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => drop(signal.recv().await),
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

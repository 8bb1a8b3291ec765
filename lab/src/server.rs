//! Sockets, TLS and the clock: the one file of the lab that is not pure.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use org2org_lab::{Reply, Request, Response, World};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

// More than the state machine takes, so that it is the one to refuse.
const MOST_BODY: usize = 8 << 20;

/// A bound port with its certificate.
pub struct Listener {
    /// The port that was taken.
    pub port: u16,
    /// The throw-away certificate, PEM.
    pub certificate: String,
    socket: TcpListener,
    tls: TlsAcceptor,
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
        let made = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
        let key =
            PrivateKeyDer::try_from(made.signing_key.serialize_der()).map_err(io::Error::other)?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key);
        let mut config = config.map_err(io::Error::other)?;
        let offered: &[&[u8]] = if http1 {
            &[b"http/1.1"]
        } else {
            &[b"h2", b"http/1.1"]
        };
        config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
        let socket = TcpListener::bind(("127.0.0.1", port)).await?;
        Ok(Self {
            port: socket.local_addr()?.port(),
            certificate: made.cert.pem(),
            socket,
            tls: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// Serves until dropped.
    pub async fn serve(&self, world: World) {
        let world = Arc::new(Mutex::new(world));
        loop {
            if let Ok((stream, _)) = self.socket.accept().await {
                tokio::spawn(converse(stream, self.tls.clone(), world.clone()));
            }
        }
    }
}

async fn converse(stream: TcpStream, tls: TlsAcceptor, world: Arc<Mutex<World>>) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = tls.accept(stream).await else {
        return;
    };
    let cut = Arc::new(Notify::new());
    let service = service_fn(|request| answer(request, world.clone(), cut.clone()));
    let builder = Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        // An ended or broken connection is the browser's business.
        _ = connection => {}
        () = cut.notified() => {}
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    world: Arc<Mutex<World>>,
    cut: Arc<Notify>,
) -> Result<hyper::Response<Full<Bytes>>, h2::Error> {
    let Some(request) = taken(request).await else {
        return Ok(sent(Response::text(
            400,
            "text/plain",
            "The body ended too early.\n".to_owned(),
        )));
    };
    let reply = world
        .lock()
        .expect("no holder panics")
        .handle(&request, now_ms());
    match reply {
        Reply::Answer(response) => Ok(sent(response)),
        Reply::Delayed { response, by_ms } => {
            tokio::time::sleep(Duration::from_millis(by_ms)).await;
            Ok(sent(response))
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

//! The lines between the orgs: each of their own requests goes out over a TLS socket to the name of the other org, which
//! resolves to the lab's listener, and over HTTP/1.1, one request at a time on each connection.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use org2org_lab::{Carrier, Outgoing, Request, Response, World};
use rustls::pki_types::ServerName;
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::Handle;
use tokio_rustls::TlsConnector;

use super::shared::Shared;
use super::{Senders, now_ms};

/// Answers above this are not read to their end.
const MOST_BODY: usize = 64 << 20;

type Trouble = Box<dyn std::error::Error + Send + Sync>;
type Connection = SendRequest<Full<Bytes>>;

/// All lines of the lab.
pub struct Lines {
    shared: Arc<Shared>,
    runtime: Handle,
    tls: TlsConnector,
    listener: SocketAddr,
    /// A port that is taken and that nobody listens on: whoever connects is refused.
    nobody: TcpSocket,
    senders: Senders,
    /// Open connections that nothing is sent on, by the sending org and the called host.
    idle: Mutex<HashMap<(String, String), Vec<Connection>>>,
}

impl fmt::Debug for Lines {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Lines to {}", self.listener)
    }
}

impl Carrier for Lines {
    fn carry(&self, world: &mut World, outgoing: &Outgoing) -> Result<Response, String> {
        let call = || self.runtime.block_on(self.call(outgoing));
        self.shared.without(world, call)
    }

    fn now_ms(&self) -> u64 {
        now_ms()
    }
}

impl Lines {
    /// Lines to a listener of this machine. `senders` tells it who is behind a connection.
    pub fn new(
        shared: Arc<Shared>,
        tls: TlsConnector,
        port: u16,
        senders: Senders,
    ) -> io::Result<Self> {
        let nobody = TcpSocket::new_v4()?;
        nobody.bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self {
            shared,
            runtime: Handle::current(),
            tls,
            listener: (Ipv4Addr::LOCALHOST, port).into(),
            nobody,
            senders,
            idle: Mutex::default(),
        })
    }

    async fn call(&self, outgoing: &Outgoing) -> Result<Response, String> {
        let patience = Duration::from_millis(outgoing.patience_ms);
        tokio::select! {
            answer = tokio::time::timeout(patience, self.exchange(outgoing)) => match answer {
                Ok(answer) => answer.map_err(|error| told(error.as_ref())),
                Err(_) => Err(format!("no answer in {} ms", outgoing.patience_ms)),
            },
            () = self.shared.until_cut() => Err("cut by a reset".to_owned()),
        }
    }

    async fn exchange(&self, outgoing: &Outgoing) -> Result<Response, Trouble> {
        let key = (outgoing.from.clone(), outgoing.request.host.clone());
        let mut request = made(&outgoing.request)?;
        // The other side may have closed a connection that lay idle; then nothing was sent, and a new one is opened.
        loop {
            let kept = self.kept(&key).filter(|_| !outgoing.unreachable);
            let (old, mut connection) = match kept {
                Some(connection) => (true, connection),
                None => (false, self.connect(outgoing).await?),
            };
            match connection.try_send_request(request).await {
                Ok(answer) => {
                    let answer = read(answer).await?;
                    self.keep(key, connection);
                    return Ok(answer);
                }
                Err(mut failed) => match failed.take_message().filter(|_| old) {
                    Some(unsent) => request = unsent,
                    None => return Err(failed.into_error().into()),
                },
            }
        }
    }

    fn kept(&self, key: &(String, String)) -> Option<Connection> {
        let mut idle = self.idle.lock().expect("no holder panics");
        let lines = idle.get_mut(key)?;
        lines.retain(|line| !line.is_closed());
        lines.pop()
    }

    fn keep(&self, key: (String, String), connection: Connection) {
        let mut idle = self.idle.lock().expect("no holder panics");
        idle.entry(key).or_default().push(connection);
    }

    async fn connect(&self, outgoing: &Outgoing) -> Result<Connection, Trouble> {
        let to = match outgoing.unreachable {
            true => self.nobody.local_addr()?,
            false => self.listener,
        };
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let own = stream.local_addr()?.port();
        let told = Told::new(&self.senders, own, &outgoing.from);
        let name = ServerName::try_from(outgoing.request.host.clone())?;
        let stream = self.tls.connect(name, stream).await?;
        let (connection, line) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // A broken line is told to whoever sends on it.
            let _ = line.await;
            drop(told);
        });
        Ok(connection)
    }
}

/// An entry of the listener's list of senders, for as long as the connection lives.
struct Told {
    senders: Senders,
    port: u16,
}

impl Told {
    fn new(senders: &Senders, port: u16, from: &str) -> Self {
        let mut known = senders.lock().expect("no holder panics");
        known.insert(port, from.to_owned());
        Self {
            senders: senders.clone(),
            port,
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        if let Ok(mut known) = self.senders.lock() {
            known.remove(&self.port);
        }
    }
}

fn made(request: &Request) -> Result<hyper::Request<Full<Bytes>>, Trouble> {
    let target = match request.query.as_str() {
        "" => request.path.clone(),
        query => format!("{}?{query}", request.path),
    };
    let mut made = hyper::Request::builder()
        .method(request.method.as_str())
        .uri(target)
        .header("host", &request.host);
    for (name, value) in &request.headers {
        made = made.header(name, value);
    }
    Ok(made.body(Full::new(Bytes::from(request.body.clone())))?)
}

async fn read(answer: hyper::Response<hyper::body::Incoming>) -> Result<Response, Trouble> {
    let (parts, body) = answer.into_parts();
    let header = |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    };
    Ok(Response {
        status: parts.status.as_u16(),
        headers: parts.headers.iter().map(header).collect(),
        body: Limited::new(body, MOST_BODY)
            .collect()
            .await?
            .to_bytes()
            .to_vec(),
    })
}

// The whole chain: the outermost error alone often says only that something failed.
fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        text.push_str(&format!(": {error}"));
        inner = error.source();
    }
    text
}

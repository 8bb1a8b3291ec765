//! What came in over the sockets, as a web server's access log tells it.

use std::collections::VecDeque;
use std::sync::Mutex;

use org2org_lab::Request;
use serde::Serialize;

/// How many of the last requests are kept.
const KEPT: usize = 1000;

/// One request that came in over a socket.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    at_ms: u64,
    /// Port of the caller: requests with the same one came over the same connection.
    port: u16,
    /// Subdomain of the org at the other end of the connection; none for callers from outside.
    from: Option<String>,
    tls: String,
    /// The name that the caller asked for when it greeted (SNI).
    server_name: Option<String>,
    http: String,
    method: String,
    host: String,
    path: String,
    user_agent: Option<String>,
    content_type: Option<String>,
    /// Status of the answer; none when the connection died, and until there is one.
    status: Option<u16>,
    #[serde(skip)]
    number: u64,
}

/// What is the same for all requests of a connection.
#[derive(Clone, Debug)]
pub struct Connection {
    pub port: u16,
    pub from: Option<String>,
    pub tls: String,
    pub server_name: Option<String>,
}

/// The last requests.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<(u64, VecDeque<Arrival>)>);

impl Arrivals {
    /// Notes a request; the number is for [`Arrivals::answered`].
    pub fn note(&self, connection: &Connection, http: &str, request: &Request, at_ms: u64) -> u64 {
        let header = |name| request.header(name).map(str::to_owned);
        let mut held = self.0.lock().expect("no holder panics");
        held.0 += 1;
        let number = held.0;
        let arrival = Arrival {
            at_ms,
            port: connection.port,
            from: connection.from.clone(),
            tls: connection.tls.clone(),
            server_name: connection.server_name.clone(),
            http: http.to_owned(),
            method: request.method.clone(),
            host: request.host.clone(),
            path: request.path.clone(),
            user_agent: header("user-agent"),
            content_type: header("content-type"),
            status: None,
            number,
        };
        held.1.push_back(arrival);
        if held.1.len() > KEPT {
            held.1.pop_front();
        }
        number
    }

    /// Notes what was answered.
    pub fn answered(&self, number: u64, status: u16) {
        let mut held = self.0.lock().expect("no holder panics");
        let mut latest = held.1.iter_mut().rev();
        if let Some(arrival) = latest.find(|arrival| arrival.number == number) {
            arrival.status = Some(status);
        }
    }

    /// All of them, the oldest first.
    pub fn all(&self) -> Vec<Arrival> {
        let held = self.0.lock().expect("no holder panics");
        held.1.iter().cloned().collect()
    }

    /// Forgets them.
    pub fn clear(&self) {
        self.0.lock().expect("no holder panics").1.clear();
    }
}

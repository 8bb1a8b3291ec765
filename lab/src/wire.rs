//! One HTTP exchange as values: what goes into the state machine and what comes out.

use serde_json::Value;
use url::form_urlencoded;

use crate::shelf::Told;

/// One HTTP request as it arrives at a simulated org.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Host name asked for, without port, as in `acme-admin.okta.com`.
    pub host: String,
    /// Method in capitals.
    pub method: String,
    /// Path as sent, still percent-encoded.
    pub path: String,
    /// Query without the question mark; empty when there is none.
    pub query: String,
    /// Headers in order; names compare without case.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// A request for a full address such as `https://acme.okta.com/api/v1/apps?limit=2`.
    pub fn new(method: &str, address: &str) -> Self {
        let rest = address.strip_prefix("https://").unwrap_or(address);
        let (host, target) = match rest.find(['/', '?']) {
            Some(cut) => rest.split_at(cut),
            None => (rest, "/"),
        };
        let target = target.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            host: host
                .split(':')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase(),
            method: method.to_owned(),
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path.to_owned()
            },
            query: query.to_owned(),
            ..Self::default()
        }
    }

    /// The same request with one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with a JSON body and its content type.
    pub fn json(mut self, body: &Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.with("content-type", "application/json")
    }

    /// The same request with a form body and its content type.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.body = body.into_bytes();
        self.with("content-type", "application/x-www-form-urlencoded")
    }

    /// First value of a header, by name without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Value of one cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self
            .headers
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case("cookie"));
        cookies
            .flat_map(|(_, line)| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// The query, decoded, in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes())
            .into_owned()
            .collect()
    }

    /// A form body, decoded, in order.
    pub fn form_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// One value of the query, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs()
            .into_iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

/// One HTTP answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers in order; a name may come twice (`link` does).
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// An answer with a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    /// An answer with one object as its body.
    pub(crate) fn told(told: &Told) -> Self {
        Self::text(200, "application/json", told.text().to_owned())
    }

    /// An answer with a body of the given content type.
    pub fn text(status: u16, content_type: &str, body: String) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self {
            status,
            headers,
            body: body.into_bytes(),
        }
    }

    /// A redirect to an address of the same or another host.
    pub fn redirect(to: &str) -> Self {
        Self::empty(302).with("location", to)
    }

    /// The same answer with one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// First value of a header, by name without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The body read as JSON; `Null` where it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What the network does with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The answer arrives.
    Answer(Response),
    /// The answer arrives after this many milliseconds.
    Delayed {
        /// The answer.
        response: Response,
        /// How long it takes.
        by_ms: u64,
    },
    /// The connection dies with no answer.
    Dropped,
    /// The stream is refused, as if nothing had been done; the connection dies where there are no streams.
    Refused,
}

impl Reply {
    /// The answer, however long it took; none when the connection died or the stream was refused.
    pub fn response(self) -> Option<Response> {
        match self {
            Self::Answer(response) | Self::Delayed { response, .. } => Some(response),
            Self::Dropped | Self::Refused => None,
        }
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let request = Request::new("GET", "https://Acme.okta.com:8443/api/v1/apps?q=a%20b#tab");
        assert_eq!(
            (request.host.as_str(), request.path.as_str()),
            ("acme.okta.com", "/api/v1/apps")
        );
        assert_eq!(request.query_value("q").as_deref(), Some("a b"));
    }

    #[test]
    fn one_cookie_is_found_among_several() {
        let request = Request::new("GET", "https://a/").with("Cookie", "x=1; sid=abc");
        assert_eq!(request.cookie("sid"), Some("abc"));
    }
}

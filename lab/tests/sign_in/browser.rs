//! A browser for tests: it follows redirects, keeps cookies and sends the forms of a page.

use org2org_lab::{Options, PASSWORD, Request, Response, World};

pub const NOW: u64 = 1_795_514_400_000;

/// A browser: cookies per host, forms filled from the page.
pub struct Browser {
    pub world: World,
    pub cookies: Vec<(String, String)>,
    pub now: u64,
}

impl Browser {
    pub fn new() -> Self {
        Self {
            world: World::new(&Options::default()),
            cookies: Vec::new(),
            now: NOW,
        }
    }

    pub fn send(&mut self, mut request: Request) -> Response {
        if let Some((_, pair)) = self.cookies.iter().find(|(host, _)| *host == request.host) {
            request = request.with("cookie", pair);
        }
        let answer = self
            .world
            .handle(&request, self.now)
            .response()
            .expect("an answer");
        if let Some(set) = answer.header("set-cookie") {
            let pair = set.split(';').next().expect("a pair").to_owned();
            self.cookies.retain(|(host, _)| *host != request.host);
            self.cookies.push((request.host.clone(), pair));
        }
        answer
    }

    /// Opens an address and follows redirects; the last address and answer.
    pub fn open(&mut self, address: &str) -> (String, Response) {
        let answer = self.send(Request::new("GET", address));
        self.follow(address.to_owned(), answer)
    }

    pub fn follow(&mut self, address: String, mut answer: Response) -> (String, Response) {
        let mut at = address;
        for _ in 0..9 {
            let Some(to) = answer.header("location").map(str::to_owned) else {
                return (at, answer);
            };
            at = if to.starts_with('/') {
                format!("https://{}{to}", Request::new("GET", &at).host)
            } else {
                to
            };
            answer = self.send(Request::new("GET", &at));
        }
        panic!("redirects go round at {at}");
    }

    pub fn sign_in(&mut self, host: &str, login: &str, from: &str) -> (String, Response) {
        let address = format!("https://{host}/login/login.htm");
        let form = [
            ("username", login),
            ("password", PASSWORD),
            ("fromURI", from),
        ];
        let answer = self.send(Request::new("POST", &address).form(&form));
        self.follow(address, answer)
    }

    /// Submits the page's own form for an action, with some fields typed over; where the console goes next.
    pub fn submit(&mut self, address: &str, action: &str, typed: &[(&str, &str)]) -> String {
        let page = self.open(address).1.body_text();
        let xsrf = between(&page, "id=\"_xsrfToken\" hidden>", "</span>").to_owned();
        let form = between(
            &page,
            &format!("action=\"/admin/_do/{action}\">"),
            "</form>",
        )
        .to_owned();
        let mut fields = fields(&form);
        for (name, value) in typed {
            fields.retain(|(key, _)| key != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let host = Request::new("GET", address).host;
        let request =
            Request::new("POST", &format!("https://{host}/admin/_do/{action}")).form(&fields);
        let answer = self.send(request.with("x-okta-xsrftoken", &xsrf));
        assert_eq!(answer.status, 200, "{action}: {}", answer.body_text());
        format!(
            "https://{host}{}",
            answer.value()["go"].as_str().expect("a place")
        )
    }

    pub fn text(&mut self, address: &str, id: &str) -> String {
        let (at, answer) = self.open(address);
        assert_eq!(answer.status, 200, "{at}: {}", answer.body_text());
        plain(between(&answer.body_text(), &format!("id=\"{id}\">"), "</"))
    }
}

pub fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text
        .find(start)
        .unwrap_or_else(|| panic!("`{start}` is not in: {text}"))
        + start.len();
    let to = text[from..].find(end).expect("an end") + from;
    &text[from..to]
}

pub fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

// What a browser would send: inputs, chosen options, text areas.
pub fn fields(form: &str) -> Vec<(String, String)> {
    let mut made = Vec::new();
    for input in form
        .split("<input ")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default())
    {
        let ticked =
            !(input.contains("checkbox") || input.contains("radio")) || input.contains(" checked");
        if ticked {
            let value = if input.contains("value=\"") {
                between(input, "value=\"", "\"")
            } else {
                ""
            };
            made.push((between(input, "name=\"", "\"").to_owned(), plain(value)));
        }
    }
    for select in form
        .split("<select ")
        .skip(1)
        .map(|rest| rest.split("</select>").next().unwrap_or_default())
    {
        let chosen = select
            .split("<option ")
            .skip(1)
            .find(|option| option.contains(" selected"));
        let chosen = chosen
            .or_else(|| select.split("<option ").nth(1))
            .unwrap_or_default();
        made.push((
            between(select, "name=\"", "\"").to_owned(),
            plain(between(chosen, "value=\"", "\"")),
        ));
    }
    for area in form.split("<textarea ").skip(1) {
        made.push((
            between(area, "name=\"", "\"").to_owned(),
            plain(between(area, "\">", "</textarea>")),
        ));
    }
    made
}

//! Messages between the panel and its relays, read strictly: what is not exactly as expected is
//! dropped whole. A relay can report and answer; it has no way to ask for anything.

use org2org_core::json::{self, Members};
use org2org_core::okta::{Call, Response};
use org2org_core::org::OrgUrl;
use org2org_core::run::Failure;
use serde_json::{Map, Value};

use crate::browser::Sender;

/// Longest message that is looked at, in bytes: a body of 8 million characters and its frame.
const LARGEST: usize = 40_000_000;
/// Headers a relay may pass on.
const HEADERS: [&str; 7] = [
    "content-type",
    "date",
    "link",
    "x-rate-limit-limit",
    "x-rate-limit-remaining",
    "x-rate-limit-reset",
    "x-okta-request-id",
];

/// What a relay reports by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The page changed after the admin did something.
    Changed {
        /// The tab.
        tab: i32,
        /// The org it shows.
        org: OrgUrl,
    },
    /// The tab shows this address now.
    Place {
        /// The tab.
        tab: i32,
        /// The org it shows.
        org: OrgUrl,
        /// The address.
        href: String,
    },
}

/// Why a message was dropped: names of kinds only, never content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// Not from this extension, or not from the page itself of a tab.
    Sender,
    /// Not of the expected form.
    Form,
    /// From another page than an Admin Console.
    Host,
    /// Not the answer to what was asked.
    Nonce,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    /// The org answered.
    Answered(Response),
    /// It did not.
    Failed(Failure),
    /// The tab shows another org: nothing was sent.
    Elsewhere,
}

/// Reads a report.
pub fn report(text: &str, sender: &Sender, own: &str) -> Result<Report, Dropped> {
    if sender.extension != own || own.is_empty() || sender.frame != 0 {
        return Err(Dropped::Sender);
    }
    let tab = sender.tab.ok_or(Dropped::Sender)?;
    let message = members(text)?;
    let org = admin_console(&sender.url).ok_or(Dropped::Host)?;
    match (word(&message, "type")?, message.len()) {
        ("changed", 1) => Ok(Report::Changed { tab, org }),
        ("place", 2) => {
            let href = word(&message, "href")?;
            match admin_console(href) {
                Some(seen) if seen == org => Ok(Report::Place {
                    tab,
                    org,
                    href: href.to_owned(),
                }),
                _ => Err(Dropped::Host),
            }
        }
        _ => Err(Dropped::Form),
    }
}

/// The org whose Admin Console this address belongs to.
pub fn admin_console(address: &str) -> Option<OrgUrl> {
    let host = address
        .strip_prefix("https://")?
        .split(['/', '?', '#'])
        .next()?;
    let org = OrgUrl::from_host(host).ok()?;
    (org.admin_host() == host).then_some(org)
}

/// A call for the relay. The origin is no address to send to: the relay refuses when its tab
/// shows another one, at the very moment of sending.
pub fn call(call: &Call, nonce: &str, org: &OrgUrl) -> String {
    json::text(&Members(&[
        ("type", &"call"),
        ("nonce", &nonce),
        ("origin", &org.admin_base()),
        ("call", call),
    ]))
}

/// Asks a relay where it is.
pub fn whereabouts(nonce: &str) -> String {
    json::text(&Members(&[("type", &"where"), ("nonce", &nonce)]))
}

/// Asks a relay to outline the controls with these labels.
pub fn point(labels: &[String], nonce: &str) -> String {
    json::text(&Members(&[
        ("type", &"point"),
        ("nonce", &nonce),
        ("labels", &labels),
    ]))
}

/// Tells the relays of these orgs to stop for good.
pub fn stop(orgs: &[OrgUrl]) -> String {
    let origins: Vec<&str> = orgs.iter().map(OrgUrl::admin_base).collect();
    json::text(&Members(&[("type", &"stop"), ("origins", &origins)]))
}

/// Reads the answer to [`call`].
pub fn sent(text: &str, nonce: &str, org: &OrgUrl) -> Result<Sent, Dropped> {
    let message = answer(text, nonce)?;
    let at_home = word(&message, "origin")? == org.admin_base();
    if let Some(failed) = message.get("failed") {
        if message.len() != 3 {
            return Err(Dropped::Form);
        }
        return match failed.as_str().ok_or(Dropped::Form)? {
            "elsewhere" => Ok(Sent::Elsewhere),
            "network" => Ok(Sent::Failed(Failure::Network)),
            "timeout" => Ok(Sent::Failed(Failure::Timeout)),
            // Without the page's token, or with a call outside the table, nothing left the tab.
            "address" | "operation" | "parameter" | "refused" | "token" => {
                Ok(Sent::Failed(Failure::NotSent))
            }
            _ => Err(Dropped::Form),
        };
    }
    match (at_home, message.len()) {
        (true, 6) => response(&message).map(Sent::Answered),
        (true, _) => Err(Dropped::Form),
        (false, _) => Err(Dropped::Host),
    }
}

/// Reads the answer to [`whereabouts`]: the address of the page.
pub fn place(text: &str, nonce: &str) -> Result<(OrgUrl, String), Dropped> {
    let message = answer(text, nonce)?;
    let href = word(&message, "href")?;
    let org = admin_console(href).ok_or(Dropped::Host)?;
    match word(&message, "origin")? == org.admin_base() && message.len() == 3 {
        true => Ok((org, href.to_owned())),
        false => Err(Dropped::Host),
    }
}

/// Reads the answer to [`point`]: how many controls were found.
pub fn found(text: &str, nonce: &str) -> Result<usize, Dropped> {
    let message = answer(text, nonce)?;
    let found = message
        .get("found")
        .and_then(Value::as_array)
        .ok_or(Dropped::Form)?;
    Ok(found
        .iter()
        .filter(|one| one.as_bool() == Some(true))
        .count())
}

fn answer(text: &str, nonce: &str) -> Result<Map<String, Value>, Dropped> {
    let message = members(text)?;
    match word(&message, "nonce")? == nonce {
        true => Ok(message),
        false => Err(Dropped::Nonce),
    }
}

fn response(message: &Map<String, Value>) -> Result<Response, Dropped> {
    let status = message
        .get("status")
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok());
    let headers = message
        .get("headers")
        .and_then(Value::as_object)
        .ok_or(Dropped::Form)?;
    let mut kept = org2org_core::map::Map::new();
    for (name, value) in headers {
        let value = value
            .as_str()
            .filter(|_| HEADERS.contains(&name.as_str()))
            .ok_or(Dropped::Form)?;
        kept.insert(name.clone(), value.to_owned());
    }
    Ok(Response {
        status: status.filter(|status| *status < 600).ok_or(Dropped::Form)?,
        headers: kept,
        body: word(message, "body")?.to_owned(),
        redirected: message
            .get("redirected")
            .and_then(Value::as_bool)
            .ok_or(Dropped::Form)?,
    })
}

fn members(text: &str) -> Result<Map<String, Value>, Dropped> {
    if text.len() > LARGEST {
        return Err(Dropped::Form);
    }
    match json::read(text) {
        Ok(Value::Object(message)) => Ok(message),
        _ => Err(Dropped::Form),
    }
}

fn word<'a>(message: &'a Map<String, Value>, name: &str) -> Result<&'a str, Dropped> {
    message
        .get(name)
        .and_then(Value::as_str)
        .ok_or(Dropped::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const OWN: &str = "abcdefghijklmnopabcdefghijklmnop";
    const PLACE: &str = r#"{"type":"place","href":"https://acme-admin.okta.com/admin/users"}"#;
    const SENT: &str = r#"{"nonce":"n1","origin":"https://acme-admin.okta.com","status":200,"headers":{"date":"x"},"body":"[]","redirected":false}"#;

    fn sender() -> Sender {
        Sender {
            extension: OWN.into(),
            tab: Some(7),
            frame: 0,
            url: "https://acme-admin.okta.com/admin/x".into(),
        }
    }

    fn acme() -> OrgUrl {
        OrgUrl::parse("https://acme.okta.com").unwrap()
    }

    #[test]
    fn reports_of_our_own_relays_are_heard() {
        let href = "https://acme-admin.okta.com/admin/users".to_owned();
        assert_eq!(
            report(PLACE, &sender(), OWN),
            Ok(Report::Place {
                tab: 7,
                org: acme(),
                href
            })
        );
        assert_eq!(
            report(r#"{"type":"changed"}"#, &sender(), OWN),
            Ok(Report::Changed {
                tab: 7,
                org: acme()
            })
        );
    }

    #[test]
    fn other_senders_are_dropped() {
        let by = |change: fn(&mut Sender)| {
            let mut one = sender();
            change(&mut one);
            report(PLACE, &one, OWN)
        };
        assert_eq!(by(|s| s.extension = "other".into()), Err(Dropped::Sender));
        assert_eq!(by(|s| s.extension.clear()), Err(Dropped::Sender));
        assert_eq!(by(|s| s.tab = None), Err(Dropped::Sender));
        assert_eq!(by(|s| s.frame = 3), Err(Dropped::Sender));
        assert_eq!(
            by(|s| s.url = "https://hub-admin.okta.com/admin".into()),
            Err(Dropped::Host)
        );
        assert_eq!(
            by(|s| s.url = "https://acme.okta.com/app/UserHome".into()),
            Err(Dropped::Host)
        );
        assert_eq!(
            by(|s| s.url = "https://acme-admin.okta.com.evil.com/".into()),
            Err(Dropped::Host)
        );
        assert_eq!(by(|s| s.url.clear()), Err(Dropped::Host));
    }

    #[test]
    fn odd_forms_are_dropped() {
        let huge = format!("{{\"type\":\"{}\"}}", "x".repeat(1000));
        for text in [
            "",
            "null",
            "[]",
            "1",
            "\"place\"",
            "{}",
            "undefined",
            r#"{"type":1}"#,
            r#"{"type":"write"}"#,
            r#"{"type":"call","call":{"op":"apps.create"}}"#,
            r#"{"type":"place"}"#,
            r#"{"type":"place","href":1}"#,
            r#"{"type":"changed","more":1}"#,
            r#"{"__proto__":{"type":"changed"}}"#,
            r#"{"constructor":1,"type":"changed"}"#,
            r#"{"0":123,"1":34}"#,
            &huge,
        ] {
            assert_eq!(report(text, &sender(), OWN), Err(Dropped::Form), "{text}");
        }
        let away = r#"{"type":"place","href":"https://hub-admin.okta.com/admin"}"#;
        assert_eq!(report(away, &sender(), OWN), Err(Dropped::Host));
    }

    #[test]
    fn answers_are_matched_to_what_was_asked() {
        let Ok(Sent::Answered(response)) = sent(SENT, "n1", &acme()) else {
            panic!()
        };
        assert_eq!((response.status, response.body.as_str()), (200, "[]"));
        assert_eq!(sent(SENT, "n2", &acme()), Err(Dropped::Nonce));
        let hub = OrgUrl::parse("https://hub.okta.com").unwrap();
        assert_eq!(sent(SENT, "n1", &hub), Err(Dropped::Host));
        let failed = |why: &str| {
            let text = format!(
                r#"{{"nonce":"n1","origin":"https://acme-admin.okta.com","failed":"{why}"}}"#
            );
            sent(&text, "n1", &acme())
        };
        assert_eq!(failed("timeout"), Ok(Sent::Failed(Failure::Timeout)));
        assert_eq!(failed("token"), Ok(Sent::Failed(Failure::NotSent)));
        assert_eq!(failed("elsewhere"), Ok(Sent::Elsewhere));
        assert_eq!(failed("gladly"), Err(Dropped::Form));
    }

    #[test]
    fn foreign_headers_and_states_are_dropped() {
        for (from, to) in [
            ("\"date\"", "\"set-cookie\""),
            ("\"x\"", "1"),
            ("200", "70000"),
            ("200", "-1"),
            ("200", "\"200\""),
            ("\"[]\"", "[]"),
            ("false", "0"),
            ("\"body\"", "\"bodY\""),
        ] {
            assert_eq!(
                sent(&SENT.replace(from, to), "n1", &acme()),
                Err(Dropped::Form),
                "{from} {to}"
            );
        }
    }

    /// Seeded mutations of good messages: never a panic, and nothing but the original is believed.
    #[test]
    fn mutated_messages_never_pass_for_others() {
        let mut seed = 0x5eed_u64;
        let mut random = move |below: usize| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let base = if random(2) == 0 { PLACE } else { SENT };
            let mut bytes = base.as_bytes().to_vec();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                match random(3) {
                    0 => bytes[at] = random(256) as u8,
                    1 => {
                        bytes.remove(at);
                    }
                    _ => bytes.insert(at, b"{}[]\",:0n\\"[random(10)]),
                }
            }
            let text = String::from_utf8_lossy(&bytes);
            if let Ok(Report::Place { org, .. }) = report(&text, &sender(), OWN) {
                assert_eq!(org, acme());
            }
            if let Ok(Sent::Answered(response)) = sent(&text, "n1", &acme()) {
                assert!(
                    response.status < 600
                        && response
                            .headers
                            .keys()
                            .all(|name| HEADERS.contains(&name.as_str()))
                );
            }
        }
    }
}

//! Plays a recording to a fresh lab: the same requests in the same order, recorded ids turned into the lab's.

use std::collections::BTreeMap;

use org2org_lab::{Options, Request, World};
use serde_json::{Value, json};

use super::likeness::{Unlike, outline, unlike};
use crate::T0;
use crate::exchange::{Exchange, Recording};

/// The host that recorded addresses are turned into.
const HOST: &str = "acme.okta.com";
/// Longer texts than any address with ids are documents.
const LONGEST_WITH_IDS: usize = 300;

/// A fresh lab and what it calls the recorded objects.
pub struct Player {
    world: World,
    token: String,
    /// A super admin's token of the target: the connections that recordings found had one that worked.
    target_token: String,
    now: u64,
    recorded_host: String,
    ids: BTreeMap<String, String>,
    /// True while a list under way is about objects of this run, so that its items are theirs by position.
    lists_are_ours: bool,
}

impl Player {
    /// A lab that nothing was played to yet.
    pub fn new(recording: &Recording) -> Self {
        let world = World::new(&Options {
            rate_limit: 100_000,
            ..Options::default()
        });
        let sites = world.sites();
        let token = |subdomain: &str| {
            let site = sites.iter().find(|site| site.subdomain == subdomain);
            site.expect("the lab has a pair").admins[0].token.clone()
        };
        Self {
            token: token("acme"),
            target_token: token("hub"),
            world,
            now: T0,
            recorded_host: host_of(recording),
            ids: BTreeMap::new(),
            lists_are_ours: false,
        }
    }

    /// Plays one exchange and says where the lab's answer differs.
    pub fn play(&mut self, exchange: &Exchange) -> Vec<Unlike> {
        self.now += 1_000;
        self.seed(exchange);
        let body = match (&exchange.request, exchange.method.as_str()) {
            // Recordings of 2020 kept no bodies: the answer tells what was sent.
            (Value::Null, "POST") => sent_by(exchange),
            (body, _) => body.clone(),
        };
        let (status, answer, links) = self.send(&exchange.method, &exchange.path, &body);
        self.lists_are_ours = self.ids.keys().any(|id| exchange.path.contains(id));
        self.learn(&exchange.response, &answer);
        let mut found = Vec::new();
        if status != exchange.status {
            let said = answer["errorCauses"][0]["errorSummary"].as_str();
            let said = said.or(answer["errorSummary"].as_str()).unwrap_or_default();
            let what = format!("{status} {said}, not {}", exchange.status);
            found.push(Unlike {
                at: "status".to_owned(),
                what,
            });
            return found;
        }
        let wanted = relations(
            exchange
                .headers
                .get("link")
                .map(Vec::as_slice)
                .unwrap_or_default(),
        );
        if wanted != links {
            let what = format!("{links:?}, not {wanted:?}");
            found.push(Unlike {
                at: "link".to_owned(),
                what,
            });
        }
        found.extend(self.compare(&exchange.response, &answer));
        found
    }

    fn compare(&self, recorded: &Value, lab: &Value) -> Vec<Unlike> {
        let (Value::String(recorded), Value::String(lab)) = (recorded, lab) else {
            return unlike(recorded, lab, &self.ids);
        };
        let different = |what: String| {
            vec![Unlike {
                at: "xml".to_owned(),
                what,
            }]
        };
        match (outline(recorded), outline(lab)) {
            (Ok(recorded), Ok(lab)) if recorded == lab => Vec::new(),
            (Ok(recorded), Ok(lab)) => different(format!("{lab:?}, not {recorded:?}")),
            (Err(error), _) | (_, Err(error)) => different(error),
        }
    }

    fn send(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value, Vec<String>) {
        let address = format!("https://{HOST}{}", self.ours(path));
        let xml = path.contains("/metadata");
        let request = Request::new(method, &address)
            .with("authorization", &format!("SSWS {}", self.token))
            .with(
                "accept",
                if xml {
                    "application/xml"
                } else {
                    "application/json"
                },
            );
        let request = match body {
            Value::Null => request,
            body => {
                let text = self.ours(&body.to_string());
                request.json(&serde_json::from_str(&text).expect("ids are plain text"))
            }
        };
        let response = self.world.handle(&request, self.now).response();
        let response = response.expect("no fault is set");
        let links: Vec<String> = response
            .headers
            .iter()
            .filter(|(name, _)| name == "link")
            .map(|(_, value)| value.clone())
            .collect();
        let answer = match response.body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&response.body)
                .unwrap_or_else(|_| Value::String(response.body_text())),
        };
        (response.status, answer, relations(&links))
    }

    /// A recorded text in the lab's words.
    fn ours(&self, text: &str) -> String {
        let mut text = text.replace(&self.recorded_host, HOST);
        for (recorded, own) in &self.ids {
            text = text.replace(recorded, own);
        }
        text
    }

    /// Takes the lab's ids for the recorded ones out of two answers to the same request.
    fn learn(&mut self, recorded: &Value, lab: &Value) {
        match (recorded, lab) {
            (Value::Object(recorded), Value::Object(lab)) => {
                for (name, value) in recorded.iter().filter(|(name, _)| *name != "x5c") {
                    self.learn(value, lab.get(name).unwrap_or(&Value::Null));
                }
            }
            // Other lists hold what was there before, in an order of their own.
            (Value::Array(recorded), Value::Array(lab)) if self.lists_are_ours => {
                let pairs = recorded.iter().zip(lab);
                pairs.for_each(|(recorded, lab)| self.learn(recorded, lab));
            }
            // A document's certificate falls into pieces that look like ids and are none.
            (Value::String(recorded), Value::String(lab)) if recorded.len() <= LONGEST_WITH_IDS => {
                let (recorded, lab): (Vec<&str>, Vec<&str>) = (parts(recorded), parts(lab));
                if recorded.len() == lab.len() {
                    for (recorded, own) in recorded.into_iter().zip(lab) {
                        if recorded != own && is_id(recorded) && is_id(own) {
                            self.ids
                                .entry(recorded.to_owned())
                                .or_insert_with(|| own.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Makes what a recording found in its org and never made itself.
    fn seed(&mut self, exchange: &Exchange) {
        let parts: Vec<&str> = exchange.place().split('/').collect();
        let (Some(resource), Some(id)) = (parts.get(3), parts.get(4)) else {
            return;
        };
        if !is_id(id) || self.ids.contains_key(*id) {
            return;
        }
        let own = match *resource {
            "apps" => self.connected_app(&exchange.response),
            "api-tokens" => self.first("/api/v1/api-tokens"),
            "policies" => self.first("/api/v1/policies?type=ACCESS_POLICY"),
            _ => None,
        };
        if let Some(own) = own {
            self.ids.insert((*id).to_owned(), own);
        }
        // The app of the path is followed by the policy that it is given.
        if parts.get(5) == Some(&"policies") {
            self.policy(parts.get(6));
        }
    }

    fn policy(&mut self, id: Option<&&str>) {
        let Some(id) = id.filter(|id| !self.ids.contains_key(**id)) else {
            return;
        };
        if let Some(own) = self.first("/api/v1/policies?type=ACCESS_POLICY") {
            self.ids.insert((*id).to_owned(), own);
        }
    }

    fn first(&mut self, list: &str) -> Option<String> {
        let (_, answer, _) = self.send("GET", list, &Value::Null);
        Some(answer[0]["id"].as_str()?.to_owned())
    }

    // Every app that recordings found was an Org2Org app with a token's connection switched on.
    fn connected_app(&mut self, answer: &Value) -> Option<String> {
        let base = answer["baseUrl"]
            .as_str()
            .map(|_| "https://hub-admin.okta.com");
        let base = base.unwrap_or("https://hub.okta.com");
        let app = json!({ "name": "okta_org2org", "label": "Okta Org2Org", "signOnMode": "SAML_2_0",
            "settings": { "app": { "baseUrl": base } } });
        let (_, app, _) = self.send("POST", "/api/v1/apps", &app);
        let id = app["id"].as_str()?.to_owned();
        let profile = json!({ "profile": { "authScheme": "TOKEN", "token": self.target_token }, "baseUrl": base });
        let place = format!("/api/v1/apps/{id}/connections/default?activate=true");
        self.send("POST", &place, &profile);
        Some(id)
    }
}

fn host_of(recording: &Recording) -> String {
    let text = format!("{:?}", recording.exchanges);
    let hosts = text.split("https://").skip(1);
    let host = hosts
        .map(|rest| rest.split(['/', '"', '\\']).next().unwrap_or_default())
        .find(|host| host.contains("okta") && !host.contains("cdn") && !host.contains("-admin"));
    host.unwrap_or(HOST).to_owned()
}

fn sent_by(exchange: &Exchange) -> Value {
    let answer = &exchange.response;
    let names: &[&str] = match exchange.place() {
        "/api/v1/apps" => &["name", "label", "signOnMode", "settings"],
        place if place.ends_with("/grants") => &["scopeId", "issuer"],
        _ => return Value::Null,
    };
    let given = names
        .iter()
        .filter_map(|name| Some((*name, answer.get(*name)?.clone())));
    Value::Object(
        given
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

fn relations(links: &[String]) -> Vec<String> {
    let named = links.iter().filter_map(|link| link.split("rel=").nth(1));
    named
        .map(|name| name.trim_matches('"').to_owned())
        .collect()
}

fn parts(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .collect()
}

// Okta's ids of every kind: 20 characters, key ids, UUIDs, role assignments.
fn is_id(text: &str) -> bool {
    let mixed = text
        .bytes()
        .any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    (15..=60).contains(&text.len()) && mixed && !text.starts_with("oie-") && !text.contains("okta")
}

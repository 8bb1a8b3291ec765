//! Somebody else changes the same thing, shortly before a write or shortly after.

use org2org_core::run::{Side, What};
use org2org_tests::Bench;
use serde_json::{Value, json};

use super::super::schedules::{RERUNS, agree};
use super::super::sweep::{Place, Start, hold};
use super::side;

/// What somebody else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Makes the same by the same call.
    Create,
    /// Gives another name to what is written, or to the app or IdP that it is part of.
    Edit,
    /// Deletes that.
    Delete,
    /// Changes who gets it.
    Reassign,
}

pub const CHANGES: [Change; 4] = [
    Change::Create,
    Change::Edit,
    Change::Delete,
    Change::Reassign,
];

/// When.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The intent is stored, the call has not left.
    Before,
    /// The effect is there, and not yet read back.
    After,
}

pub const MOMENTS: [Moment; 2] = [Moment::Before, Moment::After];

/// Whatever they did: the run ends, nothing left before its intent was stored, and what is said to be proven is there
/// for another run, too, that has no journal.
pub fn judged(start: &Start, at: &Place, change: Change, moment: Moment) -> Result<(), String> {
    let mut bench = start.begun();
    let plan = bench.run.plan().expect("a plan is there").id.clone();
    let now = bench.now;
    bench.run.consent(&plan, now).expect("the plan is shown");
    bench.drive_until(|bench| sent(bench, at).is_some());
    let body = sent(&bench, at);
    hold(body.is_some(), || "the write is not reached".to_owned())?;
    let body = body.unwrap_or_default();
    if moment == Moment::After {
        bench.begin();
    }
    change.happens(&mut bench, at, &body, moment);
    bench.drive();
    for _ in 0..RERUNS {
        bench.check();
        if bench.run.is_proven() {
            break;
        }
        agree(&mut bench);
    }
    hold(bench.unbacked.is_empty(), || {
        format!("sent before the intent was stored: {:?}", bench.unbacked)
    })?;
    if !bench.run.is_proven() {
        return Ok(());
    }
    let mut second = start.over(bench.world.clone(), bench.now + 120_000);
    second.drive();
    hold(second.run.is_proven(), || {
        format!("said proven: {:#?}", second.states())
    })
}

/// The body of this write, once it is to be sent.
pub fn sent(bench: &Bench, (org, _, path): &Place) -> Option<Value> {
    let asks = bench.run.asks();
    asks.iter().find_map(|ask| match &ask.what {
        What::Send {
            side: own,
            call,
            write: true,
        } => {
            let address = call.address();
            let called = address.split('?').next().unwrap_or_default();
            let same = *own == side(org) && called == path;
            same.then(|| call.body.clone().unwrap_or_default())
        }
        _ => None,
    })
}

impl Change {
    fn happens(self, bench: &mut Bench, at: &Place, body: &Value, moment: Moment) {
        let (org, method, path) = at;
        let side = side(org);
        let creates = method == "POST" && ["/api/v1/apps", "/api/v1/idps"].contains(&&**path);
        if self == Change::Create {
            bench.tried(side, method, path, body);
            return;
        }
        let object = match (creates, moment) {
            (true, Moment::Before) => {
                let made = bench.tried(side, method, path, body);
                below(path, &made)
            }
            (true, Moment::After) => {
                let all = bench.tried(side, "GET", path, &Value::Null);
                let name = |item: &Value| [item["label"].clone(), item["name"].clone()];
                let wanted = [body["label"].clone(), body["name"].clone()];
                let mut items = all.as_array().into_iter().flatten();
                let same = items.find(|item| {
                    name(item)
                        .iter()
                        .any(|own| !own.is_null() && wanted.contains(own))
                });
                same.and_then(|item| below(path, item))
            }
            (false, _) => owner(bench, side, path),
        };
        let Some(object) = object else {
            return;
        };
        let is_idp = object.starts_with("/api/v1/idps");
        match self {
            Change::Create => {}
            Change::Edit => {
                let mut own = bench.tried(side, "GET", &object, &Value::Null);
                let name = if is_idp { "name" } else { "label" };
                own[name] = json!(format!(
                    "{} of theirs",
                    own[name].as_str().unwrap_or_default()
                ));
                bench.tried(side, "PUT", &object, &own);
            }
            Change::Delete => {
                let off = format!("{object}/lifecycle/deactivate");
                bench.tried(side, "POST", &off, &Value::Null);
                bench.tried(side, "DELETE", &object, &Value::Null);
            }
            Change::Reassign if is_idp => {
                let mut own = bench.tried(side, "GET", &object, &Value::Null);
                own["policy"]["provisioning"]["groups"] = json!({"action": "NONE"});
                bench.tried(side, "PUT", &object, &own);
            }
            Change::Reassign => {
                let groups = bench.tried(side, "GET", "/api/v1/groups", &Value::Null);
                let other = groups[0]["id"].as_str().unwrap_or_default();
                let assigned = format!("{object}/groups/{other}");
                let is = bench.tried(side, "GET", &assigned, &Value::Null);
                let method = if is["id"] == other { "DELETE" } else { "PUT" };
                bench.tried(side, method, &assigned, &json!({}));
            }
        }
    }
}

/// The address of an object in a collection.
fn below(path: &str, object: &Value) -> Option<String> {
    object["id"].as_str().map(|id| format!("{path}/{id}"))
}

/// The app or IdP that a call is about; the Org2Org app where its path names none.
fn owner(bench: &mut Bench, side: Side, path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["", "api", "v1", kind @ ("apps" | "idps"), id, ..] => Some(format!("/api/v1/{kind}/{id}")),
        ["", "oauth2", "v1", "clients", id, ..] => Some(format!("/api/v1/apps/{id}")),
        _ if side == Side::Source => Some(format!("/api/v1/apps/{}", bench.value("org2org-app"))),
        _ => None,
    }
}

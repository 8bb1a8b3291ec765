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

/// What somebody else set, and how to look it up.
struct Theirs {
    side: Side,
    address: String,
    /// Where in the object, and the value; `None` where all they did was to make it.
    set: Option<(&'static str, Value)>,
}

/// Whatever they did: the run ends, nothing left before its intent was stored, what they set is as they left it, and
/// what is said to be proven is there for another run, too, that has no journal.
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
    let theirs = change.happens(&mut bench, at, &body, moment);
    let since = bench.world.requests().len();
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
    if let Some(theirs) = theirs.filter(|theirs| !theirs.were_replaced_unseen(&bench, since)) {
        theirs.are_kept(&mut bench)?;
    }
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

impl Theirs {
    /// A PUT replaces a whole object, and Okta has no precondition for it: what is changed between the read that it
    /// rests on and its arrival is lost. Whether that was so, by the requests since this one.
    fn were_replaced_unseen(&self, bench: &Bench, since: usize) -> bool {
        let ours = bench.world.requests().iter().skip(since);
        let mut ours =
            ours.filter(|request| request.from.is_none() && request.path == self.address);
        ours.next().is_some_and(|request| request.method == "PUT")
    }

    fn are_kept(&self, bench: &mut Bench) -> Result<(), String> {
        let Theirs { side, address, set } = self;
        let now = bench.tried(*side, "GET", address, &Value::Null);
        let kept = match set {
            Some((at, value)) => now.pointer(at) == Some(value),
            None => now["id"].is_string(),
        };
        hold(kept, || format!("{address} is not as they left it: {now}"))
    }
}

impl Change {
    fn happens(
        self,
        bench: &mut Bench,
        at: &Place,
        body: &Value,
        moment: Moment,
    ) -> Option<Theirs> {
        let (org, method, path) = at;
        let side = side(org);
        let creates = method == "POST" && ["/api/v1/apps", "/api/v1/idps"].contains(&&**path);
        if self == Change::Create {
            bench.tried(side, method, path, body);
            return None;
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
        let object = object?;
        let is_idp = object.starts_with("/api/v1/idps");
        let theirs = |address: &str, set| {
            let address = address.to_owned();
            Some(Theirs { side, address, set })
        };
        match self {
            Change::Create => None,
            Change::Edit => {
                let mut own = bench.tried(side, "GET", &object, &Value::Null);
                let name = if is_idp { "name" } else { "label" };
                own[name] = json!(format!(
                    "{} of theirs",
                    own[name].as_str().unwrap_or_default()
                ));
                let done = bench.tried(side, "PUT", &object, &own);
                let at = if is_idp { "/name" } else { "/label" };
                let named = done[name] == own[name];
                named.then(|| theirs(&object, Some((at, own[name].clone()))))?
            }
            Change::Delete => {
                let off = format!("{object}/lifecycle/deactivate");
                bench.tried(side, "POST", &off, &Value::Null);
                bench.tried(side, "DELETE", &object, &Value::Null);
                None
            }
            Change::Reassign if is_idp => {
                let mut own = bench.tried(side, "GET", &object, &Value::Null);
                own["policy"]["provisioning"]["groups"] = json!({"action": "NONE"});
                bench.tried(side, "PUT", &object, &own);
                // The plan that was agreed to afterwards says that it sets this back.
                None
            }
            Change::Reassign => {
                let groups = bench.tried(side, "GET", "/api/v1/groups", &Value::Null);
                let other = groups[0]["id"].as_str().unwrap_or_default();
                let assigned = format!("{object}/groups/{other}");
                let is = bench.tried(side, "GET", &assigned, &Value::Null);
                let was = is["id"] == other;
                let method = if was { "DELETE" } else { "PUT" };
                bench.tried(side, method, &assigned, &json!({}));
                // Whose assignment was taken away may be wanted by the plan.
                (!was).then(|| theirs(&assigned, None))?
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

//! The lab's orgs as a bench meets them: who signs in, how a call goes out, and what is read before a run starts.

use std::collections::BTreeMap;

use org2org_core::okta::{self, Call, Response};
use org2org_core::org::OrgUrl;
use org2org_core::run::{Member, Org, Pair, Side, Wish};
use org2org_lab::{Request, Session, World};
use serde_json::Value;

use super::T0;

fn admin(side: Side) -> (&'static str, &'static str) {
    match side {
        Side::Source => ("acme", "admin@acme.example.com"),
        Side::Target => ("hub", "admin@hub.example.com"),
    }
}

pub(super) fn sign_in(world: &mut World, side: Side, now: u64) -> Session {
    let (org, login) = admin(side);
    world.session(org, login, now)
}

pub(super) fn request(org: &OrgUrl, method: &str, call: &Call, session: &Session) -> Request {
    let address = format!("{}{}", org.admin_base(), call.address());
    let accept = okta::read_op(&call.op).map_or("application/json", |op| match op.shape {
        okta::Shape::Xml(_) => "application/xml",
        _ => "application/json",
    });
    let mut request = Request::new(method, &address)
        .with("cookie", &session.cookie)
        .with("x-okta-user-agent-extended", "org2org-assistant")
        .with("accept", accept);
    if method != "GET" {
        request = request.with("x-okta-xsrftoken", &session.xsrf);
    }
    match &call.body {
        Some(body) => request.json(body),
        None => request,
    }
}

pub(super) fn read(response: &org2org_lab::Response) -> Response {
    let header = |name: &str| {
        let all: Vec<&str> = response
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!all.is_empty()).then(|| (name.to_owned(), all.join(", ")))
    };
    let names = [
        "content-type",
        "date",
        "link",
        "x-rate-limit-limit",
        "x-rate-limit-remaining",
        "x-rate-limit-reset",
    ];
    Response {
        // A redirect is opaque to the relay.
        status: if (300..400).contains(&response.status) {
            0
        } else {
            response.status
        },
        headers: names.into_iter().filter_map(header).collect(),
        body: response.body_text(),
        redirected: (300..400).contains(&response.status),
    }
}

pub(super) fn pair(world: &mut World, sessions: &BTreeMap<Side, Session>) -> Pair {
    let mut org = |side: Side| {
        let url = OrgUrl::parse(&format!("https://{}.okta.com", admin(side).0))
            .expect("a host of the lab");
        let answers = [
            okta::org::well_known(),
            okta::org::read(),
            okta::users::me(),
        ]
        .map(|probe| {
            get(
                world,
                &url,
                &sessions[&side],
                &probe.call().expect("a read"),
            )
        });
        Org::read(&url, [&answers[0], &answers[1], &answers[2]]).expect("the lab says who it is")
    };
    Pair::new(org(Side::Source), org(Side::Target)).expect("two orgs")
}

fn get(world: &mut World, org: &OrgUrl, session: &Session, call: &Call) -> Response {
    let reply = world.handle(&request(org, "GET", call, session), T0);
    read(&reply.response().expect("no fault is set"))
}

pub(super) fn wish(world: &mut World, sessions: &BTreeMap<Side, Session>, pair: &Pair) -> Wish {
    let mut wish = Wish::suggest(pair);
    let mut find = |side: Side, probe: okta::Probe, at: &str, name: &str| {
        let call = probe.call().expect("a read");
        let response = get(world, &pair.org(side).url, &sessions[&side], &call);
        let items: Vec<Value> = serde_json::from_str(&response.body).expect("a list");
        let item = items
            .iter()
            .find(|item| item.pointer(at).and_then(Value::as_str) == Some(name));
        let id = item.unwrap_or_else(|| panic!("{name} is in the lab"))["id"]
            .as_str()
            .expect("an id");
        Member {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    };
    wish.groups = vec![find(
        Side::Source,
        okta::groups::starting_with("Sales"),
        "/profile/name",
        "Sales",
    )];
    wish.apps = vec![find(
        Side::Target,
        okta::apps::active(),
        "/label",
        "Expenses",
    )];
    wish
}

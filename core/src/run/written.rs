//! Runs, pairs and plans as JSON text, in the form that their derived serialisation has too.
//!
//! The order of members is part of it: hashes of the journal and ids of plans are taken over it.

use super::journal::{Event, Outcome, Purpose};
use super::{
    Aim, Entry, InitialStatus, Journal, Member, Method, Org, Pair, PlanItem, Push, Side, SignOn,
    StoredRun, Wish,
};
use crate::json::{Text, ToJson};
use crate::okta::{Call, Change};
use crate::org::OrgUrl;

impl ToJson for StoredRun {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("version", &u64::from(self.version))
            .member("pair", &self.pair)
            .member("wish", &self.wish)
            .member("procedures", &self.procedures)
            .member("journal", &self.journal)
            .close('}');
    }
}

impl ToJson for Pair {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("source", &self.source)
            .member("target", &self.target)
            .close('}');
    }
}

impl ToJson for Org {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("url", &self.url)
            .member("id", &self.id)
            .member("name", &self.name)
            .member("actor", &self.actor)
            .close('}');
    }
}

impl ToJson for OrgUrl {
    fn write(&self, to: &mut Text) {
        self.base().write(to);
    }
}

impl ToJson for Wish {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("aim", &self.aim)
            .member("sign_on", &self.sign_on)
            .member("app_label", &self.app_label)
            .member("idp_name", &self.idp_name)
            .member("group_name", &self.group_name)
            .member("groups", &self.groups)
            .member("users", &self.users)
            .member("apps", &self.apps)
            .member("jit", &self.jit)
            .member("by_file", &self.by_file)
            .member("links", &self.links)
            .member("routing", &self.routing)
            .member("push", &self.push)
            .close('}');
    }
}

impl ToJson for Aim {
    fn write(&self, to: &mut Text) {
        let (name, key) = match self {
            Aim::Connect => ("connect", None),
            Aim::Pilot => ("pilot", None),
            Aim::Remove => ("remove", None),
            Aim::Rotate(key) => ("rotate", Some(key)),
        };
        to.open('{').member("name", &name);
        if let Some(key) = key {
            to.member("key", key);
        }
        to.close('}');
    }
}

impl ToJson for SignOn {
    fn write(&self, to: &mut Text) {
        let name = match self {
            SignOn::Oidc => "oidc",
            SignOn::Saml => "saml",
        };
        name.write(to);
    }
}

impl ToJson for Push {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("method", &self.method)
            .member("client_label", &self.client_label)
            .member("deactivate", &self.deactivate)
            .member("initial_status", &self.initial_status)
            .member("groups", &self.groups)
            .member("replaces_token", &self.replaces_token)
            .close('}');
    }
}

impl ToJson for Method {
    fn write(&self, to: &mut Text) {
        self.name().write(to);
    }
}

impl ToJson for InitialStatus {
    fn write(&self, to: &mut Text) {
        self.name().write(to);
    }
}

impl ToJson for Member {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("id", &self.id)
            .member("name", &self.name)
            .close('}');
    }
}

impl ToJson for Journal {
    fn write(&self, to: &mut Text) {
        self.entries.write(to);
    }
}

impl ToJson for Entry {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("seq", &self.seq)
            .member("at", &self.at)
            .member("key", &self.key)
            .member("event", &self.event)
            .member("prev", &self.prev)
            .member("hash", &self.hash)
            .close('}');
    }
}

impl ToJson for Event {
    fn write(&self, to: &mut Text) {
        let kind = match self {
            Event::Intent { .. } => "intent",
            Event::Outcome { .. } => "outcome",
            Event::Proof { .. } => "proof",
            Event::Undone => "undone",
        };
        to.open('{').member("kind", &kind);
        match self {
            Event::Intent {
                purpose,
                call,
                changes,
            } => to
                .member("purpose", purpose)
                .member("call", call)
                .member("changes", changes),
            Event::Outcome { intent, outcome } => {
                to.member("intent", intent).member("outcome", outcome)
            }
            Event::Proof { id, fingerprint } => {
                to.member("id", id).member("fingerprint", fingerprint)
            }
            Event::Undone => to,
        }
        .close('}');
    }
}

impl ToJson for Purpose {
    fn write(&self, to: &mut Text) {
        let name = match self {
            Purpose::Apply => "apply",
            Purpose::Undo => "undo",
        };
        name.write(to);
    }
}

impl ToJson for Outcome {
    fn write(&self, to: &mut Text) {
        to.open('{');
        match self {
            Outcome::Accepted { id } => to.member("meaning", &"accepted").member("id", id),
            Outcome::Refused { why } => to.member("meaning", &"refused").member("why", why),
            Outcome::Unsure { why } => to.member("meaning", &"unsure").member("why", why),
        }
        .close('}');
    }
}

impl ToJson for Call {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("op", &self.op)
            .member("params", &self.params);
        if let Some(query) = &self.query_raw {
            to.member("query_raw", query);
        }
        if let Some(body) = &self.body {
            to.member("body", body);
        }
        to.close('}');
    }
}

impl ToJson for Change {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("pointer", &self.pointer)
            .member("before", &self.before)
            .member("after", &self.after)
            .close('}');
    }
}

impl ToJson for PlanItem {
    fn write(&self, to: &mut Text) {
        to.open('{')
            .member("key", &self.key)
            .member("title", &self.title)
            .member("side", &self.side)
            .member("org", &self.org)
            .member("method", &self.method)
            .member("path", &self.path)
            .member("body", &self.body)
            .member("changes", &self.changes)
            .member("why", &self.why)
            .member("undo", &self.undo)
            .close('}');
    }
}

impl ToJson for Side {
    fn write(&self, to: &mut Text) {
        self.name().write(to);
    }
}

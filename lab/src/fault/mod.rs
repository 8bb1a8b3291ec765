//! Faults that tests set: which calls they hit and what happens to those.

mod classes;
mod kind;
mod refusal;
mod spoil;

use serde::{Deserialize, Serialize};

use crate::control::STORE;
use crate::ids::Ids;
pub use classes::{CLASSES, Class};
pub use kind::FaultKind;
pub(crate) use refusal::{already, failure, refusal, step_up};
pub(crate) use spoil::spoil;

/// A fault to inject. Without `path` it hits calls of the Management API only, never pages.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct Fault {
    /// Subdomain of the org it is limited to.
    #[serde(default)]
    pub org: Option<String>,
    /// Method it is limited to.
    #[serde(default)]
    pub method: Option<String>,
    /// Start of the path it is limited to.
    #[serde(default)]
    pub path: Option<String>,
    /// End of the path it is limited to.
    #[serde(default)]
    pub ends: Option<String>,
    /// Which of the calls that fit.
    #[serde(default)]
    pub calls: Calls,
    /// What happens. Read from its own name, or from that of its class: `F6`.
    #[serde(deserialize_with = "classes::kind")]
    pub kind: FaultKind,
}

impl Fault {
    /// A fault on every call of the Management API; narrow it with the other functions.
    pub fn new(kind: FaultKind) -> Self {
        Self {
            org: None,
            method: None,
            path: None,
            ends: None,
            calls: Calls::Every,
            kind,
        }
    }

    /// Only calls to this org, by subdomain.
    pub fn org(mut self, subdomain: &str) -> Self {
        self.org = Some(subdomain.to_owned());
        self
    }

    /// Only calls with this method whose path starts so.
    pub fn on(mut self, method: &str, path: &str) -> Self {
        (self.method, self.path) = (Some(method.to_owned()), Some(path.to_owned()));
        self
    }

    /// Only the Nth fitting call (from 1).
    pub fn nth(mut self, call: u32) -> Self {
        self.calls = Calls::Nth(call);
        self
    }

    /// The Nth fitting call (from 1) and all after it.
    pub fn from_call(mut self, call: u32) -> Self {
        self.calls = Calls::From(call);
        self
    }

    /// Each fitting call with a chance of one in so many, as the seed falls.
    pub fn seeded(mut self, seed: u64, one_in: u32) -> Self {
        self.calls = Calls::Seeded { seed, one_in };
        self
    }

    fn fits(&self, org: &str, method: &str, path: &str) -> bool {
        // The store is the client's own part of a story: no fault of the network meets it, and no other place fills up.
        (self.kind == FaultKind::NotStored) == (path == STORE)
            && self.org.as_deref().is_none_or(|wanted| wanted == org)
            && self
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && self.ends.as_deref().is_none_or(|end| path.ends_with(end))
            && match &self.path {
                Some(start) => path.starts_with(start.as_str()),
                None => [STORE, "/api/", "/oauth2/", "/.well-known/"]
                    .iter()
                    .any(|start| path.starts_with(start)),
            }
    }
}

/// Which of the fitting calls a fault hits, counted from 1 when it was set.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Calls {
    /// All of them.
    #[default]
    Every,
    /// This one and all later ones.
    From(u32),
    /// This one.
    Nth(u32),
    /// Each with a chance of one in so many: the same seed hits the same calls.
    Seeded {
        /// Which calls are hit.
        seed: u64,
        /// How many calls there are to each that is hit, on average; 0 hits none.
        one_in: u32,
    },
}

impl Calls {
    fn is_due(self, seen: u32) -> bool {
        match self {
            Self::Every => true,
            Self::From(first) => seen >= first,
            Self::Nth(only) => seen == only,
            Self::Seeded { one_in: 0, .. } => false,
            Self::Seeded { seed, one_in } => Ids::new(seed ^ u64::from(seen) << 32)
                .random()
                .is_multiple_of(u64::from(one_in)),
        }
    }
}

/// A fault with its count of fitting calls.
#[derive(Clone, Debug)]
pub(crate) struct Armed {
    pub fault: Fault,
    pub seen: u32,
}

/// The fault that hits this call where it arrives, if any: the first that fits and whose turn it is.
pub(crate) fn hit(faults: &mut [Armed], org: &str, method: &str, path: &str) -> Option<FaultKind> {
    let arrived = |kind| kind != FaultKind::Unreachable;
    due(faults, arrived, org, method, path)
}

/// True when a call that another org is about to make finds nobody.
pub(crate) fn unreachable(faults: &mut [Armed], org: &str, method: &str, path: &str) -> bool {
    let met = |kind| kind == FaultKind::Unreachable;
    due(faults, met, org, method, path).is_some()
}

fn due(
    faults: &mut [Armed],
    met: fn(FaultKind) -> bool,
    org: &str,
    method: &str,
    path: &str,
) -> Option<FaultKind> {
    let mut hit = None;
    for armed in faults
        .iter_mut()
        .filter(|armed| met(armed.fault.kind) && armed.fault.fits(org, method, path))
    {
        armed.seen += 1;
        let due = armed.fault.calls.is_due(armed.seen);
        if due && hit.is_none() {
            hit = Some(armed.fault.kind);
        }
    }
    hit
}

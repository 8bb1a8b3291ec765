//! Rate limits: a bucket per org, method and endpoint, a person's own in the console, and shares of tokens and apps.

use std::collections::BTreeMap;

use crate::api::http_date;
use crate::oauth::access;
use crate::okta::error::OktaError;
use crate::org::Org;
use crate::wire::{Request, Response};
use crate::world::World;

/// The console's calls of one person to one endpoint in 10 s.
pub(crate) const CONSOLE_LIMIT: u32 = 40;
/// The share of a bucket, in percent, that a token or app may use when nobody said otherwise.
pub(crate) const USUAL_SHARE: u64 = 50;

const WINDOW_MS: u64 = 60_000;
const CONSOLE_WINDOW_MS: u64 = 10_000;

/// Counts of the current windows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    /// By bucket and by who pays: nobody for the org's own.
    buckets: BTreeMap<(String, String), (u64, u32)>,
    /// Until when answers that are late keep a place taken, with the org.
    late: Vec<(usize, u64)>,
}

/// What a bucket says about one call.
#[derive(Clone, Copy)]
pub(crate) struct Allowance {
    pub granted: bool,
    limit: u32,
    remaining: u32,
    reset: u64,
}

/// Who a call is counted for.
enum Payer {
    /// Somebody without credentials: the org's bucket alone.
    Nobody,
    /// A person in the console, who has buckets of their own.
    Person(String),
    /// An API token or OAuth client, which may use so many percent of the org's bucket.
    Principal(String, u64),
}

/// Counts one call for whom it concerns.
pub(crate) fn count(world: &mut World, at: usize, request: &Request, now: u64) -> Allowance {
    let bucket = bucket(&world.orgs[at].subdomain, &request.method, &request.path);
    let limit = world.options.rate_limit;
    match payer(world, at, request, now) {
        Payer::Nobody => world.pace.count(&bucket, "", limit, WINDOW_MS, now),
        Payer::Person(user) => {
            let most = world.options.console_limit;
            world
                .pace
                .count(&bucket, &user, most, CONSOLE_WINDOW_MS, now)
        }
        Payer::Principal(id, percent) => {
            let share = u64::from(limit) * percent / 100;
            let share = u32::try_from(share).unwrap_or(limit);
            let own = world.pace.count(&bucket, &id, share, WINDOW_MS, now);
            if !own.granted {
                return own;
            }
            let whole = world.pace.count(&bucket, "", limit, WINDOW_MS, now);
            // Headers tell what ends first.
            if whole.granted && own.remaining < whole.remaining {
                own
            } else {
                whole
            }
        }
    }
}

fn payer(world: &World, at: usize, request: &Request, now: u64) -> Payer {
    let org = &world.orgs[at];
    let Some(line) = request.header("authorization") else {
        let person = world.sessions.whose(request, &org.id, now);
        return person.map_or(Payer::Nobody, |user| Payer::Person(user.to_owned()));
    };
    let principal = match line.split_once(' ') {
        Some(("SSWS", value)) => {
            let mut tokens = org.tokens.iter();
            tokens
                .find(|token| token.value == value)
                .map(|token| token.id.clone())
        }
        Some((_, value)) => access::client(org, value.trim(), now),
        None => None,
    };
    principal.map_or(Payer::Nobody, |id| {
        let percent = share(org, &id);
        Payer::Principal(id, percent)
    })
}

fn share(org: &Org, principal: &str) -> u64 {
    let mut limits = org.settings.limits.values();
    let own = limits.find(|limit| limit.principal == principal);
    own.map_or(USUAL_SHARE, |limit| limit.percent)
}

// Buckets follow the resource, below it whether one object was named, and what of that object.
fn bucket(org: &str, method: &str, path: &str) -> String {
    let mut parts = path.split('/').skip(1);
    let resource: Vec<&str> = parts.by_ref().take(3).collect();
    let one = if parts.next().is_some() { "/{id}" } else { "" };
    let part = parts.next().map(|part| format!("/{part}"));
    format!(
        "{org} {method} /{}{one}{}",
        resource.join("/"),
        part.unwrap_or_default()
    )
}

impl Pace {
    fn count(&mut self, bucket: &str, payer: &str, limit: u32, window: u64, now: u64) -> Allowance {
        let key = (bucket.to_owned(), payer.to_owned());
        let (start, used) = self.buckets.entry(key).or_insert((now, 0));
        if now >= *start + window || now < *start {
            (*start, *used) = (now, 0);
        }
        let granted = *used < limit;
        *used += u32::from(granted);
        Allowance {
            granted,
            limit,
            remaining: limit.saturating_sub(*used),
            reset: (*start + window).div_ceil(1000),
        }
    }

    /// Notes that an answer of this org is under way until then.
    pub(crate) fn occupy(&mut self, at: usize, until: u64) {
        self.late.push((at, until));
    }

    /// How many answers of this org are under way.
    pub(crate) fn under_way(&mut self, at: usize, now: u64) -> usize {
        self.late.retain(|(_, until)| now < *until);
        self.late.iter().filter(|(org, _)| *org == at).count()
    }
}

impl Allowance {
    /// The answer with the three headers.
    pub(crate) fn mark(&self, answer: Response) -> Response {
        answer
            .with("x-rate-limit-limit", &self.limit.to_string())
            .with("x-rate-limit-remaining", &self.remaining.to_string())
            .with("x-rate-limit-reset", &self.reset.to_string())
    }
}

/// What a call gets when as many are under way as the org takes at once: limit and remaining are 0, and the reset is
/// only a hint.
pub(crate) fn crowded(world: &mut World, now: u64) -> Response {
    let none = Allowance {
        granted: false,
        limit: 0,
        remaining: 0,
        reset: now / 1000 + 60,
    };
    none.mark(OktaError::too_many().response(&mut world.side_ids))
        .with("date", &http_date(now))
}

#[cfg(test)]
mod tests {
    use super::bucket;

    #[test]
    fn buckets_are_those_of_endpoints() {
        let told = |method: &str, path: &str| bucket("acme", method, path);
        assert_eq!(told("GET", "/api/v1/apps"), "acme GET /api/v1/apps");
        assert_eq!(
            told("GET", "/api/v1/apps/0oa1"),
            "acme GET /api/v1/apps/{id}"
        );
        let users = "acme PUT /api/v1/apps/{id}/users";
        assert_eq!(told("PUT", "/api/v1/apps/0oa1/users/00u1"), users);
        let known = "acme GET /.well-known/okta-organization";
        assert_eq!(told("GET", "/.well-known/okta-organization"), known);
    }
}

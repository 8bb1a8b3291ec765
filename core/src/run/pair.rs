//! Two orgs, pinned: which is the source, which is the target, and who acts in each.

use serde::Serialize;

use super::Side;
use crate::explain::{Explain, seen};
use crate::okta::{Answer, Response, org, users};
use crate::org::OrgUrl;

/// One org, pinned by its id and by who acts in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Org {
    /// Its address.
    pub url: OrgUrl,
    /// Its organisation id (`00o…`).
    pub id: String,
    /// Its name, e.g. "ACME".
    pub name: String,
    /// Id of the admin whose session is used (`00u…`), or of the OAuth client that acts (`0oa…`).
    pub actor: String,
    /// How that admin signs in, for the person who pairs. Never kept: it is personal data, and
    /// the id is what is pinned.
    #[serde(skip)]
    pub login: String,
}

/// A source and a target that are not the same org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// Where people sign in.
    pub source: Org,
    /// Where the apps are.
    pub target: Org,
}

/// Why two orgs are no pair, or an answer names no org.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// The answers that should identify an org do not.
    #[error("`{host}` does not say which org it is: {why}")]
    NoOrg {
        /// The org host that was asked.
        host: String,
        /// What was wrong with the answer.
        why: String,
    },
    /// One org twice.
    #[error(
        "source and target are the same org `{id}`, reached as `{source_host}` and `{target_host}`"
    )]
    SameOrg {
        /// The organisation id of both.
        id: String,
        /// Host of the source.
        source_host: String,
        /// Host of the target.
        target_host: String,
    },
}

impl Explain for PairError {
    fn code(&self) -> &'static str {
        match self {
            PairError::NoOrg { .. } => "pair-no-org",
            PairError::SameOrg { .. } => "pair-same-org",
        }
    }

    fn hint(&self) -> String {
        match self {
            PairError::NoOrg { .. } => "Sign in to that org's Admin Console and try again.",
            PairError::SameOrg { .. } => "Open the Admin Console of the other org and pair again.",
        }
        .to_owned()
    }
}

impl Org {
    /// Reads who an org is from the answers to `org.well-known`, `org.read` and `users.read` of
    /// `me`, in this order.
    pub fn read(url: &OrgUrl, answers: [&Response; 3]) -> Result<Org, PairError> {
        let no_org = |why: String| PairError::NoOrg {
            host: url.host().to_owned(),
            why,
        };
        let [known, org, me] = answers;
        let known = good(known, &org::WELL_KNOWN.shape).map_err(no_org)?;
        let org = good(org, &org::READ.shape).map_err(no_org)?;
        let me = good(me, &users::READ.shape).map_err(no_org)?;
        let member = |answer: &Answer, pointer: &str| {
            answer
                .text(pointer)
                .map(str::to_owned)
                .map_err(|error| no_org(error.to_string()))
        };
        Ok(Org {
            url: url.clone(),
            id: member(&known, "/id")?,
            name: member(&org, "/companyName")?,
            actor: member(&me, "/id")?,
            login: member(&me, "/profile/login")?,
        })
    }
}

#[cfg(feature = "clients")]
impl Org {
    /// Reads who an org is from the answers to `org.well-known` and, with a token of this client,
    /// to `org.read`: both must name one org.
    pub fn of_client(
        url: &OrgUrl,
        answers: [&Response; 2],
        client: &str,
    ) -> Result<Org, PairError> {
        let no_org = |why: String| PairError::NoOrg {
            host: url.host().to_owned(),
            why,
        };
        let [known, org] = answers;
        let known = good(known, &org::WELL_KNOWN.shape).map_err(no_org)?;
        let org = good(org, &org::READ.shape).map_err(no_org)?;
        let text = |answer: &Answer, pointer: &str| {
            let text = answer.text(pointer).map(str::to_owned);
            text.map_err(|error| no_org(error.to_string()))
        };
        let id = text(&known, "/id")?;
        if text(&org, "/id")? != id {
            return Err(no_org("it names two organisation ids".to_owned()));
        }
        Ok(Org {
            url: url.clone(),
            id,
            name: text(&org, "/companyName")?,
            actor: client.to_owned(),
            login: String::new(),
        })
    }

    /// Whether an OAuth client acts, and no person.
    pub fn is_by_client(&self) -> bool {
        !self.actor.starts_with("00u")
    }
}

fn good(response: &Response, shape: &crate::okta::Shape) -> Result<Answer, String> {
    if response.is_page() {
        return Err("it answers with a page for people; the session may have ended".to_owned());
    }
    if response.status != 200 {
        let why = response
            .okta_error()
            .map_or(String::new(), |(code, text)| format!(" {code} {text}"));
        return Err(format!("it answers {}{}", response.status, seen(&why)));
    }
    Answer::check(response, shape, vec![])
}

impl Pair {
    /// Pairs two orgs; the same org twice is refused.
    pub fn new(source: Org, target: Org) -> Result<Pair, PairError> {
        if source.id == target.id || source.url.host() == target.url.host() {
            return Err(PairError::SameOrg {
                id: source.id,
                source_host: source.url.host().to_owned(),
                target_host: target.url.host().to_owned(),
            });
        }
        Ok(Pair { source, target })
    }

    /// Whether the other pair is of the same two orgs, the same way round, whatever they are called and whoever acts there.
    pub fn joins_same_orgs(&self, other: &Pair) -> bool {
        // The id of an org that only another admin has may not be known yet.
        Side::BOTH.iter().all(|side| {
            let (own, other) = (self.org(*side), other.org(*side));
            match own.id.is_empty() || other.id.is_empty() {
                true => own.url.host() == other.url.host(),
                false => own.id == other.id,
            }
        })
    }

    /// The org on this side.
    pub fn org(&self, side: Side) -> &Org {
        match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        }
    }

    /// What a person should know about this pair before anything is planned.
    pub fn warnings(&self) -> Vec<String> {
        let (source, target) = (&self.source, &self.target);
        if source.url.family().is_preview() == target.url.family().is_preview() {
            return Vec::new();
        }
        vec![format!(
            "{} is a {} org and {} is a {} org.",
            source.name,
            kind(source),
            target.name,
            kind(target)
        )]
    }
}

fn kind(org: &Org) -> &'static str {
    match org.url.family().is_preview() {
        true => "preview",
        false => "production",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ID: &str = "00o11111111111111111";

    fn answer(status: u16, body: &Value) -> Response {
        Response {
            status,
            headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
            body: body.to_string(),
            redirected: false,
        }
    }

    fn url(host: &str) -> OrgUrl {
        OrgUrl::parse(host).unwrap()
    }

    fn org(host: &str, id: &str) -> Org {
        Org {
            url: url(host),
            id: id.to_owned(),
            name: "ACME".to_owned(),
            actor: "00u11111111111111111".to_owned(),
            login: String::new(),
        }
    }

    #[cfg(feature = "clients")]
    #[test]
    fn a_client_opens_an_org_that_names_itself_once() {
        let acme = url("acme.okta.com");
        let known = answer(200, &json!({"id": ID, "pipeline": "idx"}));
        let own = answer(200, &json!({"id": ID, "companyName": "ACME"}));
        let read = |known: &Response, own: &Response| {
            Org::of_client(&acme, [known, own], "0oa11111111111111111")
        };
        let there = read(&known, &own).unwrap();
        assert_eq!((there.id.as_str(), there.name.as_str()), (ID, "ACME"));
        assert!(there.is_by_client() && !org("acme.okta.com", ID).is_by_client());
        let other = answer(
            200,
            &json!({"id": "00o22222222222222222", "companyName": "X"}),
        );
        let error = read(&known, &other).unwrap_err();
        assert!(error.to_string().contains("two organisation ids"));
        assert_eq!(error.code(), "pair-no-org");
        let refused = answer(
            403,
            &json!({"errorCode": "E0000006", "errorSummary": "You do not have permission"}),
        );
        let error = read(&known, &refused).unwrap_err().to_string();
        assert!(error.contains("403 E0000006"), "{error}");
        assert!(read(&refused, &own).is_err());
    }

    #[test]
    fn a_page_for_people_names_no_org() {
        let mut page = answer(200, &json!({}));
        page.headers
            .insert("content-type".to_owned(), "text/html".to_owned());
        page.body = "<!DOCTYPE html><title>Sign in</title>".to_owned();
        let error = Org::read(&url("acme.okta.com"), [&page, &page, &page]).unwrap_err();
        assert!(error.to_string().contains("the session may have ended"));
        assert!(error.hint().contains("Sign in"));
    }

    #[test]
    fn the_same_org_is_no_pair_and_another_kind_is_told() {
        let acme = org("acme.okta.com", ID);
        let error = Pair::new(acme.clone(), org("other.okta.com", ID)).unwrap_err();
        assert_eq!(error.code(), "pair-same-org");
        assert!(error.hint().contains("the other org"));
        let preview = org("hub.oktapreview.com", "00o22222222222222222");
        let pair = Pair::new(acme.clone(), preview).unwrap();
        let told = pair.warnings().join("\n");
        assert!(
            told.contains("production") && told.contains("preview"),
            "{told}"
        );
        let alike = Pair::new(acme, org("hub.okta.com", "00o22222222222222222")).unwrap();
        assert!(alike.warnings().is_empty());
        assert!(pair.joins_same_orgs(&alike));
    }

    #[test]
    fn an_org_whose_id_is_not_known_yet_is_known_by_its_address() {
        let pair = |host: &str, id: &str| Pair {
            source: org("acme.okta.com", ID),
            target: Org {
                id: id.to_owned(),
                ..org(host, "00o22222222222222222")
            },
        };
        let known = pair("hub.okta.com", "00o22222222222222222");
        assert!(pair("hub.okta.com", "").joins_same_orgs(&known));
        assert!(!pair("other.okta.com", "").joins_same_orgs(&known));
        assert!(!pair("other.okta.com", "").joins_same_orgs(&pair("hub.okta.com", "")));
    }
}

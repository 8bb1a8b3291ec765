//! The target's side of sign-in: the certificates that the IdP trusts.
//!
//! An IdP trusts one certificate and at most one more (Identity Providers API,
//! `trust.additionalKids`).

use serde_json::Value as Json;

use super::source::{APP_AUDIENCE, NEW_CERTIFICATE, OLD_CERTIFICATE};
use crate::console;
use crate::facts::{Fact, Facts, Missing, Value};
use crate::json::{self, json};
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, idps};
use crate::procedures::shared::several;
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// The IdP that trusts the app's key; none where nobody signs in by SAML.
static TRUSTING_IDP: Fact = Fact::one("trusting-idp", "Identity provider");
/// Ids of the two certificates in the target.
static NEW_IDP_KID: Fact = Fact::one("new-idp-kid", "New certificate in the target");
static OLD_IDP_KID: Fact = Fact::one("old-idp-kid", "Old certificate in the target");

/// That both certificates are trusted, and which one is first. Rows that replace the IdP read
/// them, so that each begins from what the one before left.
static TRUSTS_BOTH: Fact = Fact::one("trusts-both", "Both certificates trusted");
static TRUSTED_KID: Fact = Fact::one("trusted-kid", "Trusted certificate");

const IDP_PAGE: &[(&str, PageId)] = &[("idp", PageId::Fact(&TRUSTING_IDP))];
const KID_AT: &str = "/protocol/credentials/trust/kid";
const MORE_AT: &str = "/protocol/credentials/trust/additionalKids";

/// The IdP itself.
pub(super) const IDP: Step = Step {
    id: "rotating-idp",
    title: "Find the identity provider that trusts the same key",
    why: "The key that is replaced signs SAML assertions too: without the new certificate sign-in would stop.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Security > Identity Providers and look for the one of the source",
        None,
    )],
    covers: &[],
    source: "Identity Providers API: list IdPs",
    when: always,
    over: &[],
    needs: &[&APP_AUDIENCE],
    gives: &[&TRUSTING_IDP],
    after: &[],
    probe: |f| {
        Ok(f.optional(&APP_AUDIENCE)?
            .map_or(Probe::none(), |_| idps::saml()))
    },
    read: read_idp,
    write: None,
    undo: None,
};

/// The new certificate.
pub(super) const ADD: Step = Step {
    id: "new-idp-certificate",
    title: "Give the target the new certificate",
    why: "With it the target checks what the source signs after the switch.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Add it by the API: `POST /api/v1/idps/credentials/keys` with the new key's `x5c`",
        None,
    )],
    covers: &[],
    source: "Identity Provider Keys API: create a key",
    when: always,
    over: &[],
    needs: &[&TRUSTING_IDP, &NEW_CERTIFICATE],
    gives: &[&NEW_IDP_KID],
    after: &["rotating-connection"],
    probe: keys_where_trusted,
    read: |answer, f| {
        if f.optional(&TRUSTING_IDP)?.is_none() {
            return Ok(Finding::met(&Json::Null).giving_value(&NEW_IDP_KID, Value::None));
        }
        Ok(match kid_of(answer, &f.text(&NEW_CERTIFICATE)?) {
            Some(kid) => Finding::met(&json!({"kid": kid})).giving(&NEW_IDP_KID, kid),
            None => Finding::Unmet,
        })
    },
    write: Some(|f, _| Ok(idps::add_key(&f.text(&NEW_CERTIFICATE)?))),
    undo: None,
};

/// Either certificate counts.
pub(super) const TRUST_BOTH: Step = Step {
    id: "trust-both",
    title: "Let the identity provider trust both certificates",
    why: "People go on signing in, whichever key the source signs with.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: IDP_PAGE,
    by_hand: &[Click::Do(
        "Replace the IdP by the API (`PUT /api/v1/idps/{its id}`) with the new certificate's id in `additionalKids`",
        None,
    )],
    covers: &[],
    source: "Identity Providers API: replace an IdP, trust.additionalKids",
    when: always,
    over: &[],
    needs: &[&TRUSTING_IDP, &NEW_IDP_KID],
    gives: &[&TRUSTS_BOTH],
    after: &[],
    probe: probe_idp,
    read: |answer, f| {
        let both = || Finding::met(&Json::Null).giving(&TRUSTS_BOTH, "both");
        let Some(new) = f.optional(&NEW_IDP_KID)? else {
            return Ok(both());
        };
        Ok(match (answer.text(KID_AT)?, more(answer).as_slice()) {
            (kid, _) if kid == new => both(),
            (_, []) => Finding::Unmet,
            (_, kids) if kids.contains(&new.as_str()) => both(),
            _ => Finding::Blocked {
                why: "the identity provider trusts another second certificate already, and can take no third".into(),
                who: "an admin of the target: remove it if nobody signs with it".into(),
            },
        })
    },
    write: Some(|f, idp| {
        let new = json!([f.text(&NEW_IDP_KID)?]);
        Ok(idps::replace(
            &f.text(&TRUSTING_IDP)?,
            idp.body(),
            [(MORE_AT, new)],
        ))
    }),
    undo: None,
};

/// The new one first.
pub(super) const TRUST_NEW: Step = Step {
    id: "trust-new",
    title: "Make the new certificate the trusted one",
    why: "The old one stays as the second until it is retired.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: IDP_PAGE,
    by_hand: &[Click::Do(
        "Replace the IdP by the API with the new certificate's id as `kid` and the old one's in `additionalKids`",
        None,
    )],
    covers: &[],
    source: "Identity Providers API: replace an IdP, trust.kid",
    when: always,
    over: &[],
    needs: &[&TRUSTING_IDP, &NEW_IDP_KID, &OLD_IDP_KID, &TRUSTS_BOTH],
    gives: &[&TRUSTED_KID],
    after: &["switch-key"],
    probe: probe_idp,
    read: |answer, f| {
        let Some(new) = f.optional(&NEW_IDP_KID)? else {
            return Ok(Finding::met(&Json::Null).giving(&TRUSTED_KID, "none"));
        };
        Ok(match answer.text(KID_AT)? {
            kid if kid == new => Finding::met(&json!({"kid": kid})).giving(&TRUSTED_KID, kid),
            _ => Finding::Unmet,
        })
    },
    write: Some(|f, idp| {
        let set = [
            (KID_AT, json!(f.text(&NEW_IDP_KID)?)),
            (MORE_AT, json!([f.text(&OLD_IDP_KID)?])),
        ];
        Ok(idps::replace(&f.text(&TRUSTING_IDP)?, idp.body(), set))
    }),
    undo: None,
};

/// Which certificate is to go.
pub(super) const OLD: Step = Step {
    id: "old-idp-certificate",
    title: "Find the old certificate in the target",
    why: "It is the one that the identity provider stops trusting.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "List the certificates by the API: `GET /api/v1/idps/credentials/keys`",
        None,
    )],
    covers: &[],
    source: "Identity Provider Keys API: list keys",
    when: always,
    over: &[],
    needs: &[&TRUSTING_IDP, &OLD_CERTIFICATE],
    gives: &[&OLD_IDP_KID],
    after: &[],
    probe: keys_where_trusted,
    read: |answer, f| {
        let kid = kid_of(answer, &f.text(&OLD_CERTIFICATE)?);
        let kid = kid.map_or(Value::None, |kid| Value::Text(kid.to_owned()));
        Ok(Finding::met(&Json::Null).giving_value(&OLD_IDP_KID, kid))
    },
    write: None,
    undo: None,
};

/// It goes.
pub(super) const RETIRE: Step = Step {
    id: "distrust-old",
    title: "Let the identity provider trust the new certificate only",
    why: "Whoever holds the old key can no longer sign anyone in.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: IDP_PAGE,
    by_hand: &[Click::Do(
        "Replace the IdP by the API with `additionalKids` empty",
        None,
    )],
    covers: &[],
    source: "Identity Providers API: replace an IdP, trust.additionalKids",
    when: always,
    over: &[],
    needs: &[&TRUSTING_IDP, &OLD_IDP_KID, &TRUSTED_KID],
    gives: &[],
    after: &["trust-new", "switch-key"],
    probe: probe_idp,
    read: |answer, f| {
        let (Some(old), Some(_)) = (f.optional(&OLD_IDP_KID)?, f.optional(&TRUSTING_IDP)?) else {
            return Ok(Finding::met(&Json::Null));
        };
        let trusted = more(answer).contains(&old.as_str()) || answer.text(KID_AT) == Ok(&old);
        Ok(Finding::met_if(!trusted, &Json::Null))
    },
    write: Some(|f, idp| {
        Ok(idps::replace(
            &f.text(&TRUSTING_IDP)?,
            idp.body(),
            [(MORE_AT, json!([]))],
        ))
    }),
    undo: None,
};

fn probe_idp(f: &Facts<'_>) -> Result<Probe, Missing> {
    Ok(f.optional(&TRUSTING_IDP)?
        .map_or(Probe::none(), |idp| idps::read(&idp)))
}

fn keys_where_trusted(f: &Facts<'_>) -> Result<Probe, Missing> {
    Ok(f.optional(&TRUSTING_IDP)?
        .map_or(Probe::none(), |_| idps::keys()))
}

fn kid_of<'a>(answer: &'a Answer, certificate: &str) -> Option<&'a str> {
    let same = |key: &&Json| {
        text(key, "/x5c/0")
            .is_ok_and(|seen| seen.split_whitespace().collect::<String>() == certificate)
    };
    let key = answer.items().iter().find(same)?;
    text(key, "/kid").ok()
}

fn more(answer: &Answer) -> Vec<&str> {
    let kids = json::at(answer.body(), MORE_AT).and_then(Json::as_array);
    kids.into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect()
}

fn read_idp(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let none = Finding::met(&Json::Null).giving_value(&TRUSTING_IDP, Value::None);
    let Some(audience) = f.optional(&APP_AUDIENCE)? else {
        return Ok(none);
    };
    let trusts = |idp: &&Json| text(idp, "/protocol/credentials/trust/audience") == Ok(&audience);
    let found: Vec<&Json> = answer.items().iter().filter(trusts).collect();
    match found.as_slice() {
        [] => Ok(none),
        [idp] => Ok(Finding::met(&Json::Null)
            .giving(&TRUSTING_IDP, text(idp, "/id")?)
            .noting(format!(
                "The key also signs people in through `{}`: its certificate is replaced with it, old and new trusted until the switch is proven.",
                crate::explain::seen(text(idp, "/name")?)
            ))),
        many => Ok(several(many, "/name")),
    }
}

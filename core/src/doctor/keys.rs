//! Keys and certificates: whether both orgs mean the same ones, and when they end.

use super::look::{Look, Object, Stop, found_if};
use super::time::{days_left, moment};
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, app_keys, apps, connections, idps};

const IDP: &[&ReadOp] = &[&apps::LIST, &apps::METADATA, &idps::LIST, &idps::KEYS];
const CLIENT: &[&ReadOp] = &[&apps::LIST, &connections::READ];
const JWKS_URI: &str = "/settings/oauthClient/jwks_uri";
const JWKS: &str = "/settings/oauthClient/jwks/keys";
/// Certificates that end sooner are told.
const SOON_DAYS: u64 = 60;
/// Two hundred and fifty-six bytes in base64url without padding (RFC 7518 section 6.3.1.1).
const SHORTEST_N: usize = 342;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "certificate-differs",
        family: Family::Keys,
        severity: Severity::High,
        title: "The app signs with a key that the target does not trust",
        why: "Most likely the key was rotated in the source alone: nobody can sign in.",
        source: "Identity Providers API: trust.kid, additionalKids; SAML metadata of the app",
        remedy: "Upload the app's current certificate to the identity provider, and remove the old one afterwards.",
        reads: IDP,
        judge: |look| {
            let metadata = look.metadata()?;
            let trusted = trusted(look)?;
            let known = |key: &Object<'_>| {
                let own: String = key.texts("/x5c").concat();
                let own: String = own.split_whitespace().collect();
                metadata.certificates.contains(&own)
            };
            let idp = look.saml_idp()?;
            found_if(!trusted.iter().any(known), || {
                idp.shows("/protocol/credentials/trust/kid")
            })
        },
    },
    Rule {
        id: "certificate-ended",
        family: Family::Keys,
        severity: Severity::High,
        title: "A certificate of the identity provider has ended",
        why: "Nobody can sign in with what it signs.",
        source: "Identity Provider Keys API: expiresAt",
        remedy: "Generate a new key for the app, add its certificate to the identity provider, then let the app sign with it.",
        reads: IDP,
        judge: |look| {
            let ended = |key: &Object<'_>| ends_in(look, key) == Some(None);
            let found = trusted(look)?.into_iter().filter(ended);
            Ok(found.map(|key| key.shows("/expiresAt")).collect())
        },
    },
    Rule {
        id: "certificate-ends-soon",
        family: Family::Keys,
        severity: Severity::Medium,
        title: "A certificate of the identity provider ends within two months",
        why: "On that day sign-in stops for everybody.",
        source: "Identity Provider Keys API: expiresAt",
        remedy: "Generate a new key for the app, add its certificate as the additional one, then let the app sign with it.",
        reads: IDP,
        judge: |look| {
            let soon = |key: &Object<'_>| matches!(ends_in(look, key), Some(Some(days)) if days < SOON_DAYS);
            let found = trusted(look)?.into_iter().filter(soon);
            Ok(found.map(|key| key.shows("/expiresAt")).collect())
        },
    },
    Rule {
        id: "rotation-left-open",
        family: Family::Keys,
        severity: Severity::Low,
        title: "The identity provider still trusts a second certificate",
        why: "A key that the app does not sign with any more still opens the target.",
        source: "Identity Providers API: trust.additionalKids",
        remedy: "When the app signs with the new key and sign-in works, remove the other certificate.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let idp = look.saml_idp()?;
            let at = "/protocol/credentials/trust/additionalKids";
            found_if(!idp.texts(at).is_empty(), || idp.shows(at))
        },
    },
    Rule {
        id: "keys-fetched-elsewhere",
        family: Family::Keys,
        severity: Severity::Critical,
        title: "The service app fetches its keys from an address that is not the connection's",
        why: "Whoever holds that address can act as the source in the target; the source itself cannot.",
        source: "Secure API connections between orgs: address of the connection's keys",
        remedy: "Set the service app's URL of keys to the Client Public Key URL of the app.",
        reads: CLIENT,
        judge: |look| {
            look.rotating("AUTO")?;
            let (app, client) = (look.app()?, look.client()?);
            let source = &look.pair().source.url;
            let own = connections::keys_address(source, app.id());
            let seen = client.text(JWKS_URI);
            found_if(
                !seen.is_empty() && source.map_to_org_host(seen) != own,
                || client.shows(JWKS_URI),
            )
        },
    },
    Rule {
        id: "keys-kept-while-rotating",
        family: Family::Keys,
        severity: Severity::High,
        title: "The keys rotate by themselves, and the service app does not fetch them",
        why: "At the next rotation, or already now, every push is refused.",
        source: "Secure API connections between orgs: rotation mode AUTO with jwks_uri",
        remedy: "Set the service app's Configuration to fetch keys from the Client Public Key URL of the app.",
        reads: CLIENT,
        judge: |look| {
            look.rotating("AUTO")?;
            let client = look.client()?;
            found_if(client.is(JWKS_URI, ""), || client.shows(JWKS_URI))
        },
    },
    Rule {
        id: "connection-without-keys",
        family: Family::Keys,
        severity: Severity::High,
        title: "The connection shows no key that signs",
        why: "The target finds nothing to check the source's requests with.",
        source: "Application Connections API: keys of the default connection",
        remedy: "Save the connection anew with OAUTH Auto-Rotation, and open its Client Public Key URL.",
        reads: &[&apps::LIST, &connections::READ, &connections::KEYS],
        judge: |look| {
            look.rotating("AUTO")?;
            let keys = look.source(connections::keys(look.app()?.id()))?;
            // Okta's example wraps the set, a reader of key sets expects it plain.
            let mut all = keys.list("/jwks/keys");
            all.append(&mut keys.list("/keys"));
            if keys.value("/jwks/keys").is_null()
                && keys.value("/keys").is_null()
                && !keys.is_nothing()
            {
                return Err(Stop::Unknown(
                    "the keys of the connection have an unknown shape".to_owned(),
                ));
            }
            let signs = |key: &Object<'_>| key.is("/kty", "RSA") && !key.is("/kid", "");
            found_if(!all.iter().any(signs), || {
                keys.says("", "no RSA key with a kid")
            })
        },
    },
    Rule {
        id: "client-key-missing",
        family: Family::Keys,
        severity: Severity::High,
        title: "The service app does not have the key that the source signs with",
        why: "Every push is refused; most likely the key was rotated in the source alone.",
        source: "Secure API connections between orgs: manual rotation; Applications API: credentials.signing.kid",
        remedy: "Add the app's signing key to the service app beside the ones that are there.",
        reads: CLIENT,
        judge: |look| {
            look.rotating("MANUAL")?;
            let (app, client) = (look.app()?, look.client()?);
            let kid = app.text(KID);
            let there = client.list(JWKS).iter().any(|key| key.is("/kid", kid));
            found_if(!there, || app.shows(KID))
        },
    },
    Rule {
        id: "client-key-other",
        family: Family::Keys,
        severity: Severity::High,
        title: "The service app has another key under the same name",
        why: "The name fits and the signature does not: every push is refused.",
        source: "Application Credential Keys API: n of a key; Applications API: jwks",
        remedy: "Replace the key in the service app by the app's own.",
        reads: &[&apps::LIST, &connections::READ, &app_keys::LIST],
        judge: |look| {
            look.rotating("MANUAL")?;
            let (app, client) = (look.app()?, look.client()?);
            let kid = app.text(KID);
            let own = look.source(app_keys::of(app.id()))?.items();
            let own = own.iter().find(|key| key.is("/kid", kid));
            let mut theirs = client.list(JWKS).into_iter();
            let theirs = theirs.find(|key| key.is("/kid", kid));
            match (own, theirs) {
                (Some(own), Some(theirs)) => {
                    found_if(!theirs.is("/n", own.text("/n")), || theirs.shows("/kid"))
                }
                _ => Err(Stop::not_here("there is no such key in both orgs")),
            }
        },
    },
    Rule {
        id: "client-key-inactive",
        family: Family::Keys,
        severity: Severity::High,
        title: "The key that the source signs with is not active in the service app",
        why: "Every push is refused.",
        source: "Applications API: status of a client's keys",
        remedy: "Activate the key in the service app.",
        reads: CLIENT,
        judge: |look| {
            look.rotating("MANUAL")?;
            let (app, client) = (look.app()?, look.client()?);
            let mut keys = client.list(JWKS);
            keys.retain(|key| key.is("/kid", app.text(KID)) && key.is("/status", "INACTIVE"));
            Ok(keys.iter().map(|key| key.shows("/status")).collect())
        },
    },
    Rule {
        id: "old-client-keys",
        family: Family::Keys,
        severity: Severity::Low,
        title: "The service app keeps keys that the source does not sign with",
        why: "An old key still opens the target to whoever has it.",
        source: "Secure API connections between orgs: manual rotation, last step",
        remedy: "When a push with the new key has arrived, deactivate the other keys and delete them.",
        reads: CLIENT,
        judge: |look| {
            look.rotating("MANUAL")?;
            let (app, client) = (look.app()?, look.client()?);
            let mut keys = client.list(JWKS);
            keys.retain(|key| !key.is("/kid", app.text(KID)) && !key.is("/status", "INACTIVE"));
            Ok(keys.iter().map(|key| key.shows("/kid")).collect())
        },
    },
    Rule {
        id: "client-key-without-use",
        family: Family::Keys,
        severity: Severity::Low,
        title: "A key of the service app does not say that it signs",
        why: "Okta then cannot tell a key that signs from one that encrypts.",
        source: "Applications API: use of a client's keys",
        remedy: "Write the key anew with use set to sig.",
        reads: CLIENT,
        judge: |look| {
            look.rotating("MANUAL")?;
            let mut keys = look.client()?.list(JWKS);
            keys.retain(|key| !key.is("/use", "sig"));
            Ok(keys.iter().map(|key| key.shows("/use")).collect())
        },
    },
    Rule {
        id: "client-key-short",
        family: Family::Keys,
        severity: Severity::High,
        title: "A key of the service app is shorter than 2048 bits",
        why: "It can be broken, and Okta refuses to take it again.",
        source: "Applications API: keys below 2048 bits are refused",
        remedy: "Rotate to a key of 2048 bits or more.",
        reads: CLIENT,
        judge: |look| {
            look.oauth()?;
            let mut keys = look.client()?.list(JWKS);
            keys.retain(|key| key.is("/kty", "RSA") && key.text("/n").len() < SHORTEST_N);
            Ok(keys.iter().map(|key| key.shows("/kid")).collect())
        },
    },
];

const KID: &str = "/credentials/signing/kid";

/// The certificates that the identity provider trusts.
fn trusted<'a>(look: &Look<'a>) -> Result<Vec<Object<'a>>, Stop> {
    let idp = look.saml_idp()?;
    let mut kids = idp.texts("/protocol/credentials/trust/additionalKids");
    kids.push(idp.text("/protocol/credentials/trust/kid"));
    let mut keys = look.target(idps::keys())?.items();
    keys.retain(|key| kids.contains(&key.text("/kid")));
    match keys.is_empty() {
        true => Err(Stop::Unknown(
            "the identity provider's certificates are not listed".to_owned(),
        )),
        false => Ok(keys),
    }
}

/// Days until a key ends, none when it has ended; nothing when it does not say.
fn ends_in(look: &Look<'_>, key: &Object<'_>) -> Option<Option<u64>> {
    let at = key.value("/expiresAt").as_str().and_then(moment);
    at.map(|then| days_left(look.now(), then))
}

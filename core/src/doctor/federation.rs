//! Signing in to the target through the source.

use super::look::{Stop, found_if};
use super::places::{ACS_AT, ISSUER_AT, SSO_AT, is_at};
use super::{Family, Rule, Severity};
use crate::okta::{apps, domains, idps, org};

const ACS: &str = "/settings/app/acsUrl";
const AUDIENCE: &str = "/settings/app/audRestriction";
const IDP_AUDIENCE: &str = "/protocol/credentials/trust/audience";
const CLIENT: &str = "/protocol/credentials/client/client_id";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "sign-on-mode",
        family: Family::Federation,
        severity: Severity::High,
        title: "The app signs in neither by SAML 2.0 nor by OpenID Connect",
        why: "People would be asked for a password of the target.",
        source: "Applications API: signOnMode",
        remedy: "Choose SAML 2.0 or OpenID Connect on the app's Sign On tab.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.app()?;
            let known = ["SAML_2_0", "OPENID_CONNECT"].contains(&app.text("/signOnMode"));
            found_if(!known, || app.shows("/signOnMode"))
        },
    },
    Rule {
        id: "idp-missing",
        family: Family::Federation,
        severity: Severity::High,
        title: "The target has no identity provider for the app",
        why: "What the source sends reaches nobody who trusts it.",
        source: "Identity Providers API: list IdPs; issuer, sign-on URL, client",
        remedy: "Plan the federation procedure: it creates the identity provider from the app's own details.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let found = look.idp_of_app()?;
            let all = look.target(idps::all())?;
            found_if(found.is_none(), || {
                all.says(
                    "",
                    format!(
                        "{} identity providers, none of them the app's",
                        all.items().len()
                    ),
                )
            })
        },
    },
    Rule {
        id: "idp-inactive",
        family: Family::Federation,
        severity: Severity::High,
        title: "The identity provider is not active",
        why: "The target refuses everybody whom the source signs in.",
        source: "Identity Providers API: status",
        remedy: "Activate it in the target under Security > Identity Providers, after reading why it was switched off.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let idp = look.idp()?;
            found_if(!idp.is_active(), || idp.shows("/status"))
        },
    },
    Rule {
        id: "acs-missing",
        family: Family::Federation,
        severity: Severity::High,
        title: "The app does not say where it sends people",
        why: "The federation was begun and not finished: without address and audience no assertion arrives.",
        source: "Applications API: settings.app.acsUrl, audRestriction",
        remedy: "Plan the federation procedure: its step \"Tell the app where the target takes people\" fills both.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.saml_app()?;
            let empty = [ACS, AUDIENCE].into_iter().filter(|at| app.is(at, ""));
            Ok(empty.map(|at| app.shows(at)).collect())
        },
    },
    Rule {
        id: "acs-and-audience-swapped",
        family: Family::Federation,
        severity: Severity::High,
        title: "Address and audience are swapped",
        why: "The source sends people to a name that is no page.",
        source: "Applications API: settings.app; Identity Providers API: acs link, audience",
        remedy: "Exchange the two values on the app's Sign On tab.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let (app, idp) = (look.saml_app()?, look.idp()?);
            let swapped = !app.is(ACS, "")
                && (app.is(ACS, idp.text(IDP_AUDIENCE))
                    || app.is(AUDIENCE, idp.text(ACS_AT)) && !app.is(AUDIENCE, ""));
            found_if(swapped, || app.shows(ACS))
        },
    },
    Rule {
        id: "acs-differs",
        family: Family::Federation,
        severity: Severity::High,
        title: "The app sends people to an address that is not the identity provider's",
        why: "The assertion ends at another identity provider, or nowhere.",
        source: "Applications API: settings.app.acsUrl; Identity Providers API: acs link",
        remedy: "Copy the Assertion Consumer Service URL of the identity provider into the app.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let (app, idp) = (look.saml_app()?, look.idp()?);
            let target = &look.pair().target.url;
            let same = target.map_to_org_host(app.text(ACS)) == idp.text(ACS_AT);
            let told = app.is(ACS, "") || app.is(ACS, idp.text(IDP_AUDIENCE));
            Ok(match same || told {
                true => Vec::new(),
                false => vec![app.shows(ACS), idp.shows(ACS_AT)],
            })
        },
    },
    Rule {
        id: "audience-differs",
        family: Family::Federation,
        severity: Severity::High,
        title: "The app names an audience that is not the identity provider's",
        why: "The target refuses an assertion that was made for somebody else.",
        source: "Applications API: settings.app.audRestriction; Identity Providers API: audience",
        remedy: "Copy the Audience URI of the identity provider into the app.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let (app, idp) = (look.saml_app()?, look.idp()?);
            let same = app.text(AUDIENCE) == idp.text(IDP_AUDIENCE);
            let told = app.is(AUDIENCE, "") || app.is(AUDIENCE, idp.text(ACS_AT));
            Ok(match same || told {
                true => Vec::new(),
                false => vec![app.shows(AUDIENCE), idp.shows(IDP_AUDIENCE)],
            })
        },
    },
    Rule {
        id: "acs-on-foreign-host",
        family: Family::Federation,
        severity: Severity::Medium,
        title: "The app sends people to a host that is not the target's own",
        why: "On a custom domain the session is another one than on the org's own host, so people are asked to sign in again; any other host is none of the target's.",
        source: "Custom domains guide: cookies are per host; Applications API: settings.app.acsUrl",
        remedy: "Use one host everywhere: the org's own, or the custom domain for app, identity provider and bookmarks alike.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.saml_app()?;
            let foreign = app.text(ACS).starts_with("http")
                && !is_at(&look.pair().target.url, app.text(ACS))
                && app.text(ACS).contains("/sso/saml2");
            found_if(foreign, || app.shows(ACS))
        },
    },
    Rule {
        id: "issuer-differs",
        family: Family::Federation,
        severity: Severity::High,
        title: "The identity provider trusts another issuer than the app",
        why: "Every assertion of the app is refused.",
        source: "Identity Providers API: trust.issuer; SAML metadata of the app: entityID",
        remedy: "Copy IdP Issuer URI from the app's setup instructions into the identity provider.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let (idp, metadata) = (look.saml_idp()?, look.metadata()?);
            Ok(match idp.is(ISSUER_AT, &metadata.issuer) {
                true => Vec::new(),
                false => vec![
                    idp.shows(ISSUER_AT),
                    metadata.read.says("entityID", &metadata.issuer),
                ],
            })
        },
    },
    Rule {
        id: "sso-url-differs",
        family: Family::Federation,
        severity: Severity::High,
        title: "The identity provider sends people to another address than the app's",
        why: "A sign-in that begins at the target does not reach the app.",
        source: "Identity Providers API: endpoints.sso.url; SAML metadata of the app: SingleSignOnService",
        remedy: "Copy IdP Single Sign-On URL from the app's setup instructions into the identity provider.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let (idp, metadata) = (look.saml_idp()?, look.metadata()?);
            let source = &look.pair().source.url;
            let same =
                source.map_to_org_host(idp.text(SSO_AT)) == source.map_to_org_host(&metadata.sso);
            Ok(match same {
                true => Vec::new(),
                false => vec![
                    idp.shows(SSO_AT),
                    metadata.read.says("SingleSignOnService", &metadata.sso),
                ],
            })
        },
    },
    Rule {
        id: "issuer-twice",
        family: Family::Federation,
        severity: Severity::High,
        title: "Several identity providers of the target trust the same issuer",
        why: "Which of them takes an assertion is left to chance, and so are its rules for linking.",
        source: "Identity Providers API: trust.issuer",
        remedy: "Keep one identity provider for each source; deactivate the others.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let metadata = look.metadata()?;
            let mut same = look.idps()?;
            same.retain(|idp| idp.is(ISSUER_AT, &metadata.issuer));
            Ok(match same.len() {
                0 | 1 => Vec::new(),
                _ => same.iter().map(|idp| idp.shows("/name")).collect(),
            })
        },
    },
    Rule {
        id: "sha-1",
        family: Family::Federation,
        severity: Severity::Medium,
        title: "The identity provider takes signatures by SHA-1",
        why: "Such signatures can be forged by whoever spends enough on it.",
        source: "Identity Providers API: algorithms.response.signature.algorithm",
        remedy: "Set the response signature algorithm to SHA-256.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let idp = look.saml_idp()?;
            let at = "/protocol/algorithms/response/signature/algorithm";
            found_if(idp.is(at, "SHA-1"), || idp.shows(at))
        },
    },
    Rule {
        id: "no-clock-skew",
        family: Family::Federation,
        severity: Severity::Low,
        title: "The identity provider allows no difference of clocks",
        why: "A clock that is one second off makes sign-ins fail now and then.",
        source: "Identity Providers API: policy.maxClockSkew",
        remedy: "Set Max Clock Skew to two minutes.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST],
        judge: |look| {
            let idp = look.saml_idp()?;
            let at = "/policy/maxClockSkew";
            found_if(idp.value(at) == 0, || idp.shows(at))
        },
    },
    Rule {
        id: "claims-on-manual-certificate",
        family: Family::Federation,
        severity: Severity::Medium,
        title: "Claims are shared, and the source's custom domain has a certificate of its own",
        why: "Then the target silently does not take the source's claims, and people are asked for a second factor twice.",
        source: "Claims sharing guide: trustClaims needs an Okta-managed certificate on a custom domain",
        remedy: "Let Okta manage the certificate of the source's custom domain.",
        reads: &[&apps::LIST, &apps::METADATA, &idps::LIST, &domains::LIST],
        judge: |look| {
            let idp = look.idp()?;
            if idp.value("/policy/trustClaims") != true {
                return Err(Stop::not_here("claims are not shared"));
            }
            let own = look.pair().source.url.host();
            let mut all = look.source(domains::all())?.list("/domains");
            all.retain(|one| !one.is("/domain", own) && one.is("/certificateSourceType", "MANUAL"));
            Ok(all.iter().map(|one| one.shows("/domain")).collect())
        },
    },
    Rule {
        id: "oidc-unfinished",
        family: Family::Federation,
        severity: Severity::High,
        title: "The app signs in by OpenID Connect and does not name an identity provider",
        why: "The federation was begun and not finished: nobody arrives.",
        source: "Org2Org by OpenID Connect: settings.app.idpId",
        remedy: "Enter the id of the target's Okta Integration IdP in the app.",
        reads: &[&apps::LIST, &idps::LIST],
        judge: |look| {
            let app = look.oidc_app()?;
            let at = "/settings/app/idpId";
            let known = look.idps()?.iter().any(|idp| idp.is("/id", app.text(at)));
            found_if(!known, || app.shows(at))
        },
    },
    Rule {
        id: "oidc-other-client",
        family: Family::Federation,
        severity: Severity::High,
        title: "The Okta Integration IdP does not have the app as its client",
        why: "A placeholder was never replaced, or another app was meant: the source refuses the sign-in.",
        source: "Org2Org by OpenID Connect: the client id is the id of the app",
        remedy: "Set the Client ID of the identity provider to the app's id.",
        reads: &[&apps::LIST, &idps::LIST],
        judge: |look| {
            let (app, idp) = (look.oidc_app()?, look.idp()?);
            found_if(!idp.is(CLIENT, app.id()), || idp.shows(CLIENT))
        },
    },
    Rule {
        id: "oidc-other-org",
        family: Family::Federation,
        severity: Severity::High,
        title: "The Okta Integration IdP points to another org than the source",
        why: "People are sent to an org that does not know them.",
        source: "Identity Providers API: protocol.oktaIdpOrgUrl",
        remedy: "Set Okta IdP Org URL to the source's address.",
        reads: &[&apps::LIST, &idps::LIST],
        judge: |look| {
            look.oidc_app()?;
            let idp = look.idp()?;
            let at = "/protocol/oktaIdpOrgUrl";
            found_if(!is_at(&look.pair().source.url, idp.text(at)), || {
                idp.shows(at)
            })
        },
    },
    Rule {
        id: "oidc-into-classic",
        family: Family::Federation,
        severity: Severity::High,
        title: "The target is a Classic org and people sign in by OpenID Connect",
        why: "A Classic target does not ask its own second factor of people who come this way.",
        source: "Secure API connections between orgs: limits of OpenID Connect; org metadata: pipeline",
        remedy: "Use SAML 2.0, or move the target to Identity Engine.",
        reads: &[&apps::LIST, &org::WELL_KNOWN],
        judge: |look| {
            look.oidc_app()?;
            let org = look.target_org()?;
            found_if(org.is("/pipeline", "v1"), || org.shows("/pipeline"))
        },
    },
];

//! The target's side of the link: the identity provider, and whom it takes.

use serde_json::Value as Json;

use super::app::{CERTIFICATE, ISSUER, SSO_URL, one_line};
use super::group::{GROUP_NAME, SOURCE_GROUP};
use super::people::everyone;
use crate::console;
use crate::explain::is_hidden;
use crate::facts::{Derive, Fact, Facts, Missing};
use crate::json::json;
use crate::map::sorted;
use crate::okta::answer::text;
use crate::okta::{Answer, idps};
use crate::procedures::shared::{differing, several, wished};
use crate::run::Wish;
use crate::run::step::{Click, Finding, Side, Step};

/// Id of the certificate in the target.
pub static IDP_KID: Fact = Fact::one("idp-kid", "Certificate in the target");
/// Id of the IdP in the target.
pub static IDP: Fact = Fact::one("idp", "Identity provider");
/// Where the target takes assertions of this IdP.
pub static ACS_URL: Fact = Fact::one("acs-url", "Assertion Consumer Service URL");
/// The audience that Okta chose for the IdP.
pub static AUDIENCE: Fact = Fact::one("audience", "Audience URI");
pub(in crate::procedures) static IDP_NAME: Fact =
    wished("idp-name", "the name", |f| Ok(f.wish().idp_name.clone()));
pub(in crate::procedures) static NO_MATCH: Fact = wished(
    "no-match",
    "what is wished for people without an account",
    |f| {
        let choice = match f.wish().makes_accounts_at_sign_in() {
            true => "Create new user (JIT)",
            false => "Redirect to Okta sign-in page",
        };
        Ok(choice.to_owned())
    },
);
pub(in crate::procedures) static GROUP_OF_NEW: Fact =
    wished("group-of-new", "the group of new people", |f| {
        Ok(match f.wish().makes_accounts_at_sign_in() {
            true => f.wish().group_name.clone(),
            false => "None".to_owned(),
        })
    });
static USERNAME_FILTER: Fact = Fact::one("username-filter", "the user names of the source")
    .derived(Derive {
        from: &[],
        with: username_filter,
    });

/// The certificate by which the IdP knows the source.
pub(super) const KEY: Step = Step {
    id: "idp-certificate",
    title: "Give the target the app's certificate",
    why: "With it the target checks that an assertion really comes from the source.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Security > Identity Providers, click *Add identity provider*, choose *SAML 2.0 IdP* and click *Next*",
            Some("Add identity provider"),
        ),
        Click::Fill("IdP Signature Certificate", &CERTIFICATE),
        Click::Do(
            "Leave this form open: the next step fills the rest of it",
            None,
        ),
    ],
    covers: &["FED-10"],
    source: "Identity Provider Keys API: create a key",
    when: Wish::by_saml,
    over: &[],
    needs: &[&CERTIFICATE],
    gives: &[&IDP_KID],
    after: &["not-an-admin"],
    probe: |_| Ok(idps::keys()),
    read: read_key,
    write: Some(|f, _| Ok(idps::add_key(&f.text(&CERTIFICATE)?))),
    undo: Some(|made, _| {
        made.id
            .map(|kid| vec![idps::delete_key(kid)])
            .unwrap_or_default()
    }),
};

/// The IdP itself.
pub(super) const CREATE: Step = Step {
    id: "idp",
    title: "Create the identity provider",
    why: "It is the target's side of the link: it says whom the source may sign in, and as whom.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Go on in the form that took the certificate; *Add identity provider*, *SAML 2.0 IdP* and *Next* open it anew",
            Some("Add identity provider"),
        ),
        Click::Fill("Name", &IDP_NAME),
        Click::Set("IdP Usage", "SSO only"),
        Click::Set("IdP Username", "idpuser.subjectNameId"),
        Click::Fill("Filter", &USERNAME_FILTER),
        Click::Set("Match against", "Okta Username"),
        Click::Set("Account Link Policy", "Enable automatic linking"),
        Click::Choose("Auto-Link filters", &GROUP_NAME),
        Click::Set("Exclude admins", "on"),
        Click::Choose("If no match is found", &NO_MATCH),
        Click::Set("Profile Source", "off"),
        Click::Choose("Group Assignments", &GROUP_OF_NEW),
        Click::Fill("IdP Issuer URI", &ISSUER),
        Click::Fill("IdP Single Sign-On URL", &SSO_URL),
        Click::Do("Click *Finish*", Some("Finish")),
    ],
    covers: &["FED-10"],
    source: "Identity Providers API: create a SAML 2.0 IdP",
    when: Wish::by_saml,
    over: &[],
    needs: &[&ISSUER, &SSO_URL, &IDP_KID, &SOURCE_GROUP, &USERNAME_FILTER],
    gives: &[&IDP, &ACS_URL, &AUDIENCE],
    after: &["not-an-admin", "group-member"],
    probe: |_| Ok(idps::saml()),
    read: read_idp,
    write: Some(|f, _| {
        Ok(idps::create_saml(&idps::Saml {
            name: &f.wish().idp_name,
            issuer: &f.text(&ISSUER)?,
            sso_url: &f.text(&SSO_URL)?,
            kid: &f.text(&IDP_KID)?,
            username_filter: &f.text(&USERNAME_FILTER)?,
            group: &f.text(&SOURCE_GROUP)?,
            jit: f.wish().makes_accounts_at_sign_in(),
        }))
    }),
    undo: Some(|made, _| made.id.map(idps::remove).unwrap_or_default()),
};

/// Longest filter that an IdP takes.
const LONGEST_FILTER: usize = 1024;

/// A regular expression that the user names of these people match: any name in one of their
/// domains, or one of the names without a domain.
fn username_filter(f: &Facts<'_>) -> Result<String, Missing> {
    let people = everyone(f)?;
    let mut domains: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for person in &people {
        let login = person.name.to_ascii_lowercase();
        match login.rsplit_once('@') {
            Some((_, domain)) => domains.push(literal(domain)?),
            None => names.push(literal(&login)?),
        }
    }
    let (domains, mut ways) = (sorted(domains), sorted(names));
    if !domains.is_empty() {
        ways.insert(0, format!("[^@\\s]+@(?:{})", domains.join("|")));
    }
    let filter = format!("^(?:{})$", ways.join("|"));
    match (people.is_empty(), filter.len() <= LONGEST_FILTER) {
        (true, _) => Err(Missing::Unusable(
            "nobody could sign in: choose people, or a group that has members".into(),
        )),
        (_, false) => Err(Missing::Unusable(
            "these people have too many domains for one filter (1024 characters)".into(),
        )),
        _ => Ok(filter),
    }
}

/// A part of a user name as it stands in a regular expression.
fn literal(part: &str) -> Result<String, Missing> {
    // Outside ASCII nothing has a meaning of its own in a regular expression.
    let foreign = |c: char| !c.is_ascii() && !c.is_whitespace() && !is_hidden(c);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || foreign(c);
    if part.is_empty() || !part.chars().all(plain) {
        let seen = crate::explain::seen(part);
        return Err(Missing::Unusable(format!(
            "`{seen}` in a user name cannot stand in a filter"
        )));
    }
    Ok(part.replace('.', "\\."))
}

fn read_key(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let certificate = f.text(&CERTIFICATE)?;
    let same = |key: &&Json| text(key, "/x5c/0").is_ok_and(|seen| one_line(seen) == certificate);
    let found: Vec<&Json> = answer.items().iter().filter(same).collect();
    match found.as_slice() {
        [] => Ok(Finding::Unmet),
        [key] => Ok(Finding::met(key).giving(&IDP_KID, text(key, "/kid")?)),
        many => Ok(several(many, "/kid")),
    }
}

fn read_idp(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let issuer = f.text(&ISSUER)?;
    let trusts = |idp: &&Json| text(idp, "/protocol/credentials/trust/issuer") == Ok(&issuer);
    let found: Vec<&Json> = answer.items().iter().filter(trusts).collect();
    match found.as_slice() {
        [] => {
            let name = &f.wish().idp_name;
            let taken = answer
                .items()
                .iter()
                .any(|idp| text(idp, "/name") == Ok(name));
            Ok(match taken {
                true => Finding::Blocked {
                    why: format!("an IdP named `{name}` trusts another issuer"),
                    who: "you: choose another name".into(),
                },
                false => Finding::Unmet,
            })
        }
        [idp] => read_one_idp(idp, f),
        many => Ok(several(many, "/name")),
    }
}

fn read_one_idp(idp: &Json, f: &Facts<'_>) -> Result<Finding, Missing> {
    let group = f.text(&SOURCE_GROUP)?;
    let provisioning = if f.wish().makes_accounts_at_sign_in() {
        "AUTO"
    } else {
        "DISABLED"
    };
    let mut wanted = vec![
        ("/status", json!("ACTIVE")),
        ("/protocol/endpoints/sso/url", json!(f.text(&SSO_URL)?)),
        ("/protocol/credentials/trust/kid", json!(f.text(&IDP_KID)?)),
        ("/policy/accountLink/action", json!("AUTO")),
        (
            "/policy/accountLink/filter/groups/include",
            json!([group.as_str()]),
        ),
        (
            "/policy/accountLink/filter/users/excludeAdmins",
            json!(true),
        ),
        ("/policy/provisioning/action", json!(provisioning)),
        ("/policy/provisioning/profileMaster", json!(false)),
        ("/policy/subject/filter", json!(f.text(&USERNAME_FILTER)?)),
        ("/policy/subject/matchType", json!("USERNAME")),
    ];
    if f.wish().makes_accounts_at_sign_in() {
        // Whoever is made at a sign-in must be in the group that opens the apps.
        wanted.push(("/policy/provisioning/groups/assignments", json!([group])));
    }
    if let Some(differs) = differing(idp, &wanted) {
        return Ok(differs);
    }
    let acs = text(idp, "/_links/acs/href")?;
    f.target()
        .owns(acs)
        .map_err(|error| Missing::Unusable(error.to_string()))?;
    Ok(Finding::met(idp)
        .giving(&IDP, text(idp, "/id")?)
        .giving(&ACS_URL, acs)
        .giving(
            &AUDIENCE,
            text(idp, "/protocol/credentials/trust/audience")?,
        ))
}

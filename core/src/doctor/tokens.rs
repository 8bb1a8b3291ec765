//! API tokens of the target, and who owns them.

use super::look::{Look, Object, Stop, found_if};
use super::time::{days_left, moment};
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, api_tokens, apps, connections, users};

const TOKENS: &[&ReadOp] = &[&apps::LIST, &connections::READ, &api_tokens::LIST];
/// Tokens that end sooner are told; each use gives thirty days more.
const SOON_DAYS: u64 = 7;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "token-owner-gone",
        family: Family::Tokens,
        severity: Severity::High,
        title: "The owner of the token is not active",
        why: "The token ends with its owner: pushes fail.",
        source: "API Tokens API: userId; Users API: status",
        remedy: "Move to OAuth 2.0, or create a token as an admin who stays.",
        reads: &[
            &apps::LIST,
            &connections::READ,
            &api_tokens::LIST,
            &users::FIND,
        ],
        judge: |look| {
            let token = token(look)?;
            let owner = look.target(users::find(token.text("/userId")))?;
            found_if(!owner.is_active(), || owner.shows("/status"))
        },
    },
    Rule {
        id: "token-owner-not-super",
        family: Family::Tokens,
        severity: Severity::High,
        title: "The owner of the token is no super admin",
        why: "Such a token passes the test of the credentials and fails when people are assigned; another article names smaller roles, so nothing less is promised.",
        source: "Okta support: permissions of the API token for Org2Org; User Role Assignments API",
        remedy: "Move to OAuth 2.0, where smaller roles are enough; or create the token as a super admin who stays.",
        reads: &[
            &apps::LIST,
            &connections::READ,
            &api_tokens::LIST,
            &users::ROLES,
        ],
        judge: |look| {
            let token = token(look)?;
            let roles = look.target(users::roles(token.text("/userId")))?;
            let all = roles.items();
            let is_super = |role: &Object<'_>| {
                role.is("/type", "SUPER_ADMIN") && !role.is("/status", "INACTIVE")
            };
            found_if(!all.iter().any(is_super), || {
                let kinds: Vec<&str> = all.iter().map(|role| role.text("/type")).collect();
                roles.says("", format!("roles: {}", kinds.join(", ")))
            })
        },
    },
    Rule {
        id: "token-ends",
        family: Family::Tokens,
        severity: Severity::High,
        title: "The token ends within a week",
        why: "It was not used for weeks: most likely nothing is pushed any more.",
        source: "API Tokens API: expiresAt; tokens end after 30 days without use",
        remedy: "Find out why nothing is pushed; move to OAuth 2.0.",
        reads: TOKENS,
        judge: |look| {
            let token = token(look)?;
            let then = moment(token.text("/expiresAt"))
                .ok_or_else(|| Stop::Unknown("the token does not say when it ends".to_owned()))?;
            let soon = days_left(look.now(), then).is_none_or(|days| days < SOON_DAYS);
            found_if(soon, || token.shows("/expiresAt"))
        },
    },
    Rule {
        id: "token-from-zones",
        family: Family::Tokens,
        severity: Severity::Medium,
        title: "The token works from some network zones only",
        why: "Pushes come from Okta's own addresses: where they are not among the zones, every push is refused.",
        source: "API Tokens API: network",
        remedy: "Make sure that the zones hold Okta's addresses, or let the token work from anywhere.",
        reads: TOKENS,
        judge: |look| {
            let token = token(look)?;
            let at = "/network/connection";
            found_if(!["", "ANYWHERE"].contains(&token.text(at)), || {
                token.shows(at)
            })
        },
    },
    Rule {
        id: "token-left-over",
        family: Family::Tokens,
        severity: Severity::Medium,
        title: "A token for Org2Org is left over",
        why: "The connection uses OAuth 2.0 now, and the old token still has all rights of its owner.",
        source: "Secure API connections between orgs: from token to OAuth 2.0, last step; API Tokens API",
        remedy: "When a push has arrived, revoke the token in the target under Security > API > Tokens.",
        reads: TOKENS,
        judge: |look| {
            look.oauth()?;
            let found = ours(look)?;
            Ok(found.iter().map(|token| token.shows("/id")).collect())
        },
    },
];

/// The tokens whose name says that they are for Org2Org. Which token a connection uses is told nowhere.
fn ours<'a>(look: &Look<'a>) -> Result<Vec<Object<'a>>, Stop> {
    let mut all = look.target(api_tokens::all())?.items();
    all.retain(|token| {
        let name = token.text("/name").to_ascii_lowercase();
        name.replace(['-', '_', ' '], "").contains("org2org")
    });
    Ok(all)
}

/// The token of the connection.
fn token<'a>(look: &Look<'a>) -> Result<Object<'a>, Stop> {
    look.by_token()?;
    let mut all = ours(look)?;
    match (all.pop(), all.len()) {
        (Some(token), 0) => Ok(token),
        (None, _) => Err(Stop::Unknown(
            "no token of the target has Org2Org in its name, and the API does not tell which one the connection uses".to_owned(),
        )),
        (_, more) => Err(Stop::Unknown(format!(
            "{} tokens of the target have Org2Org in their name, and the API does not tell which one the connection uses",
            more + 1
        ))),
    }
}

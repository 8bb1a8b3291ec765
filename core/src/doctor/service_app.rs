//! The client that acts for the source: what it is, and what it may do.

use super::look::{Look, Object, found_if};
use super::places::CLIENT_ID_AT;
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, apps, clients, connections, grants, group_push};
use crate::rights::{GROUPS, NARROW, USERS, is_wide, reach};

const CLIENT: &[&ReadOp] = &[&apps::LIST, &connections::READ];
const ROLES: &[&ReadOp] = &[&apps::LIST, &connections::READ, &clients::ROLES];
const GRANTS: &[&ReadOp] = &[&apps::LIST, &connections::READ, &grants::LIST];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "client-missing",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "The client that the connection names is not in the target",
        why: "It was deleted, or its id was mistyped: every push is refused.",
        source: "Application Connections API: profile.clientId; Applications API: client_id",
        remedy: "Copy the Client ID of the target's service app into the connection, or plan the procedures, which create one.",
        reads: CLIENT,
        judge: |look| {
            let (connection, client) = (look.oauth()?, look.client_of_connection()?);
            found_if(client.is_none(), || connection.shows("/profile/clientId"))
        },
    },
    Rule {
        id: "client-inactive",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "The service app is not active",
        why: "Every push is refused.",
        source: "Applications API: status of an app",
        remedy: "Activate the service app, after reading why it was switched off.",
        reads: CLIENT,
        judge: |look| {
            let client = look.client()?;
            found_if(!client.is_active(), || client.shows("/status"))
        },
    },
    Rule {
        id: "client-not-a-service",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "The client is not a service app for client credentials",
        why: "The target gives it no token.",
        source: "Applications API: application_type, grant_types",
        remedy: "Create a service app (API Services) and name it in the connection.",
        reads: CLIENT,
        judge: |look| {
            let client = look.client()?;
            let kind = "/settings/oauthClient/application_type";
            let grants = "/settings/oauthClient/grant_types";
            let service = client.is(kind, "service");
            let credentials = client.texts(grants).contains(&"client_credentials");
            Ok([(service, kind), (credentials, grants)]
                .into_iter()
                .filter(|(good, _)| !good)
                .map(|(_, at)| client.shows(at))
                .collect())
        },
    },
    Rule {
        id: "client-by-secret",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "The client does not prove itself by key",
        why: "The org authorization server takes nothing but a key from a client that wants API scopes.",
        source: "Okta support: client credentials must use private_key_jwt",
        remedy: "Set Client authentication to Public key / Private key.",
        reads: CLIENT,
        judge: |look| {
            let client = look.client()?;
            let at = "/credentials/oauthClient/token_endpoint_auth_method";
            found_if(!client.is(at, "private_key_jwt"), || client.shows(at))
        },
    },
    Rule {
        id: "dpop-off",
        family: Family::ServiceApp,
        severity: Severity::Medium,
        title: "Tokens of the client are not bound to its key (DPoP is off)",
        why: "A stolen token works for whoever has it.",
        source: "Secure API connections between orgs: dpop_bound_access_tokens",
        remedy: "Turn \"Require Demonstrating Proof of Possession (DPoP) header in token requests\" on; Org2Org sends it.",
        reads: CLIENT,
        judge: |look| {
            let client = look.client()?;
            let at = "/settings/oauthClient/dpop_bound_access_tokens";
            found_if(client.value(at) != true, || client.shows(at))
        },
    },
    Rule {
        id: "role-missing",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "The service app has no role over users",
        why: "Scopes alone are not enough: every push is refused, or answered as if nobody were there.",
        source: "Okta support: 403 with Org2Org provisioning by OAuth; Role Assignment Client API",
        remedy: "Give it Group Administrator (USER_ADMIN), or plan the procedures, which do.",
        reads: ROLES,
        judge: |look| {
            let (roles, answer) = roles(look)?;
            let covers = |role: &Object<'_>| reach(role.text("/type")).users;
            found_if(!roles.iter().any(covers), || answer.says("", kinds(&roles)))
        },
    },
    Rule {
        id: "membership-role-missing",
        family: Family::ServiceApp,
        severity: Severity::Medium,
        title: "The service app may not change who is in a group",
        why: "Okta's documents ask for this role beside the one over users; without it pushed groups stay empty.",
        source: "Secure API connections between orgs: GROUP_MEMBERSHIP_ADMIN; the help page for automatic rotation says Organization Administrator",
        remedy: "Give it Group Membership Administrator as well.",
        reads: ROLES,
        judge: |look| {
            let (roles, answer) = roles(look)?;
            let covers = |role: &Object<'_>| reach(role.text("/type")).members;
            found_if(!roles.iter().any(covers), || answer.says("", kinds(&roles)))
        },
    },
    Rule {
        id: "role-inactive",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "A role of the service app is not active",
        why: "It counts as if it were not there.",
        source: "Role Assignment Client API: status",
        remedy: "Take the role away and give it again.",
        reads: ROLES,
        judge: |look| {
            let (mut roles, _) = roles(look)?;
            roles.retain(|role| role.is("/status", "INACTIVE"));
            Ok(roles.iter().map(|role| role.shows("/status")).collect())
        },
    },
    Rule {
        id: "super-admin-client",
        family: Family::ServiceApp,
        severity: Severity::Critical,
        title: "The service app is a super admin",
        why: "Whoever holds the source's key owns the target.",
        source: "Standard administrator roles; Secure API connections between orgs names far smaller roles",
        remedy: NARROW,
        reads: ROLES,
        judge: |look| {
            let (mut roles, _) = roles(look)?;
            roles.retain(|role| role.is("/type", "SUPER_ADMIN"));
            Ok(roles.iter().map(|role| role.shows("/type")).collect())
        },
    },
    Rule {
        id: "role-too-wide",
        family: Family::ServiceApp,
        severity: Severity::Medium,
        title: "The service app holds a wider role than pushing needs",
        why: "Okta's help page for automatic rotation says Organization Administrator; Okta's developer guide pushes with two smaller roles.",
        source: "Org2Org help page, automatic rotation; Secure API connections between orgs: roles",
        remedy: NARROW,
        reads: ROLES,
        judge: |look| {
            let (mut roles, _) = roles(look)?;
            roles.retain(|role| {
                let kind = role.text("/type");
                reach(kind).wide && kind != "SUPER_ADMIN"
            });
            Ok(roles.iter().map(|role| role.shows("/type")).collect())
        },
    },
    Rule {
        id: "no-right-to-make-groups",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "Groups are pushed, and the service app may not make groups",
        why: "Neither Group Administrator nor Group Membership Administrator can create a group: the push ends in 403.",
        source: "Standard administrator roles: create groups; Okta support: 403 at group push",
        remedy: "Give it a custom role with Create groups over all groups, or make the groups in the target beforehand and link them.",
        reads: &[
            &apps::LIST,
            &connections::READ,
            &clients::ROLES,
            &group_push::LIST,
        ],
        judge: |look| {
            look.oauth()?;
            look.pushes()?;
            let (roles, answer) = roles(look)?;
            let covers = |role: &Object<'_>| reach(role.text("/type")).groups;
            found_if(!roles.iter().any(covers), || answer.says("", kinds(&roles)))
        },
    },
    Rule {
        id: "users-scope-missing",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "The service app is not granted okta.users.manage",
        why: "Its tokens may not touch a single account.",
        source: "Application Grants API: list grants",
        remedy: "Grant the scope, or plan the procedures, which do.",
        reads: GRANTS,
        judge: |look| {
            let (grants, answer) = granted(look)?;
            found_if(!holds(&grants, USERS), || answer.says("", scopes(&grants)))
        },
    },
    Rule {
        id: "groups-scope-missing",
        family: Family::ServiceApp,
        severity: Severity::Medium,
        title: "The service app is not granted okta.groups.manage",
        why: "The help page wants it for group push only; the developer guide says that it is needed in any case.",
        source: "Org2Org help page, scopes; Secure API connections between orgs: scopes",
        remedy: "Grant the scope, or plan the procedures, which do.",
        reads: GRANTS,
        judge: |look| {
            let (grants, answer) = granted(look)?;
            found_if(!holds(&grants, GROUPS), || answer.says("", scopes(&grants)))
        },
    },
    Rule {
        id: "scope-too-wide",
        family: Family::ServiceApp,
        severity: Severity::Medium,
        title: "The service app is granted scopes that pushing does not need",
        why: "Whoever holds the source's key can do all of this in the target.",
        source: "Secure API connections between orgs: okta.users.manage and okta.groups.manage",
        remedy: "Find out who asked for the scope, then revoke it.",
        reads: GRANTS,
        judge: |look| {
            let (mut grants, _) = granted(look)?;
            grants.retain(|grant| is_wide(grant.text("/scopeId")));
            Ok(grants.iter().map(|grant| grant.shows("/scopeId")).collect())
        },
    },
    Rule {
        id: "grant-of-other-issuer",
        family: Family::ServiceApp,
        severity: Severity::Medium,
        title: "A scope is granted for another issuer than the target itself",
        why: "The token that the source asks for does not carry it.",
        source: "Application Grants API: issuer of a grant",
        remedy: "Grant the scope anew for the org's own authorization server.",
        reads: GRANTS,
        judge: |look| {
            let (mut grants, _) = granted(look)?;
            let target = &look.pair().target.url;
            grants.retain(|grant| {
                let issuer = grant.text("/issuer").trim_end_matches('/');
                target.map_to_org_host(issuer) != target.base()
            });
            Ok(grants.iter().map(|grant| grant.shows("/issuer")).collect())
        },
    },
    Rule {
        id: "client-of-several",
        family: Family::ServiceApp,
        severity: Severity::High,
        title: "Several service apps of the target use the same keys of the source",
        why: "One key opens several clients: taking one away leaves the other open.",
        source: "Secure API connections between orgs: one service app for each source",
        remedy: "Keep the one that the connection names; deactivate the others.",
        reads: CLIENT,
        judge: |look| {
            let client = look.client()?;
            let at = "/settings/oauthClient/jwks_uri";
            let mut same = look.target_apps()?;
            same.retain(|one| {
                !client.is(at, "")
                    && one.is(at, client.text(at))
                    && one.text(CLIENT_ID_AT) != client.text(CLIENT_ID_AT)
            });
            Ok(same.iter().map(|one| one.shows("/label")).collect())
        },
    },
];

fn roles<'a>(look: &Look<'a>) -> Result<(Vec<Object<'a>>, Object<'a>), super::Stop> {
    let client = look.client()?;
    let answer = look.target(clients::roles(client.text(CLIENT_ID_AT)))?;
    Ok((answer.items(), answer))
}

fn granted<'a>(look: &Look<'a>) -> Result<(Vec<Object<'a>>, Object<'a>), super::Stop> {
    let answer = look.target(grants::of(look.client()?.id()))?;
    Ok((answer.items(), answer))
}

fn holds(grants: &[Object<'_>], scope: &str) -> bool {
    let good = |grant: &&Object<'_>| !grant.is("/status", "INACTIVE");
    let mut active = grants.iter().filter(good);
    active.any(|grant| grant.is("/scopeId", scope))
}

fn kinds(roles: &[Object<'_>]) -> String {
    told("roles", roles, "/type")
}

fn scopes(grants: &[Object<'_>]) -> String {
    told("scopes", grants, "/scopeId")
}

fn told(what: &str, all: &[Object<'_>], at: &str) -> String {
    let names: Vec<&str> = all.iter().map(|one| one.text(at)).collect();
    match names.is_empty() {
        true => format!("no {what}"),
        false => format!("{what}: {}", names.join(", ")),
    }
}

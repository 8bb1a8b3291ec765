//! What goes wrong with Org2Org, and which rule sees it or why none can.

use std::collections::BTreeSet;

use org2org_core::doctor::rules;

/// What becomes of a pitfall.
enum Seen {
    /// By these rules.
    By(&'static [&'static str]),
    /// By none, and why.
    Not(&'static str),
}
use Seen::{By, Not};

/// Pitfalls by where they are told: the number of a row of admins' complaints, or the part of the link they belong to.
const PITFALLS: &[(&str, &str, Seen)] = &[
    (
        "1",
        "source and target swapped",
        By(&["no-app-for-target", "points-to-itself"]),
    ),
    (
        "2",
        "what the initial status means",
        By(&[
            "initial-status-unset",
            "initial-status-mails",
            "initial-status-on-update",
            "initial-status-pending",
        ]),
    ),
    (
        "3",
        "an initial status that is none, and people left behind by it",
        By(&[
            "initial-status-invalid",
            "assigned-before-provisioning",
            "push-failed",
            "group-sets-initial-status",
        ]),
    ),
    (
        "4",
        "staged people cannot reset a password",
        By(&["initial-status-pending", "account-not-active"]),
    ),
    (
        "5",
        "passwords to federated people, and password rules that differ",
        By(&["password-to-federated"]),
    ),
    (
        "6",
        "sign-in makes or masters accounts that are pushed",
        By(&[
            "sign-in-takes-over",
            "profile-source-twice",
            "new-accounts-without-group",
        ]),
    ),
    (
        "7",
        "user names from mail, from the wrong object, or held by somebody switched off",
        By(&[
            "user-name-not-login",
            "name-from-mail",
            "import-name-of-the-app",
            "name-taken-in-target",
            "names-differ-by-case",
        ]),
    ),
    (
        "8",
        "self-service registration makes mail addresses unique",
        Not("the setting has no public API; what comes of it is a failed push"),
    ),
    (
        "9",
        "what deactivating, suspending and reactivating does",
        By(&[
            "unassigning-deactivates",
            "deactivate-before-arrival",
            "sign-in-brings-back",
            "account-not-active",
            "assignment-suspended",
        ]),
    ),
    (
        "10",
        "a person sourced by this app and a directory at once",
        Not("who sources a person is told one by one, at a read for each person"),
    ),
    (
        "11",
        "group push refused for want of a right",
        By(&[
            "no-right-to-make-groups",
            "group-push-failed",
            "membership-role-missing",
        ]),
    ),
    (
        "12",
        "pushed groups without members, stuck, doubled or renamed",
        By(&[
            "pushed-group-assigns",
            "group-push-inactive",
            "group-never-pushed",
            "two-groups-into-one",
            "push-without-provisioning",
        ]),
    ),
    (
        "13",
        "group push by hand-written scripts",
        Not("how a mapping was made is not told by any answer"),
    ),
    (
        "14",
        "tokens of lesser admins",
        By(&[
            "token-owner-not-super",
            "token-owner-gone",
            "connection-by-token",
            "token-from-zones",
        ]),
    ),
    (
        "15",
        "scopes without a role, or a role without scopes",
        By(&[
            "role-missing",
            "role-inactive",
            "users-scope-missing",
            "groups-scope-missing",
            "grant-of-other-issuer",
        ]),
    ),
    ("16", "DPoP switched off", By(&["dpop-off"])),
    (
        "17",
        "keys made on other people's pages",
        By(&["keys-fetched-elsewhere", "client-key-short"]),
    ),
    (
        "18",
        "rotation without overlap",
        By(&[
            "keys-kept-while-rotating",
            "client-key-missing",
            "client-key-other",
            "client-key-inactive",
            "old-client-keys",
            "rotation-by-hand",
            "rotation-left-open",
        ]),
    ),
    (
        "19",
        "Org2Org in Terraform",
        Not("nothing in the orgs is wrong by it"),
    ),
    (
        "20",
        "sign-on details carried over by hand",
        By(&[
            "issuer-differs",
            "sso-url-differs",
            "acs-missing",
            "acs-differs",
            "audience-differs",
            "acs-and-audience-swapped",
        ]),
    ),
    (
        "21",
        "tools that use up the limits",
        By(&["limit-nearly-used", "calls-put-off", "too-many-at-once"]),
    ),
    (
        "22",
        "large pushes against the limits",
        By(&["limit-nearly-used", "push-waits"]),
    ),
    (
        "23",
        "deep links that end on the dashboard",
        By(&[
            "bookmark-without-relay-state",
            "bookmark-embed-link-alone",
            "bookmark-breaks",
            "bookmark-other-app",
            "bookmark-other-target",
            "bookmark-app-gone",
        ]),
    ),
    (
        "24",
        "command line tools behind two orgs",
        Not("they are set up outside of Okta"),
    ),
    (
        "25",
        "a second factor asked for twice",
        By(&["claims-on-manual-certificate", "oidc-into-classic"]),
    ),
    (
        "26",
        "custom domains",
        By(&[
            "acs-on-foreign-host",
            "claims-on-manual-certificate",
            "base-url-not-org-host",
        ]),
    ),
    (
        "27",
        "custom attributes mapped in the wrong order",
        By(&["required-attribute-unmapped", "several-mappings"]),
    ),
    (
        "28",
        "an import that stops all imports",
        By(&[
            "import-scheduled",
            "import-makes-people",
            "import-guesses-people",
        ]),
    ),
    (
        "29",
        "CSV files that are refused",
        Not("files are checked by `org2org users check`; an org does not keep them"),
    ),
    (
        "30",
        "where an error can be seen",
        By(&[
            "push-failed",
            "out-of-sync",
            "group-push-failed",
            "account-gone",
        ]),
    ),
    (
        "31",
        "the order of routing rules",
        Not("rules of routing are not part of the link's own procedures"),
    ),
    (
        "32",
        "linking breaks the wall between tenants",
        By(&[
            "link-anybody",
            "link-admins",
            "no-username-filter",
            "match-by-mail",
            "admin-of-target-pushed",
            "account-taken-twice",
        ]),
    ),
    (
        "33",
        "handing values over to another company",
        Not("nothing in the orgs is wrong by it"),
    ),
    (
        "34",
        "projects of mergers",
        Not("a plan of work, not a state of the orgs"),
    ),
    (
        "35",
        "tools that cover Okta's own pages",
        Not("nothing in the orgs is wrong by it"),
    ),
    (
        "pair",
        "the same org twice",
        Not("such a pair is refused before anything is read"),
    ),
    (
        "pair",
        "preview and production mixed; several apps; an inactive one",
        By(&[
            "two-environments",
            "several-apps-for-target",
            "app-inactive",
        ]),
    ),
    (
        "federation",
        "app or identity provider missing, off, or in another mode",
        By(&["idp-missing", "idp-inactive", "sign-on-mode"]),
    ),
    (
        "federation",
        "OpenID Connect left unfinished",
        By(&["oidc-unfinished", "oidc-other-client", "oidc-other-org"]),
    ),
    (
        "federation",
        "sign-ins at the wrong identity provider, by weak signatures, or by clocks apart",
        By(&["issuer-twice", "sha-1", "no-clock-skew"]),
    ),
    (
        "federation",
        "just-in-time accounts switched off for the whole org",
        Not("the org's own switch has no public API"),
    ),
    (
        "federation",
        "an ended certificate, or another one than the app signs with",
        By(&[
            "certificate-differs",
            "certificate-ended",
            "certificate-ends-soon",
        ]),
    ),
    (
        "federation",
        "manual rotation of a key that signs assertions too",
        By(&["certificate-differs"]),
    ),
    (
        "bookmarks",
        "bookmarks that OpenID Connect cannot serve, or twice the same",
        By(&["bookmark-with-oidc", "bookmark-twice"]),
    ),
    (
        "bookmarks",
        "the app's own tile beside the bookmarks",
        Not("some orgs want that tile: whether it disturbs is taste"),
    ),
    (
        "bookmarks",
        "people who have the bookmark and not the app",
        Not("it costs a read for each bookmark and each of its groups"),
    ),
    (
        "service app",
        "the client gone, off, of another kind, or by secret",
        By(&[
            "client-missing",
            "client-inactive",
            "client-not-a-service",
            "client-by-secret",
            "client-key-without-use",
        ]),
    ),
    (
        "service app",
        "more rights than pushing needs",
        By(&["super-admin-client", "role-too-wide", "scope-too-wide"]),
    ),
    (
        "service app",
        "one client or one key for several sources",
        By(&["client-of-several"]),
    ),
    (
        "connection",
        "off, elsewhere, without keys, or alive behind an inactive app",
        By(&[
            "connection-off",
            "connection-elsewhere",
            "connection-without-keys",
            "inactive-app-still-pushes",
        ]),
    ),
    (
        "connection",
        "Test API Credentials proves little",
        Not("no answer tells whether somebody clicked it"),
    ),
    (
        "connection",
        "Import Groups off, so that groups cannot be linked",
        Not("the setting has no public API"),
    ),
    (
        "connection",
        "Prefer Username Over Email",
        Not("recorded answers never show it, so its absence says nothing"),
    ),
    (
        "features",
        "nothing created, nothing updated",
        By(&["create-off", "update-off"]),
    ),
    (
        "features",
        "the target sourcing the source's people",
        Not("PROFILE_MASTERING stands in recorded answers of sound apps as well"),
    ),
    (
        "assignments",
        "nobody has the app, or only empty groups",
        By(&["nobody-assigned", "groups-without-people"]),
    ),
    (
        "group push",
        "rules that push more than a hundred groups",
        Not("rules of group push have no public API"),
    ),
    (
        "group push",
        "a pushed group changed in the target",
        Not("only the target's System Log tells it, and only for a while"),
    ),
    (
        "tokens",
        "tokens that end, or are left over",
        By(&["token-ends", "token-left-over"]),
    ),
];

#[test]
fn every_pitfall_has_a_rule_or_a_reason() {
    let known: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    let mut named = BTreeSet::new();
    for (place, what, seen) in PITFALLS {
        match seen {
            By(ids) => {
                assert!(!ids.is_empty(), "{place}: {what}");
                for id in *ids {
                    assert!(known.contains(id), "{place}: `{id}` is no rule");
                    named.insert(*id);
                }
            }
            Not(why) => assert!(!why.is_empty(), "{place}: {what}"),
        }
    }
    let idle: Vec<&&str> = known.difference(&named).collect();
    assert!(idle.is_empty(), "rules against nothing: {idle:?}");
    for row in 1..=35 {
        let row = row.to_string();
        assert!(
            PITFALLS.iter().any(|(place, _, _)| *place == row),
            "row {row}"
        );
    }
}

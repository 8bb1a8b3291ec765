//! Failures of pushes and sign-ins that Okta's documents explain, one entry each.

/// A failure and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// Stable id.
    pub id: &'static str,
    /// Any of these stands in the event's type or reason, without regard to case.
    signs: &'static [&'static str],
    /// What it means.
    pub means: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// Who says so.
    pub source: &'static str,
}

/// The table; the first entry that fits counts.
pub const ALL: &[Known] = &[
    Known {
        id: "mastered-elsewhere",
        signs: &["mastered under another system"],
        means: "Something else owns the account's profile, such as the sign-in or a directory: a push may not change it.",
        remedy: "Turn off profile updates at the target's IdP, or disconnect the account from its directory; then push again.",
        source: "Okta support: user profile is mastered under another system",
    },
    Known {
        id: "sign-in-may-not-update",
        signs: &["user.lifecycle.jit.error.read_only"],
        means: "A sign-in tried to update a profile that is pushed.",
        remedy: "Turn off just-in-time updates at the target's IdP: the push keeps profiles alike.",
        source: "Okta event types: user.lifecycle.jit.error.read_only",
    },
    Known {
        id: "initial-status-mapped-wrong",
        signs: &["initialstatus"],
        means: "The mapping gives initialStatus something else than one of its four values.",
        remedy: "Set the mapping of initialStatus to one of the four, the same for all users.",
        source: "Okta support: invalid value for initialStatus, notOneOf",
    },
    Known {
        id: "proof-of-possession",
        signs: &["dpop"],
        means: "The target wants token requests that prove a key (DPoP), and this one did not as it should.",
        remedy: "Leave DPoP required at the service app and save the connection again; look at both clocks.",
        source: "Okta developer guide: configure DPoP",
    },
    Known {
        id: "client-not-known",
        signs: &["invalid_client"],
        means: "The target does not know the client, or not the key with which the source signs.",
        remedy: "Compare the client id of the connection and the keys of the service app: `org2org doctor` does.",
        source: "RFC 6749, section 5.2: invalid_client; Okta guide: Org2Org with OAuth 2.0",
    },
    Known {
        id: "scope-not-granted",
        signs: &["invalid_scope", "consent_required"],
        means: "The service app lacks a scope that the source asks for.",
        remedy: "Grant okta.users.manage, and okta.groups.manage where groups are pushed.",
        source: "RFC 6749, section 5.2: invalid_scope; Okta guide: Org2Org with OAuth 2.0",
    },
    Known {
        id: "token-not-valid",
        signs: &["e0000011", "invalid token"],
        means: "The target does not take the API token: it was revoked, ran out, or its owner is not active.",
        remedy: "Make a new token in the target and enter it in the connection, or change to OAuth 2.0.",
        source: "Okta error codes: E0000011",
    },
    Known {
        id: "no-right",
        signs: &["e0000006", "do not have permission", "403"],
        means: "Who pushes has no admin role that allows this: scopes alone are not enough.",
        remedy: "Give the service app the admin role for it; new groups need the right to create groups.",
        source: "Okta support: 403 error with Org2Org provisioning with OAuth",
    },
    Known {
        id: "too-many-calls",
        signs: &["e0000047", "rate_limit", "rate limit"],
        means: "An org put calls off because there were too many.",
        remedy: "Assign in waves; Okta tries again by itself.",
        source: "Okta error codes: E0000047; Okta rate limits",
    },
    Known {
        id: "no-licence-left",
        signs: &["licenses available"],
        means: "The target has no licence left for one more person.",
        remedy: "Ask for more, or deactivate accounts nobody needs; then push again.",
        source: "Admins' reports of Org2Org tasks",
    },
    Known {
        id: "user-name-taken",
        signs: &["already exists"],
        means: "Another account of the target, perhaps a deactivated one, has that user name.",
        remedy: "Find it in the target; make sure whose it is before you link or rename.",
        source: "Okta error codes: E0000001, field must be unique",
    },
    Known {
        id: "password-refused",
        signs: &["password requirements", "password policy"],
        means: "The password does not meet the target's policy.",
        remedy: "Make the target's password policy no stricter than the source's.",
        source: "Okta support: Org2Org password push fails",
    },
    Known {
        id: "account-gone",
        signs: &["e0000007", "not found"],
        means: "The account that the source knows is not in the target any more.",
        remedy: "Unassign and assign the person again, with Deactivate Users off.",
        source: "Okta error codes: E0000007",
    },
];

/// What is known of an event of this type that failed for this reason; of some types the event alone tells.
pub(super) fn of(kind: &str, failed: Option<&str>) -> Option<&'static Known> {
    let (kind, reason) = (kind.to_lowercase(), failed.map(str::to_lowercase));
    ALL.iter().find(|known| {
        known.signs.iter().any(|sign| {
            let told = reason.as_ref().is_some_and(|reason| reason.contains(sign));
            let by_kind = kind == *sign || (reason.is_some() && kind.contains(sign));
            told || by_kind
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_entry_is_whole_and_reached_by_each_of_its_signs() {
        let ids: BTreeSet<&str> = ALL.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for known in ALL {
            for text in [known.means, known.remedy, known.source] {
                assert!(text.len() > 10, "{}", known.id);
            }
            for sign in known.signs {
                assert_eq!(*sign, sign.to_lowercase(), "{}", known.id);
                let found = of("some.event", Some(&sign.to_uppercase()));
                assert_eq!(found.map(|one| one.id), Some(known.id), "{sign}");
            }
        }
    }

    #[test]
    fn what_did_not_fail_means_nothing() {
        assert_eq!(of("application.provision.user.push", None), None);
        assert_eq!(
            of("application.integration.rate_limit_exceeded", None),
            None
        );
        assert_eq!(of("some.event", Some("because")), None);
        let by_type = of("user.lifecycle.jit.error.read_only", None);
        assert_eq!(by_type.map(|one| one.id), Some("sign-in-may-not-update"));
    }
}

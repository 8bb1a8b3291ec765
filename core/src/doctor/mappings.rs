//! What pushed accounts are made of.

use super::look::{Object, Stop, found_if};
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, app_assignments, apps, connections, mappings};
use crate::run::InitialStatus;

const READS: &[&ReadOp] = &[
    &apps::LIST,
    &connections::READ,
    &mappings::LIST,
    &mappings::READ,
];
const STATUS: &str = "/properties/initialStatus/expression";
/// What the mapping of a new app says: the user's own attribute of that name, which is empty.
const UNTOUCHED: &str = "user.initialStatus";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "initial-status-unset",
        family: Family::Mappings,
        severity: Severity::Medium,
        title: "Nothing says what a pushed account starts as",
        why: "Whether people get a mail, and whether they can sign in, is then Okta's default and not a decision.",
        source: "Okta support: What do the Org2Org initial status options do; Profile Mappings API",
        remedy: "Plan the procedures: the step \"Say what becomes of a pushed account\" writes it.",
        reads: READS,
        judge: |look| {
            let mapping = look.mapping()?;
            let unset = ["", UNTOUCHED].contains(&mapping.text(STATUS));
            found_if(unset, || mapping.shows(STATUS))
        },
    },
    Rule {
        id: "initial-status-invalid",
        family: Family::Mappings,
        severity: Severity::High,
        title: "The initial status is none of the four that there are",
        why: "Every push fails with \"Invalid value for initialStatus\", and those people must be provisioned by hand.",
        source: "Okta support: Invalid value for initialStatus field (code notOneOf)",
        remedy: "Set one of active_with_pass, active_without_pass, pending_with_pass, pending_without_pass, in double quotes.",
        reads: READS,
        judge: |look| {
            let mapping = look.mapping()?;
            let seen = mapping.text(STATUS);
            // An expression that chooses among them is judged by its parts.
            let mut words = seen.split('"').skip(1).step_by(2).peekable();
            let literal = words.peek().is_some();
            let known = words.all(|word| InitialStatus::named(word).is_some());
            let unset = ["", UNTOUCHED].contains(&seen);
            found_if(!unset && (!literal || !known), || mapping.shows(STATUS))
        },
    },
    Rule {
        id: "initial-status-pending",
        family: Family::Mappings,
        severity: Severity::Medium,
        title: "Pushed accounts start as staged",
        why: "Nobody can sign in or reset a password until somebody activates them in the target.",
        source: "Okta support: initial status options; self-service reset of staged users",
        remedy: "Choose active_with_pass, unless somebody activates these accounts on purpose.",
        reads: READS,
        judge: |look| status_is(look.mapping()?, "pending_"),
    },
    Rule {
        id: "initial-status-mails",
        family: Family::Mappings,
        severity: Severity::Low,
        title: "Everybody who is pushed gets an activation mail",
        why: "People who sign in through the source need no password of the target and wonder about the mail.",
        source: "Okta support: initial status options: active_without_pass",
        remedy: "Choose active_with_pass where people sign in by federation.",
        reads: READS,
        judge: |look| status_is(look.mapping()?, "active_without_pass"),
    },
    Rule {
        id: "initial-status-on-update",
        family: Family::Mappings,
        severity: Severity::Low,
        title: "The initial status is applied at every update",
        why: "An account that the target's admins suspended or activated may be set back by a change of its profile.",
        source: "Profile Mappings API: pushStatus",
        remedy: "Apply it on create only.",
        reads: READS,
        judge: |look| {
            let mapping = look.mapping()?;
            let at = "/properties/initialStatus/pushStatus";
            let set = !["", UNTOUCHED].contains(&mapping.text(STATUS));
            found_if(set && mapping.is(at, "PUSH"), || mapping.shows(at))
        },
    },
    Rule {
        id: "required-attribute-unmapped",
        family: Family::Mappings,
        severity: Severity::High,
        title: "An attribute that every account needs is not mapped",
        why: "The target refuses an account without first name, last name or mail address.",
        source: "Profile Mappings API; Users API: required attributes",
        remedy: "Map the attribute from the user's own.",
        reads: READS,
        judge: |look| {
            let mapping = look.mapping()?;
            let needed = ["firstName", "lastName", "email"];
            let places = needed.map(|name| format!("/properties/{name}/expression"));
            let missing = places.into_iter().filter(|at| mapping.is(at, ""));
            Ok(missing.map(|at| mapping.shows(&at)).collect())
        },
    },
    Rule {
        id: "several-mappings",
        family: Family::Mappings,
        severity: Severity::Low,
        title: "Several user types are mapped to the app",
        why: "Only the first mapping was looked at; each of them has an initial status of its own.",
        source: "Profile Mappings API: one mapping for each user type",
        remedy: "Look at the mapping of every user type whose people get the app.",
        reads: &[&apps::LIST, &connections::READ, &mappings::LIST],
        judge: |look| {
            look.pushing()?;
            let all = look.source(mappings::into_app(look.app()?.id()))?;
            let count = all.items().len();
            found_if(count > 1, || all.says("", format!("{count} mappings")))
        },
    },
    Rule {
        id: "user-name-not-login",
        family: Family::Mappings,
        severity: Severity::Medium,
        title: "People get another user name in the target than they have in the source",
        why: "What the source sends at sign-in must be that name too, or nobody is found.",
        source: "Applications API: credentials.userNameTemplate",
        remedy: "Set Application username format to Okta username, unless every source has a suffix of its own.",
        reads: &[&apps::LIST],
        judge: |look| {
            let app = look.app()?;
            let at = "/credentials/userNameTemplate/template";
            let plain = ["", "${source.login}", "${user.login}"].contains(&app.text(at));
            found_if(!plain, || app.shows(at))
        },
    },
    Rule {
        id: "group-sets-initial-status",
        family: Family::Mappings,
        severity: Severity::Medium,
        title: "A group sets an initial status of its own",
        why: "People of this group start otherwise than the mapping says.",
        source: "Application Groups API: profile of an assignment",
        remedy: "Remove it from the group's assignment, unless it is meant.",
        reads: &[
            &apps::LIST,
            &connections::READ,
            &app_assignments::LIST_GROUPS,
        ],
        judge: |look| {
            look.pushing()?;
            let mut groups = look.groups()?;
            if groups.is_empty() {
                return Err(Stop::not_here("no group has the app"));
            }
            groups.retain(|group| !group.is("/profile/initialStatus", ""));
            Ok(groups
                .iter()
                .map(|group| group.shows("/profile/initialStatus"))
                .collect())
        },
    },
];

fn status_is(mapping: Object<'_>, word: &str) -> super::Judged {
    let found = mapping.text(STATUS).contains(&format!("\"{word}"));
    found_if(found, || mapping.shows(STATUS))
}

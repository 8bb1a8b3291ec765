//! What is pushed to the target, and what is imported from it.

use super::look::{Object, Stop, found_if};
use super::{Family, Rule, Severity};
use crate::okta::{ReadOp, app_features, apps, connections, idps};

const READS: &[&ReadOp] = &[&apps::LIST, &connections::READ, &app_features::LIST];
const CREATE: &str = "/capabilities/create/lifecycleCreate/status";
const UPDATE: &str = "/capabilities/update/profile/status";
const DEACTIVATE: &str = "/capabilities/update/lifecycleDeactivate/status";
const PASSWORD: &str = "/capabilities/update/password/status";
const MATCH: &str = "/capabilities/importRules/userCreateAndMatch";

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "create-off",
        family: Family::Features,
        severity: Severity::High,
        title: "Create Users is off",
        why: "The connection is on and nobody gets an account; people assigned now must be provisioned by hand later.",
        source: "Application Features API: USER_PROVISIONING",
        remedy: "Turn Create Users on, or plan the procedures, which do.",
        reads: READS,
        judge: |look| {
            let to_app = look.to_app()?;
            found_if(!to_app.is(CREATE, "ENABLED"), || to_app.shows(CREATE))
        },
    },
    Rule {
        id: "update-off",
        family: Family::Features,
        severity: Severity::Medium,
        title: "Update User Attributes is off",
        why: "Accounts keep the name and the mail address of the day they were made.",
        source: "Application Features API: USER_PROVISIONING",
        remedy: "Turn Update User Attributes on, or plan the procedures, which do.",
        reads: READS,
        judge: |look| {
            let to_app = look.to_app()?;
            found_if(!to_app.is(UPDATE, "ENABLED"), || to_app.shows(UPDATE))
        },
    },
    Rule {
        id: "deactivate-before-arrival",
        family: Family::Features,
        severity: Severity::High,
        title: "Deactivate Users is on while Create Users is off",
        why: "Unassigning takes accounts away, and assigning does not bring them back.",
        source: "Application Features API: USER_PROVISIONING; Application Users API: unassign",
        remedy: "Turn Deactivate Users off until everybody has arrived.",
        reads: READS,
        judge: |look| {
            let to_app = look.to_app()?;
            let both = to_app.is(DEACTIVATE, "ENABLED") && !to_app.is(CREATE, "ENABLED");
            found_if(both, || to_app.shows(DEACTIVATE))
        },
    },
    Rule {
        id: "unassigning-deactivates",
        family: Family::Features,
        severity: Severity::Low,
        title: "Whoever loses the app is deactivated in the target",
        why: "That is what Deactivate Users is for, and a slip of the hand in a group rule does it too; what the target's apps made of the account may be gone for good.",
        source: "Application Users API: unassign; Org2Org supported features",
        remedy: "Keep it if it is meant. Before you take the link apart, turn it off first and read it back.",
        reads: READS,
        judge: |look| {
            let to_app = look.to_app()?;
            found_if(to_app.is(DEACTIVATE, "ENABLED"), || {
                to_app.shows(DEACTIVATE)
            })
        },
    },
    Rule {
        id: "password-to-federated",
        family: Family::Features,
        severity: Severity::Medium,
        title: "Passwords are pushed to people who sign in through the source",
        why: "Accounts with federated credentials cannot take a password: their pushes fail; and the password rules of both orgs must agree.",
        source: "Okta support: password sync fails for federated users; Application Features API: password",
        remedy: "Turn Sync Password off where people sign in by federation.",
        reads: &[
            &apps::LIST,
            &apps::METADATA,
            &connections::READ,
            &app_features::LIST,
            &idps::LIST,
        ],
        judge: |look| {
            let to_app = look.to_app()?;
            if !to_app.is(PASSWORD, "ENABLED") {
                return Ok(Vec::new());
            }
            let idp = look.idp_of_app()?;
            found_if(idp.is_some_and(|idp| idp.is_active()), || {
                to_app.shows(PASSWORD)
            })
        },
    },
    Rule {
        id: "import-scheduled",
        family: Family::Features,
        severity: Severity::Medium,
        title: "The target's people are imported into the source by the clock",
        why: "The same people go both ways, and a roadblock of one import stops all imports of the source.",
        source: "Application Features API: INBOUND_PROVISIONING, schedule; import safeguard",
        remedy: "Set Schedule import to Never while people are pushed.",
        reads: READS,
        judge: |look| {
            let to_okta = look.to_okta()?;
            let at = "/capabilities/importSettings/schedule/status";
            found_if(to_okta.is(at, "ENABLED"), || to_okta.shows(at))
        },
    },
    Rule {
        id: "import-makes-people",
        family: Family::Features,
        severity: Severity::High,
        title: "An import makes accounts in the source without being asked",
        why: "Everybody of the target, admins among them, would become a person of the source.",
        source: "Application Features API: INBOUND_PROVISIONING, autoConfirmNewUsers",
        remedy: "Turn Confirm new users off.",
        reads: READS,
        judge: |look| confirmed(look.to_okta()?, "autoConfirmNewUsers"),
    },
    Rule {
        id: "import-guesses-people",
        family: Family::Features,
        severity: Severity::High,
        title: "An import confirms partial matches by itself",
        why: "Two people with the same first and last name become one.",
        source: "Application Features API: INBOUND_PROVISIONING, autoConfirmPartialMatch",
        remedy: "Let a person confirm partial matches.",
        reads: READS,
        judge: |look| confirmed(look.to_okta()?, "autoConfirmPartialMatch"),
    },
    Rule {
        id: "import-name-of-the-app",
        family: Family::Features,
        severity: Severity::Medium,
        title: "The import's user name is read from the app instead of the app's user",
        why: "Everybody is then shown as a conflict.",
        source: "Okta support: \"This choice creates a conflict\"; Application Features API: userNameExpression",
        remedy: "Write appuser.userName instead of okta_org2org.userName.",
        reads: READS,
        judge: |look| {
            let to_okta = look.to_okta()?;
            let at = "/capabilities/importSettings/username/userNameExpression";
            if to_okta.is(at, "") {
                return Err(Stop::not_here("the import's user name is no expression"));
            }
            found_if(to_okta.text(at).contains("okta_org2org."), || {
                to_okta.shows(at)
            })
        },
    },
];

fn confirmed(to_okta: Object<'_>, name: &str) -> super::Judged {
    let at = format!("{MATCH}/{name}");
    found_if(to_okta.value(&at) == true, || to_okta.shows(&at))
}

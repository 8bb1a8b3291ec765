//! One person, from the source's directory to the target's apps: where the way ends, read from both orgs.
//!
//! A stage is a list of rules; those about the link are the doctor's own. Nothing is written: what
//! is missing is made by a plan.

use serde_json::{Value as Json, json};

use super::look::{Look, Object, Stop, found_if};
use super::report::{Outcome, Report, Ruling};
use super::{Examination, Family, Rule, Severity, Shelf, Start, rules};
use crate::okta::{ReadOp, app_assignments, apps, connections, iam, users};
use crate::run::Pair;

/// A part of the way.
pub struct Stage {
    /// Stable id.
    pub id: &'static str,
    /// What holds when it is passed.
    pub title: &'static str,
    /// The doctor's rules that it takes.
    of_doctor: &'static [&'static str],
    /// Its own.
    own: &'static [Rule],
}

/// What one person's way looks like.
#[derive(Clone)]
pub struct Trial {
    /// One for each stage, in order.
    pub stages: Vec<Passed>,
    /// What it cost the orgs, in one line.
    pub cost: String,
}

/// How a stage ended.
#[derive(Clone)]
pub struct Passed {
    /// The stage.
    pub stage: &'static Stage,
    /// How.
    pub how: How,
    /// The rules with something to tell.
    pub told: Vec<Ruling>,
}

/// How a stage ended. What is not known is never passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Something stands in the way.
    Failed,
    /// Nothing does.
    Passed,
    /// There was nothing to look at, and why.
    Skipped(String),
    /// A read had no usable answer, and why.
    Unknown(String),
}

impl How {
    /// In one word.
    pub fn word(&self) -> &'static str {
        match self {
            How::Failed => "failed",
            How::Passed => "passed",
            How::Skipped(_) => "skipped",
            How::Unknown(_) => "unknown",
        }
    }
}

/// The stages, in order.
pub const STAGES: &[Stage] = &[
    Stage {
        id: "connection",
        title: "The source reaches the target and may write there",
        of_doctor: &[
            "no-app-for-target",
            "app-inactive",
            "connection-off",
            "connection-elsewhere",
            "client-missing",
            "client-inactive",
            "client-not-a-service",
            "client-by-secret",
            "dpop-off",
            "role-missing",
            "membership-role-missing",
            "role-inactive",
            "users-scope-missing",
            "groups-scope-missing",
            "grant-of-other-issuer",
            "keys-fetched-elsewhere",
            "keys-kept-while-rotating",
            "connection-without-keys",
            "client-key-missing",
            "client-key-other",
            "client-key-inactive",
        ],
        own: &[Rule {
            id: "provisioning-not-set-up",
            family: Family::Connection,
            severity: Severity::High,
            title: "Provisioning was never set up",
            why: "Nobody is pushed: people need an account in the target already.",
            source: "Application Connections API: status of the default connection",
            remedy: "Plan the procedures with push in the wish.",
            reads: &[&apps::LIST, &connections::READ],
            judge: |look| {
                let connection = look.connection()?;
                let never =
                    connection.is("/profile/authScheme", "") || connection.is("/status", "UNKNOWN");
                found_if(never, || connection.shows("/status"))
            },
        }],
    },
    Stage {
        id: "in-scope",
        title: "The person is active in the source and has the app",
        of_doctor: &[],
        own: &[
            Rule {
                id: "person-not-found",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The source knows no such person",
                why: "Nobody has this user name there.",
                source: "Users API: search by profile.login",
                remedy: "Write the user name as the source shows it.",
                reads: PERSON,
                judge: |look| {
                    let answer = look.source(users::with_login(look.name()))?;
                    found_if(answer.items().is_empty(), || {
                        answer.says("", "no such person")
                    })
                },
            },
            Rule {
                id: "person-not-active",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The person is not active in the source",
                why: "Inactive people are not pushed, and cannot sign in.",
                source: "Users API: status",
                remedy: "Bring the person back in the source, if that is meant.",
                reads: PERSON,
                judge: |look| {
                    let person = person(look)?;
                    let good = ["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY"];
                    found_if(!good.contains(&person.text("/status")), || {
                        person.shows("/status")
                    })
                },
            },
            Rule {
                id: "person-not-assigned",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The person does not have the Org2Org app",
                why: "Only people who have the app are signed in and pushed.",
                source: "Application Users API: read an assignment",
                remedy: "Put the person into a group that has the app, or assign the app; a pilot assigns it to one person, waits for the account, and can be taken back.",
                reads: ASSIGNED,
                judge: |look| {
                    let person = person(look)?;
                    let answer =
                        look.source(app_assignments::user(look.app()?.id(), person.id()))?;
                    found_if(answer.is_nothing(), || answer.says("", "no assignment"))
                },
            },
        ],
    },
    Stage {
        id: "match",
        title: "The account that the push takes is the person's own",
        of_doctor: &["profile-source-twice", "sign-in-takes-over"],
        own: &[
            Rule {
                id: "match-taken",
                family: Family::Linking,
                severity: Severity::High,
                title: "An account with that user name is in the target, and it is not the one the source knows",
                why: "The push takes it over, whoever's it is.",
                source: "Users API: search by profile.login; Application Users API: externalId",
                remedy: "Make sure that both are the same person before the push; otherwise choose another user name.",
                reads: MATCH,
                judge: |look| {
                    let assignment = assignment(look)?;
                    let account = by_name(look, &assignment)?;
                    let own = account.id() == assignment.text("/externalId");
                    found_if(!own, || account.shows("/id"))
                },
            },
            Rule {
                id: "match-is-admin",
                family: Family::Linking,
                severity: Severity::Critical,
                title: "The account with that user name is an admin of the target",
                why: "The source would set an admin's profile and password.",
                source: "Role Assignments API: users with roles",
                remedy: "Give the admin an account of their own in the target.",
                reads: &[
                    &apps::LIST,
                    &users::LIST,
                    &app_assignments::READ_USER,
                    &iam::ADMINS,
                ],
                judge: |look| {
                    let account = by_name(look, &assignment(look)?)?;
                    let admins = look.target(iam::admins())?;
                    let mut all = admins.list("/value").into_iter();
                    found_if(all.any(|admin| admin.id() == account.id()), || {
                        account.shows("/id")
                    })
                },
            },
            Rule {
                id: "match-mastered-elsewhere",
                family: Family::Linking,
                severity: Severity::High,
                title: "The account with that user name comes from another directory",
                why: "Its profile is mastered there: pushes of it fail.",
                source: "Users API: credentials.provider; Org2Org supported features: one source for each person",
                remedy: "Disconnect the account from its directory, or leave the person out.",
                reads: MATCH,
                judge: |look| {
                    let account = by_name(look, &assignment(look)?)?;
                    let at = "/credentials/provider/type";
                    let other = ["ACTIVE_DIRECTORY", "LDAP", "IMPORT"];
                    found_if(other.contains(&account.text(at)), || account.shows(at))
                },
            },
        ],
    },
    Stage {
        id: "action",
        title: "The push makes or updates the account",
        of_doctor: &[
            "create-off",
            "update-off",
            "initial-status-invalid",
            "required-attribute-unmapped",
        ],
        own: &[
            Rule {
                id: "person-assigned-before",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The person got the app before provisioning was on",
                why: "Nothing pushes such a person by itself any more.",
                source: "Okta support: user was assigned before provisioning was enabled",
                remedy: "Click Provision User beside the person on the app's Assignments tab.",
                reads: PUSHED,
                judge: |look| {
                    look.pushing()?;
                    let one = assignment(look)?;
                    let before = one.is("/externalId", "")
                        && !one.is("/status", "STAGED")
                        && !one.is("/syncState", "ERROR");
                    found_if(before, || one.shows("/status"))
                },
            },
            Rule {
                id: "person-push-failed",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The push of the person failed",
                why: "The account is missing or out of date.",
                source: "Application Users API: syncState ERROR",
                remedy: "Read the error beside the person on the app's Assignments tab, remove its cause, and click Provision User.",
                reads: PUSHED,
                judge: |look| {
                    look.pushing()?;
                    let one = assignment(look)?;
                    found_if(one.is("/syncState", "ERROR"), || one.shows("/syncState"))
                },
            },
            Rule {
                id: "person-waits",
                family: Family::Assignments,
                severity: Severity::Medium,
                title: "The person waits to be pushed",
                why: "The push has not happened yet.",
                source: "Application Users API: status STAGED, no externalId",
                remedy: "Look again in some minutes.",
                reads: PUSHED,
                judge: |look| {
                    look.pushing()?;
                    let one = assignment(look)?;
                    let waits = one.is("/externalId", "")
                        && one.is("/status", "STAGED")
                        && !one.is("/syncState", "ERROR");
                    found_if(waits, || one.shows("/status"))
                },
            },
        ],
    },
    Stage {
        id: "result",
        title: "The account is there, active, and opens an app",
        of_doctor: &[],
        own: &[
            Rule {
                id: "account-missing",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The account that the source knows is not in the target",
                why: "Somebody deleted it there.",
                source: "Application Users API: externalId; Users API: read a user",
                remedy: "Unassign and assign the person again, with Deactivate Users off.",
                reads: RESULT,
                judge: |look| {
                    let (assignment, account) = arrived(look)?;
                    found_if(account.is_nothing(), || assignment.shows("/externalId"))
                },
            },
            Rule {
                id: "account-unusable",
                family: Family::Assignments,
                severity: Severity::High,
                title: "The person's account is not active in the target",
                why: "The person cannot sign in there.",
                source: "Users API: status",
                remedy: "Ask the target's admins why; activate it if it is staged.",
                reads: RESULT,
                judge: |look| {
                    let (_, account) = arrived(look)?;
                    let bad = !account.is_nothing() && !account.is_active();
                    found_if(bad, || account.shows("/status"))
                },
            },
            Rule {
                id: "account-without-app",
                family: Family::Assignments,
                severity: Severity::Medium,
                title: "The account opens no app of the target",
                why: "The person arrives on an empty dashboard, and bookmarks end on an error.",
                source: "Users API: list app links",
                remedy: "Put the account into a group that has the target's app.",
                reads: &[
                    &apps::LIST,
                    &users::LIST,
                    &app_assignments::READ_USER,
                    &users::FIND,
                    &users::APP_LINKS,
                ],
                judge: |look| {
                    let (_, account) = arrived(look)?;
                    if account.is_nothing() {
                        return Err(Stop::not_here("there is no account"));
                    }
                    let links = look.target(users::app_links(account.id()))?;
                    found_if(links.items().is_empty(), || links.says("", "no app"))
                },
            },
        ],
    },
];

const PERSON: &[&ReadOp] = &[&users::LIST];
const ASSIGNED: &[&ReadOp] = &[&apps::LIST, &users::LIST, &app_assignments::READ_USER];
const MATCH: &[&ReadOp] = ASSIGNED;
const PUSHED: &[&ReadOp] = &[
    &apps::LIST,
    &users::LIST,
    &app_assignments::READ_USER,
    &connections::READ,
];
const RESULT: &[&ReadOp] = &[
    &apps::LIST,
    &users::LIST,
    &app_assignments::READ_USER,
    &users::FIND,
];

/// An examination of one person's way, by user name.
pub fn examine(pair: Pair, person: &str, start: Start, now: u64) -> Examination {
    let all = STAGES.iter().flat_map(Stage::rules).collect();
    Examination::of(pair, all, person, start, &Shelf::default(), now)
}

impl Stage {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let named = self.of_doctor;
        let of_doctor = named
            .iter()
            .filter_map(|id| rules().find(|rule| rule.id == *id));
        of_doctor.chain(self.own)
    }
}

impl Trial {
    /// What a finished examination of [`examine`] says, stage by stage.
    pub fn of(report: &Report) -> Trial {
        Trial {
            stages: STAGES.iter().map(|stage| passed(stage, report)).collect(),
            cost: report.cost(),
        }
    }

    /// The first stage that fails or is not known; a skipped one stands in nobody's way.
    pub fn ends(&self) -> Option<&Passed> {
        let mut stages = self.stages.iter();
        stages.find(|one| matches!(one.how, How::Failed | How::Unknown(_)))
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for one in &self.stages {
            let why = match &one.how {
                How::Skipped(why) | How::Unknown(why) => format!(": {why}"),
                _ => String::new(),
            };
            text.push_str(&format!(
                "{:<8} {}: {}{why}\n",
                one.how.word(),
                one.stage.id,
                one.stage.title
            ));
            for ruling in &one.told {
                let rule = ruling.rule;
                text.push_str(&format!(
                    "  {} ({})\n    {}\n",
                    rule.title, rule.id, rule.why
                ));
                if let Outcome::Finding { evidence } = &ruling.outcome {
                    for seen in super::text::shown(evidence) {
                        text.push_str(&format!("    seen: {seen}\n"));
                    }
                }
                text.push_str(&format!("    remedy: {}\n", rule.remedy));
            }
        }
        text.push_str(&format!("\nNothing was written. {}\n", self.cost));
        text
    }

    /// For a program.
    pub fn json(&self) -> Json {
        let stages: Vec<Json> = self
            .stages
            .iter()
            .map(|one| {
                let told: Vec<Json> = one.told.iter().map(Ruling::json).collect();
                let why = match &one.how {
                    How::Skipped(why) | How::Unknown(why) => Some(why),
                    _ => None,
                };
                json!({
                    "stage": one.stage.id, "title": one.stage.title, "how": one.how.word(),
                    "why": why, "findings": told,
                })
            })
            .collect();
        json!({"stages": stages})
    }
}

fn passed(stage: &'static Stage, report: &Report) -> Passed {
    let own: Vec<&Ruling> = stage
        .rules()
        .filter_map(|rule| report.rulings.iter().find(|one| one.rule.id == rule.id))
        .collect();
    let found = |one: &&&Ruling| matches!(one.outcome, Outcome::Finding { .. });
    let told: Vec<Ruling> = own.iter().filter(found).map(|one| (*one).clone()).collect();
    let first = |is: fn(&Outcome) -> Option<&String>| own.iter().find_map(|one| is(&one.outcome));
    let unknown = first(|one| match one {
        Outcome::Unknown { why } => Some(why),
        _ => None,
    });
    let how = match (told.is_empty(), unknown, nothing_of_it(stage, &own)) {
        (false, ..) => How::Failed,
        (_, Some(why), _) => How::Unknown(why.clone()),
        (_, _, Some(why)) => How::Skipped(why.clone()),
        _ => How::Passed,
    };
    Passed { stage, how, told }
}

/// Why none of the stage's own rules applies, when none does: the link's rules say nothing of a person.
fn nothing_of_it<'r>(stage: &Stage, rulings: &[&'r Ruling]) -> Option<&'r String> {
    let is_own = |id: &str| stage.own.iter().any(|rule| rule.id == id);
    let own = rulings.iter().filter(|one| is_own(one.rule.id));
    let mut first = None;
    for one in own {
        match &one.outcome {
            Outcome::DoesNotApply { why } => first = first.or(Some(why)),
            _ => return None,
        }
    }
    first
}

pub(super) fn person<'a>(look: &Look<'a>) -> Result<Object<'a>, Stop> {
    let found = look.source(users::with_login(look.name()))?.items();
    let none = || Stop::not_here("the source knows no such person");
    found.into_iter().next().ok_or_else(none)
}

pub(super) fn assignment<'a>(look: &Look<'a>) -> Result<Object<'a>, Stop> {
    let person = person(look)?;
    let answer = look.source(app_assignments::user(look.app()?.id(), person.id()))?;
    match answer.is_nothing() {
        true => Err(Stop::not_here("the person does not have the app")),
        false => Ok(answer),
    }
}

/// The account in the target with the person's user name.
pub(super) fn by_name<'a>(look: &Look<'a>, assignment: &Object<'a>) -> Result<Object<'a>, Stop> {
    let name = match assignment.text("/credentials/userName") {
        "" => look.name(),
        name => name,
    };
    let found = look.target(users::with_login(name))?.items();
    let none = || Stop::not_here("no account of the target has that user name");
    found.into_iter().next().ok_or_else(none)
}

/// The assignment and the account that the push made or linked.
fn arrived<'a>(look: &Look<'a>) -> Result<(Object<'a>, Object<'a>), Stop> {
    let assignment = assignment(look)?;
    let account = match assignment.text("/externalId") {
        "" => return Err(Stop::not_here("the person was not pushed yet")),
        account => look.target(users::find(account))?,
    };
    Ok((assignment, account))
}

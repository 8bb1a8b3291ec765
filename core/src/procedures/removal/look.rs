//! What there is of the connection, told by its app.

use serde_json::Value as Json;

use crate::console;
use crate::facts::{Fact, Facts, Member, Missing, Set, Value};
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, app_assignments, apps, connections};
use crate::procedures::federation::pointing_here;
use crate::procedures::shared::{note, several};
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// The app that ends; none once it is gone.
pub(super) static ENDING_APP: Fact = Fact::one("ending-app", "Org2Org app");
/// The audience of its IdP, and the IdP's id where it says that; none where it has neither.
pub(super) static ENDING_AUDIENCE: Fact = Fact::one("ending-audience", "Audience URI");
pub(super) static ENDING_IDP_ID: Fact = Fact::one("ending-idp-id", "IdP of the app");
/// Whether the connection pushes.
pub(super) static CONNECTION_ON: Fact = Fact::one("connection-on", "Connection that is on");
/// The client as which it connects.
pub(super) static ENDING_CLIENT: Fact = Fact::one("ending-client", "Target Org Client ID");
static ASSIGNED_GROUPS: Fact = Fact::one("assigned-groups", "");
static ASSIGNED_PEOPLE: Fact = Fact::one("assigned-people", "");
static OWN_BOOKMARKS: Fact = Fact::one("own-bookmarks", "");

pub(super) static ENDING_GROUPS: Set = Set {
    id: "ending-groups",
    of: |f| Ok(f.members(&ASSIGNED_GROUPS)?.to_vec()),
};
pub(super) static ENDING_PEOPLE: Set = Set {
    id: "ending-people",
    of: |f| Ok(f.members(&ASSIGNED_PEOPLE)?.to_vec()),
};
pub(super) static ENDING_BOOKMARKS: Set = Set {
    id: "ending-bookmarks",
    of: |f| Ok(f.members(&OWN_BOOKMARKS)?.to_vec()),
};

pub(super) const ENDING: &[(&str, PageId)] = &[
    ("name", PageId::Plain("okta_org2org")),
    ("app", PageId::Fact(&ENDING_APP)),
];
/// The app.
pub(super) const APP: Step = Step {
    id: "ending-app",
    title: "Find the Org2Org app that ends",
    why: "Everything that goes hangs on it.",
    side: Side::Source,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Applications > Applications and look for the Org2Org app of this target",
        None,
    )],
    covers: &[],
    source: "Applications API: list apps by name",
    when: always,
    over: &[],
    needs: &[],
    gives: &[&ENDING_APP, &ENDING_AUDIENCE, &ENDING_IDP_ID],
    after: &[],
    probe: |_| Ok(apps::named("okta_org2org")),
    read: read_app,
    write: None,
    undo: None,
};

/// Its connection.
pub(super) const CONNECTION: Step = Step {
    id: "ending-connection",
    title: "Look at its connection",
    why: "While it is on, what is done to assignments reaches people in the target.",
    side: Side::Source,
    page: &console::APP_INTEGRATION,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app and go to *Provisioning* > *Integration*",
        Some("Integration"),
    )],
    covers: &[],
    source: "Application Connections API: read the default connection",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[&CONNECTION_ON, &ENDING_CLIENT],
    after: &[],
    probe: |f| of_app(f, connections::read),
    read: |answer, f| {
        let value =
            |text: Option<&str>| text.map_or(Value::None, |text| Value::Text(text.to_owned()));
        let on = match f.optional(&ENDING_APP)? {
            Some(_) => Some(answer.text("/status")?).filter(|status| *status == "ENABLED"),
            None => None,
        };
        let client = answer.text("/profile/clientId").ok();
        Ok(Finding::met(&Json::Null)
            .giving_value(&CONNECTION_ON, value(on))
            .giving_value(&ENDING_CLIENT, value(client)))
    },
    write: None,
    undo: None,
};

/// Groups that have it.
pub(super) const GROUPS: Step = Step {
    id: "ending-groups",
    title: "Look up the groups that have the app",
    why: "They lose it, by name and not by the app's end.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app and go to *Assignments* > *Groups*",
        Some("Assignments"),
    )],
    covers: &[],
    source: "Application Groups API: list assigned groups",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[&ASSIGNED_GROUPS],
    after: &[],
    probe: |f| of_app(f, app_assignments::groups),
    read: |answer, f| {
        let group = |item: &Json| group(item, f);
        let groups = answer.items().iter().map(group).collect::<Result<_, _>>()?;
        Ok(Finding::met(&Json::Null).giving_value(&ASSIGNED_GROUPS, Value::Members(groups)))
    },
    write: None,
    undo: None,
};

/// People who have it one by one.
pub(super) const PEOPLE: Step = Step {
    id: "ending-people",
    title: "Look up the people who have the app one by one",
    why: "They lose it; people of a group lose it with their group.",
    side: Side::Source,
    page: &console::APP_ASSIGNMENTS,
    page_ids: ENDING,
    by_hand: &[Click::Do(
        "Open the Org2Org app and go to *Assignments* > *People*",
        Some("Assignments"),
    )],
    covers: &[],
    source: "Application Users API: list assigned users",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[&ASSIGNED_PEOPLE],
    after: &[],
    probe: |f| of_app(f, |app| app_assignments::users(app, true)),
    read: |answer, _| {
        let own = |item: &&Json| text(item, "/scope") == Ok("USER");
        let items = answer.items().iter().filter(own);
        let people = items
            .map(|item| named(item, "/credentials/userName"))
            .collect::<Result<_, _>>()?;
        Ok(Finding::met(&Json::Null).giving_value(&ASSIGNED_PEOPLE, Value::Members(people)))
    },
    write: None,
    undo: None,
};

/// Bookmarks that lead through it.
pub(super) const BOOKMARKS: Step = Step {
    id: "ending-bookmarks",
    title: "Look for bookmarks that lead through it",
    why: "A tile that leads nowhere puzzles people; what others made is named and stays.",
    side: Side::Source,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Applications > Applications and look for bookmark apps of this target",
        None,
    )],
    covers: &[],
    source: "Applications API: list apps by name",
    when: always,
    over: &[],
    needs: &[&ENDING_APP],
    gives: &[&OWN_BOOKMARKS],
    after: &[],
    probe: |_| Ok(apps::named("bookmark")),
    read: read_bookmarks,
    write: None,
    undo: None,
};

/// A read of the app, or none where there is none.
pub(super) fn of_app(f: &Facts<'_>, probe: impl FnOnce(&str) -> Probe) -> Result<Probe, Missing> {
    Ok(f.optional(&ENDING_APP)?
        .map_or(Probe::none(), |app| probe(&app)))
}

fn named(item: &Json, name: &str) -> Result<Member, Missing> {
    Ok(Member {
        id: text(item, "/id")?.to_owned(),
        name: text(item, name)?.to_owned(),
    })
}

/// A group by the name that the wish knows it by, or else by its id.
fn group(item: &Json, f: &Facts<'_>) -> Result<Member, Missing> {
    let id = text(item, "/id")?;
    let known = f.wish().groups.iter().find(|group| group.id == id);
    let name = known.map_or(id, |group| &group.name).to_owned();
    Ok(Member {
        id: id.to_owned(),
        name,
    })
}

fn find<'a>(answer: &'a Answer, app: &str) -> Option<&'a Json> {
    let mut items = answer.items().iter();
    items.find(|item| text(item, "/id") == Ok(app))
}

/// Whether an app in a list is inactive or not there.
pub(super) fn is_off(answer: &Answer, app: &str) -> Finding {
    let on = find(answer, app).is_some_and(|app| text(app, "/status") == Ok("ACTIVE"));
    Finding::met_if(!on, &Json::Null)
}

/// Whether an app is not in a list.
pub(super) fn is_gone(answer: &Answer, app: &str) -> Finding {
    Finding::met_if(find(answer, app).is_none(), &Json::Null)
}

fn read_app(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let app = match pointing_here(answer, f).as_slice() {
        [] => {
            let none = Finding::met(&Json::Null);
            return Ok([&ENDING_APP, &ENDING_AUDIENCE, &ENDING_IDP_ID]
                .into_iter()
                .fold(none, |met, fact| met.giving_value(fact, Value::None)));
        }
        [app] => *app,
        many => return Ok(several(many, "/label")),
    };
    let (label, wanted) = (text(app, "/label")?, &f.wish().app_label);
    if label != wanted {
        return Ok(Finding::Blocked {
            why: format!(
                "the Org2Org app of this target is called `{}`",
                crate::explain::seen(label)
            ),
            who: format!("you: the wish names `{wanted}`; name the app that is to go"),
        });
    }
    let value = |at: &str| match text(app, at) {
        Ok(text) if !text.is_empty() => Value::Text(text.to_owned()),
        _ => Value::None,
    };
    Ok(Finding::met(&Json::Null)
        .giving(&ENDING_APP, text(app, "/id")?)
        .giving_value(&ENDING_AUDIENCE, value("/settings/app/audRestriction"))
        .giving_value(&ENDING_IDP_ID, value("/settings/app/idpId"))
        .noting(format!(
            "Accounts of people in {0} stay as they are, with the group `{1}` that opens the apps to them: what becomes of them is for {0} to say.",
            f.pair().target.name,
            crate::explain::seen(&f.wish().group_name)
        )))
}

fn read_bookmarks(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let mark = note(f);
    let ours = |app: &&Json| text(app, "/settings/notes/admin") == Ok(&mark);
    let bookmarks = match f.optional(&ENDING_APP)? {
        Some(_) => answer
            .items()
            .iter()
            .filter(ours)
            .map(|app| named(app, "/label"))
            .collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    Ok(Finding::met(&Json::Null).giving_value(&OWN_BOOKMARKS, Value::Members(bookmarks)))
}

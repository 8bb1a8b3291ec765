//! The runbook: what stands, where it is, how each step is checked and done by hand, and the way back.

use super::{Document, Done, Matter, Part, Section};
use crate::procedures;
use crate::run::Step;
use crate::run::step::Procedure;

pub(super) fn write(matter: &Matter<'_>) -> Document {
    let writes = matter.writes();
    let used = procedures::ALL
        .iter()
        .filter(|procedure| standing(procedure, &writes).next().is_some());
    let mut sections: Vec<Section> = used
        .map(|procedure| section(matter, procedure, &writes))
        .collect();
    sections.push(way_back(matter));
    let opening = match sections.len() {
        1 => "The journal shows nothing that stands.".to_owned(),
        _ => format!(
            "How people of {} sign in to {}, as far as Org2Org Assistant set it up. What others set up is not in here.",
            matter.source.host(),
            matter.target.host()
        ),
    };
    Document {
        title: format!(
            "Runbook: {} and {}",
            matter.source.host(),
            matter.target.host()
        ),
        opening: vec![opening],
        sections,
    }
}

/// What a procedure's rows made and nobody took back.
fn standing<'a>(
    procedure: &Procedure,
    writes: &'a [Done<'a>],
) -> impl Iterator<Item = &'a Done<'a>> {
    let ids: Vec<&str> = procedure.steps.iter().map(|step| step.id).collect();
    super::standing(writes).filter(move |done| done.step.is_some_and(|step| ids.contains(&step.id)))
}

fn section(matter: &Matter<'_>, procedure: &Procedure, writes: &[Done<'_>]) -> Section {
    let row = |done: &Done<'_>| {
        [
            done.title(),
            done.side().map_or(String::new(), |side| matter.place(side)),
            done.made().map(|id| matter.shown(id)).unwrap_or_default(),
            done.result(matter),
        ]
    };
    let rows = standing(procedure, writes).map(row).collect();
    let mut parts = vec![Part::table(["What stands", "Where", "Id", "State"], rows)];
    let mut told: Vec<&str> = Vec::new();
    for step in standing(procedure, writes).filter_map(|done| done.step) {
        if !told.contains(&step.id) {
            told.push(step.id);
            parts.extend(by_hand(matter, step));
        }
    }
    if !procedure.way_back.is_empty() {
        parts.push(Part::text(format!("The way back: {}", procedure.way_back)));
    }
    Section {
        title: procedure.title.to_owned(),
        parts,
    }
}

fn by_hand(matter: &Matter<'_>, step: &Step) -> [Part; 2] {
    let org = matter.org(step.side);
    let address = step.page.address(org, &[]);
    let page = match address {
        Some(address) => format!("{} ({address})", step.page.title),
        None => format!("{} of {}", step.page.title, org.host()),
    };
    let text = format!("{}. {} Where a person looks: {page}.", step.title, step.why);
    let items = step.by_hand.iter().map(|click| click.words()).collect();
    [Part::text(text), Part::List { items }]
}

fn way_back(matter: &Matter<'_>) -> Section {
    let (source, target) = (matter.source.host(), matter.target.host());
    let orgs = format!("--wish wish.toml --source {source} --target {target}");
    Section {
        title: "Check it, take it back".to_owned(),
        parts: vec![Part::List {
            items: vec![
                format!("Reads only, exit 0 when all is proven: org2org check {orgs}"),
                format!("What looks wrong, whoever set it up: org2org doctor --source {source} --target {target}"),
                format!("Shows what would be taken back, and asks: org2org undo {orgs}"),
                "Undo touches only what the journal proves was made and what nobody changed since; keep the journal.".to_owned(),
            ],
        }],
    }
}

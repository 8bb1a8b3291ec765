//! Evidence: every write with its answer and what proves it, and the chain that holds them together.

use super::{Document, Done, Matter, Part, Proved, Section, moment};
use crate::run::Side;
use crate::run::journal::Outcome;

pub(super) fn write(matter: &Matter<'_>) -> Document {
    let writes = matter.writes();
    let mut sections: Vec<Section> = Side::BOTH
        .into_iter()
        .map(|side| org(matter, &writes, side))
        .collect();
    sections.push(chain(matter, &writes));
    let opening = match writes.is_empty() {
        true => "Nothing was written.".to_owned(),
        false => format!(
            "{} writes, of which {} are proven by a read after them. A write that nobody read back is not told as done.",
            writes.len(),
            writes.iter().filter(|done| done.proof.is_some()).count()
        ),
    };
    Document {
        title: format!(
            "Evidence: {} and {}",
            matter.source.host(),
            matter.target.host()
        ),
        opening: vec![opening],
        sections,
    }
}

fn org(matter: &Matter<'_>, writes: &[Done<'_>], side: Side) -> Section {
    let own = writes.iter().filter(|done| done.side() == Some(side));
    let row = |done: &Done<'_>| {
        [
            moment(done.at),
            done.title(),
            done.request(matter),
            matter.contents(done).join("; "),
            done.made().map(|id| matter.shown(id)).unwrap_or_default(),
            done.result(matter),
            match done.proof {
                Some(Proved::There(fingerprint)) => matter.shown(fingerprint),
                _ => String::new(),
            },
        ]
    };
    let rows: Vec<_> = own.map(row).collect();
    let part = match rows.is_empty() {
        true => Part::text("Nothing was written here."),
        false => Part::table(
            [
                "When (UTC)",
                "Step",
                "Request",
                "What it sets",
                "Made",
                "Result",
                "Fingerprint of what was read",
            ],
            rows,
        ),
    };
    Section {
        title: format!("In the {}", matter.place(side)),
        parts: vec![part],
    }
}

fn chain(matter: &Matter<'_>, writes: &[Done<'_>]) -> Section {
    let entries = &matter.journal.entries;
    let last = entries.last().map_or("", |entry| entry.hash.as_str());
    let refused = |done: &&Done<'_>| matches!(done.outcome, Some(Outcome::Refused { .. }));
    let unknown = |done: &&Done<'_>| done.proof.is_none() && !refused(done);
    let items = vec![
        format!("Entries: {}", entries.len()),
        format!("Last hash (SHA-256 over the entry and the one before it): {last}"),
        format!("Refused: {}", writes.iter().filter(refused).count()),
        format!("Not proven: {}", writes.iter().filter(unknown).count()),
    ];
    let intro = "Each entry of the journal carries the hash of the one before. Who kept the last hash notices any later change of the journal.";
    Section {
        title: "The journal".to_owned(),
        parts: vec![Part::text(intro), Part::List { items }],
    }
}

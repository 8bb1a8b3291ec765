//! What became of every row.

use std::fmt::Write as _;

use serde::Serialize;

use super::Creation;
use super::row::{Link, Row, State};
use crate::users::report_rows;

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Line on which the row starts.
    pub line: usize,
    /// The user name; empty where the row has no sound one.
    pub login: String,
    /// `proven`, `made` (not read back), `to do`, `exists`, `left out`, `refused`, `differs` or
    /// `unknown`.
    pub state: &'static str,
    /// Id of the account that was made.
    pub id: String,
    /// `proven`, `sent`, `to do`, `refused`, `unknown`, or empty where no link is asked for.
    pub link: &'static str,
    /// Why, where there is more to say.
    pub why: String,
}

/// What became of every row, by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Report {
    /// The rows.
    pub rows: Vec<Told>,
}

impl Creation {
    /// What became of every row so far.
    pub fn report(&self) -> Report {
        let mut rows: Vec<Told> = Vec::new();
        for one in &self.order.rows.left_out {
            rows.push(Told {
                line: one.line,
                login: String::new(),
                state: "left out",
                id: String::new(),
                link: "",
                why: one.why.clone(),
            });
        }
        for (row, person) in self.rows.iter().zip(&self.order.rows.people) {
            let mut told = told(row);
            told.line = person.line;
            told.login.clone_from(&person.login);
            if let (State::Fresh, Some(why)) = (&row.state, &self.gave_up) {
                told.why = format!("not sent, as the rows before were refused: {why}");
            }
            rows.push(told);
        }
        rows.sort_by_key(|told| told.line);
        Report { rows }
    }
}

fn told(row: &Row) -> Told {
    let (state, id, mut why) = match &row.state {
        State::Unread | State::Fresh => ("to do", "", String::new()),
        State::Doubt { .. } => (
            "unknown",
            "",
            "sent, and nobody knows yet what came of it; run the command again".to_owned(),
        ),
        State::Made { id } => (
            "made",
            id.as_str(),
            "not read back yet; run the command again".to_owned(),
        ),
        State::Proven { id } => ("proven", id.as_str(), String::new()),
        State::Differs { id, why } => ("differs", id.as_str(), why.clone()),
        State::Exists { why } => ("exists", "", why.clone()),
        State::Refused { why } => ("refused", "", why.clone()),
        State::Unknown { why } => ("unknown", "", why.clone()),
    };
    let link = match &row.link {
        _ if matches!(state, "exists" | "refused") => "",
        Link::None => "",
        Link::Wanted => "to do",
        Link::Sent => "sent",
        Link::Proven => "proven",
        Link::Refused { why: said } | Link::Unknown { why: said } => {
            let _ = write!(
                why,
                "{}link: {said}",
                if why.is_empty() { "" } else { "; " }
            );
            match &row.link {
                Link::Refused { .. } => "refused",
                _ => "unknown",
            }
        }
    };
    Told {
        line: 0,
        login: String::new(),
        state,
        id: id.to_owned(),
        link,
        why,
    }
}

impl Report {
    /// How many rows are in this state.
    pub fn count(&self, state: &str) -> usize {
        self.rows.iter().filter(|row| row.state == state).count()
    }

    /// Whether nobody knows of some row how it stands.
    pub fn is_unsure(&self) -> bool {
        let open = |row: &Told| {
            matches!(row.state, "unknown" | "made") || matches!(row.link, "unknown" | "sent")
        };
        self.rows.iter().any(open)
    }

    /// Whether every row's account is proven, and its link where one was asked for.
    pub fn is_proven(&self) -> bool {
        let done = |row: &Told| row.state == "proven" && matches!(row.link, "" | "proven");
        self.rows.iter().all(done)
    }

    /// The counts on one line; they add up to the rows of the file.
    pub fn text(&self) -> String {
        let mut text = format!("{} rows:", self.rows.len());
        for state in [
            "proven", "made", "to do", "exists", "left out", "refused", "differs", "unknown",
        ] {
            let count = self.count(state);
            if count > 0 {
                let _ = write!(text, " {count} {state},");
            }
        }
        let mut text = text.trim_end_matches([',', ':']).to_owned();
        let linked = self.rows.iter().filter(|row| row.link == "proven").count();
        if linked > 0 {
            let _ = write!(text, "; {linked} links proven");
        }
        text.push('\n');
        let odd = self.rows.iter().filter(|row| !row.why.is_empty());
        for row in odd {
            let _ = writeln!(text, "  line {}: {}, {}", row.line, row.state, row.why);
        }
        text
    }

    /// The rows as CSV for people: what a spreadsheet would run is made text.
    pub fn csv(&self) -> Vec<u8> {
        report_rows(self.rows.iter().map(|row| {
            let line = row.line.to_string();
            [
                line,
                row.login.clone(),
                row.state.to_owned(),
                row.id.clone(),
                row.link.to_owned(),
                row.why.clone(),
            ]
        }))
    }
}

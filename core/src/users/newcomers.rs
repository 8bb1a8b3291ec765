//! The people of an import file, each with the profile that the API takes.

use super::check::{CheckOptions, Checking};
use super::job::{Job, Work};
use super::reader::Count;
use super::scan::Row;
use super::{UsersError, formula::is_formula, header::flat, write};
use serde_json::{Map, Value};

/// One person who is to get an account.
#[derive(Clone, Debug, PartialEq)]
pub struct Newcomer {
    /// Line on which the row starts.
    pub line: usize,
    /// The user name.
    pub login: String,
    /// The e-mail address.
    pub email: String,
    /// Every value that is not empty, by the attribute's name; the two above are in it too.
    pub profile: Map<String, Value>,
    /// The value of the column that was asked for beside; empty without one.
    pub beside: String,
}

/// A row that gets no account, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Line on which the row starts.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

/// Every row of an import file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// Sound and mended rows, in order.
    pub people: Vec<Newcomer>,
    /// The others, in order.
    pub left_out: Vec<LeftOut>,
}

/// Reads an import file in chunks, checked as by [`super::Check`], and gives its people.
pub type Newcomers = Job<Gathering>;

impl Newcomers {
    /// At the start of a file. `beside` names a column that is no attribute, or one that is.
    pub fn new(options: CheckOptions, beside: Option<String>) -> Self {
        let read = options.options.clone();
        let work = Gathering {
            checking: Checking::new(options),
            beside,
            column: None,
            began: false,
            gathered: Gathered::default(),
        };
        Self::start(&read, work)
    }
}

/// The work of [`Newcomers`].
pub struct Gathering {
    checking: Checking,
    beside: Option<String>,
    column: Option<usize>,
    began: bool,
    gathered: Gathered,
}

impl Work for Gathering {
    type Account = Gathered;

    fn row(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError> {
        let values = self.checking.take(row, out)?;
        out.clear();
        if !self.began {
            self.began = true;
            return self.find_column(row);
        }
        let findings = self.checking.take_findings();
        let Some(values) = values else {
            let why: Vec<String> = findings.iter().map(|one| one.what.to_string()).collect();
            self.gathered.left_out.push(LeftOut {
                line: row.line,
                why: why.join("; "),
            });
            return Ok(());
        };
        let beside = self.column.map(|at| row.cell(at).trim().to_owned());
        let mut person = Newcomer {
            line: row.line,
            login: String::new(),
            email: String::new(),
            profile: Map::new(),
            beside: beside.unwrap_or_default(),
        };
        for (attribute, value) in self.checking.attributes().iter().zip(values) {
            if value.is_empty() {
                continue;
            }
            let json = attribute.json(&value);
            match attribute.name.as_str() {
                "login" => person.login = value,
                "email" => person.email = value,
                _ => {}
            }
            person.profile.insert(attribute.name.clone(), json);
        }
        self.gathered.people.push(person);
        Ok(())
    }

    fn close(&mut self, count: &Count) -> Result<Gathered, UsersError> {
        let account = self.checking.close(count)?;
        let gathered = std::mem::take(&mut self.gathered);
        let sum = (gathered.people.len() + gathered.left_out.len()) as u64;
        match sum == count.rows && gathered.left_out.len() as u64 == account.refused_rows {
            true => Ok(gathered),
            false => Err(UsersError::Miscounted {
                rows: count.rows,
                sum,
                second: count.second,
            }),
        }
    }
}

impl Gathering {
    fn find_column(&mut self, header: &Row<'_>) -> Result<(), UsersError> {
        let Some(wanted) = &self.beside else {
            return Ok(());
        };
        let mut names = (0..header.len()).map(|at| header.cell(at));
        self.column = names.position(|name| flat(&name) == flat(wanted));
        match self.column {
            Some(_) => Ok(()),
            None => {
                let found: Vec<String> = (0..header.len())
                    .map(|at| header.cell(at).into_owned())
                    .collect();
                Err(UsersError::MissingColumn {
                    line: header.line,
                    missing: format!("`{}`", crate::explain::seen(wanted)),
                    found: crate::explain::seen(&found.join(", ")),
                })
            }
        }
    }
}

/// Rows about accounts as CSV for people: what a spreadsheet would run as a formula is made text.
pub fn report_rows(rows: impl Iterator<Item = [String; 6]>) -> Vec<u8> {
    let mut out = Vec::new();
    write::row(&mut out, ["line", "login", "state", "id", "link", "why"]);
    for row in rows {
        let safe = row.map(|cell| match is_formula(&cell) {
            true => format!("'{cell}"),
            false => cell,
        });
        write::row(&mut out, safe.iter().map(String::as_str));
    }
    out
}

//! An import file held against the target's user profile and users, before it is uploaded.

use super::header::flat;
use super::import::folded;
use super::job::{Job, Work};
use super::reader::Count;
use super::scan::Row;
use super::schema::{Attribute, Flaw, Schema};
use super::write;
use super::{Options, UsersError};
use crate::explain::seen;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// The users that the target has already: status by login.
#[derive(Clone, Debug, Default)]
pub struct Existing {
    status: HashMap<u64, String>,
}

impl Existing {
    /// From the answers of `GET /api/v1/users`: one list, or several one after the other.
    ///
    /// # Errors
    /// [`UsersError::Users`] when it is something else.
    pub fn from_json(text: &str, compose: fn(&str) -> String) -> Result<Self, UsersError> {
        let mut existing = Self::default();
        for list in serde_json::Deserializer::from_str(text).into_iter::<Vec<Value>>() {
            let list = list.map_err(|error| UsersError::Users {
                why: error.to_string(),
            })?;
            for user in &list {
                let word = |path: &str| user.pointer(path).and_then(Value::as_str);
                let (Some(login), Some(status)) = (word("/profile/login"), word("/status")) else {
                    return Err(UsersError::Users {
                        why: "an object in it has no `profile.login` or no `status`".to_owned(),
                    });
                };
                existing.status.insert(folded(login, compose), seen(status));
            }
        }
        Ok(existing)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.status.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.status.is_empty()
    }
}

/// What an import file is held against.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// How the file is read.
    pub options: Options,
    /// The target's user profile.
    pub schema: Schema,
    /// The target's users.
    pub existing: Existing,
    /// As in [`super::ImportOptions::compose`].
    pub compose: fn(&str) -> String,
}

/// What the check found. `sound`, `mended` and `refused_rows` add up to `rows`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAccount {
    /// Data rows, counted twice.
    pub rows: u64,
    /// Rows as they should be.
    pub sound: u64,
    /// Rows that the corrected copy holds in another form.
    pub mended: u64,
    /// Rows that only a person can mend; the corrected copy is without them.
    pub refused_rows: u64,
    /// Columns that the schema does not have: the corrected copy is without them.
    pub unknown_columns: Vec<String>,
    /// Columns whose name the corrected copy spells as the schema does.
    pub renamed_columns: Vec<String>,
    /// Columns that have a value in some rows and none in others, with the number of rows without.
    pub partly_empty: BTreeMap<String, u64>,
    /// The first 1000 findings.
    pub findings: Vec<Finding>,
}

/// Something wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Line on which the row starts.
    pub line: usize,
    /// What.
    #[serde(flatten)]
    pub what: Problem,
}

/// What can be wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Problem {
    /// Blanks around a value, which the corrected copy is without.
    Blanks {
        /// The attribute.
        attribute: String,
    },
    /// Another number of cells than columns.
    Cells {
        /// Cells in the row.
        cells: usize,
        /// Columns in the header.
        columns: usize,
    },
    /// A login that an earlier row has too.
    DuplicateLogin {
        /// Line of that row.
        first: usize,
    },
    /// A value that the schema or the target's users do not allow.
    Unfit {
        /// The attribute.
        attribute: String,
        /// What is wrong.
        #[serde(flatten)]
        flaw: Flaw,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blanks { attribute } => write!(f, "blanks around `{attribute}`, mended"),
            Self::Cells { cells, columns } => write!(f, "{cells} cells, header has {columns}"),
            Self::DuplicateLogin { first } => write!(f, "the login of line {first} again"),
            Self::Unfit { attribute, flaw } => write!(f, "`{attribute}` {flaw}"),
        }
    }
}

impl fmt::Display for CheckAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rows,
            sound,
            mended,
            refused_rows,
            ..
        } = self;
        writeln!(
            f,
            "{rows} rows: {sound} sound, {mended} mended, {refused_rows} refused"
        )?;
        for name in &self.unknown_columns {
            writeln!(
                f,
                "  column `{name}` is unknown to the target and left out of the corrected copy"
            )?;
        }
        for name in &self.renamed_columns {
            writeln!(
                f,
                "  column `{name}` is spelt as the target does in the corrected copy"
            )?;
        }
        for (name, count) in &self.partly_empty {
            writeln!(
                f,
                "  column `{name}` is empty in {count} rows; Okta wants it filled or empty throughout"
            )?;
        }
        for Finding { line, what } in &self.findings {
            writeln!(f, "  line {line}: {what}")?;
        }
        Ok(())
    }
}

impl CheckAccount {
    /// Whether the file can be uploaded as it is.
    pub fn is_clean(&self) -> bool {
        self.sound == self.rows
            && self.unknown_columns.is_empty()
            && self.renamed_columns.is_empty()
    }
}

const MOST_LISTED: usize = 1000;

/// Reads an import file in chunks and writes the corrected copy.
pub type Check = Job<Checking>;

impl Check {
    /// A check at the start of a file.
    pub fn new(options: CheckOptions) -> Self {
        Self::start(&options.options.clone(), Checking::new(options))
    }
}

/// The work of a [`Check`].
pub struct Checking {
    options: CheckOptions,
    /// Which attribute each column holds.
    columns: Option<Vec<Option<usize>>>,
    logins: HashMap<u64, usize>,
    /// Rows with a value, by attribute.
    filled: Vec<u64>,
    account: CheckAccount,
}

impl Work for Checking {
    type Account = CheckAccount;

    fn row(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError> {
        if let Some(values) = self.take(row, out)? {
            let present = columns_of(self.columns.as_deref());
            write::row(
                out,
                present.filter_map(|at| values.get(at)).map(String::as_str),
            );
        }
        Ok(())
    }

    fn close(&mut self, count: &Count) -> Result<CheckAccount, UsersError> {
        let mut account = std::mem::take(&mut self.account);
        let sum = account.sound + account.mended + account.refused_rows;
        if sum != count.rows || count.second != count.rows {
            return Err(UsersError::Miscounted {
                rows: count.rows,
                sum,
                second: count.second,
            });
        }
        let written = account.sound + account.mended;
        for (attribute, filled) in self.options.schema.attributes().iter().zip(&self.filled) {
            if *filled > 0 && *filled < written {
                account
                    .partly_empty
                    .insert(attribute.name.clone(), written - filled);
            }
        }
        Ok(account)
    }
}

impl Checking {
    pub(super) fn new(options: CheckOptions) -> Self {
        Self {
            options,
            columns: None,
            logins: HashMap::new(),
            filled: Vec::new(),
            account: CheckAccount::default(),
        }
    }

    /// The values of a row that is not refused, mended, one for each attribute of the schema. The
    /// header gives none, and writes that of the corrected copy.
    pub(super) fn take(
        &mut self,
        row: &Row<'_>,
        out: &mut Vec<u8>,
    ) -> Result<Option<Vec<String>>, UsersError> {
        let Some(columns) = &self.columns else {
            return self.read_header(row, out).map(|()| None);
        };
        self.account.rows += 1;
        if row.len() != columns.len() {
            let (cells, columns) = (row.len(), columns.len());
            self.find(row.line, Problem::Cells { cells, columns });
            self.account.refused_rows += 1;
            return Ok(None);
        }
        let mut values = vec![String::new(); self.options.schema.attributes().len()];
        for (cell, at) in columns.iter().enumerate() {
            if let Some(place) = at.and_then(|at| values.get_mut(at)) {
                *place = row.cell(cell).into_owned();
            }
        }
        let (mended, refused) = self.judge(row.line, &mut values);
        if refused {
            self.account.refused_rows += 1;
            return Ok(None);
        }
        *(if mended {
            &mut self.account.mended
        } else {
            &mut self.account.sound
        }) += 1;
        for (count, value) in self.filled.iter_mut().zip(&values) {
            *count += u64::from(!value.is_empty());
        }
        Ok(Some(values))
    }

    /// What was found since the last call.
    pub(super) fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.account.findings)
    }

    /// The attributes, in the order of the values that [`Checking::take`] gives.
    pub(super) fn attributes(&self) -> &[Attribute] {
        self.options.schema.attributes()
    }

    fn read_header(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError> {
        let schema = &self.options.schema;
        let names = super::header::sound_names(row)?;
        let columns: Vec<Option<usize>> = names.iter().map(|name| schema.find(name)).collect();
        let missing = schema
            .attributes()
            .iter()
            .enumerate()
            .find(|(at, attribute)| attribute.flaw("").is_some() && !columns.contains(&Some(*at)));
        if let Some((_, attribute)) = missing {
            return Err(UsersError::MissingColumn {
                line: row.line,
                missing: format!("`{}`", attribute.name),
                found: seen(&names.join(", ")),
            });
        }
        for (name, at) in names.iter().zip(&columns) {
            match at.and_then(|at| schema.attributes().get(at)) {
                None => self.account.unknown_columns.push(seen(name)),
                Some(attribute) if attribute.name != *name => {
                    self.account.renamed_columns.push(seen(name))
                }
                Some(_) => {}
            }
        }
        let attributes = columns_of(Some(&columns)).filter_map(|at| schema.attributes().get(at));
        write::row(out, attributes.map(|attribute| attribute.name.as_str()));
        self.filled = vec![0; schema.attributes().len()];
        self.columns = Some(columns);
        Ok(())
    }

    /// Mends what can be mended; whether something was, and whether the row is refused all the same.
    fn judge(&mut self, line: usize, values: &mut [String]) -> (bool, bool) {
        let mut problems = Vec::new();
        let (mut login, mut email) = (String::new(), String::new());
        for (attribute, value) in self
            .options
            .schema
            .attributes()
            .iter()
            .zip(values.iter_mut())
        {
            let name = || attribute.name.clone();
            if value.trim().len() < value.len() {
                *value = value.trim().to_owned();
                problems.push(Problem::Blanks { attribute: name() });
            }
            if let Some(flaw) = attribute.flaw(value) {
                problems.push(Problem::Unfit {
                    attribute: name(),
                    flaw,
                });
            }
            match flat(&attribute.name).as_str() {
                "login" => login.clone_from(value),
                "email" => email.clone_from(value),
                _ => {}
            }
        }
        let compose = self.options.compose;
        let unfit = |attribute: &str, flaw| Problem::Unfit {
            attribute: attribute.to_owned(),
            flaw,
        };
        let (own, mail) = (folded(&login, compose), folded(&email, compose));
        if let Some(status) = self.options.existing.status.get(&own) {
            problems.push(unfit(
                "login",
                Flaw::LoginTaken {
                    status: status.clone(),
                },
            ));
        }
        let others =
            self.options.existing.status.contains_key(&mail) || self.logins.contains_key(&mail);
        if own != mail && !email.is_empty() && others {
            problems.push(unfit("email", Flaw::EmailTaken));
        }
        if let Some(first) = self.logins.insert(own, line) {
            problems.push(Problem::DuplicateLogin { first });
            self.logins.insert(own, first);
        }
        let refused = problems
            .iter()
            .any(|problem| !matches!(problem, Problem::Blanks { .. }));
        let mended = !problems.is_empty();
        for problem in problems {
            self.find(line, problem);
        }
        (mended, refused)
    }

    fn find(&mut self, line: usize, what: Problem) {
        if self.account.findings.len() < MOST_LISTED {
            self.account.findings.push(Finding { line, what });
        }
    }
}

/// The attributes that have a column, in the order of the columns.
fn columns_of(columns: Option<&[Option<usize>]>) -> impl Iterator<Item = usize> {
    columns.unwrap_or_default().iter().flatten().copied()
}

//! Report to import file: one row per active user under the header of the target's user profile.

use super::account::Reason;
use super::header::Header;
use super::import_account::{Guess, ImportAccount};
use super::job::{Job, Work};
use super::ledger::Ledger;
use super::names::{Names, split};
use super::reader::Count;
use super::scan::Row;
use super::schema::{Schema, is_email};
use super::write;
use super::{Options, UsersError};
use crate::explain::seen;
use org2org_lane::{Lane, Second, Taken};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How the users of one source become users of the target.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// How the report is read.
    pub options: Options,
    /// What the target wants.
    pub schema: Schema,
    /// A better source of names, and of e-mail addresses.
    pub names: Option<Names>,
    /// Put behind every login, so that logins of several sources do not meet.
    pub login_suffix: String,
    /// The login is the e-mail address where no other is known.
    pub email_from_login: bool,
    /// The same value for everybody, by attribute.
    pub same: Vec<(String, String)>,
    /// The group in the target that they shall be in: an import file carries no groups, so the
    /// account tells a person to do it.
    pub group: Option<String>,
    /// What to do with a login that came before.
    pub duplicates: Duplicates,
    /// Unicode composition (NFC): both faces have it at hand, and its tables would weigh on the page.
    pub compose: fn(&str) -> String,
}

/// What to do with a login that came before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Give nothing out until a person has chosen.
    #[default]
    Block,
    /// The first row of a login counts, the others are refused.
    KeepFirst,
}

const MOST_LISTED: usize = 1000;

/// Reads a report in chunks and writes an import file.
pub type Import = Job<Importing>;

impl Import {
    /// An import at the start of a report.
    ///
    /// # Errors
    /// [`UsersError::Schema`] when a value is set for an attribute that the schema does not have.
    pub fn new(options: ImportOptions) -> Result<Self, UsersError> {
        let same = options.same.iter().map(|(name, value)| {
            let at = options
                .schema
                .find(name)
                .ok_or_else(|| UsersError::Schema {
                    why: format!("it has no attribute `{}`", seen(name)),
                })?;
            Ok((at, value.clone()))
        });
        let work = Importing {
            same: same.collect::<Result<_, UsersError>>()?,
            places: Places::of(&options.schema),
            columns: None,
            lane: None,
            ledger: Ledger::default(),
            logins: HashMap::new(),
            values: Vec::new(),
            preview: Vec::new(),
            account: ImportAccount::default(),
            options,
        };
        Ok(Self::start(&work.options.options.clone(), work))
    }

    /// The first rows of the import file, as many as [`Options::preview`] asks for.
    pub fn preview(&self) -> &[Vec<String>] {
        &self.work.preview
    }
}

/// The work of an [`Import`].
pub struct Importing {
    options: ImportOptions,
    same: Vec<(usize, String)>,
    places: Places,
    columns: Option<Columns>,
    lane: Option<Lane>,
    ledger: Ledger,
    /// Line of each login so far, by its hash: the logins themselves would fill the memory.
    logins: HashMap<u64, usize>,
    values: Vec<String>,
    preview: Vec<Vec<String>>,
    account: ImportAccount,
}

/// Where the names of a user came from.
enum Origin {
    Joined,
    Guessed(Option<Guess>),
}

/// Where the report has what.
struct Columns {
    header: Header,
    user: Option<usize>,
    email: Option<usize>,
}

/// Where the import file has what.
struct Places {
    login: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    email: Option<usize>,
    display: Option<usize>,
}

impl Places {
    fn of(schema: &Schema) -> Self {
        Self {
            login: schema.find("login"),
            first: schema.find("firstName"),
            last: schema.find("lastName"),
            email: schema.find("email"),
            display: schema.find("displayName"),
        }
    }
}

impl Work for Importing {
    type Account = ImportAccount;

    fn row(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError> {
        let Some(columns) = &self.columns else {
            return self.begin_file(row, out);
        };
        if self.ledger.judge(&columns.header, row) {
            self.import(row, out);
        }
        Ok(())
    }

    /// Only rows that are left out: those that are kept need a look at their cells.
    fn quick(&mut self, chunk: &[u8], line: usize, second: &mut Second, _: &mut Vec<u8>) -> Taken {
        let Some(lane) = &mut self.lane else {
            return Taken::default();
        };
        let taken = lane.run(chunk, line, second, None);
        self.ledger.add(&taken.codes);
        taken
    }

    fn close(&mut self, count: &Count) -> Result<ImportAccount, UsersError> {
        let mut account = std::mem::take(&mut self.account);
        account.account = self.ledger.close(count)?;
        account.group.clone_from(&self.options.group);
        account.blocked = account.duplicates > 0 && self.options.duplicates == Duplicates::Block;
        Ok(account)
    }
}

impl Importing {
    fn begin_file(&mut self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), UsersError> {
        let header = Header::read(row)?;
        let (user, email) = (header.find("User"), header.find("Email"));
        if user.is_none() && self.options.names.is_none() {
            return Err(UsersError::MissingColumn {
                line: row.line,
                missing: "`User`".to_owned(),
                found: seen(&header.names().join(", ")),
            });
        }
        self.lane = self.options.options.lane(&header);
        self.columns = Some(Columns {
            header,
            user,
            email,
        });
        let attributes = self.options.schema.attributes();
        write::row(out, attributes.iter().map(|own| own.name.as_str()));
        self.values = vec![String::new(); attributes.len()];
        Ok(())
    }

    fn import(&mut self, row: &Row<'_>, out: &mut Vec<u8>) {
        let filled = self.fill(row).and_then(|origin| {
            self.refuse_flaws()?;
            self.refuse_duplicate(row.line)?;
            Ok(origin)
        });
        match filled {
            Ok(origin) => {
                self.note(origin);
                write::row(out, self.values.iter().map(String::as_str));
                if self.preview.len() < self.options.options.preview {
                    self.preview.push(self.values.clone());
                }
            }
            Err(reason) => self.ledger.refuse_kept(row.line, reason),
        }
    }

    /// Counts where the names of a user came from who is in the file.
    fn note(&mut self, origin: Origin) {
        match origin {
            Origin::Joined => self.account.joined += 1,
            Origin::Guessed(doubt) => {
                self.account.guessed += 1;
                self.account.doubtful += u64::from(doubt.is_some());
                if self.account.doubts.len() < MOST_LISTED {
                    self.account.doubts.extend(doubt);
                }
            }
        }
    }

    /// The values of one user, in the order of the schema.
    fn fill(&mut self, row: &Row<'_>) -> Result<Origin, Reason> {
        let Some(columns) = &self.columns else {
            return Err(Reason::EmptyLogin);
        };
        let cell =
            |at: Option<usize>| at.map_or_else(String::new, |at| row.cell(at).trim().to_owned());
        let login = cell(Some(columns.header.login));
        let display = cell(columns.user);
        let mut email = cell(columns.email);
        let known = self
            .options
            .names
            .as_ref()
            .and_then(|names| names.find(&login));
        let known = known.filter(|person| !person.first.is_empty() && !person.last.is_empty());
        let (first, last, origin) = match known {
            Some(person) => {
                if !person.email.is_empty() {
                    email.clone_from(&person.email);
                }
                (person.first.clone(), person.last.clone(), Origin::Joined)
            }
            None => {
                let split = split(&display).ok_or_else(|| Reason::UnclearName {
                    seen: seen(&display),
                })?;
                let doubt = split.doubt.map(|why| Guess {
                    line: row.line,
                    first: seen(&split.first),
                    last: seen(&split.last),
                    why,
                });
                (split.first, split.last, Origin::Guessed(doubt))
            }
        };
        if email.is_empty() && self.options.email_from_login && is_email(&login) {
            email.clone_from(&login);
        }
        for value in &mut self.values {
            value.clear();
        }
        let Places {
            login: at_login,
            first: at_first,
            last: at_last,
            email: at_email,
            display: at_display,
        } = self.places;
        let login = login + &self.options.login_suffix;
        let own = [
            (at_login, login),
            (at_first, first),
            (at_last, last),
            (at_email, email),
            (at_display, display),
        ];
        let own = own.into_iter().filter_map(|(at, value)| Some((at?, value)));
        for (at, value) in own.chain(self.same.iter().cloned()) {
            if let Some(place) = self.values.get_mut(at) {
                *place = value;
            }
        }
        Ok(origin)
    }

    fn refuse_flaws(&self) -> Result<(), Reason> {
        for (attribute, value) in self.options.schema.attributes().iter().zip(&self.values) {
            if let Some(flaw) = attribute.flaw(value) {
                return Err(Reason::Unfit {
                    attribute: seen(&attribute.name),
                    flaw,
                });
            }
        }
        Ok(())
    }

    fn refuse_duplicate(&mut self, line: usize) -> Result<(), Reason> {
        let login = self.places.login.and_then(|at| self.values.get(at));
        let key = folded(login.map_or("", String::as_str), self.options.compose);
        match self.logins.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(line);
                Ok(())
            }
            Entry::Occupied(first) => {
                self.account.duplicates += 1;
                Err(Reason::DuplicateLogin {
                    first: *first.get(),
                })
            }
        }
    }
}

/// The same number for logins that Okta takes for the same: case and Unicode form do not count.
pub(super) fn folded(login: &str, compose: fn(&str) -> String) -> u64 {
    let mut hasher = DefaultHasher::new();
    match login.is_ascii() {
        true => login.to_ascii_lowercase().hash(&mut hasher),
        false => compose(&compose(login).to_lowercase()).hash(&mut hasher),
    }
    hasher.finish()
}

//! The worker's side of the users tools: chunks of one file in, chunks of another out.

use crate::shown::{Block, texts_to_js};
use crate::trouble::Trouble;
use crate::{text, users_account, users_check};
use js_sys::Reflect;
use org2org_core::explain::seen_whole;
use org2org_core::users::{
    Account, Check, CheckAccount, CheckOptions, Duplicates, Encoding, Existing, Filter, Import,
    ImportAccount, ImportOptions, Names, Options, Schema, UsersError, ViewAccount, ViewCopy,
};
use wasm_bindgen::prelude::*;

/// What is made of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    /// The rows of active users of a report, as they are.
    Active,
    /// The import file of the target from a report.
    Import,
    /// The corrected copy of an import file.
    Check,
    /// A copy that is safe to open.
    View,
}

impl Make {
    /// The value of its choice in `index.html`; the first where there is no such choice.
    pub fn parse(choice: &str) -> Self {
        match choice {
            "import" => Self::Import,
            "check" => Self::Check,
            "view" => Self::View,
            _ => Self::Active,
        }
    }
}

/// What the page asks for, read from the message that carries it; texts that are empty are no wish.
struct Wanted {
    make: Make,
    /// The byte between two cells.
    separator: u8,
    encoding: Encoding,
    /// How many rows to remember.
    preview: usize,
    /// Put behind every login.
    login_suffix: String,
    /// The login is the e-mail address where no other is known.
    email_from_login: bool,
    /// The group to put everybody in.
    group: String,
    /// The `userType` of everybody.
    user_type: String,
    /// Whether the first row of a login counts; else repeated logins block the file.
    keep_first: bool,
    /// Name of the file, for the sentence about it.
    name: String,
}

impl Wanted {
    fn read(message: &JsValue) -> Self {
        let text = |name: &str| {
            let value = Reflect::get(message, &name.into()).unwrap_or_default();
            value.as_string().unwrap_or_default()
        };
        Self {
            make: Make::parse(&text("make")),
            separator: text("separator").parse().unwrap_or(b','),
            encoding: Encoding::parse(&text("encoding")).unwrap_or_default(),
            preview: text("preview").parse().unwrap_or_default(),
            login_suffix: text("suffix"),
            email_from_login: text("email") == "true",
            group: text("group"),
            user_type: text("type"),
            keep_first: text("repeated") == "keep-first",
            name: text("name"),
        }
    }

    /// What is typed stands in every row of the import file, as it is.
    fn refuse_secrets(&self) -> Result<(), JsValue> {
        let typed = [self.login_suffix.as_str(), "|", &self.user_type].concat();
        if seen_whole(&typed) == typed {
            return Ok(());
        }
        let texts = ["users-secret", text::VALUE_SECRET, text::USERS_SECRET_HINT];
        Err(texts_to_js(texts.into_iter()).into())
    }
}

/// What became of a file.
enum Told {
    Active(Account),
    Import(ImportAccount),
    Check(CheckAccount),
    View(ViewAccount),
}

#[wasm_bindgen]
extern "C" {
    /// Where the other file goes.
    pub type Output;

    /// Takes bytes that are there during this call only.
    #[wasm_bindgen(method)]
    fn write(this: &Output, bytes: &[u8]);
}

/// A file at work.
#[wasm_bindgen]
pub struct Job {
    tool: Tool,
    name: String,
    /// What is about to be written: kept, since making it anew for every chunk takes longer than filling it.
    out: Vec<u8>,
    /// Names of the import file's columns.
    columns: Vec<String>,
    told: Option<Told>,
}

#[expect(clippy::large_enum_variant, reason = "there is one in a worker")]
enum Tool {
    Active(Filter),
    Import(Import),
    Check(Check),
    View(ViewCopy),
}

#[wasm_bindgen]
impl Job {
    /// A job at its start: the wishes as texts by their names; the target's profile (a template or the API's answer), better
    /// names (CSV) and the target's users (the API's answer), each as the bytes of its file where there is one.
    ///
    /// # Errors
    /// A [`Trouble`] as its three texts when one of these files cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(
        message: &JsValue,
        schema: Option<Vec<u8>>,
        names: Option<Vec<u8>>,
        users: Option<Vec<u8>>,
    ) -> Result<Self, JsValue> {
        let wanted = Wanted::read(message);
        if wanted.make == Make::Import {
            wanted.refuse_secrets()?;
        }
        let name = wanted.name.clone();
        let schema = match schema {
            Some(bytes) => Schema::from_file(&bytes).map_err(thrown)?,
            None => Schema::default(),
        };
        let names = names.map(|bytes| Names::read(&bytes, &Options::default()));
        let names = names.transpose().map_err(thrown)?;
        let existing = users.map(|bytes| Existing::from_json(&utf8(bytes)?, compose));
        let existing = existing.transpose().map_err(thrown)?.unwrap_or_default();
        let attributes = schema.attributes().iter();
        let columns = attributes.map(|attribute| attribute.name.clone()).collect();
        let tool = Tool::new(wanted, schema, names, existing).map_err(thrown)?;
        Ok(Self {
            tool,
            name,
            out: Vec::new(),
            columns,
            told: None,
        })
    }

    /// Takes the next bytes, writes what is certain of the other file.
    ///
    /// # Errors
    /// A [`Trouble`] as its three texts; nothing written so far may then be used.
    pub fn push(&mut self, chunk: &[u8], to: &Output) -> Result<(), JsValue> {
        let out = &mut self.out;
        match &mut self.tool {
            Tool::Active(job) => job.push(chunk, out),
            Tool::Import(job) => job.push(chunk, out),
            Tool::Check(job) => job.push(chunk, out),
            Tool::View(job) => job.push(chunk, out),
        }
        .map_err(thrown)?;
        self.write(to);
        Ok(())
    }

    /// Ends the file, writes the last bytes.
    ///
    /// # Errors
    /// As [`Job::push`].
    pub fn finish(&mut self, to: &Output) -> Result<(), JsValue> {
        let out = &mut self.out;
        let told = match &mut self.tool {
            Tool::Active(job) => job.finish(out).map(Told::Active),
            Tool::Import(job) => job.finish(out).map(Told::Import),
            Tool::Check(job) => job.finish(out).map(Told::Check),
            Tool::View(job) => job.finish(out).map(Told::View),
        };
        self.told = Some(told.map_err(thrown)?);
        self.write(to);
        Ok(())
    }

    /// Rows read so far.
    pub fn rows(&self) -> f64 {
        let rows = match &self.tool {
            Tool::Active(job) => job.rows(),
            Tool::Import(job) => job.rows(),
            Tool::Check(job) => job.rows(),
            Tool::View(job) => job.rows(),
        };
        rows as f64
    }

    /// What the page shows of a finished file: a sentence, then [`Block`]s; nothing before [`Job::finish`].
    pub fn summary(&self) -> Option<js_sys::Array> {
        let (verdict, mut blocks) = self.told.as_ref()?.shown(&self.name);
        let (columns, rows) = match &self.tool {
            Tool::Active(job) => (job.columns(), job.preview()),
            Tool::Import(job) => (self.columns.as_slice(), job.preview()),
            Tool::Check(_) | Tool::View(_) => (&[][..], &[][..]),
        };
        blocks.extend(users_account::preview(
            columns,
            rows,
            self.told.as_ref()?.kept(),
        ));
        let shown = js_sys::Array::of1(&verdict.into());
        for block in &blocks {
            shown.push(&block.to_js());
        }
        Some(shown)
    }
}

impl Job {
    fn write(&mut self, to: &Output) {
        to.write(&self.out);
        self.out.clear();
    }
}

impl Told {
    /// The account in a sentence, and in full.
    fn shown(&self, name: &str) -> (String, Vec<Block>) {
        match self {
            Self::Active(account) => users_account::active(name, account),
            Self::Import(told) => users_account::import(name, told),
            Self::Check(told) => users_check::shown(name, told),
            Self::View(told) => users_account::copy(name, told),
        }
    }

    fn kept(&self) -> u64 {
        match self {
            Self::Active(account) => account.kept,
            Self::Import(told) if !told.blocked => told.account.kept,
            _ => 0,
        }
    }
}

impl Tool {
    fn new(
        wanted: Wanted,
        schema: Schema,
        names: Option<Names>,
        existing: Existing,
    ) -> Result<Self, UsersError> {
        let options = Options {
            separator: Some(wanted.separator),
            encoding: wanted.encoding,
            preview: wanted.preview,
            ..Options::default()
        };
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(match wanted.make {
            Make::Active => Self::Active(Filter::new(options)),
            Make::Import => Self::Import(Import::new(ImportOptions {
                options,
                schema,
                names,
                login_suffix: wanted.login_suffix,
                email_from_login: wanted.email_from_login,
                same: some(wanted.user_type)
                    .map(|value| ("userType".to_owned(), value))
                    .into_iter()
                    .collect(),
                group: some(wanted.group),
                duplicates: match wanted.keep_first {
                    true => Duplicates::KeepFirst,
                    false => Duplicates::Block,
                },
                compose,
            })?),
            Make::Check => Self::Check(Check::new(CheckOptions {
                options,
                schema,
                existing,
                compose,
            })),
            Make::View => Self::View(ViewCopy::new(&options)),
        })
    }
}

/// The browser's own tables.
fn compose(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

fn utf8(bytes: Vec<u8>) -> Result<String, UsersError> {
    String::from_utf8(bytes).map_err(|error| UsersError::Users {
        why: text::users_no_utf8!(byte = error.utf8_error().valid_up_to()),
    })
}

fn thrown(error: UsersError) -> JsValue {
    Trouble::from(&error).to_js()
}

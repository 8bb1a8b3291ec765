//! The worker's side of the users tools: chunks of one file in, chunks of another out.

use org2org_core::users::{Account, CheckAccount, ImportAccount, ViewAccount};
use serde::{Deserialize, Serialize};

#[cfg(feature = "worker")]
pub use worker::Job;

/// What is made of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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

#[cfg(feature = "page")]
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

/// What the page asks for; texts that are empty are no wish.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// What to make.
    pub make: Make,
    /// The byte between two cells.
    pub separator: u8,
    /// The file's encoding by its label.
    pub encoding: String,
    /// How many rows to remember.
    pub preview: usize,
    /// Put behind every login.
    pub login_suffix: String,
    /// The login is the e-mail address where no other is known.
    pub email_from_login: bool,
    /// The group to put everybody in.
    pub group: String,
    /// The `userType` of everybody.
    pub user_type: String,
    /// Whether the first row of a login counts; else repeated logins block the file.
    pub keep_first: bool,
}

/// What became of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// Of a report cut to active users.
    Active(Account),
    /// Of a report made an import file.
    Import(ImportAccount),
    /// Of an import file checked.
    Check(CheckAccount),
    /// Of a copy to look at.
    View(ViewAccount),
}

/// What the page shows of a finished file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Its account.
    pub told: Told,
    /// Names of the columns of `preview`.
    pub columns: Vec<String>,
    /// The first rows that were written.
    pub preview: Vec<Vec<String>>,
}

#[cfg(feature = "worker")]
mod worker {
    use super::{Make, Summary, Told, Wanted};
    use crate::trouble::Trouble;
    use org2org_core::users::{
        Check, CheckOptions, Duplicates, Encoding, Existing, Filter, Import, ImportOptions, Names,
        Options, Schema, UsersError, ViewCopy,
    };
    use wasm_bindgen::prelude::*;

    /// A file at work.
    #[wasm_bindgen]
    pub struct Job {
        tool: Tool,
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
        /// A job at its start: [`Wanted`] as JSON; the target's profile (a template or the API's answer), better
        /// names (CSV) and the target's users (the API's answer), each as the bytes of its file where there is one.
        ///
        /// # Errors
        /// A [`Trouble`] as JSON when one of these files cannot be used.
        #[wasm_bindgen(constructor)]
        pub fn new(
            wanted: &str,
            schema: Option<Vec<u8>>,
            names: Option<Vec<u8>>,
            users: Option<Vec<u8>>,
        ) -> Result<Self, JsValue> {
            let wanted: Wanted = serde_json::from_str(wanted).map_err(|error| error.to_string())?;
            let schema = match schema {
                Some(bytes) => Schema::from_file(&bytes).map_err(thrown)?,
                None => Schema::default(),
            };
            let names = names.map(|bytes| Names::read(&bytes, &Options::default()));
            let names = names.transpose().map_err(thrown)?;
            let existing = users.map(|bytes| Existing::from_json(&text(bytes)?, compose));
            let existing = existing.transpose().map_err(thrown)?.unwrap_or_default();
            let attributes = schema.attributes().iter();
            let columns = attributes.map(|attribute| attribute.name.clone()).collect();
            let tool = Tool::new(wanted, schema, names, existing).map_err(thrown)?;
            let told = None;
            Ok(Self {
                tool,
                columns,
                told,
            })
        }

        /// Takes the next bytes, gives back what is certain of the other file.
        ///
        /// # Errors
        /// A [`Trouble`] as JSON; nothing given back so far may then be used.
        pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, JsValue> {
            let mut out = Vec::new();
            match &mut self.tool {
                Tool::Active(job) => job.push(chunk, &mut out),
                Tool::Import(job) => job.push(chunk, &mut out),
                Tool::Check(job) => job.push(chunk, &mut out),
                Tool::View(job) => job.push(chunk, &mut out),
            }
            .map_err(thrown)?;
            Ok(out)
        }

        /// Ends the file, gives back the last bytes.
        ///
        /// # Errors
        /// As [`Job::push`].
        pub fn finish(&mut self) -> Result<Vec<u8>, JsValue> {
            let mut out = Vec::new();
            let told = match &mut self.tool {
                Tool::Active(job) => job.finish(&mut out).map(Told::Active),
                Tool::Import(job) => job.finish(&mut out).map(Told::Import),
                Tool::Check(job) => job.finish(&mut out).map(Told::Check),
                Tool::View(job) => job.finish(&mut out).map(Told::View),
            };
            self.told = Some(told.map_err(thrown)?);
            Ok(out)
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

        /// The [`Summary`] of a finished file as JSON; nothing before [`Job::finish`].
        pub fn summary(&self) -> Option<String> {
            let (columns, preview) = match &self.tool {
                Tool::Active(job) => (job.columns().to_vec(), job.preview().to_vec()),
                Tool::Import(job) => (self.columns.clone(), job.preview().to_vec()),
                Tool::Check(_) | Tool::View(_) => Default::default(),
            };
            let summary = Summary {
                told: self.told.clone()?,
                columns,
                preview,
            };
            serde_json::to_string(&summary).ok()
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
                encoding: Encoding::parse(&wanted.encoding).unwrap_or_default(),
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

    fn text(bytes: Vec<u8>) -> Result<String, UsersError> {
        String::from_utf8(bytes).map_err(|error| UsersError::Users {
            why: format!(
                "it is no UTF-8 from byte {} on",
                error.utf8_error().valid_up_to()
            ),
        })
    }

    fn thrown(error: UsersError) -> JsValue {
        JsValue::from_str(&Trouble::from(&error).to_json())
    }
}

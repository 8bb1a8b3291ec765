//! CSV files of users: report to active users or import file, import files checked, copies to look at.
//!
//! Okta's files are CSV (RFC 4180). Bytes are pushed in chunks of any size, so a file of any length
//! needs the memory of one row (an import also remembers a number per login). What stands in a kept
//! row of a report is byte for byte what was read, and every row is accounted for.

mod account;
mod active;
mod block;
mod check;
mod encoding;
mod error;
mod formula;
mod header;
mod import;
mod import_account;
mod job;
mod lane;
mod ledger;
mod names;
mod reader;
mod scan;
mod schema;
mod second;
mod status;
mod view;
mod write;

pub use account::{Account, Formula, Reason, Refused, Warning};
pub use active::{Active, Filter, active};
pub use check::{Check, CheckAccount, CheckOptions, Checking, Existing, Finding, Problem};
pub use encoding::Encoding;
pub use error::UsersError;
pub use import::{Duplicates, Import, ImportOptions, Importing};
pub use import_account::{Guess, ImportAccount};
pub use job::{Job, Work};
pub use names::{Doubt, Names, Person, RULE as NAME_RULE, Split, split};
pub use schema::{Attribute, Flaw, Schema};
pub use status::Status;
pub use view::{ViewAccount, ViewCopy, Viewing};

/// How a file is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another separator than the comma, named by a person. Okta's import wants commas.
    pub separator: Option<u8>,
    /// Another encoding than UTF-8, named by a person: the file is converted.
    pub encoding: Encoding,
    /// How many kept rows [`Filter::preview`] holds.
    pub preview: usize,
    /// Leave the fast lane out: the same result, slower. For tests, and where there is no SIMD.
    pub byte_by_byte: bool,
}

impl Options {
    /// The fast lane for rows of so many cells, where there is one.
    fn lane(&self, columns: usize) -> Option<lane::Lane> {
        let simd = cfg!(any(not(target_arch = "wasm32"), target_feature = "simd128"));
        match simd && !self.byte_by_byte {
            true => lane::Lane::new(self.separator.unwrap_or(b','), columns),
            false => None,
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod tests_of_tools;

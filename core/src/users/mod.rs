//! CSV files of users: report to active users or import file, import files checked, copies to look at.
//!
//! Okta's files are CSV (RFC 4180). Bytes are pushed in chunks of any size, so a file of any length
//! needs the memory of one row (an import also remembers a number per login). What stands in a kept
//! row of a report is byte for byte what was read, and every row is accounted for.

mod account;
mod active;
mod check;
mod encoding;
mod error;
mod formula;
mod header;
mod import;
mod import_account;
mod job;
mod ledger;
mod names;
mod newcomers;
mod reader;
mod scan;
mod schema;
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
pub use newcomers::{Gathered, Gathering, LeftOut, Newcomer, Newcomers, report_rows};
pub use schema::{Attribute, Flaw, Schema};
pub use status::Status;
pub use view::{ViewAccount, ViewCopy, Viewing};

use formula::MAY_BE_FORMULA;
use header::Header;
use ledger::EXCEL_CELL;
use org2org_lane::{LONGEST, Lane, Shape};

/// How a file is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Another separator than the comma, named by a person. Okta's import wants commas.
    pub separator: Option<u8>,
    /// Another encoding than UTF-8, named by a person: the file is converted.
    pub encoding: Encoding,
    /// How many kept rows [`Filter::preview`] holds.
    pub preview: usize,
    /// Leave the fast lane out: the same result, slower. For tests.
    pub byte_by_byte: bool,
}

impl Options {
    /// The fast lane for reports with this header, where there is one.
    fn lane(&self, header: &Header) -> Option<Lane> {
        let shape = Shape {
            separator: self.separator.unwrap_or(b','),
            columns: header.names().len(),
            word: header.status,
            read: Status::code,
            text: header.login,
            risky: &MAY_BE_FORMULA,
        };
        match self.byte_by_byte {
            true => None,
            false => Lane::new(shape),
        }
    }
}

// What no spreadsheet opens whole, the fast lane leaves to the scanner.
const _: () = assert!(LONGEST <= EXCEL_CELL);

#[cfg(test)]
mod tests;

#[cfg(test)]
mod tests_of_tools;

//! Password Health report to active users: rows are left out, never changed, and all counted.
//!
//! Okta's report comes as CSV (RFC 4180). Bytes are pushed in chunks of any size, so a file of any
//! length needs the memory of one row. What stands in a kept row is byte for byte what was read.

mod account;
mod active;
mod block;
mod encoding;
mod error;
mod header;
mod job;
mod lane;
mod reader;
mod scan;
mod second;
mod status;

pub use account::{Account, Formula, Reason, Refused, Warning};
pub use active::{Active, Filter, active};
pub use encoding::Encoding;
pub use error::UsersError;
pub use job::Job;
pub use status::Status;

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

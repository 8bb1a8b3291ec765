//! The worker's side of a report: chunks in, kept rows out.

use org2org_core::users::Account;
use serde::{Deserialize, Serialize};

#[cfg(feature = "worker")]
pub use worker::Report;

/// What the page shows of a finished report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What became of every row.
    pub account: Account,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The first kept rows.
    pub preview: Vec<Vec<String>>,
}

#[cfg(feature = "worker")]
mod worker {
    use super::Summary;
    use crate::trouble::Trouble;
    use org2org_core::users::{Account, Encoding, Filter, Options, UsersError};
    use wasm_bindgen::prelude::*;

    /// A report that is being filtered.
    #[wasm_bindgen]
    pub struct Report {
        filter: Filter,
        account: Account,
    }

    #[wasm_bindgen]
    impl Report {
        /// A report at its start; `separator` is a byte, `encoding` a label as browsers know it, `preview` how many
        /// kept rows to remember.
        #[wasm_bindgen(constructor)]
        pub fn new(separator: u8, encoding: &str, preview: usize) -> Self {
            Self {
                filter: Filter::new(Options {
                    separator: Some(separator),
                    encoding: Encoding::parse(encoding).unwrap_or_default(),
                    preview,
                    ..Options::default()
                }),
                account: Account::default(),
            }
        }

        /// Takes the next bytes, gives back what is kept of them.
        ///
        /// # Errors
        /// A [`Trouble`] as JSON; nothing given back so far may then be used.
        pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<u8>, JsValue> {
            let mut kept = Vec::new();
            self.filter.push(chunk, &mut kept).map_err(thrown)?;
            Ok(kept)
        }

        /// Ends the file, gives back the last kept bytes.
        ///
        /// # Errors
        /// As [`Report::push`].
        pub fn finish(&mut self) -> Result<Vec<u8>, JsValue> {
            let mut kept = Vec::new();
            self.account = self.filter.finish(&mut kept).map_err(thrown)?;
            Ok(kept)
        }

        /// Rows read so far.
        pub fn rows(&self) -> f64 {
            self.filter.rows() as f64
        }

        /// The [`Summary`] of a finished report as JSON.
        pub fn summary(&self) -> String {
            let summary = Summary {
                account: self.account.clone(),
                columns: self.filter.columns().to_vec(),
                preview: self.filter.preview().to_vec(),
            };
            serde_json::to_string(&summary).unwrap_or_default()
        }
    }

    fn thrown(error: UsersError) -> JsValue {
        JsValue::from_str(&Trouble::from(&error).to_json())
    }
}

//! Why a whole file is refused.

#![expect(
    missing_docs,
    reason = "the variant's line and its message explain the fields"
)]

use super::encoding::windows_1252;
use crate::explain::Explain;

/// A refused file: nothing of it may be used. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UsersError {
    /// Text between a closing quote and the next separator.
    #[error("`{character}` behind a closing quote at line {line} column {column}")]
    AfterQuote {
        line: usize,
        column: usize,
        character: String,
    },
    /// A blank between separator and opening quote.
    #[error("blank before a quote at line {line} column {column}")]
    BlankBeforeQuote { line: usize, column: usize },
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// Another encoding, known by its first bytes.
    #[error("the file is {seen}, expected {expected}")]
    Encoding {
        seen: &'static str,
        expected: &'static str,
    },
    /// The columns a report must have are not there.
    #[error("line {line} has no column {missing}; found: `{found}`")]
    MissingColumn {
        line: usize,
        missing: String,
        found: String,
    },
    /// The rows do not add up: a fault of this program.
    #[error("rows do not add up: {rows} read, {sum} accounted for, {second} by the second count")]
    Miscounted { rows: u64, sum: u64, second: u64 },
    /// Another kind of file.
    #[error("the file is {kind}, not CSV")]
    NotCsv { kind: &'static str },
    /// Bytes that are no character of the encoding that was chosen.
    #[error("no character of {encoding} at line {line} column {column}")]
    NotDecodable {
        line: usize,
        column: usize,
        encoding: &'static str,
    },
    /// Bytes that are not UTF-8.
    #[error("byte 0x{byte:02X} at line {line} column {column} is not UTF-8{}", guess(*byte))]
    NotUtf8 {
        line: usize,
        column: usize,
        byte: u8,
    },
    /// Nothing but blank lines.
    #[error("the file has {lines} blank lines and nothing else")]
    OnlyBlank { lines: u64 },
    /// The same column name twice.
    #[error("columns {first} and {second} are both called `{name}`")]
    RepeatedColumn {
        name: String,
        first: usize,
        second: usize,
    },
    /// A row longer than any row can be.
    #[error("the row from line {line} is longer than {most} bytes")]
    RowTooLong { line: usize, most: usize },
    /// The target's user profile cannot be used.
    #[error("the user schema or template cannot be used: {why}")]
    Schema { why: String },
    /// Another separator than the one expected.
    #[error("cells are separated by {}", name(*separator))]
    Separator { separator: u8 },
    /// The list of the target's users cannot be used.
    #[error("the list of users cannot be used: {why}")]
    Users { why: String },
    /// A quoted cell without end.
    #[error("quote opened at line {line} column {column} is never closed")]
    UnclosedQuote { line: usize, column: usize },
}

fn name(separator: u8) -> &'static str {
    match separator {
        b',' => "commas",
        b';' => "semicolons",
        b'\t' => "tabs",
        _ => "vertical bars",
    }
}

fn guess(byte: u8) -> String {
    match windows_1252(byte) {
        Some(character) => format!("; in Windows-1252 it would be `{character}`"),
        None => String::new(),
    }
}

impl Explain for UsersError {
    fn code(&self) -> &'static str {
        match self {
            Self::AfterQuote { .. } => "users-after-quote",
            Self::BlankBeforeQuote { .. } => "users-blank-before-quote",
            Self::Empty => "users-empty",
            Self::Encoding { .. } => "users-encoding",
            Self::MissingColumn { .. } => "users-missing-column",
            Self::Miscounted { .. } => "users-miscounted",
            Self::NotCsv { .. } => "users-not-csv",
            Self::NotDecodable { .. } => "users-not-decodable",
            Self::NotUtf8 { .. } => "users-not-utf8",
            Self::OnlyBlank { .. } => "users-only-blank",
            Self::RepeatedColumn { .. } => "users-repeated-column",
            Self::RowTooLong { .. } => "users-row-too-long",
            Self::Schema { .. } => "users-schema",
            Self::Separator { .. } => "users-separator",
            Self::Users { .. } => "users-list",
            Self::UnclosedQuote { .. } => "users-unclosed-quote",
        }
    }

    fn hint(&self) -> String {
        match self {
            Self::AfterQuote { .. } | Self::UnclosedQuote { .. } => {
                "Mend the quotes on that line (a quote inside a cell is written twice), or download \
                 the report again."
            }
            Self::BlankBeforeQuote { .. } => "Take out the blank: quotes must touch the separator.",
            Self::Empty | Self::OnlyBlank { .. } | Self::NotCsv { .. } => {
                "Download the report again: Admin Console, Reports, Okta Password Health."
            }
            Self::Encoding { .. } | Self::NotUtf8 { .. } => {
                "Download the report again, or choose its encoding to have it converted. It was \
                 perhaps opened and saved by a spreadsheet."
            }
            Self::NotDecodable { .. } => {
                "Choose another encoding, or download the report again: this one does not fit."
            }
            Self::MissingColumn { .. } => {
                "Use the report as Okta sends it, with its first line, in English."
            }
            Self::Miscounted { .. } => {
                "Nothing was written. Please report this with the shape of the file, not its content."
            }
            Self::RepeatedColumn { .. } => "Take one of the two columns out.",
            Self::RowTooLong { .. } => "A quote is probably missing near that line.",
            Self::Schema { .. } => {
                "Take the template that the target's import dialog offers, or the answer of \
                 GET /api/v1/meta/schemas/user/default."
            }
            Self::Users { .. } => "Take the answers of GET /api/v1/users, one after the other.",
            Self::Separator { .. } => {
                "Save the file with commas, as Okta's import wants it, or name the separator."
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_refusal_has_a_code_a_place_and_what_to_do_next() {
        let (line, column) = (3, 7);
        let text = || "x".to_owned();
        let all = [
            UsersError::AfterQuote {
                line,
                column,
                character: text(),
            },
            UsersError::BlankBeforeQuote { line, column },
            UsersError::Empty,
            UsersError::Encoding {
                seen: "UTF-16",
                expected: "UTF-8",
            },
            UsersError::MissingColumn {
                line,
                missing: text(),
                found: text(),
            },
            UsersError::Miscounted {
                rows: 1,
                sum: 2,
                second: 3,
            },
            UsersError::NotCsv {
                kind: "a ZIP archive",
            },
            UsersError::NotDecodable {
                line,
                column,
                encoding: "UTF-16",
            },
            UsersError::NotUtf8 {
                line,
                column,
                byte: 0xE9,
            },
            UsersError::OnlyBlank { lines: 2 },
            UsersError::RepeatedColumn {
                name: text(),
                first: 1,
                second: 2,
            },
            UsersError::RowTooLong { line, most: 9 },
            UsersError::Schema { why: text() },
            UsersError::Separator { separator: b';' },
            UsersError::Users { why: text() },
            UsersError::UnclosedQuote { line, column },
        ];
        let codes: BTreeSet<&str> = all.iter().map(UsersError::code).collect();
        assert_eq!(codes.len(), all.len());
        for error in &all {
            assert!(error.code().starts_with("users-"), "{error:?}");
            assert!(error.hint().ends_with('.'), "{error:?}: {}", error.hint());
            let told = error.to_string();
            let placed = format!("{error:?}").contains("line: 3");
            assert!(!placed || told.contains("line 3"), "{told}");
        }
        for (separator, name) in [(b',', "commas"), (b'\t', "tabs"), (b'|', "vertical bars")] {
            assert!(
                UsersError::Separator { separator }
                    .to_string()
                    .ends_with(name)
            );
        }
    }
}

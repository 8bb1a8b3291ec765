//! Judges rows and keeps the account.

use super::account::{Account, Formula, Reason, Refused, Warning};
use super::formula::is_formula;
use super::header::Header;
use super::reader::Count;
use super::scan::Row;
use super::{Status, UsersError};
use crate::explain::seen;
use org2org_lane::CODES;

const MOST_LISTED: usize = 1000;
const MOST_WORDS: usize = 100;
/// The longest cell Excel opens without cutting it.
pub(super) const EXCEL_CELL: usize = 32_767;

/// Judges rows and counts them.
#[derive(Default)]
pub(super) struct Ledger {
    account: Account,
}

impl Ledger {
    pub(super) fn name_separator(&mut self, separator: Option<u8>) {
        if let Some(separator) = separator.filter(|separator| *separator != b',') {
            let shown = seen(&char::from(separator).to_string());
            let text =
                format!("the output keeps the separator `{shown}`; Okta's import wants commas");
            self.warn((1, 1), text);
        }
    }

    /// Counts rows that the fast lane has judged, by the code of their status.
    pub(super) fn add(&mut self, codes: &[u64; CODES]) {
        for (status, count) in Status::ALL.into_iter().zip(codes) {
            match status {
                Status::Active => self.account.kept += count,
                _ if *count > 0 => *self.account.left_out.entry(status).or_default() += count,
                _ => (),
            }
        }
    }

    /// Whether the row is kept; counts it either way.
    pub(super) fn judge(&mut self, header: &Header, row: &Row<'_>) -> bool {
        match status_of(header, row) {
            Ok(Status::Active) => {
                self.account.kept += 1;
                self.look_at(header, row);
                true
            }
            Ok(status) => {
                *self.account.left_out.entry(status).or_default() += 1;
                false
            }
            Err(reason) => {
                self.refuse(row.line, reason);
                false
            }
        }
    }

    /// A row counted as kept could not be used after all.
    pub(super) fn refuse_kept(&mut self, line: usize, reason: Reason) {
        self.account.kept = self.account.kept.saturating_sub(1);
        self.refuse(line, reason);
    }

    /// The account, when it adds up and both counts agree.
    pub(super) fn close(&mut self, count: &Count) -> Result<Account, UsersError> {
        let mut account = std::mem::take(&mut self.account);
        let left_out: u64 = account.left_out.values().sum();
        let sum = account.kept + left_out + account.refused_rows;
        if sum != count.rows || count.second != count.rows {
            return Err(UsersError::Miscounted {
                rows: count.rows,
                sum,
                second: count.second,
            });
        }
        (account.rows, account.blank_lines) = (count.rows, count.blank_lines);
        Ok(account)
    }

    fn refuse(&mut self, line: usize, reason: Reason) {
        self.account.refused_rows += 1;
        if let Reason::UnknownStatus { seen } = &reason {
            let words = &mut self.account.unknown_statuses;
            if words.len() < MOST_WORDS || words.contains_key(seen) {
                *words.entry(seen.clone()).or_default() += 1;
            }
        }
        if self.account.refused.len() < MOST_LISTED {
            self.account.refused.push(Refused { line, reason });
        }
    }

    /// Notes what deserves a look in a kept row.
    pub(super) fn look_at(&mut self, header: &Header, row: &Row<'_>) {
        if let Some(at) = row.stray_quote {
            self.warn(
                row.place(at),
                "a quote inside a cell without quotes".to_owned(),
            );
        }
        if !row.has_line_end() {
            let text = "the last row has no line end: check that it is whole";
            self.warn((row.line, 1), text.to_owned());
        }
        for at in 0..row.len() {
            let cell = row.cell(at);
            if is_formula(&cell) {
                self.formula(header, row, at, &cell);
            }
            if cell.len() > EXCEL_CELL && cell.chars().count() > EXCEL_CELL {
                let text = format!("`{}` is longer than Excel's limit", header.name(at));
                self.warn(row.cell_place(at), text);
            }
        }
    }

    fn formula(&mut self, header: &Header, row: &Row<'_>, at: usize, cell: &str) {
        self.account.formula_cells += 1;
        if self.account.formulas.len() < MOST_LISTED {
            let (line, column) = row.cell_place(at);
            self.account.formulas.push(Formula {
                line,
                column,
                header: header.name(at),
                start: seen(&cell.chars().take(20).collect::<String>()),
            });
        }
    }

    fn warn(&mut self, (line, column): (usize, usize), text: String) {
        if self.account.warnings.len() < MOST_LISTED {
            self.account.warnings.push(Warning { line, column, text });
        }
    }
}

fn status_of(header: &Header, row: &Row<'_>) -> Result<Status, Reason> {
    let columns = header.names().len();
    let cells = row.len();
    if cells > columns {
        return Err(Reason::LongRow { cells, columns });
    }
    if cells < columns {
        let missing = header.names().get(cells..).unwrap_or_default().join(", ");
        return Err(Reason::ShortRow {
            cells,
            columns,
            missing: seen(&missing),
            cut: !row.has_line_end(),
        });
    }
    refuse_control(row)?;
    let cell = row.cell(header.status);
    if cell.trim().is_empty() {
        return Err(Reason::EmptyStatus);
    }
    let status = Status::parse(&cell).ok_or_else(|| Reason::UnknownStatus { seen: seen(&cell) })?;
    if status == Status::Active && row.cell(header.login).trim().is_empty() {
        return Err(Reason::EmptyLogin);
    }
    Ok(status)
}

fn refuse_control(row: &Row<'_>) -> Result<(), Reason> {
    let control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r');
    match row.bytes().iter().position(control) {
        Some(at) => Err(Reason::ControlCharacter {
            column: row.place(at).1,
            character: format!("U+{:04X}", row.bytes().get(at).copied().unwrap_or_default()),
        }),
        None => Ok(()),
    }
}

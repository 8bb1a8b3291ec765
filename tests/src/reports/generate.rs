//! Reports from a seed: plain ones of any size for the bench, tricky and broken ones for sweeps.

use crate::Dice;
use std::io::{self, Write};

/// A sound report of many rows, the same bytes for the same values on every machine.
pub struct Report {
    /// Data rows.
    pub rows: usize,
    /// Whether every cell stands in quotes.
    pub quoted: bool,
}

const COLUMNS: [&str; 7] = [
    "User",
    "Login",
    "Status",
    "Activation date",
    "Authentication Source",
    "Last Login",
    "Last Password Change",
];
const FIRST: [&str; 16] = [
    "Ann", "Bob", "Carla", "Dmitri", "Eva", "Farid", "Gina", "Hans", "Ines", "Jun", "Kofi", "Lena",
    "Chloé", "Nadia", "Omar", "Priya",
];
const LAST: [&str; 16] = [
    "Miller", "Smith", "Weber", "Garcia", "Kowalski", "Nguyen", "Brown", "Schmidt", "Rossi",
    "Sato", "Okafor", "Jansen", "Öztürk", "Silva", "Novak", "Khan",
];
/// Six of ten are active, as in an org that cleans up seldom.
const STATUSES: [&str; 10] = [
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "ACTIVE",
    "STAGED",
    "DEPROVISIONED",
    "LOCKED_OUT",
    "PASSWORD_EXPIRED",
];

impl Report {
    /// Writes it.
    ///
    /// # Errors
    /// As `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut dice = Dice::new(7);
        self.row(out, COLUMNS.map(str::to_owned))?;
        for at in 0..self.rows {
            let (first, last) = (FIRST[dice.roll(16)], LAST[dice.roll(16)]);
            let name = match dice.roll(16) {
                0 => format!("{last}, {first}"),
                _ => format!("{first} {last}"),
            };
            let cells = [
                name,
                format!("{}.{at}@example.com", first.to_lowercase()),
                STATUSES[dice.roll(10)].to_owned(),
                moment(&mut dice),
                "OKTA".to_owned(),
                moment(&mut dice),
                moment(&mut dice),
            ];
            self.row(out, cells)?;
        }
        Ok(())
    }

    fn row(&self, out: &mut impl Write, cells: [String; 7]) -> io::Result<()> {
        for (at, cell) in cells.iter().enumerate() {
            let before = if at == 0 { "" } else { "," };
            match self.quoted || cell.contains(',') {
                true => write!(out, "{before}\"{cell}\"")?,
                false => write!(out, "{before}{cell}")?,
            }
        }
        out.write_all(b"\n")
    }
}

fn moment(dice: &mut Dice) -> String {
    let mut part = |from: usize, to: usize| from + dice.roll(to - from);
    format!(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}.000Z",
        part(2019, 2027),
        part(1, 13),
        part(1, 29),
        part(0, 24),
        part(0, 60),
        part(0, 60)
    )
}

/// Cells that readers of CSV stumble over, all of them sound.
const TRICKY: [&str; 24] = [
    "",
    "a",
    "\"\"",
    "\"a\"",
    "\"a,b\"",
    "\"a\nb\"",
    "\"a\r\nb\"",
    "\"a\rb\"",
    "\"\"\"\"",
    "\"say \"\"hi\"\"\"",
    "\"\"\"a\"\"\"",
    "\",\"",
    "O\"Brien",
    "a\"\"b",
    "ACTIVE",
    "=1+1",
    "\" +1\"",
    "ünïcödé",
    "日本語",
    "\"ends in ü\"",
    "\u{3000}=x",
    "\"\n\"",
    "a b c",
    "0123456789012345678901234567890123456789012345678901234567890123456789",
];
const WORDS: [&str; 12] = [
    "ACTIVE",
    "ACTIVE",
    "\"ACTIVE\"",
    " active ",
    "STAGED",
    "Locked out",
    "\"Password reset\"",
    "DEPROVISIONED",
    "PASSWORD_EXPIRED",
    "Suspended",
    "Activ",
    "",
];
const ENDS: [&str; 6] = ["\n", "\n", "\r\n", "\r", "\n\n", "\r\n\r\n"];

/// A small report that is sound but full of traps, with this many rows.
pub fn tricky(dice: &mut Dice, rows: usize) -> String {
    let mut text = String::new();
    text.push_str(["", "\u{feff}"][dice.roll(2)]);
    text.push_str("User,Login,Status,Last Login");
    text.push_str(ENDS[dice.roll(4)]);
    for row in 0..rows {
        let mut cells = vec![
            TRICKY[dice.roll(TRICKY.len())],
            TRICKY[dice.roll(TRICKY.len())],
            WORDS[dice.roll(WORDS.len())],
            TRICKY[dice.roll(TRICKY.len())],
        ];
        match dice.roll(24) {
            0 => cells.truncate(3),
            1 => cells.push("more"),
            _ => {}
        }
        text.push_str(&cells.join(","));
        if row + 1 < rows || dice.roll(8) > 0 {
            text.push_str(ENDS[dice.roll(ENDS.len())]);
        }
    }
    text
}

/// Breaks a few bytes: quotes, separators and line ends come and go, others become anything.
pub fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..1 + dice.roll(3) {
        if bytes.is_empty() {
            return;
        }
        let at = dice.roll(bytes.len());
        let byte = match dice.roll(12) {
            11 => dice.roll(256) as u8,
            known => b"\"\",\n\r a;\0\x07\xe9"[known],
        };
        match dice.roll(3) {
            0 => bytes.insert(at, byte),
            1 => bytes[at] = byte,
            _ => drop(bytes.remove(at)),
        }
    }
}

//! Reports from a seed: sound, of any size, the same bytes on every machine.

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
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
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

/// A small generator (xorshift64*), enough to vary names and times.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_and_the_csv_crate_keep_the_same_rows() {
        for quoted in [false, true] {
            let mut bytes = Vec::new();
            let report = Report {
                rows: 20_000,
                quoted,
            };
            report.write(&mut bytes).expect("memory takes all");
            let (kept, account) = org2org_core::users::active(&bytes).expect("it is sound");
            assert_eq!((account.rows, account.refused_rows), (20_000, 0));
            assert!((11_500..12_500).contains(&account.kept), "{}", account.kept);
            let records = |bytes: &[u8]| -> Vec<csv::ByteRecord> {
                let all = csv::Reader::from_reader(bytes).into_byte_records();
                all.map(|record| record.expect("it is sound")).collect()
            };
            let mut theirs = records(&bytes);
            theirs.retain(|record| &record[2] == b"ACTIVE");
            assert_eq!(records(&kept), theirs);
        }
    }
}

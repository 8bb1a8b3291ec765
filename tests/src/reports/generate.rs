//! Small reports from a seed: full of traps, or broken.

use crate::Dice;

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
    // Short rows, so that a block holds many; else anything.
    let pool = if dice.roll(6) == 0 { 2 } else { TRICKY.len() };
    let word = [2, 2, 0, 3][dice.roll(4)];
    let mut header = vec!["User", "Login", "Last Login"];
    header.insert(word, "Status");
    let mut text = String::new();
    text.push_str(["", "\u{feff}"][dice.roll(2)]);
    text.push_str(&header.join(","));
    text.push_str(ENDS[dice.roll(4)]);
    for row in 0..rows {
        let mut written: Vec<&str> = (0..3).map(|_| TRICKY[dice.roll(pool)]).collect();
        written.insert(word, WORDS[dice.roll(WORDS.len())]);
        match dice.roll(24) {
            0 => written.truncate(3),
            1 => written.push("more"),
            _ => {}
        }
        text.push_str(&written.join(","));
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

//! Times taken, and how they are told.

use crate::contestants::Contestant;
use serde_json::{Value, json};
use std::fmt::Write;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

/// One contestant on one file.
pub struct Entry {
    contestant: Contestant,
    rows: usize,
    bytes: u64,
    quoted: bool,
    seconds: Vec<f64>,
    memory: u64,
}

impl Entry {
    /// Nothing measured yet.
    pub fn new(contestant: Contestant, rows: usize, bytes: u64, quoted: bool) -> Self {
        Self {
            contestant,
            rows,
            bytes,
            quoted,
            seconds: Vec::new(),
            memory: 0,
        }
    }

    /// Runs it once; the first round only warms the file up, and slow ones run less often.
    pub fn run(&mut self, file: &Path, round: usize) -> io::Result<()> {
        if round > 2 && self.median() > SLOW {
            return Ok(());
        }
        let mut command = self.contestant.command(file);
        command.stdin(Stdio::null()).stderr(Stdio::inherit());
        let ours = command.get_args().next().is_some_and(|word| word == "run");
        let out = if ours { Stdio::piped() } else { Stdio::null() };
        let began = Instant::now();
        let ended = command.stdout(out).spawn()?.wait_with_output()?;
        let seconds = began.elapsed().as_secs_f64();
        if !ended.status.success() {
            return Err(io::Error::other(format!("{} failed", self.contestant.name)));
        }
        if round > 0 {
            self.seconds.push(seconds);
        }
        let memory = String::from_utf8_lossy(&ended.stdout);
        self.memory = self.memory.max(memory.trim().parse().unwrap_or(0));
        Ok(())
    }

    fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or(0.0)
    }

    fn shape(&self) -> (usize, bool) {
        (self.rows, self.quoted)
    }
}

/// Seconds beyond which two rounds are enough.
const SLOW: f64 = 5.0;

/// Everything measured.
#[derive(Default)]
pub struct Table {
    /// In the order of the files.
    pub entries: Vec<Entry>,
}

impl Table {
    /// Against the csv crate on the same file, in the same rounds: the median of the pairs' ratios.
    fn ratio(&self, entry: &Entry) -> Option<f64> {
        let same =
            |other: &&Entry| other.contestant.name == "csv" && other.shape() == entry.shape();
        let csv = self.entries.iter().find(same)?;
        let pairs = entry.seconds.iter().zip(&csv.seconds);
        let mut ratios: Vec<f64> = pairs.map(|(own, csv)| own / csv).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied()
    }

    /// For people.
    pub fn markdown(&self) -> String {
        let mut text = String::from(
            "| File | Contestant | Does | Seconds | Of `csv` | GB/s | ns per row | Memory, MB |\n|---|---|---|--:|--:|--:|--:|--:|\n",
        );
        for entry in &self.entries {
            let seconds = entry.median();
            let _ = writeln!(
                text,
                "| {} rows, {} | {} | {} | {seconds:.4} | {} | {:.2} | {:.0} | {} |",
                entry.rows,
                if entry.quoted { "quoted" } else { "plain" },
                entry.contestant.name,
                entry.contestant.does,
                self.ratio(entry)
                    .map_or_else(String::new, |ratio| format!("{ratio:.2}")),
                entry.bytes as f64 / seconds / 1e9,
                seconds * 1e9 / entry.rows as f64,
                if entry.memory == 0 {
                    String::new()
                } else {
                    format!("{:.1}", entry.memory as f64 / 1024.0)
                },
            );
        }
        text
    }

    /// For programs.
    pub fn json(&self) -> String {
        let entry = |entry: &Entry| -> Value {
            json!({
                "contestant": entry.contestant.name,
                "rows": entry.rows,
                "bytes": entry.bytes,
                "quoted": entry.quoted,
                "seconds": entry.seconds,
                "median": entry.median(),
                "of_csv": self.ratio(entry),
                "memory_kib": entry.memory,
            })
        };
        let all: Vec<Value> = self.entries.iter().map(entry).collect();
        format!("{:#}\n", Value::from(all))
    }
}

//! `cargo xtask bench users`: the whole job of keeping active users, beside other readers of CSV.
//!
//! Each contestant is a process of its own that reads a file and writes the kept rows to nowhere.
//! Runs go in rounds, one of each after the other, and what is told is the median over the rounds,
//! so that a busy moment of the machine meets all alike. No limit is asserted here: times belong to
//! a machine. `docs/performance.md` holds a table with machine and date.

mod contestants;
mod report;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::{Entry, Table};

/// Words: rows, rounds, folder for the files, then the file to write the table to as JSON.
fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run", name, file] => contestants::run_here(name, Path::new(file)),
        [folder, rounds, rows @ ..] if !rows.is_empty() => {
            let rounds = rounds.parse().unwrap_or(5);
            let rows = rows.iter().filter_map(|rows| rows.parse().ok());
            match bench(Path::new(folder), rounds, rows) {
                Ok(table) => print!("{}", table.markdown()),
                Err(error) => {
                    eprintln!("{error}");
                    return ExitCode::FAILURE;
                }
            }
        }
        _ => {
            eprintln!("usage: org2org-bench FOLDER ROUNDS ROWS…");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn bench(
    folder: &Path,
    rounds: usize,
    rows: impl Iterator<Item = usize>,
) -> std::io::Result<Table> {
    std::fs::create_dir_all(folder)?;
    let mut table = Table::default();
    for rows in rows {
        for quoted in [false, true] {
            let file = generated(folder, rows, quoted)?;
            let bytes = std::fs::metadata(&file)?.len();
            let mut entries: Vec<Entry> = contestants::there(rows)
                .into_iter()
                .map(|contestant| Entry::new(contestant, rows, bytes, quoted))
                .collect();
            for round in 0..rounds {
                for entry in &mut entries {
                    entry.run(&file, round)?;
                }
            }
            table.entries.extend(entries);
        }
    }
    std::fs::write(folder.join("users.json"), table.json())?;
    Ok(table)
}

/// The file of this shape, made once.
fn generated(folder: &Path, rows: usize, quoted: bool) -> std::io::Result<PathBuf> {
    let name = if quoted { "quoted" } else { "plain" };
    let file = folder.join(format!("{rows}-{name}.csv"));
    if !file.is_file() {
        let unfinished = file.with_extension("new");
        let mut out = std::io::BufWriter::new(std::fs::File::create(&unfinished)?);
        report::Report { rows, quoted }.write(&mut out)?;
        drop(out);
        std::fs::rename(&unfinished, &file)?;
    }
    Ok(file)
}

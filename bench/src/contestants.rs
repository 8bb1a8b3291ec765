//! Who takes part: our filter and other crates in this program, other programs where they are installed.

use org2org_core::users::{Filter, Options};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

/// One way to do the job, or a floor under it.
#[derive(Clone, Copy)]
pub struct Contestant {
    /// Its name in the table.
    pub name: &'static str,
    /// What it does.
    pub does: &'static str,
    /// The program and its words, the file last; nothing when it is in this program.
    program: &'static [&'static str],
    /// More rows than this would take minutes.
    most_rows: usize,
    /// The module of Python that it needs, if any.
    module: &'static str,
}

const ALL: &[Contestant] = &[
    here("org2org", "keep active rows, account for all"),
    here("csv", "ByteRecord loop, write kept"),
    here("simd-csv", "ByteRecord loop, write kept"),
    there_is(
        "rg",
        "count lines with a word",
        &["rg", "-c", "ACTIVE"],
        usize::MAX,
    ),
    there_is(
        "xan",
        "keep active rows",
        &["xan", "filter", "Status eq \"ACTIVE\""],
        usize::MAX,
    ),
    there_is(
        "Miller",
        "keep active rows",
        &["mlr", "--csv", "filter", "$Status == \"ACTIVE\""],
        1_000_000,
    ),
    there_is(
        "Python csv",
        "keep active rows",
        &["python3", "-c", PYTHON],
        1_000_000,
    ),
    by_python("DuckDB", &["python3", "-c", DUCKDB], "duckdb"),
    by_python("Polars", &["python3", "-c", POLARS], "polars"),
    there_is(
        "wc -l",
        "floor: count line feeds",
        &["wc", "-l"],
        usize::MAX,
    ),
    there_is("cat", "floor: copy", &["cat"], usize::MAX),
];

const PYTHON: &str = "\
import csv, sys
with open(sys.argv[1], newline='') as f, open('/dev/null', 'w', newline='') as o:
    r = csv.reader(f); w = csv.writer(o); h = next(r); w.writerow(h); at = h.index('Status')
    w.writerows(row for row in r if row[at] == 'ACTIVE')
";

// As all others: one thread, every cell a text.
const DUCKDB: &str = "\
import duckdb, sys
duckdb.execute('SET threads = 1')
duckdb.read_csv(sys.argv[1], all_varchar=True).filter(\"Status = 'ACTIVE'\").write_csv('/dev/null')
";
const POLARS: &str = "\
import os, sys
os.environ['POLARS_MAX_THREADS'] = '1'
import polars
rows = polars.scan_csv(sys.argv[1], infer_schema=False)
rows.filter(polars.col('Status') == 'ACTIVE').sink_csv('/dev/null')
";

const fn by_python(
    name: &'static str,
    program: &'static [&'static str],
    module: &'static str,
) -> Contestant {
    Contestant {
        module,
        ..there_is(name, "keep active rows", program, usize::MAX)
    }
}

const fn here(name: &'static str, does: &'static str) -> Contestant {
    Contestant {
        name,
        does,
        program: &[],
        most_rows: usize::MAX,
        module: "",
    }
}

const fn there_is(
    name: &'static str,
    does: &'static str,
    program: &'static [&'static str],
    most_rows: usize,
) -> Contestant {
    Contestant {
        name,
        does,
        program,
        most_rows,
        module: "",
    }
}

/// Those that can be had on this machine for a file of so many rows.
pub fn there(rows: usize) -> Vec<Contestant> {
    let is_there = |contestant: &Contestant| {
        let known = contestant
            .program
            .first()
            .is_none_or(|program| is_installed(program));
        known && rows <= contestant.most_rows && has_module(contestant.module)
    };
    ALL.iter().copied().filter(is_there).collect()
}

fn is_installed(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

fn has_module(module: &str) -> bool {
    let mut import = Command::new("python3");
    import.args(["-c", &format!("import {module}")]);
    module.is_empty() || import.output().is_ok_and(|tried| tried.status.success())
}

impl Contestant {
    /// The command that does the job on `file`.
    pub fn command(&self, file: &Path) -> Command {
        let mut command = match self.program {
            [program, words @ ..] => {
                let mut command = Command::new(program);
                command.args(words);
                command
            }
            [] => {
                let mut command =
                    Command::new(std::env::current_exe().expect("this program has a path"));
                command.args(["run", self.name]);
                command
            }
        };
        command.arg(file);
        command
    }
}

/// Does the job in this process, and tells the most memory it took, in KiB.
pub fn run_here(name: &str, file: &Path) {
    match name {
        "csv" => by_csv(file),
        "simd-csv" => by_simd_csv(file),
        _ => by_core(file),
    }
    println!("{}", peak_memory());
}

const BUFFER: usize = 256 << 10;
const WHY: &str = "the file was made by this program";

fn nowhere() -> File {
    File::options()
        .write(true)
        .open("/dev/null")
        .expect("it is always there")
}

fn by_core(file: &Path) {
    let (mut from, mut to) = (File::open(file).expect(WHY), nowhere());
    let mut filter = Filter::new(Options::default());
    let (mut chunk, mut kept) = (vec![0; BUFFER], Vec::new());
    loop {
        let read = from.read(&mut chunk).expect(WHY);
        if read == 0 {
            break;
        }
        filter.push(&chunk[..read], &mut kept).expect(WHY);
        to.write_all(&kept).expect("nowhere takes all");
        kept.clear();
    }
    filter.finish(&mut kept).expect(WHY);
    to.write_all(&kept).expect("nowhere takes all");
}

fn by_csv(file: &Path) {
    let mut reader = csv::ReaderBuilder::new()
        .buffer_capacity(BUFFER)
        .from_path(file)
        .expect(WHY);
    let mut writer = csv::WriterBuilder::new()
        .buffer_capacity(BUFFER)
        .from_writer(nowhere());
    let header = reader.byte_headers().expect(WHY).clone();
    let status = header.iter().position(|name| name == b"Status").expect(WHY);
    writer
        .write_byte_record(&header)
        .expect("nowhere takes all");
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).expect(WHY) {
        if &record[status] == b"ACTIVE" {
            writer
                .write_byte_record(&record)
                .expect("nowhere takes all");
        }
    }
    writer.flush().expect("nowhere takes all");
}

fn by_simd_csv(file: &Path) {
    let file = File::open(file).expect(WHY);
    let mut reader = simd_csv::ReaderBuilder::new()
        .buffer_capacity(BUFFER)
        .from_reader(file);
    let mut writer = simd_csv::WriterBuilder::new().from_writer(nowhere());
    let header = reader.byte_headers().expect(WHY).clone();
    let status = header.iter().position(|name| name == b"Status").expect(WHY);
    writer
        .write_byte_record(&header)
        .expect("nowhere takes all");
    let mut record = simd_csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).expect(WHY) {
        if &record[status] == b"ACTIVE" {
            writer
                .write_byte_record(&record)
                .expect("nowhere takes all");
        }
    }
    writer.flush().expect("nowhere takes all");
}

/// Linux tells it; elsewhere the column stays empty.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

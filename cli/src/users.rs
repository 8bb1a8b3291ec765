//! `org2org users`

use crate::arguments::{
    ActiveArguments, CheckArguments, DuplicatesChoice, Format, ImportArguments, Input, Output,
    ViewArguments, Wanted,
};
use crate::file::{Draft, open, read_at_most, unreadable, unwritable};
use crate::outcome::{Exit, Outcome, Trouble, notice, notice_json, print_with};
use crate::progress::Progress;
use org2org_core::run::creation::digest;
use org2org_core::users::{
    Check, CheckOptions, Duplicates, Existing, Filter, Gathered, Import, ImportOptions, Job, Names,
    Newcomers, Options, Schema, ViewCopy, Work,
};
use serde::Serialize;
use serde_json::json;
use std::fmt::Display;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use tempfile::spooled_tempfile;
use unicode_normalization::UnicodeNormalization;

/// Writes the kept rows when the whole file was sound; findings when rows were refused.
pub fn active(arguments: &ActiveArguments) -> Outcome<Exit> {
    let job = Filter::new(options(&arguments.input));
    let account = write(job, &arguments.input, &arguments.output, |_| true)?;
    tell(&account, arguments.output.format);
    Ok(exit(account.refused_rows == 0))
}

/// Writes the import file, unless a choice is due.
pub fn import(arguments: &ImportArguments) -> Outcome<Exit> {
    let user_type = arguments
        .user_type
        .iter()
        .map(|value| ("userType".to_owned(), value.clone()));
    let names = match &arguments.names {
        Some(path) => Some(Names::read(&small(path)?, &Options::default())?),
        None => None,
    };
    let job = Import::new(ImportOptions {
        options: options(&arguments.input),
        schema: schema(&arguments.wanted)?,
        names,
        login_suffix: arguments.login_suffix.clone(),
        email_from_login: arguments.email_from_login,
        same: arguments.set.iter().cloned().chain(user_type).collect(),
        group: arguments.group.clone(),
        duplicates: match arguments.duplicates {
            DuplicatesChoice::Block => Duplicates::Block,
            DuplicatesChoice::KeepFirst => Duplicates::KeepFirst,
        },
        compose,
    })?;
    let account = write(job, &arguments.input, &arguments.output, |account| {
        !account.blocked
    })?;
    tell(&account, arguments.output.format);
    if account.blocked {
        return Err(Trouble {
            code: "users-duplicates".to_owned(),
            what: format!(
                "{} rows repeat a login, so nothing was written",
                account.duplicates
            ),
            hint: "Mend the report, or choose with --duplicates keep-first.".to_owned(),
            exit: Exit::Findings,
        });
    }
    Ok(exit(account.account.refused_rows == 0))
}

/// Prints the findings; the corrected copy is written only where it is asked for.
pub fn check(arguments: &CheckArguments) -> Outcome<Exit> {
    let existing = match &arguments.users {
        Some(path) => Existing::from_json(&text(path)?, compose)?,
        None => Existing::default(),
    };
    let job = Check::new(CheckOptions {
        options: options(&arguments.input),
        schema: schema(&arguments.wanted)?,
        existing,
        compose,
    });
    let account = match &arguments.output {
        None => run(job, &arguments.input, &mut io::sink(), Path::new("nowhere"))?,
        Some(path) => to_file(job, &arguments.input, path, arguments.force, |_| true)?,
    };
    match arguments.format {
        Format::Text => print_with(|out| write!(out, "{account}"))?,
        Format::Json => print_with(|out| writeln!(out, "{:#}", json!(account)))?,
    }
    Ok(exit(account.is_clean()))
}

/// Writes the copy for people.
pub fn view(arguments: &ViewArguments) -> Outcome<Exit> {
    let job = ViewCopy::new(&options(&arguments.input));
    let account = write(job, &arguments.input, &arguments.output, |_| true)?;
    tell(&account, arguments.output.format);
    Ok(Exit::Done)
}

/// Every row of an import file, checked as by `users check`, and the file's digest.
pub fn gather(
    input: &Input,
    wanted: &Wanted,
    beside: Option<String>,
) -> Outcome<(Gathered, String)> {
    let bytes = small(&input.file)?;
    let options = CheckOptions {
        options: options(input),
        schema: schema(wanted)?,
        existing: Existing::default(),
        compose,
    };
    let mut job = Newcomers::new(options, beside);
    let mut out = Vec::new();
    job.push(&bytes, &mut out)?;
    Ok((job.finish(&mut out)?, digest(&bytes)))
}

fn compose(text: &str) -> String {
    text.nfc().collect()
}

fn exit(clean: bool) -> Exit {
    if clean { Exit::Done } else { Exit::Findings }
}

fn tell<A: Display + Serialize>(account: &A, format: Format) {
    match format {
        Format::Text => notice(&account.to_string()),
        Format::Json => notice_json(&json!(account)),
    }
}

fn options(input: &Input) -> Options {
    Options {
        separator: Some(input.separator.byte()),
        encoding: input.encoding,
        ..Options::default()
    }
}

fn schema(wanted: &Wanted) -> Outcome<Schema> {
    match (&wanted.template, &wanted.schema) {
        (Some(path), _) => Ok(Schema::from_template(&small(path)?)?),
        (_, Some(path)) => Ok(Schema::from_json(&text(path)?)?),
        (None, None) => Ok(Schema::default()),
    }
}

/// Files that are held whole: names and users of an org, which are far below this.
const LARGEST: u64 = 512 << 20;

fn small(path: &Path) -> Outcome<Vec<u8>> {
    let bytes = read_at_most(path, LARGEST)?;
    if bytes.len() as u64 > LARGEST {
        let what = format!(
            "{} is larger than {} MB",
            crate::file::name(path),
            LARGEST >> 20
        );
        return Err(Trouble::file(
            what,
            "Split it, or take out what is not needed.",
        ));
    }
    Ok(bytes)
}

fn text(path: &Path) -> Outcome<String> {
    String::from_utf8(small(path)?).map_err(|error| {
        let what = format!("{} is not UTF-8: {error}", crate::file::name(path));
        Trouble::file(what, "Save it as UTF-8.")
    })
}

const CHUNK: usize = 256 << 10;
/// Beyond this, rows on their way to standard output wait in an unnamed file.
const IN_MEMORY: usize = 2 << 20;

fn write<W: Work>(
    job: Job<W>,
    input: &Input,
    output: &Output,
    usable: impl FnOnce(&W::Account) -> bool,
) -> Outcome<W::Account> {
    match &output.output {
        Some(path) => to_file(job, input, path, output.force, usable),
        None => to_standard_output(job, input, usable),
    }
}

fn to_file<W: Work>(
    job: Job<W>,
    input: &Input,
    path: &Path,
    force: bool,
    usable: impl FnOnce(&W::Account) -> bool,
) -> Outcome<W::Account> {
    let mut draft = Draft::start(path, force)?;
    let account = run(job, input, draft.file(), path)?;
    if usable(&account) {
        draft.finish()?;
    }
    Ok(account)
}

/// Rows wait until the last one is read: half a file on standard output would look like a whole one.
fn to_standard_output<W: Work>(
    job: Job<W>,
    input: &Input,
    usable: impl FnOnce(&W::Account) -> bool,
) -> Outcome<W::Account> {
    let name = Path::new("temporary file");
    let mut spool = spooled_tempfile(IN_MEMORY);
    let account = run(job, input, &mut spool, name)?;
    if usable(&account) {
        spool.rewind().map_err(|error| unwritable(name, &error))?;
        print_with(|out| io::copy(&mut spool, out).map(|_| ()))?;
    }
    Ok(account)
}

fn run<W: Work>(
    mut job: Job<W>,
    input: &Input,
    out: &mut dyn Write,
    name: &Path,
) -> Outcome<W::Account> {
    let mut file = open(&input.file)?;
    let mut progress = Progress::start(&input.file);
    let mut chunk = vec![0; CHUNK];
    let mut kept = Vec::new();
    loop {
        let read = match file.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| unreadable(&input.file, &error))?,
        };
        if read == 0 {
            break;
        }
        job.push(&chunk[..read], &mut kept)?;
        out.write_all(&kept)
            .map_err(|error| unwritable(name, &error))?;
        kept.clear();
        progress.add(read, job.rows());
    }
    drop(progress);
    let account = job.finish(&mut kept)?;
    out.write_all(&kept)
        .and_then(|()| out.flush())
        .map_err(|error| unwritable(name, &error))?;
    Ok(account)
}

//! `org2org users`

use crate::arguments::{ActiveArguments, Format};
use crate::file::{Draft, open, unreadable, unwritable};
use crate::outcome::{Exit, Outcome, notice, notice_json, print_with};
use org2org_core::users::{Account, Filter, Options};
use serde_json::json;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use tempfile::spooled_tempfile;

/// Writes the kept rows when the whole file was sound; findings when rows were refused.
pub fn active(arguments: &ActiveArguments) -> Outcome<Exit> {
    let account = match &arguments.output {
        Some(path) => to_file(arguments, path)?,
        None => to_standard_output(arguments)?,
    };
    match arguments.format {
        Format::Text => notice(&account.to_string()),
        Format::Json => notice_json(&json!(account)),
    }
    Ok(if account.refused_rows == 0 {
        Exit::Done
    } else {
        Exit::Findings
    })
}

const CHUNK: usize = 256 << 10;
/// Beyond this, rows on their way to standard output wait in an unnamed file.
const IN_MEMORY: usize = 16 << 20;

fn to_file(arguments: &ActiveArguments, path: &Path) -> Outcome<Account> {
    let mut draft = Draft::start(path, arguments.force)?;
    let account = filter(arguments, draft.file(), path)?;
    draft.finish()?;
    Ok(account)
}

/// Rows wait until the last one is read: half a file on standard output would look like a whole one.
fn to_standard_output(arguments: &ActiveArguments) -> Outcome<Account> {
    let name = Path::new("temporary file");
    let mut spool = spooled_tempfile(IN_MEMORY);
    let account = filter(arguments, &mut spool, name)?;
    spool.rewind().map_err(|error| unwritable(name, &error))?;
    print_with(|out| io::copy(&mut spool, out).map(|_| ()))?;
    Ok(account)
}

fn filter(arguments: &ActiveArguments, out: &mut dyn Write, name: &Path) -> Outcome<Account> {
    let mut file = open(&arguments.file)?;
    let mut filter = Filter::new(Options {
        separator: Some(arguments.separator.byte()),
        ..Options::default()
    });
    let mut chunk = vec![0; CHUNK];
    let mut kept = Vec::new();
    loop {
        let read = match file.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| unreadable(&arguments.file, &error))?,
        };
        if read == 0 {
            break;
        }
        filter.push(&chunk[..read], &mut kept)?;
        out.write_all(&kept)
            .map_err(|error| unwritable(name, &error))?;
        kept.clear();
    }
    let account = filter.finish(&mut kept)?;
    out.write_all(&kept)
        .map_err(|error| unwritable(name, &error))?;
    Ok(account)
}

//! The journal in a file: one line each for the run's head and for every entry, stored before
//! the write that it announces leaves.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use org2org_core::explain::seen;
use org2org_core::org::OrgUrl;
use org2org_core::run::{Entry, Journal, RunError, StoredRun};
use serde_json::{Value, json};

use crate::outcome::{Exit, Outcome, Trouble};

/// Where the journal of a wish lies; of a wish with several sources, the one of this source.
pub fn beside(wish: &Path, source: Option<&OrgUrl>) -> PathBuf {
    match source {
        None => wish.with_extension("journal"),
        Some(source) => wish.with_extension(format!("{}.journal", source.host())),
    }
}

/// An open journal, locked against a second run.
pub struct JournalFile {
    file: File,
    path: PathBuf,
}

impl JournalFile {
    /// Opens or makes it. Gives what `fresh` becomes with the entries of earlier runs: what they
    /// made stays provable and undoable, also under another wish.
    pub fn open(path: PathBuf, fresh: StoredRun) -> Outcome<(JournalFile, StoredRun)> {
        let (file, entries) = JournalFile::whole(path)?;
        let mut whole = json!(fresh);
        if let Some(journal) = whole.get_mut("journal") {
            *journal = Value::Array(entries);
        }
        Ok((file, StoredRun::read(&whole.to_string())?))
    }

    /// Opens or makes one that stands by itself.
    pub fn alone(path: PathBuf) -> Outcome<(JournalFile, Journal)> {
        let (file, entries) = JournalFile::whole(path)?;
        Ok((file, Journal::read(&Value::Array(entries).to_string())?))
    }

    fn whole(path: PathBuf) -> Outcome<(JournalFile, Vec<Value>)> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let trouble = |error: &dyn std::fmt::Display| {
            Trouble::file(
                format!("{}: {error}", seen(&path.display().to_string())),
                "Without a journal nothing is written: choose a place for it with --journal.",
            )
        };
        let mut file = options.open(&path).map_err(|error| trouble(&error))?;
        if file.try_lock().is_err() {
            return Err(Trouble {
                code: "journal-busy".to_owned(),
                what: format!(
                    "{}: another run holds it",
                    seen(&path.display().to_string())
                ),
                hint: "Wait until that run is over.".to_owned(),
                exit: Exit::Usage,
            });
        }
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| trouble(&error))?;
        // A line without its end was never acknowledged: what it announced was not sent.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)
            .map_err(|error| trouble(&error))?;
        file.seek(SeekFrom::End(0))
            .map_err(|error| trouble(&error))?;
        let entries = entries(text.get(..whole).unwrap_or_default())?;
        Ok((JournalFile { file, path }, entries))
    }

    /// Stores an entry; back only when it is on the disk.
    pub fn store(&mut self, entry: &Entry) -> Result<(), String> {
        let line = format!("{}\n", json!(entry));
        self.file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| format!("{}: {error}", seen(&self.path.display().to_string())))
    }
}

fn entries(lines: &str) -> Result<Vec<Value>, RunError> {
    let foreign = |number: usize| RunError::Foreign {
        why: format!("line {} of the journal is no entry", number + 1),
    };
    let lines = lines.lines().enumerate();
    lines
        .map(|(number, line)| serde_json::from_str(line).map_err(|_| foreign(number)))
        .collect()
}

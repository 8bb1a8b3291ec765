//! How a command ends, and how trouble is told.

use org2org_core::explain::Explain;
use serde_json::Value;
use std::io::{self, ErrorKind, Write};

/// The exit codes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
pub enum Exit {
    /// Everything was done.
    Done = 0,
    /// Something was refused or deserves a look.
    Findings = 1,
    /// The command was not understood.
    Usage = 2,
    /// A file could not be read or written, so nothing can be said.
    Unknown = 3,
}

/// Why a command stopped.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// Stable name.
    pub code: String,
    /// What is wrong, where, and what was seen.
    pub what: String,
    /// What to do next.
    pub hint: String,
    /// The exit code it leads to.
    pub exit: Exit,
}

/// A command's result.
pub type Outcome<T> = Result<T, Trouble>;

impl<E: Explain> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self {
            code: error.code().to_owned(),
            what: error.to_string(),
            hint: error.hint(),
            exit: Exit::Findings,
        }
    }
}

impl Trouble {
    /// A file that cannot be used.
    pub fn file(what: String, hint: &str) -> Self {
        Self {
            code: "file".to_owned(),
            what,
            hint: hint.to_owned(),
            exit: Exit::Unknown,
        }
    }
}

/// Tells trouble on standard error.
pub fn report(trouble: &Trouble) -> Exit {
    notice(&format!("error[{}]: {}", trouble.code, trouble.what));
    if !trouble.hint.is_empty() {
        notice(&format!("  hint: {}", trouble.hint));
    }
    trouble.exit
}

/// A line on standard error; there is nobody to tell when that fails.
pub fn notice(text: &str) {
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}

/// A value on standard error as JSON.
pub fn notice_json(value: &Value) {
    notice(&format!("{value:#}"));
}

/// A result on standard output.
pub fn print(text: &str) -> Outcome<()> {
    print_with(|out| writeln!(out, "{}", text.trim_end_matches('\n')))
}

/// A result written to standard output; a reader who has seen enough is no trouble.
pub fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Outcome<()> {
    let mut out = io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Trouble::file(
            format!("standard output: {error}"),
            "Make sure that it can be written.",
        )),
        _ => Ok(()),
    }
}

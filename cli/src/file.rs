//! Files and standard input, read and written with messages that name them.

use crate::outcome::{Outcome, Trouble};
use org2org_core::explain::seen;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use tempfile::NamedTempFile;

/// The name of a file in a message.
pub fn name(path: &Path) -> String {
    if is_standard(path) {
        "standard input".to_owned()
    } else {
        format!("`{}`", seen(&path.to_string_lossy()))
    }
}

/// Opens a file, or standard input for `-`.
pub fn open(path: &Path) -> Outcome<Box<dyn Read>> {
    if is_standard(path) {
        return Ok(Box::new(io::stdin().lock()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// At most `most` bytes and one more, so that "too long" can be told from "just fits".
pub fn read_at_most(path: &Path, most: u64) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// A file that cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Trouble {
    Trouble::file(
        format!("{} cannot be read: {error}", name(path)),
        "Check the name, and that you may read it.",
    )
}

/// A file that cannot be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Trouble {
    Trouble::file(
        format!("{} cannot be written: {error}", name(path)),
        "Check the folder, and that you may write there.",
    )
}

/// A new file that gets its name only when it is whole.
pub struct Draft<'a> {
    path: &'a Path,
    force: bool,
    file: NamedTempFile,
}

impl<'a> Draft<'a> {
    /// Starts a file beside `path`; an existing one is refused unless `force` is set.
    pub fn start(path: &'a Path, force: bool) -> Outcome<Self> {
        if path.exists() && !force {
            return Err(exists(path));
        }
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| unwritable(path, &error))?;
        Ok(Self { path, force, file })
    }

    /// Where to write.
    pub fn file(&mut self) -> &mut NamedTempFile {
        &mut self.file
    }

    /// Gives the file its name. Without this call it vanishes.
    pub fn finish(self) -> Outcome<()> {
        let Self { path, force, file } = self;
        file.as_file()
            .sync_all()
            .map_err(|error| unwritable(path, &error))?;
        let named = if force {
            file.persist(path)
        } else {
            file.persist_noclobber(path)
        };
        match named {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path)),
            Err(error) => Err(unwritable(path, &error.error)),
        }
    }
}

fn exists(path: &Path) -> Trouble {
    Trouble::file(
        format!("{} exists already", name(path)),
        "Choose another name, or add --force to replace it.",
    )
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

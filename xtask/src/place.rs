//! Where things are: the repository, its target folder, programs on PATH.

use crate::trouble::{Outcome, trouble};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders of one checkout.
#[derive(Debug, Clone)]
pub struct Place {
    /// Top level of the repository.
    pub root: PathBuf,
    /// Cargo's target folder, as `CARGO_TARGET_DIR` has it.
    pub target: PathBuf,
}

impl Place {
    /// The checkout that cargo runs this program from.
    pub fn here() -> Self {
        let built_from = || OsString::from(env!("CARGO_MANIFEST_DIR"));
        let crate_folder =
            PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(built_from));
        let root = crate_folder
            .parent()
            .expect("the crate is a member of the workspace")
            .to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        Self { root, target }
    }

    /// Where wasm-bindgen and wasm-pack are installed, apart from the person's own tools.
    pub fn tools(&self) -> PathBuf {
        self.root.join("target/tools")
    }

    /// One of the built packages: `extension` or `www`.
    pub fn dist(&self, face: &str) -> PathBuf {
        self.root.join("dist").join(face)
    }

    /// A cargo command at the top level.
    pub fn cargo(&self, words: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        self.command(cargo, words)
    }

    /// A command at the top level that sees our own tools first and never reads from the terminal.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(words)
            .current_dir(&self.root)
            .env("PATH", self.path());
        command
            .env("CARGO_TARGET_DIR", &self.target)
            .stdin(std::process::Stdio::null());
        command
    }

    fn path(&self) -> OsString {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.tools().join("bin")).chain(std::env::split_paths(&old));
        std::env::join_paths(folders).unwrap_or(old)
    }
}

/// The first of these programs that is on PATH.
pub fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.into_iter().find(|file| file.is_file())
}

/// Runs to the end with output shown; failing to start or to succeed is a trouble with this remedy.
pub fn run(mut command: Command, code: &'static str, remedy: &str) -> Outcome<()> {
    let shown = show(&command);
    let status = command.status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(trouble(
            code,
            format!("`{shown}` ended with {status}"),
            remedy,
        )),
        Err(error) => Err(trouble(
            code,
            format!("`{shown}` did not start: {error}"),
            remedy,
        )),
    }
}

/// Standard output of a command that succeeded, without the line end.
pub fn output(mut command: Command) -> Option<String> {
    let output = command.output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// A command as a person would type it, for messages.
pub fn show(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words = command
        .get_args()
        .map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program.to_string_lossy().into_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether this runs as root; Chromium's sandbox refuses root, and apt wants it.
pub fn is_root() -> bool {
    let mut id = Command::new("id");
    id.arg("-u");
    output(id).as_deref() == Some("0")
}

//! Recorded exchanges: files of Okta's own traffic and of the lab's, in one format.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// One request and its answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Exchange {
    /// Method in capitals.
    pub method: String,
    /// Path with its query.
    pub path: String,
    /// The body that was sent.
    #[serde(default)]
    pub request: Value,
    /// Status of the answer.
    pub status: u16,
    /// Headers of the answer, each with all its values.
    #[serde(default)]
    pub headers: BTreeMap<String, Vec<String>>,
    /// The body of the answer: JSON, or its text.
    #[serde(default)]
    pub response: Value,
    /// What the client called itself, where that was recorded.
    #[serde(default)]
    pub client: Option<String>,
    /// The fault that the lab was told to answer with.
    #[serde(default)]
    pub fault: Option<Value>,
}

impl Exchange {
    /// The path without its query.
    pub fn place(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The query without its question mark; empty when there is none.
    pub fn query(&self) -> &str {
        self.path
            .split_once('?')
            .map(|(_, query)| query)
            .unwrap_or_default()
    }

    /// True when the product itself asked, as its tag says.
    pub fn is_ours(&self) -> bool {
        self.client.as_deref() == Some("org2org-assistant")
    }
}

/// A recording: where it came from and what it holds, in order.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Name of the file.
    pub name: String,
    /// Its exchanges.
    pub exchanges: Vec<Exchange>,
}

#[derive(Deserialize)]
struct Whole {
    exchanges: Vec<Exchange>,
}

/// Every recording at a path: a file, or a folder's `.json` and `.jsonl` files by name.
///
/// # Errors
/// A sentence that names the file and what is wrong with it.
pub fn read(path: &Path) -> Result<Vec<Recording>, String> {
    let mut files = if path.is_dir() {
        files_of(path)?
    } else {
        vec![path.to_owned()]
    };
    files.sort();
    files.iter().map(|file| read_file(file)).collect()
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let said = |error| format!("`{}` cannot be listed: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(said)? {
        let file = entry.map_err(said)?.path();
        let kind = file.extension().and_then(|kind| kind.to_str());
        if matches!(kind, Some("json" | "jsonl")) {
            files.push(file);
        }
    }
    Ok(files)
}

fn read_file(file: &Path) -> Result<Recording, String> {
    let said = |error: &dyn std::fmt::Display| format!("`{}`: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| said(&error))?;
    let exchanges = if file.extension().is_some_and(|kind| kind == "jsonl") {
        let lines = text.lines().enumerate();
        let read = lines.map(|(at, line)| {
            serde_json::from_str(line).map_err(|error| said(&format!("line {}: {error}", at + 1)))
        });
        read.collect::<Result<Vec<Exchange>, _>>()?
    } else {
        serde_json::from_str::<Whole>(&text)
            .map_err(|error| said(&error))?
            .exchanges
    };
    let name = file.file_stem().unwrap_or_default();
    Ok(Recording {
        name: name.to_string_lossy().into_owned(),
        exchanges,
    })
}

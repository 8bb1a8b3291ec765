//! `org2org jwks`

use crate::arguments::{Format, FormatArguments};
use crate::file::read_at_most;
use crate::outcome::{Exit, Outcome, notice, notice_json, print};
use org2org_core::jwks::{self, Formatted, Options};
use serde_json::json;
use std::path::Path;

/// Prints the JWKS; findings when a key was refused.
pub fn format(arguments: &FormatArguments) -> Outcome<Exit> {
    let live = match &arguments.live {
        Some(file) => read(file, &Options::default())?
            .keys
            .into_iter()
            .map(|key| key.thumbprint)
            .collect(),
        None => Vec::new(),
    };
    let options = Options {
        kid_from_thumbprint: arguments.kid_from_thumbprint,
        live,
    };
    let formatted = read(&arguments.file, &options)?;
    match arguments.format {
        Format::Text => notice(&account(&formatted)),
        Format::Json => {
            let Formatted {
                count,
                keys,
                refused,
                notes,
                ..
            } = &formatted;
            notice_json(&json!({"count": count, "keys": keys, "refused": refused, "notes": notes}));
        }
    }
    if let Some(jwks) = &formatted.jwks {
        print(jwks)?;
    }
    Ok(if formatted.refused.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

/// Core has its own, lower limit and names it.
const MOST_BYTES: u64 = 16 << 20;

fn read(file: &Path, options: &Options) -> Outcome<Formatted> {
    Ok(jwks::format_bytes(
        &read_at_most(file, MOST_BYTES)?,
        options,
    )?)
}

fn account(formatted: &Formatted) -> String {
    let (kept, refused) = (formatted.keys.len(), formatted.refused.len());
    let mut lines = vec![format!(
        "{} keys: {kept} accepted, {refused} refused",
        formatted.count
    )];
    for key in &formatted.keys {
        let kid = key.kid.as_deref().unwrap_or("none");
        let (path, kty, size, print) = (&key.path, key.kty, key.size, &key.thumbprint);
        lines.push(format!(
            "  {path}: {kty} {size}, kid {kid}, thumbprint {print}"
        ));
    }
    for refusal in &formatted.refused {
        lines.push(format!(
            "  {} refused [{}]: {}",
            refusal.path, refusal.code, refusal.why
        ));
        lines.push(format!("    hint: {}", refusal.hint));
    }
    for note in &formatted.notes {
        let place = if note.path.is_empty() {
            "$"
        } else {
            &note.path
        };
        lines.push(format!("  note {place}: {}", note.text));
    }
    lines.join("\n")
}

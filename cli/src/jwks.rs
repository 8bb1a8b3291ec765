//! `org2org jwks`

use crate::arguments::{CompareArguments, Format, FormatArguments, KeyForm};
use crate::file::read_at_most;
use crate::outcome::{Exit, Outcome, Trouble, notice, notice_json, print};
use org2org_core::jwks::{self, Comparison, Formatted, IdpCertificate, Options};
use serde_json::json;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

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
        now: now(),
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
    match arguments.form {
        KeyForm::Jwks => formatted.jwks.as_deref().map_or(Ok(()), print)?,
        KeyForm::Pem => print(only_certificate(&formatted)?.pem.trim_end())?,
        KeyForm::X5c => print(&only_certificate(&formatted)?.body)?,
    }
    Ok(if formatted.refused.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

/// Prints what the second set changes; findings when it changes anything.
pub fn compare(arguments: &CompareArguments) -> Outcome<Exit> {
    let live = read(&arguments.live, &Options::default())?;
    let wanted = read(&arguments.wanted, &Options::default())?;
    let comparison = Comparison::of(&live, &wanted);
    print(&match arguments.format {
        Format::Text => comparison.to_string().trim_end().to_owned(),
        Format::Json => format!("{:#}", json!(comparison)),
    })?;
    Ok(match comparison.is_same() {
        true => Exit::Done,
        false => Exit::Findings,
    })
}

/// An identity provider takes one: which of several cannot be guessed.
fn only_certificate(formatted: &Formatted) -> Outcome<&IdpCertificate> {
    match formatted.certificates.as_slice() {
        [one] => Ok(one),
        several => Err(Trouble {
            code: "jwks-certificates".to_owned(),
            what: format!("one certificate is wanted, the keys have {}", several.len()),
            hint: "Give a file with one key that has its certificate.".to_owned(),
            exit: Exit::Findings,
        }),
    }
}

fn now() -> Option<u64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(now.as_secs())
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
        lines.push(format!("    signs with {}", key.algorithms.join(", ")));
        if let Some(certificate) = &key.certificate {
            let (subject, ends, print) = (
                &certificate.subject,
                &certificate.ends,
                &certificate.fingerprint,
            );
            lines.push(format!(
                "    certificate of {subject}, until {ends}, SHA-256 {print}"
            ));
        }
        if let Some(expiry) = key.expiry {
            lines.push(format!("    {expiry}"));
        }
        let places = key
            .places
            .iter()
            .map(|place| format!("    goes to: {}", place.title()));
        lines.extend(places);
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

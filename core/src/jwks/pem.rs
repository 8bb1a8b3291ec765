//! One block of PEM (RFC 7468), read strictly: a fault has a line.

use super::JwksError;
use super::der::Kind;
use crate::explain::seen;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// DER of the one block in a text, with what its label says it is.
///
/// # Errors
/// [`JwksError::Pem`] with the line, for another label, a missing end, headers, a second block, text
/// beside the block, or anything that is no base64.
pub(super) fn read(text: &str) -> Result<(Kind, Vec<u8>), JwksError> {
    let mut lines = text.lines().map(str::trim_end).zip(1..);
    let (label, first) = begin(&mut lines)?;
    let kind = Kind::of_label(label)
        .ok_or_else(|| fault(first, "is no label of a public key or a certificate", label))?;
    let mut base64 = String::new();
    let mut at_line = first;
    let mut ended = false;
    for (line, at) in lines.by_ref() {
        at_line = at;
        if let Some(end) = line.strip_prefix("-----END ") {
            if end.strip_suffix("-----") != Some(label) {
                return Err(fault(at, "ends a block of another label", line));
            }
            ended = true;
            break;
        }
        base64.push_str(body(line, at)?);
    }
    if !ended {
        return Err(fault(
            at_line,
            "is the last line, and the block has no end",
            label,
        ));
    }
    if let Some((line, at)) = lines.find(|(line, _)| !line.is_empty()) {
        let why = match line.starts_with(BEGIN) {
            true => "begins a second block: one at a time is read",
            false => "stands behind the block",
        };
        return Err(fault(at, why, line));
    }
    match STANDARD.decode(&base64) {
        Ok(der) if !der.is_empty() => Ok((kind, der)),
        _ => Err(fault(
            first,
            "begins a block whose base64 is incomplete",
            label,
        )),
    }
}

/// Whether a text is PEM, whole or damaged.
pub(super) fn is_pem(text: &str) -> bool {
    text.contains(BEGIN)
}

/// A certificate's block, lines of 64 characters as every reader wants them.
pub(super) fn write(label: &str, base64: &str) -> String {
    let mut out = format!("{BEGIN}{label}-----\n");
    for (at, character) in base64.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            out.push('\n');
        }
        out.push(character);
    }
    out.push_str(&format!("\n-----END {label}-----\n"));
    out
}

const BEGIN: &str = "-----BEGIN ";

fn fault(line: usize, why: &'static str, text: &str) -> JwksError {
    let seen = seen(text);
    JwksError::Pem { line, why, seen }
}

fn begin<'a>(
    lines: &mut impl Iterator<Item = (&'a str, usize)>,
) -> Result<(&'a str, usize), JwksError> {
    let Some((line, at)) = lines.find(|(line, _)| !line.is_empty()) else {
        return Err(JwksError::Empty);
    };
    let label = line.strip_prefix(BEGIN);
    match label.and_then(|label| label.strip_suffix("-----")) {
        Some(label) => Ok((label, at)),
        None if label.is_some() => Err(fault(at, "does not end with five hyphens", line)),
        None => Err(fault(at, "stands before the block", line)),
    }
}

fn body(line: &str, at: usize) -> Result<&str, JwksError> {
    if line.is_empty() {
        return Err(fault(at, "is empty within the block", line));
    }
    if line.contains(':') {
        return Err(fault(
            at,
            "is a header, which public keys do not have",
            line,
        ));
    }
    let strange = |c: &char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '/' | '=');
    match line.chars().find(strange) {
        Some(_) => Err(fault(at, "is no base64", line)),
        None => Ok(line),
    }
}

//! Cells of our own making as CSV (RFC 4180); what is only passed on is never written anew.

/// Appends a row, quoting only what needs it.
pub(super) fn row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (at, value) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if needs_quotes(value) {
            quoted(out, "", value);
        } else {
            out.extend_from_slice(value.as_bytes());
        }
    }
    out.push(b'\n');
}

/// Appends a cell in quotes, with something before its value.
pub(super) fn quoted(out: &mut Vec<u8>, before: &str, value: &str) {
    out.push(b'"');
    out.extend_from_slice(before.as_bytes());
    for (at, part) in value.split('"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}

/// Blanks at the edges too: some readers would trim them.
fn needs_quotes(value: &str) -> bool {
    value.contains(['"', ',', '\r', '\n', ';'])
        || value.starts_with([' ', '\t'])
        || value.ends_with([' ', '\t'])
}

//! `org2org bookmark`

use crate::arguments::{BuildAllArguments, BuildArguments, ExplainArguments, Format, TableFormat};
use crate::file::{self, read_at_most};
use crate::outcome::{Exit, Outcome, Trouble, notice, print};
use org2org_core::bookmark::{self, Batch};
use serde_json::json;
use std::path::Path;

/// Prints the URL alone, so that it can be piped; notes go to standard error.
pub fn build(arguments: &BuildArguments) -> Outcome<Exit> {
    let bookmark = bookmark::build(&arguments.sso_url, &arguments.embed_link)?;
    for (field, note) in &bookmark.notes {
        notice(&format!("note: {field}: {note}"));
    }
    print(&match arguments.format {
        Format::Text => bookmark.url,
        Format::Json => {
            let notes: Vec<String> = bookmark
                .notes
                .iter()
                .map(|(field, note)| format!("{field}: {note}"))
                .collect();
            let (url, encoded, parts) = (bookmark.url, bookmark.encoded, bookmark.parts);
            format!(
                "{:#}",
                json!({"url": url, "encoded": encoded, "parts": parts, "notes": notes})
            )
        }
    })?;
    Ok(Exit::Done)
}

/// Prints the file of all; findings when a line was refused.
pub fn build_all(arguments: &BuildAllArguments) -> Outcome<Exit> {
    let batch = Batch::build(&list(&arguments.sso_urls)?, &list(&arguments.embed_links)?);
    for refused in &batch.refused {
        let (list, line, code, why) = (refused.list, refused.line, refused.code, &refused.why);
        notice(&format!("{list}, line {line}, refused [{code}]: {why}"));
        notice(&format!("  hint: {}", refused.hint));
    }
    print(&match arguments.format {
        TableFormat::Csv => batch.csv(),
        TableFormat::Json => batch.json(),
    })?;
    Ok(match batch.refused.is_empty() {
        true => Exit::Done,
        false => Exit::Findings,
    })
}

const MOST_BYTES: u64 = 16 << 20;

fn list(path: &Path) -> Outcome<String> {
    String::from_utf8(read_at_most(path, MOST_BYTES)?).map_err(|_| {
        let what = format!("{}: not UTF-8", file::name(path));
        Trouble::file(what, "Save the list as UTF-8.")
    })
}

/// Findings when the click does not end where it should.
pub fn explain(arguments: &ExplainArguments) -> Outcome<Exit> {
    let explanation = bookmark::explain(&arguments.url);
    print(&match arguments.format {
        Format::Text => explanation.to_string(),
        Format::Json => format!("{:#}", json!(explanation)),
    })?;
    Ok(if explanation.doubts.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

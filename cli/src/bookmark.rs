//! `org2org bookmark`

use crate::arguments::{BuildArguments, ExplainArguments, Format};
use crate::outcome::{Exit, Outcome, notice, print};
use org2org_core::bookmark;
use serde_json::json;

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

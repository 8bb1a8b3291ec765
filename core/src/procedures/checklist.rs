//! The procedures as a list to read, tick, print or feed to another program, with the admin's own values.

mod sheet;

use serde_json::{Value, json};

pub use sheet::{Item, Line, Sheet};

use crate::explain::seen_whole;
use crate::html::escaped;
use crate::org::OrgUrl;
use crate::run::Side;
use crate::run::step::{Click, Procedure};

/// What an admin already knows of their own orgs, and has done; everything may be missing.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The source org.
    pub source: Option<OrgUrl>,
    /// The target org.
    pub target: Option<OrgUrl>,
    /// Ids of facts with their values.
    pub values: Vec<(String, String)>,
    /// Steps that are ticked: the procedure's id, a slash, and the step's.
    pub done: Vec<String>,
}

impl Own {
    fn org(&self, side: Side) -> Option<&OrgUrl> {
        match side {
            Side::Source => self.source.as_ref(),
            Side::Target => self.target.as_ref(),
        }
    }

    /// The org as a heading names it.
    pub fn place(&self, side: Side) -> String {
        match self.org(side) {
            Some(org) => format!("{} org, {}", side.name(), org.host()),
            None => format!("{} org", side.name()),
        }
    }

    fn value(&self, id: &str) -> Option<String> {
        let found = self
            .values
            .iter()
            .find(|(own, value)| own == id && !value.is_empty());
        found.map(|(_, value)| seen_whole(value))
    }

    /// Where in the console, when the org is known and the page needs no id.
    pub fn address(&self, item: &Item) -> Option<String> {
        let org = self.org(item.side)?;
        (!item.path.contains('{')).then(|| format!("{}{}", org.admin_base(), item.path))
    }

    /// The instruction with its value, or with room to write it.
    pub fn words(&self, line: &Line) -> String {
        match &line.asks {
            Some((id, _)) => {
                let value = self.value(id);
                format!("{}: {}", line.words, value.as_deref().unwrap_or(BLANK))
            }
            None => line.words.clone(),
        }
    }

    /// Whether the step is ticked.
    pub fn has_done(&self, sheet: &Sheet, item: &Item) -> bool {
        self.done.contains(&mark(sheet, item))
    }
}

/// How [`Own::done`] names a step.
pub fn mark(sheet: &Sheet, item: &Item) -> String {
    format!("{}/{}", sheet.id, item.id)
}

/// The sheets of these procedures.
pub fn sheets(procedures: &[&Procedure]) -> Vec<Sheet> {
    procedures
        .iter()
        .map(|procedure| Sheet::of(procedure))
        .collect()
}

/// Every procedure as the file that the page reads by [`Sheet::all`].
pub fn file() -> Value {
    let sheets = sheets(crate::procedures::ALL);
    sheets.iter().map(Sheet::to_json).collect()
}

/// Ids of the values that these sheets ask for, in their order.
pub fn asked(sheets: &[Sheet]) -> Vec<String> {
    let mut ids = Vec::new();
    for (id, _) in sheets.iter().flat_map(Sheet::asked) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Plain text, one block per step.
pub fn text(sheets: &[Sheet], own: &Own) -> String {
    let mut out = String::new();
    for sheet in sheets {
        out.push_str(&format!("{} ({})\n", sheet.title, sheet.id));
        for (index, item) in sheet.items.iter().enumerate() {
            out.push_str(&format!(
                "\n{:>3}. [{}] {}\n",
                index + 1,
                own.place(item.side),
                item.title
            ));
            out.push_str(&format!("     {}\n     Page: {}\n", item.why, item.page));
            if let Some(address) = own.address(item) {
                out.push_str(&format!("     {address}\n"));
            }
            for line in &item.lines {
                out.push_str(&format!("     - {}\n", own.words(line)));
            }
        }
        out.push('\n');
    }
    out
}

/// Markdown with boxes to tick.
pub fn markdown(sheets: &[Sheet], own: &Own) -> String {
    let mut out = String::new();
    for sheet in sheets {
        out.push_str(&format!("## {}\n\n", sheet.title));
        for item in &sheet.items {
            let page = match own.address(item) {
                Some(address) => format!("[{}]({address})", item.page),
                None => item.page.clone(),
            };
            let tick = if own.has_done(sheet, item) { 'x' } else { ' ' };
            out.push_str(&format!(
                "- [{tick}] **{}** ({}, {page})\n",
                item.title,
                own.place(item.side),
            ));
            out.push_str(&format!("  {}\n", item.why));
            for line in &item.lines {
                out.push_str(&format!("  - {}\n", own.words(line)));
            }
        }
        out.push('\n');
    }
    out
}

/// A document of its own, to print or to tick: no script, nothing loaded.
pub fn html(sheets: &[Sheet], own: &Own) -> String {
    let mut out = HEAD.to_owned();
    for sheet in sheets {
        out.push_str(&format!("<h1>{}</h1>\n<ol>\n", escaped(&sheet.title)));
        for item in &sheet.items {
            out.push_str(&item_html(sheet, item, own));
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// JSON for other programs.
pub fn json(sheets: &[Sheet], own: &Own) -> Value {
    let sheet = |sheet: &Sheet| {
        let steps = sheet.items.iter().map(|item| item_json(sheet, item, own));
        let steps: Vec<Value> = steps.collect();
        json!({"id": sheet.id, "title": sheet.title, "steps": steps})
    };
    sheets.iter().map(sheet).collect()
}

const BLANK: &str = "________________";
const HEAD: &str = "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>Org2Org checklist</title>
<style>
body { font: 12pt/1.4 system-ui, sans-serif; max-width: 45rem; margin: 1rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
li { break-inside: avoid; margin-bottom: .75rem; }
h1 { font-size: 1.3rem; break-after: avoid; }
</style>
</head>
<body>
";

fn item_html(sheet: &Sheet, item: &Item, own: &Own) -> String {
    let page = escaped(&item.page);
    let page = match own.address(item) {
        Some(address) => format!("<a href=\"{}\">{page}</a>", escaped(&address)),
        None => page,
    };
    let lines = item.lines.iter().map(|line| own.words(line));
    let lines: Vec<String> = lines
        .map(|words| format!("<li>{}</li>", escaped(&words)))
        .collect();
    let checked = match own.has_done(sheet, item) {
        true => " checked=\"\"",
        false => "",
    };
    format!(
        "<li><label><input type=\"checkbox\"{checked}> <b>{}</b></label> ({}, {page})<br>{}\n<ul>{}</ul></li>\n",
        escaped(&item.title),
        escaped(&own.place(item.side)),
        escaped(&item.why),
        lines.concat()
    )
}

fn item_json(sheet: &Sheet, item: &Item, own: &Own) -> Value {
    let by_hand: Vec<String> = item.lines.iter().map(|line| own.words(line)).collect();
    let mut step = json!({
        "id": item.id,
        "title": item.title,
        "why": item.why,
        "side": item.side.name(),
        "org": own.org(item.side).map(OrgUrl::host),
        "address": own.address(item),
        "by_hand": by_hand,
        "done": own.has_done(sheet, item),
    });
    if let (Some(step), Some(more)) = (step.as_object_mut(), item.more.as_object()) {
        step.extend(more.clone());
    }
    step
}

impl Click {
    /// The instruction without any value.
    pub fn words(&self) -> String {
        match self {
            Click::Choose(label, fact) => format!("Set *{label}* to {}", fact.title),
            Click::Copy(label, _) => format!("Copy *{label}*"),
            Click::Do(text, _) => (*text).to_owned(),
            Click::Fill(label, fact) => format!("Fill *{label}* with {}", fact.title),
            Click::Set(label, choice) => format!("Set *{label}* to *{choice}*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedures::ALL;

    fn own(value: &str) -> Own {
        let values = asked(&sheets(ALL))
            .into_iter()
            .map(|id| (id, value.to_owned()));
        Own {
            source: OrgUrl::parse("acme.okta.com").ok(),
            target: OrgUrl::parse("hub.okta.com").ok(),
            values: values.collect(),
            done: Vec::new(),
        }
    }

    #[test]
    fn values_and_hosts_of_the_admin_stand_in_every_form() {
        let own = own("my-value");
        for form in [
            text(&sheets(ALL), &own),
            markdown(&sheets(ALL), &own),
            html(&sheets(ALL), &own),
            json(&sheets(ALL), &own).to_string(),
        ] {
            for word in [
                "my-value",
                "acme.okta.com",
                "hub.okta.com",
                "https://hub-admin.okta.com/admin/",
            ] {
                assert!(form.contains(word), "{word}");
            }
        }
        for form in [
            text(&sheets(ALL), &Own::default()),
            markdown(&sheets(ALL), &Own::default()),
            html(&sheets(ALL), &Own::default()),
        ] {
            assert!(form.contains(BLANK) && !form.contains("okta.com/admin"));
        }
    }

    #[test]
    fn every_step_has_one_box() {
        let steps: usize = ALL.iter().map(|procedure| procedure.steps.len()).sum();
        let own = Own::default();
        assert_eq!(
            markdown(&sheets(ALL), &own).matches("- [ ] ").count(),
            steps
        );
        assert_eq!(
            html(&sheets(ALL), &own)
                .matches("type=\"checkbox\"")
                .count(),
            steps
        );
    }

    #[test]
    fn what_is_ticked_is_ticked_in_every_form() {
        let sheets = sheets(ALL);
        let own = Own {
            done: vec![mark(&sheets[0], &sheets[0].items[1])],
            ..Own::default()
        };
        assert_eq!(markdown(&sheets, &own).matches("- [x] ").count(), 1);
        assert_eq!(html(&sheets, &own).matches(" checked=\"\"").count(), 1);
        let json = json(&sheets, &own);
        assert_eq!(json[0]["steps"][1]["done"], true);
        assert_eq!(json[0]["steps"][0]["done"], false);
    }

    #[test]
    fn a_value_cannot_become_part_of_the_document() {
        let own = own("<script>\"&'\u{202e}</script>");
        let document = html(&sheets(ALL), &own);
        assert!(!document.contains("<script") && !document.contains('\u{202e}'));
        assert!(document.contains("&lt;script&gt;&quot;&amp;'\\u{202e}&lt;/script&gt;"));
        let xml = document
            .replace("type=\"checkbox\">", "type=\"checkbox\"/>")
            .replace("<br>", "<br/>");
        let body = xml.split_once("<body>").unwrap().1.replace("</html>", "");
        let parsed = format!("<body>{body}");
        assert!(roxmltree::Document::parse(&parsed).is_ok());
    }
}

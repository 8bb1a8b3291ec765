//! The procedures as a list to read, tick, print or feed to another program, with the admin's own values.

use serde_json::{Value, json};

use crate::explain::seen_whole;
use crate::facts::Fact;
use crate::org::OrgUrl;
use crate::run::Side;
use crate::run::step::{Click, Procedure, Step};

/// What an admin already knows of their own orgs; everything may be missing.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The source org.
    pub source: Option<OrgUrl>,
    /// The target org.
    pub target: Option<OrgUrl>,
    /// Ids of facts with their values.
    pub values: Vec<(String, String)>,
}

impl Own {
    fn org(&self, side: Side) -> Option<&OrgUrl> {
        match side {
            Side::Source => self.source.as_ref(),
            Side::Target => self.target.as_ref(),
        }
    }

    /// The org as a heading names it.
    fn place(&self, side: Side) -> String {
        match self.org(side) {
            Some(org) => format!("{} org, {}", side.name(), org.host()),
            None => format!("{} org", side.name()),
        }
    }

    fn value(&self, fact: &Fact) -> Option<String> {
        let found = self.values.iter().find(|(id, _)| id == fact.id);
        found.map(|(_, value)| seen_whole(value))
    }

    /// Where in the console, when the org is known and the page needs no id.
    fn address(&self, step: &Step) -> Option<String> {
        step.page.address(self.org(step.side)?, &[])
    }

    /// The instruction with its value, or with room to write it.
    fn words(&self, click: &Click) -> String {
        let shown = |fact: &Fact| self.value(fact).unwrap_or_else(|| BLANK.to_owned());
        match click {
            Click::Choose(_, fact) | Click::Fill(_, fact) | Click::Copy(_, fact) => {
                format!("{}: {}", click.words(), shown(fact))
            }
            Click::Do(..) | Click::Set(..) => click.words(),
        }
    }
}

/// Ids of the values that these procedures ask for, in their order.
pub fn asked(procedures: &[&Procedure]) -> Vec<&'static str> {
    let steps = procedures.iter().flat_map(|procedure| procedure.steps);
    let mut ids = Vec::new();
    for click in steps.flat_map(|step| step.by_hand) {
        match click {
            Click::Choose(_, fact) | Click::Fill(_, fact) | Click::Copy(_, fact)
                if !ids.contains(&fact.id) =>
            {
                ids.push(fact.id);
            }
            _ => (),
        }
    }
    ids
}

/// Plain text, one block per step.
pub fn text(procedures: &[&Procedure], own: &Own) -> String {
    let mut out = String::new();
    for procedure in procedures {
        out.push_str(&format!("{} ({})\n", procedure.title, procedure.id));
        for (index, step) in procedure.steps.iter().enumerate() {
            out.push_str(&format!(
                "\n{:>3}. [{}] {}\n",
                index + 1,
                own.place(step.side),
                step.title
            ));
            out.push_str(&format!(
                "     {}\n     Page: {}\n",
                step.why, step.page.title
            ));
            if let Some(address) = own.address(step) {
                out.push_str(&format!("     {address}\n"));
            }
            for click in step.by_hand {
                out.push_str(&format!("     - {}\n", own.words(click)));
            }
        }
        out.push('\n');
    }
    out
}

/// Markdown with boxes to tick.
pub fn markdown(procedures: &[&Procedure], own: &Own) -> String {
    let mut out = String::new();
    for procedure in procedures {
        out.push_str(&format!("## {}\n\n", procedure.title));
        for step in procedure.steps {
            let page = match own.address(step) {
                Some(address) => format!("[{}]({address})", step.page.title),
                None => step.page.title.to_owned(),
            };
            out.push_str(&format!(
                "- [ ] **{}** ({}, {page})\n",
                step.title,
                own.place(step.side),
            ));
            out.push_str(&format!("  {}\n", step.why));
            for click in step.by_hand {
                out.push_str(&format!("  - {}\n", own.words(click)));
            }
        }
        out.push('\n');
    }
    out
}

/// A document of its own, to print or to tick: no script, nothing loaded.
pub fn html(procedures: &[&Procedure], own: &Own) -> String {
    let mut out = HEAD.to_owned();
    for procedure in procedures {
        out.push_str(&format!("<h1>{}</h1>\n<ol>\n", escaped(procedure.title)));
        for step in procedure.steps {
            out.push_str(&item(step, own));
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// JSON for other programs.
pub fn json(procedures: &[&Procedure], own: &Own) -> Value {
    let procedure = |procedure: &&Procedure| {
        let steps = procedure.steps.iter().map(|step| step_json(step, own));
        let steps: Vec<Value> = steps.collect();
        json!({"id": procedure.id, "title": procedure.title, "steps": steps})
    };
    procedures.iter().map(procedure).collect()
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

fn item(step: &Step, own: &Own) -> String {
    let page = escaped(step.page.title);
    let page = match own.address(step) {
        Some(address) => format!("<a href=\"{}\">{page}</a>", escaped(&address)),
        None => page,
    };
    let clicks = step.by_hand.iter().map(|click| own.words(click));
    let clicks: Vec<String> = clicks
        .map(|words| format!("<li>{}</li>", escaped(&words)))
        .collect();
    format!(
        "<li><label><input type=\"checkbox\"> <b>{}</b></label> ({}, {page})<br>{}\n<ul>{}</ul></li>\n",
        escaped(step.title),
        escaped(&own.place(step.side)),
        escaped(step.why),
        clicks.concat()
    )
}

fn escaped(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

fn step_json(step: &Step, own: &Own) -> Value {
    let ids = |facts: &[&Fact]| facts.iter().map(|fact| fact.id).collect::<Vec<_>>();
    json!({
        "id": step.id,
        "title": step.title,
        "why": step.why,
        "side": step.side,
        "org": own.org(step.side).map(OrgUrl::host),
        "address": own.address(step),
        "page": {"id": step.page.id, "title": step.page.title, "path": step.page.path},
        "by_hand": step.by_hand.iter().map(|click| own.words(click)).collect::<Vec<_>>(),
        "covers": step.covers,
        "source": step.source,
        "over": step.over.iter().map(|set| set.id).collect::<Vec<_>>(),
        "needs": ids(step.needs),
        "gives": ids(step.gives),
        "after": step.after,
        "writes": step.write.is_some(),
    })
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
        let values = asked(ALL)
            .into_iter()
            .map(|id| (id.to_owned(), value.to_owned()));
        Own {
            source: OrgUrl::parse("acme.okta.com").ok(),
            target: OrgUrl::parse("hub.okta.com").ok(),
            values: values.collect(),
        }
    }

    #[test]
    fn values_and_hosts_of_the_admin_stand_in_every_form() {
        let own = own("my-value");
        for form in [
            text(ALL, &own),
            markdown(ALL, &own),
            html(ALL, &own),
            json(ALL, &own).to_string(),
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
            text(ALL, &Own::default()),
            markdown(ALL, &Own::default()),
            html(ALL, &Own::default()),
        ] {
            assert!(form.contains(BLANK) && !form.contains("okta.com/admin"));
        }
    }

    #[test]
    fn every_step_has_one_box() {
        let steps: usize = ALL.iter().map(|procedure| procedure.steps.len()).sum();
        let own = Own::default();
        assert_eq!(markdown(ALL, &own).matches("- [ ] ").count(), steps);
        assert_eq!(html(ALL, &own).matches("type=\"checkbox\"").count(), steps);
    }

    #[test]
    fn a_value_cannot_become_part_of_the_document() {
        let own = own("<script>\"&'\u{202e}</script>");
        let document = html(ALL, &own);
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

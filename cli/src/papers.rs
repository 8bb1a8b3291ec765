//! `org2org report`: papers out of a journal, without any org.

use org2org_core::org::OrgUrl;
use org2org_core::report::{self, Document, Matter, Paper};
use org2org_core::run::{Journal, RunError};

use crate::arguments::{PaperForm, PaperKind, ReportArguments};
use crate::file::{name, read_at_most};
use crate::live::beside;
use crate::outcome::{Exit, Outcome, Trouble, print};
use crate::wish::names_sources;

/// Far above any journal of ours: a run of ten thousand members stays below it.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Prints one paper. Exit 1 when the journal is damaged: the paper then says so first.
pub fn report(arguments: &ReportArguments) -> Outcome<Exit> {
    let (source, target) = (
        OrgUrl::parse(&arguments.source)?,
        OrgUrl::parse(&arguments.target)?,
    );
    let journal = read(arguments, &source)?;
    let matter = Matter {
        source: &source,
        target: &target,
        journal: &journal,
        whole: arguments.whole,
    };
    let paper = |paper| in_form(&report::write(paper, &matter), arguments.format);
    print(&match (arguments.paper, arguments.format) {
        (PaperKind::ChangeNotice, _) => paper(Paper::ChangeNotice),
        (PaperKind::Evidence, _) => paper(Paper::Evidence),
        (PaperKind::Runbook, _) => paper(Paper::Runbook),
        (PaperKind::Terraform, None) => report::terraform(&matter),
        (PaperKind::Terraform, Some(_)) => return Err(no_other_form()),
    })?;
    Ok(match journal.damage() {
        None => Exit::Done,
        Some(_) => Exit::Findings,
    })
}

fn in_form(document: &Document, form: Option<PaperForm>) -> String {
    match form.unwrap_or_default() {
        PaperForm::Html => document.html(),
        PaperForm::Json => format!("{:#}", document.json()),
        PaperForm::Markdown => document.markdown(),
    }
}

fn no_other_form() -> Trouble {
    Trouble {
        code: "one-form".to_owned(),
        what: "a file of Terraform has no other form".to_owned(),
        hint: "Leave `--format` out.".to_owned(),
        exit: Exit::Usage,
    }
}

// One entry a line; a line without its end was never acknowledged, so what it announced was not sent.
fn read(arguments: &ReportArguments, source: &OrgUrl) -> Outcome<Journal> {
    let own = names_sources(&arguments.wish).then_some(source);
    let beside = || beside(&arguments.wish, own);
    let path = arguments.journal.clone().unwrap_or_else(beside);
    let bytes = read_at_most(&path, LARGEST)?;
    let foreign = |why: &str| -> Trouble {
        let why = format!("{}: {why}", name(&path));
        RunError::Foreign { why }.into()
    };
    if bytes.len() as u64 > LARGEST {
        return Err(foreign("it is too large for a journal"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| foreign("it is no UTF-8"))?;
    let whole = text
        .rfind('\n')
        .map_or("", |end| text.get(..end).unwrap_or_default());
    let lines: Vec<&str> = whole.lines().collect();
    Ok(Journal::read(&format!("[{}]", lines.join(",")))?)
}

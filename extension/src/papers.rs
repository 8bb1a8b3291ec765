//! Papers in the panel: core writes them from the stored journal; no org is asked.

use std::cell::RefCell;
use std::rc::Rc;

use org2org_core::json;
use org2org_core::report::{self, Matter};
use org2org_core::run::StoredRun;
use org2org_ui::{Content, Desk, Errand, Form, Sort, papers};

use crate::browser;
use crate::store::{self, Stored};

thread_local! {
    /// The one of this page: it is shown as often as the person comes to it, and started once.
    static STARTED: RefCell<Option<Rc<Papers>>> = const { RefCell::new(None) };
}

struct Papers {
    desk: Desk,
    /// The run whose journal is read.
    run: RefCell<Option<StoredRun>>,
}

/// Shows the papers of the run as it is stored now.
pub fn show() {
    let known = STARTED.with_borrow(Option::clone);
    let one = known.unwrap_or_else(start);
    browser::spawn(async move { one.look_up().await });
}

/// Nothing of the run stays in the page.
pub fn hide() {
    if let Some(one) = STARTED.with_borrow(Option::clone) {
        one.run.take();
        one.desk.whole.set(false);
        one.desk.status.set(String::new());
        one.write();
    }
}

fn start() -> Rc<Papers> {
    let one = crate::mount_driven("papers", Papers::act, |tell| {
        let desk = Desk::new(tell);
        let run = RefCell::default();
        (Papers { desk, run }, papers(desk))
    });
    STARTED.set(Some(one.clone()));
    one
}

impl Papers {
    async fn look_up(self: Rc<Self>) {
        let found = match store::load().await.bare() {
            Stored::Run(run) if run.journal.entries.is_empty() => {
                Err("Nothing was written yet. Papers are made of the journal of a run.")
            }
            Stored::Run(run) => Ok(*run),
            Stored::Damaged => Err(
                "What was stored is damaged, so that nothing can be written from it. Look under Connection for the way on.",
            ),
            Stored::Half(..) | Stored::Pair(_) | Stored::Nothing => Err(
                "There is no run yet. Papers are made of the journal of a run: begin one under Connection.",
            ),
        };
        self.desk.missing.set(found.as_ref().err().unwrap_or(&""));
        *self.run.borrow_mut() = found.ok();
        self.write();
    }

    fn act(self: Rc<Self>, errand: Errand) {
        match errand {
            Errand::Copy => browser::spawn(async move { self.copy().await }),
            Errand::Save(form) => self.save(form),
            Errand::Show(sort, whole) => {
                self.desk.sort.set(sort);
                self.desk.whole.set(whole);
                self.desk.status.set(String::new());
                self.write();
            }
        }
    }

    fn write(&self) {
        self.desk.content.set(self.content());
    }

    fn content(&self) -> Content {
        let run = self.run.borrow();
        let Some(run) = run.as_ref() else {
            return Content::Nothing;
        };
        let matter = Matter {
            source: &run.pair.source.url,
            target: &run.pair.target.url,
            journal: &run.journal,
            whole: self.desk.whole.get_untracked(),
        };
        match self.desk.sort.get_untracked() {
            Sort::Terraform => Content::Code(report::terraform(&matter).into()),
            Sort::Paper(paper) => Content::Document(Rc::new(report::write(paper, &matter))),
        }
    }

    /// What is shown, in this form.
    fn text(&self, form: Form) -> String {
        match (self.desk.content.get_clone_untracked(), form) {
            (Content::Nothing, _) => String::new(),
            (Content::Code(code), _) => code.to_string(),
            (Content::Document(document), Form::Html) => document.html(),
            (Content::Document(document), Form::Json) => json::pretty(&document.json()),
            (Content::Document(document), Form::Text) => document.markdown(),
        }
    }

    async fn copy(&self) {
        let text = self.text(Form::Text);
        self.desk.status.set(match browser::copy(&text).await {
            Ok(()) => "Copied.".to_owned(),
            Err(_) => "The browser did not copy. Save the paper as a file instead.".to_owned(),
        });
    }

    fn save(&self, form: Form) {
        let text = self.text(form);
        let (ending, kind) = match (self.desk.sort.get_untracked(), form) {
            (Sort::Terraform, _) => (".tf", browser::PLAIN),
            (_, Form::Html) => (".html", browser::HTML),
            (_, Form::Json) => (".json", browser::JSON),
            (_, Form::Text) => (".md", browser::PLAIN),
        };
        let stem = match self.desk.sort.get_untracked() {
            Sort::Paper(report::Paper::ChangeNotice) => "org2org-change-notice",
            Sort::Paper(report::Paper::Evidence) => "org2org-evidence",
            Sort::Paper(report::Paper::Runbook) => "org2org-runbook",
            Sort::Terraform => "org2org",
        };
        let name = [stem, ending].concat();
        self.desk
            .status
            .set(match browser::offer_file(&name, kind, &text) {
                Ok(()) => ["Saved as ", &name, "."].concat(),
                Err(_) => "The file could not be made. Copy the paper instead.".to_owned(),
            });
    }
}

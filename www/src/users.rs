//! Users: a file goes to the worker, its account comes back.

use crate::job::Make;
use crate::page::{by_id, on, on_file, show};
use crate::shown::Block;
use crate::text;
use crate::trouble::Trouble;
use crate::users_result;
use org2org_core::explain::seen;
use std::cell::RefCell;
use std::rc::Rc;
use sycamore::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, Element, File, HtmlElement, HtmlInputElement, HtmlProgressElement, HtmlSelectElement,
    MessageEvent, Worker,
};

/// What the result area shows.
#[derive(Clone)]
pub enum Stage {
    /// Nothing yet, or nothing any more.
    Empty,
    /// Refused.
    Failed(Trouble),
    /// A whole file.
    Done(Rc<Done>),
}

/// A finished file.
pub struct Done {
    /// Its name without ending.
    pub stem: String,
    /// Its account.
    pub blocks: Vec<Block>,
    /// What was made of it.
    pub blob: Blob,
}

const MEGABYTE: f64 = 1_048_576.0;
/// How many rows are shown.
const PREVIEW: &str = "50";
/// Files that are read beside it.
const BESIDE: &[&str] = &["users-schema", "users-names", "users-existing"];
/// A change of these reads the file again.
const CHOICES: &[&str] = &[
    "users-make",
    "users-separator",
    "users-encoding",
    "users-schema",
    "users-names",
    "users-existing",
    "users-suffix",
    "users-email",
    "users-group",
    "users-type",
    "users-repeated",
];

/// Listens to the form.
pub fn start(open_worker: js_sys::Function) {
    let stage = create_signal(Stage::Empty);
    show("users-result", move || users_result::view(stage));
    let tool = Rc::new(Tool {
        open_worker,
        stage,
        job: RefCell::new(None),
        file: RefCell::new(None),
    });
    let chosen = tool.clone();
    on_file("users-file", "users-drop", move |file| {
        chosen.clone().read(file)
    });
    let cancelled = tool.clone();
    on(&by_id::<Element>("users-cancel"), "click", move |_| {
        cancelled.stop();
        cancelled.file.replace(None);
        by_id::<HtmlInputElement>("users-file").set_value("");
        status(text::USERS_CANCELLED);
    });
    show_fields();
    for choice in CHOICES {
        let tool = tool.clone();
        on(&by_id::<Element>(choice), "change", move |_| tool.again());
    }
    for beside in BESIDE {
        let field: HtmlInputElement = by_id(beside);
        // The same file again, mended meanwhile, must count as a change.
        let emptied = field.clone();
        on(&field, "click", move |_| emptied.set_value(""));
        let tool = tool.clone();
        on(&field, "cancel", move |_| tool.again());
    }
}

struct Tool {
    open_worker: js_sys::Function,
    stage: Signal<Stage>,
    job: RefCell<Option<Job>>,
    file: RefCell<Option<File>>,
}

/// A worker at work, with the listener that must live as long.
struct Job {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut(JsValue)>,
}

impl Tool {
    /// The form has changed.
    fn again(self: &Rc<Self>) {
        show_fields();
        let file = self.file.borrow().clone();
        if let Some(file) = file {
            self.clone().read(file);
        }
    }

    fn read(self: Rc<Self>, file: File) {
        self.stop();
        self.stage.set(Stage::Empty);
        self.file.replace(Some(file.clone()));
        status(&text::users_reading!(name = file.name()));
        by_id::<HtmlProgressElement>("users-bar").set_value(0.0);
        by_id::<HtmlElement>("users-progress").set_hidden(false);
        match self.open_worker.call0(&JsValue::NULL) {
            Ok(worker) => self.begin(worker.unchecked_into(), &file),
            Err(_) => self.fail(Trouble {
                code: "worker".to_owned(),
                what: text::WORKER_ABSENT.to_owned(),
                hint: text::WORKER_ABSENT_HINT.to_owned(),
            }),
        }
    }

    fn begin(self: Rc<Self>, worker: Worker, file: &File) {
        let (tool, about) = (self.clone(), file.clone());
        let heard = Closure::new(move |event: MessageEvent| tool.hear(&event.data(), &about));
        let tool = self.clone();
        let failed = Closure::new(move |_: JsValue| {
            tool.fail(Trouble {
                code: "worker".to_owned(),
                what: text::WORKER_STOPPED.to_owned(),
                hint: text::WORKER_STOPPED_HINT.to_owned(),
            });
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let beside = |id: &str| {
            let files = by_id::<HtmlInputElement>(id).files();
            JsValue::from(files.and_then(|files| files.get(0)))
        };
        let message = js_sys::Object::new();
        for (name, value) in wanted(&file.name()) {
            let _ = js_sys::Reflect::set(&message, &name.into(), &value.into());
        }
        for (name, value) in [
            ("file", JsValue::from(file)),
            ("schema", beside("users-schema")),
            ("names", beside("users-names")),
            ("users", beside("users-existing")),
        ] {
            let _ = js_sys::Reflect::set(&message, &name.into(), &value);
        }
        if worker.post_message(&message).is_ok() {
            self.job.replace(Some(Job {
                worker,
                _heard: heard,
                _failed: failed,
            }));
        }
    }

    fn hear(&self, data: &JsValue, file: &File) {
        let field = |name: &str| js_sys::Reflect::get(data, &name.into()).unwrap_or_default();
        let number = |name: &str| field(name).as_f64().unwrap_or_default();
        let text = |name: &str| field(name).as_string().unwrap_or_default();
        match text("kind").as_str() {
            "progress" => {
                let share = number("read") / file.size().max(1.0);
                by_id::<HtmlProgressElement>("users-bar").set_value(100.0 * share);
                // Whole numbers: the printing of fractions alone would weigh 10 KB.
                let (percent, rows) = ((100.0 * share) as u32, number("rows") as u64);
                let megabytes = |bytes: f64| (bytes / MEGABYTE) as u64;
                let (read, size) = (megabytes(number("read")), megabytes(file.size()));
                let left = (number("taken") * (1.0 - share) / share.max(0.001) / 1000.0) as u64;
                status(&text::users_progress!(
                    percent = percent,
                    read = read,
                    size = size,
                    rows = rows,
                    left = left
                ));
            }
            "done" => self.done(file, field("summary").unchecked_into(), field("blob")),
            "refused" => self.fail(Trouble::from_js(field("trouble"))),
            _ => self.fail(Trouble {
                code: "file".to_owned(),
                what: text::users_unreadable!(why = seen(&text("why"))),
                hint: text::USERS_UNREADABLE_HINT.to_owned(),
            }),
        }
    }

    /// A finished file: its summary is a sentence, then blocks.
    fn done(&self, file: &File, summary: js_sys::Array, blob: JsValue) {
        self.stop();
        status(&summary.get(0).as_string().unwrap_or_default());
        let name = file.name();
        let stem = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(stem, _)| stem);
        let blocks = (1..summary.length()).map(|at| Block::from_js(summary.get(at)));
        self.stage.set(Stage::Done(Rc::new(Done {
            stem: stem.to_owned(),
            blocks: blocks.collect(),
            blob: blob.unchecked_into(),
        })));
    }

    fn fail(&self, trouble: Trouble) {
        self.stop();
        status(text::USERS_REFUSED);
        self.stage.set(Stage::Failed(trouble));
    }

    fn stop(&self) {
        by_id::<HtmlElement>("users-progress").set_hidden(true);
        if let Some(job) = self.job.borrow_mut().take() {
            job.worker.terminate();
            // The listener may be running right now, so it must outlive this call.
            wasm_bindgen_futures::spawn_local(async move { drop(job) });
        }
    }
}

/// The form as it stands, by the names that the worker reads. What belongs to another choice is left as it is, and
/// counts for nothing.
fn wanted(name: &str) -> [(&'static str, String); 10] {
    let typed = |id: &str| by_id::<HtmlInputElement>(id).value().trim().to_owned();
    let email = by_id::<HtmlInputElement>("users-email").checked();
    [
        ("make", chosen("users-make")),
        ("separator", chosen("users-separator")),
        ("encoding", chosen("users-encoding")),
        ("preview", PREVIEW.to_owned()),
        ("suffix", typed("users-suffix")),
        ("email", email.to_string()),
        ("group", typed("users-group")),
        ("type", typed("users-type")),
        ("repeated", chosen("users-repeated")),
        ("name", name.to_owned()),
    ]
}

fn chosen(id: &str) -> String {
    by_id::<HtmlSelectElement>(id).value()
}

/// Shows what the chosen tool asks for, and nothing else.
fn show_fields() {
    let make = Make::parse(&chosen("users-make"));
    for (id, makes) in [
        ("users-for-import", &[Make::Import][..]),
        ("users-for-check", &[Make::Check]),
        ("users-for-target", &[Make::Import, Make::Check]),
    ] {
        by_id::<HtmlElement>(id).set_hidden(!makes.contains(&make));
    }
}

fn status(text: &str) {
    by_id::<Element>("users-status").set_text_content(Some(text));
}

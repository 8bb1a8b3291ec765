//! Users: a file goes to the worker, its account comes back.

use crate::page::{by_id, on, on_file, show};
use crate::report::Summary;
use crate::trouble::Trouble;
use crate::users_result;
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

/// A finished report.
pub struct Done {
    /// Its name without ending.
    pub stem: String,
    /// Its account.
    pub summary: Summary,
    /// The kept rows.
    pub blob: Blob,
}

const MEGABYTE: f64 = 1_048_576.0;
/// How many kept rows are shown.
const PREVIEW: u32 = 50;

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
        status("Cancelled; nothing was kept.");
    });
    for choice in ["users-separator", "users-encoding"] {
        let tool = tool.clone();
        on(&by_id::<Element>(choice), "change", move |_| {
            let file = tool.file.borrow().clone();
            if let Some(file) = file {
                tool.clone().read(file);
            }
        });
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
    fn read(self: Rc<Self>, file: File) {
        self.stop();
        self.stage.set(Stage::Empty);
        self.file.replace(Some(file.clone()));
        status(&format!("Reading {} …", file.name()));
        by_id::<HtmlProgressElement>("users-bar").set_value(0.0);
        by_id::<HtmlElement>("users-progress").set_hidden(false);
        match self.open_worker.call0(&JsValue::NULL) {
            Ok(worker) => self.begin(worker.unchecked_into(), &file),
            Err(_) => self.fail(Trouble {
                code: "worker".to_owned(),
                what: "the browser did not start the worker".to_owned(),
                hint:
                    "Serve the page by https or from this machine; opened as a file it cannot work."
                        .to_owned(),
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
                what: "the worker stopped, perhaps for lack of memory".to_owned(),
                hint: "Close other tabs and try again, or use the command org2org.".to_owned(),
            });
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let separator = by_id::<HtmlSelectElement>("users-separator").value();
        let encoding = by_id::<HtmlSelectElement>("users-encoding").value();
        let message = js_sys::Object::new();
        for (name, value) in [
            ("file", JsValue::from(file)),
            (
                "separator",
                JsValue::from(separator.parse().unwrap_or(b',')),
            ),
            ("encoding", JsValue::from(encoding)),
            ("preview", JsValue::from(PREVIEW)),
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
                status(&format!(
                    "{percent} %: {read} of {size} MB, {rows} rows, about {left} s left"
                ));
            }
            "done" => self.done(file, &text("summary"), field("blob").unchecked_into()),
            _ => self.fail(Trouble::from_json(&text("trouble"))),
        }
    }

    fn done(&self, file: &File, summary: &str, blob: Blob) {
        let Ok(summary) = serde_json::from_str::<Summary>(summary) else {
            return self.fail(Trouble::from_json("the worker's answer could not be read"));
        };
        self.stop();
        let account = &summary.account;
        status(&format!(
            "✓ {}: {} rows, {} active users kept.",
            file.name(),
            account.rows,
            account.kept
        ));
        let name = file.name();
        let stem = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(stem, _)| stem);
        self.stage.set(Stage::Done(Rc::new(Done {
            stem: stem.to_owned(),
            summary,
            blob,
        })));
    }

    fn fail(&self, trouble: Trouble) {
        self.stop();
        status("The file was refused; nothing was kept.");
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

fn status(text: &str) {
    by_id::<Element>("users-status").set_text_content(Some(text));
}

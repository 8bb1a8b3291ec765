//! Checklists: every procedure to read, tick, print and save, with the admin's own values.

use crate::page::{by_id, on, save, show, text_of, window};
use crate::text;
use crate::trouble::Trouble;
use org2org_core::explain::seen_whole;
use org2org_core::jwks;
use org2org_core::org::OrgUrl;
use org2org_core::procedures::checklist::{self, Item, Own, Sheet, mark};
use serde_json::{Value, json};
use std::rc::Rc;
use sycamore::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement, Storage};

/// Made by the build out of core's tables.
const FILE: &str = "checklists.json";
const HASH: &str = "#checklist";
/// Under this name the state is kept on this machine.
const KEPT: &str = "org2org-checklists";

#[derive(Clone, Copy)]
struct Desk {
    sheets: Signal<Rc<Vec<Sheet>>>,
    chosen: Signal<String>,
    own: Signal<Own>,
    trouble: Signal<Option<Trouble>>,
}

/// Listens to the form; the file is fetched when the tool is opened.
pub fn start() {
    let desk = Desk {
        sheets: create_signal(Rc::new(Vec::new())),
        chosen: create_signal(String::new()),
        own: create_signal(Own::default()),
        trouble: create_signal(None),
    };
    show("list-procedure", move || view! { (desk.options()) });
    show("list-values", move || view! { (desk.fields()) });
    show("list-steps", move || view! { (desk.steps()) });
    show("list-status", move || {
        view! { (desk.trouble.get_clone().map_or_else(View::new, Trouble::view)) }
    });
    desk.listen();
    let load = move || {
        if window().location().hash().is_ok_and(|hash| hash == HASH) {
            desk.load();
        }
    };
    load();
    on(&window(), "hashchange", move |_| load());
}

impl Desk {
    fn load(self) {
        if !self.sheets.with(|sheets| sheets.is_empty()) {
            return;
        }
        spawn_local(async move {
            let file = text_of(FILE).await;
            let Some(sheets) = file.and_then(|text| Sheet::all(&text)) else {
                return self.trouble.set(Some(Trouble {
                    code: "checklists".to_owned(),
                    what: text::LIST_NOT_LOADED.to_owned(),
                    hint: text::LIST_NOT_LOADED_HINT.to_owned(),
                }));
            };
            self.restore(&sheets);
            self.sheets.set(Rc::new(sheets));
            let chosen = self.chosen.get_clone();
            by_id::<HtmlSelectElement>("list-procedure").set_value(&chosen);
        });
    }

    fn listen(self) {
        let select: HtmlSelectElement = by_id("list-procedure");
        let field = select.clone();
        on(&select, "change", move |_| {
            self.chosen.set(field.value());
            self.keep();
        });
        for id in ["list-source", "list-target"] {
            on(&by_id::<Element>(id), "input", move |_| self.read_orgs());
        }
        type Form = fn(&[Sheet], &Own) -> String;
        let forms: [(&str, &str, &str, Form); 3] = [
            (
                "list-markdown",
                "md",
                "text/markdown;charset=utf-8",
                checklist::markdown,
            ),
            (
                "list-html",
                "html",
                "text/html;charset=utf-8",
                checklist::html,
            ),
            ("list-json", "json", "application/json", |sheets, own| {
                checklist::json(sheets, own).to_string()
            }),
        ];
        for (id, ending, kind, form) in forms {
            on(&by_id::<Element>(id), "click", move |_| {
                let own = self.own.get_clone();
                if let Some(sheet) = self.sheet() {
                    let name = format!("{}.{ending}", sheet.id);
                    save(&form(&[sheet], &own), &name, kind);
                }
            });
        }
        on(&by_id::<Element>("list-print"), "click", |_| {
            let _ = window().print();
        });
        on(&by_id::<Element>("list-forget"), "click", move |_| {
            self.forget()
        });
    }

    fn sheet(self) -> Option<Sheet> {
        let chosen = self.chosen.get_clone();
        let sheets = self.sheets.get_clone();
        sheets.iter().find(|sheet| sheet.id == chosen).cloned()
    }

    fn read_orgs(self) {
        let mut wrong = None;
        let mut org = |id: &str| {
            let field: HtmlInputElement = by_id(id);
            let text = field.value();
            let read = match text.trim().is_empty() {
                true => Ok(None),
                false => OrgUrl::parse(&text).map(Some),
            };
            let _ = field.set_attribute("aria-invalid", &read.is_err().to_string());
            read.unwrap_or_else(|error| {
                wrong = Some(Trouble::from(&error));
                None
            })
        };
        let (source, target) = (org("list-source"), org("list-target"));
        self.trouble.set(wrong);
        self.own
            .update(|own| (own.source, own.target) = (source, target));
        self.keep();
    }

    /// Takes a value of the admin's; one that looks like a secret is neither shown nor kept, and its field says so.
    fn fill(self, id: String, field: &HtmlInputElement) {
        let value = field.value();
        let refused = match jwks::refuse_private(&value) {
            Err(error) => {
                field.set_value("");
                Some(Trouble::from(&error))
            }
            Ok(()) if seen_whole(&value) != value => Some(Trouble {
                code: "value-secret".to_owned(),
                what: text::VALUE_SECRET.to_owned(),
                hint: text::LIST_SECRET_HINT.to_owned(),
            }),
            Ok(()) => None,
        };
        let _ = field.set_attribute("aria-invalid", &refused.is_some().to_string());
        let value = match refused.is_none() {
            true => value,
            false => String::new(),
        };
        self.trouble.set(refused);
        self.own.update(|own| {
            own.values.retain(|(own, _)| *own != id);
            own.values.push((id, value));
        });
        self.keep();
    }

    /// Ticks a step, or takes the tick away; the box shows it already.
    fn tick(self, step: String, done: bool) {
        self.own.update_silent(|own| {
            own.done.retain(|own| *own != step);
            if done {
                own.done.push(step);
            }
        });
        self.keep();
    }

    fn keep(self) {
        let chosen = self.chosen.get_clone();
        let state = self.own.with(|own| {
            let host = |org: &Option<OrgUrl>| org.as_ref().map(|org| org.host().to_owned());
            json!([
                chosen,
                host(&own.source),
                host(&own.target),
                own.values,
                own.done
            ])
        });
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEPT, &state.to_string());
        }
    }

    fn restore(self, sheets: &[Sheet]) {
        let kept = storage().and_then(|storage| storage.get_item(KEPT).ok().flatten());
        let kept: Value = kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let text = |at: usize| kept.get(at).and_then(Value::as_str).unwrap_or_default();
        let list = |at: usize| kept.get(at).and_then(Value::as_array).into_iter().flatten();
        let first = sheets.first().map_or("", |sheet| sheet.id.as_str());
        let known = sheets.iter().any(|sheet| sheet.id == text(0));
        self.chosen
            .set(if known { text(0) } else { first }.to_owned());
        for (id, at) in [("list-source", 1), ("list-target", 2)] {
            let field: HtmlInputElement = by_id(id);
            if field.value().is_empty() {
                field.set_value(text(at));
            }
        }
        let done = list(4).filter_map(|step| step.as_str().map(str::to_owned));
        let values = list(3).filter_map(|pair| {
            let text = |at: usize| pair.get(at)?.as_str().map(str::to_owned);
            text(0).zip(text(1))
        });
        self.own.update(|own| {
            own.done = done.collect();
            own.values = values.collect();
        });
        if !kept.is_null() {
            self.read_orgs();
        }
    }

    fn forget(self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(KEPT);
        }
        for id in ["list-source", "list-target"] {
            by_id::<HtmlInputElement>(id).set_value("");
        }
        self.own.set(Own::default());
        // Draws the fields anew, empty.
        self.chosen.set(self.chosen.get_clone());
        by_id::<HtmlElement>("list-kept").set_text_content(Some(text::LIST_FORGOTTEN));
    }

    fn options(self) -> View {
        let sheets = self.sheets.get_clone();
        let options: Vec<View> = sheets
            .iter()
            .map(|sheet| {
                let (id, title) = (sheet.id.clone(), sheet.title.clone());
                view! { option(value=id) { (title) } }
            })
            .collect();
        options.into()
    }

    fn fields(self) -> View {
        let Some(sheet) = self.sheet() else {
            return View::new();
        };
        let own = self.own.with_untracked(Own::clone);
        let fields: Vec<View> = sheet
            .asked()
            .into_iter()
            .map(|(id, title)| {
                let name = format!("list-value-{id}");
                let name_of_input = name.clone();
                let value = own.values.iter().find(|(own, _)| *own == id);
                let value = value.map_or_else(String::new, |(_, value)| value.clone());
                let typed = move |event: web_sys::Event| {
                    if let Some(field) = event.target() {
                        self.fill(id.clone(), field.unchecked_ref());
                    }
                };
                view! {
                    label(r#for=name) {
                        (title)
                        input(id=name_of_input, r#type="text", autocomplete="off", aria-describedby="list-status", value=value, on:input=typed)
                    }
                }
            })
            .collect();
        fields.into()
    }

    fn steps(self) -> View {
        let Some(sheet) = self.sheet() else {
            return View::new();
        };
        let own = self.own.get_clone();
        let title = sheet.title.clone();
        let steps: Vec<View> = sheet
            .items
            .iter()
            .map(|item| self.step(&sheet, item, &own))
            .collect();
        view! { h3 { (title) } ol(class="steps") { (steps) } }
    }

    fn step(self, sheet: &Sheet, item: &Item, own: &Own) -> View {
        let (step, checked) = (mark(sheet, item), own.has_done(sheet, item));
        let (title, why) = (item.title.clone(), item.why.clone());
        let page = item.page.clone();
        let page: View = match own.address(item) {
            Some(address) => {
                view! { a(href=address, rel="noreferrer noopener", target="_blank") { (page) } }
            }
            None => page.into(),
        };
        let place = format!("{}: ", own.place(item.side));
        let lines: Vec<View> = item
            .lines
            .iter()
            .map(|line| {
                let words = own.words(line);
                let value = words
                    .strip_prefix(&line.words)
                    .unwrap_or_default()
                    .to_owned();
                let words = labelled(&line.words);
                view! { li { (words) (value) } }
            })
            .collect();
        let ticked = move |event: web_sys::Event| {
            if let Some(field) = event.target() {
                let done = field.unchecked_ref::<HtmlInputElement>().checked();
                self.tick(step.clone(), done);
            }
        };
        view! {
            li {
                label(class="check") { input(r#type="checkbox", checked=checked, on:change=ticked) b { (title) } }
                p(class="hint") { (place) (page) }
                p(class="hint") { (why) }
                ul { (lines) }
            }
        }
    }
}

/// Text of core, in which asterisks mark labels of the console: those become `em` elements.
fn labelled(text: &str) -> View {
    let parts: Vec<View> = text
        .split('*')
        .enumerate()
        .map(|(at, part)| {
            let part = part.to_owned();
            match at % 2 {
                0 => part.into(),
                _ => view! { em { (part) } },
            }
        })
        .collect();
    parts.into()
}

/// Absent where the browser keeps nothing.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

//! The browser: the only file that names `chrome.*`, the clock, storage, locks and tabs.
//!
//! Everything that comes back is turned into plain Rust here; a missing or failing API is an
//! error with the browser's own words, never a panic.

pub mod locks;
#[cfg(any(feature = "all", feature = "pairs"))]
pub mod seal;

use std::pin::Pin;

use js_sys::{Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    fn tabs_query(filter: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    fn tabs_get(id: i32) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = create)]
    fn tabs_create(what: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = update)]
    fn tabs_update(id: i32, what: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = sendMessage)]
    fn tabs_send(id: i32, message: &JsValue, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs", "onRemoved"], js_name = addListener)]
    fn tabs_on_removed(listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = request)]
    fn permissions_request(what: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = contains)]
    fn permissions_contains(what: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = getAll)]
    fn permissions_all() -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = remove)]
    fn permissions_remove(what: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = executeScript)]
    fn scripting_execute(what: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    fn storage_get(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = set)]
    fn storage_set(items: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = clear)]
    fn storage_clear() -> Result<Promise, JsValue>;
    #[wasm_bindgen(thread_local_v2, js_name = chrome)]
    static CHROME: JsValue;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = get)]
    fn session_get(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = set)]
    fn session_set(items: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = remove)]
    fn session_remove(key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = location, js_name = reload)]
    fn location_reload();
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime", "onMessage"], js_name = addListener)]
    fn on_message_add(listener: &Function) -> Result<(), JsValue>;
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "runtime"], js_name = id)]
    static RUNTIME_ID: JsValue;
    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    fn date_now() -> f64;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(then: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn clipboard_write(text: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(text: &str);
}

/// The relay's files, in the order in which they are injected; `background.js` names the same.
const RELAY: &str = r#"["operations.js","point.js","content.js","watch.js"]"#;

/// After this long without a word a page hangs, in milliseconds: its relay ends a call of its own after thirty seconds.
const HANGS: u64 = 45_000;

/// A tab, as far as the extension may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its number.
    pub id: i32,
    /// Its window's number.
    pub window: i32,
    /// Its address; empty where the extension holds no permission for it.
    pub url: String,
    /// Whether it is the one shown in its window.
    pub active: bool,
}

/// Who sent a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sender {
    /// Id of the extension.
    pub extension: String,
    /// The tab, if it was one.
    pub tab: Option<i32>,
    /// The frame; 0 is the page itself.
    pub frame: i32,
    /// Address of the page it ran in.
    pub url: String,
}

/// What the browser said when it refused.
pub type Refused = String;

/// Milliseconds since 1970.
pub fn now() -> u64 {
    date_now() as u64
}

/// The day and time of a moment as the person writes it.
pub fn clock(at: u64) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    String::from(date.to_locale_string("default", &JsValue::UNDEFINED))
}

/// This extension's own id.
pub fn own_id() -> String {
    RUNTIME_ID.with(JsValue::as_string).unwrap_or_default()
}

/// Notes something for people who look at the console: names of things only, never content.
pub fn note(text: &str) {
    console_warn(text);
}

/// Waits.
pub async fn wait(milliseconds: u64) {
    let _ = JsFuture::from(after(milliseconds)).await;
}

fn after(milliseconds: u64) -> Promise {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    Promise::new(&mut |resolve, _| {
        set_timeout(&resolve, milliseconds);
    })
}

/// All tabs; addresses only where a permission allows.
pub async fn tabs() -> Vec<Tab> {
    list(tabs_query(&json("{}"))).await
}

/// The tab shown in the window this page belongs to.
pub async fn active_tab() -> Option<Tab> {
    list(tabs_query(&json(r#"{"active":true,"currentWindow":true}"#)))
        .await
        .pop()
}

/// One tab.
pub async fn tab(id: i32) -> Option<Tab> {
    settle(tabs_get(id))
        .await
        .ok()
        .and_then(|tab| read_tab(&tab))
}

async fn list(found: Result<Promise, JsValue>) -> Vec<Tab> {
    let Ok(found) = settle(found).await else {
        return Vec::new();
    };
    js_sys::Array::from(&found)
        .iter()
        .filter_map(|tab| read_tab(&tab))
        .collect()
}

/// Opens an address in a new tab.
pub async fn open_tab(url: &str) -> Result<Option<Tab>, Refused> {
    let tab = settle(tabs_create(&object(&[("url", url.into())]))).await?;
    Ok(read_tab(&tab))
}

/// Shows a tab, at an address if one is given.
pub async fn show_tab(id: i32, url: Option<&str>) -> Result<(), Refused> {
    let mut what = vec![("active", JsValue::TRUE)];
    what.extend(url.map(|url| ("url", url.into())));
    settle(tabs_update(id, &object(&what))).await.map(drop)
}

/// Sends a message, given as JSON, to the page of a tab; the answer comes back as JSON. A page that hangs gives an empty one:
/// the message may have arrived, or may still.
pub async fn send(tab: i32, message: &str) -> Result<String, Refused> {
    let sent = tabs_send(tab, &json(message), &json(r#"{"frameId":0}"#));
    let sent = sent.map(|sent| {
        let first = js_sys::Array::new();
        first.push(&sent);
        first.push(&after(HANGS));
        Promise::race(&first)
    });
    Ok(text_of(&settle(sent).await?))
}

/// Puts the relay into the page that a tab shows now.
pub async fn inject(tab: i32) -> Result<(), Refused> {
    let target = object(&[("tabId", tab.into())]);
    settle(scripting_execute(&object(&[
        ("target", target),
        ("files", json(RELAY)),
    ])))
    .await
    .map(drop)
}

/// Asks the person for these origins at once: Firefox hears it only in the call stack of their click.
pub fn request(origins: &[String]) -> impl Future<Output = Result<bool, Refused>> + use<> {
    let asked = permissions_request(&origins_of(origins));
    async move { settle(asked).await.map(|granted| granted.is_truthy()) }
}

/// Whether these origins are granted.
pub async fn granted(origins: &[String]) -> bool {
    settle(permissions_contains(&origins_of(origins)))
        .await
        .is_ok_and(|granted| granted.is_truthy())
}

/// The match patterns of every origin that is granted.
pub async fn all_granted() -> Vec<String> {
    let all = settle(permissions_all()).await.ok();
    let origins = all.and_then(|all| member(&all, "origins"));
    let origins = origins.filter(js_sys::Array::is_array);
    origins.map_or_else(Vec::new, |origins| {
        let list = js_sys::Array::from(&origins);
        list.iter().filter_map(|one| one.as_string()).collect()
    })
}

/// Returns these origins.
pub async fn give_back(origins: &[String]) -> Result<(), Refused> {
    settle(permissions_remove(&origins_of(origins)))
        .await
        .map(drop)
}

/// The stored texts of these keys; absent ones are `None`.
pub async fn load<const N: usize>(keys: [&str; N]) -> Result<[Option<String>; N], Refused> {
    let names: js_sys::Array = keys.iter().map(|key| JsValue::from_str(key)).collect();
    let found = settle(storage_get(&names)).await?;
    Ok(keys.map(|key| {
        member(&found, key)
            .filter(|value| !value.is_undefined())
            .map(|value| match value.as_string() {
                Some(text) => text,
                None => text_of(&value),
            })
    }))
}

/// Stores texts under keys, all or none.
pub async fn save(items: &[(&str, &str)]) -> Result<(), Refused> {
    let items: Vec<(&str, JsValue)> = items
        .iter()
        .map(|(key, text)| (*key, JsValue::from_str(text)))
        .collect();
    settle(storage_set(&object(&items))).await.map(drop)
}

/// Clears what the page of tools keeps.
pub fn clear_local() {
    let kept = member(&js_sys::global(), "localStorage").unwrap_or_default();
    let clear = member(&kept, "clear").and_then(|clear| clear.dyn_into::<Function>().ok());
    let _ = clear.map(|clear| clear.call0(&kept));
}

/// Clears the storage.
pub async fn clear() -> Result<(), Refused> {
    settle(storage_clear()).await.map(drop)
}

/// Keeps a text until the browser closes: in memory, never on a disk.
pub async fn lend(key: &str, text: &str) -> Result<(), Refused> {
    settle(session_set(&object(&[(key, text.into())])))
        .await
        .map(drop)
}

/// What is lent under this key.
pub async fn lent(key: &str) -> Option<String> {
    let found = settle(session_get(&key.into())).await.ok();
    found.and_then(|found| member(&found, key)?.as_string())
}

/// Whether something is lent under this key.
pub async fn is_lent(key: &str) -> bool {
    lent(key).await.is_some()
}

/// Gives back what was lent under this key, once.
pub async fn take_back(key: &str) -> Option<String> {
    let found = settle(session_get(&key.into())).await.ok()?;
    let text = member(&found, key)?.as_string()?;
    let _ = settle(session_remove(key)).await;
    Some(text)
}

/// The text of the file that was chosen in a field, at most this long; none where none was chosen.
#[cfg(feature = "all")]
pub async fn chosen_file(id: &str, most: f64) -> Option<Result<String, Refused>> {
    let field = sycamore::web::document().get_element_by_id(id)?;
    let file = member(&member(&field, "files")?, "0").filter(JsValue::is_truthy)?;
    // Chosen once more, the same file is a change too.
    let _ = Reflect::set(&field, &"value".into(), &"".into());
    let length = member(&file, "size").and_then(|size| size.as_f64());
    if length.is_none_or(|length| length > most) {
        return Some(Err("it is far too large for such a file".to_owned()));
    }
    let text = member(&file, "text").and_then(|text| text.dyn_into::<Function>().ok())?;
    let read = text.call0(&file).map(Promise::from);
    let text = settle(read).await;
    Some(text.map(|text| text.as_string().unwrap_or_default()))
}

/// Presses a control of this page, if it is there. What only a person may press does not heed it.
pub fn press(id: &str) {
    let found = sycamore::web::document().get_element_by_id(id);
    let Some(found) = found else { return };
    let click = member(&found, "click").and_then(|click| click.dyn_into::<Function>().ok());
    let _ = click.map(|click| click.call0(&found));
}

/// Whether something that fits the selector is in the element with this id.
pub fn shown(selector: &str, id: &str) -> bool {
    let found = sycamore::web::document().get_element_by_id(id);
    found.is_some_and(|one| matches!(one.query_selector(selector), Ok(Some(_))))
}

/// Sets the text of a field of this page and tells its listeners, as if it had been typed.
pub fn fill(id: &str, text: &str) {
    let field = sycamore::web::document().get_element_by_id(id);
    let (Some(field), Ok(typed)) = (field, web_sys::Event::new("input")) else {
        return;
    };
    let _ = Reflect::set(&field, &"value".into(), &text.into());
    let _ = field.dispatch_event(&typed);
}

/// Whether a field of this page has no text.
pub fn field_is_empty(id: &str) -> bool {
    let field = sycamore::web::document().get_element_by_id(id);
    let value = field.and_then(|field| member(&field, "value")?.as_string());
    value.is_none_or(|value| value.is_empty())
}

/// Goes to a place in this page.
pub fn go_to(hash: &str) {
    let location = member(&js_sys::global(), "location");
    let _ = location.map(|at| Reflect::set(&at, &"hash".into(), &hash.into()));
}

/// Loads this page anew.
pub fn reload() {
    location_reload();
}

/// Opens the side panel of a window, in Firefox the sidebar of the one in front; call it in the person's click.
pub fn open_panel(window: i32) -> impl Future<Output = Result<(), Refused>> + use<> {
    let opened = ask_for_panel(window);
    async move { settle(opened).await.map(drop) }
}

// Each browser has one of the two and tells its store that the other is unknown, so both are looked up by name.
fn ask_for_panel(window: i32) -> Result<Promise, JsValue> {
    let chrome = CHROME.with(JsValue::clone);
    let window = object(&[("windowId", window.into())]);
    let of = |name, what: JsValue| {
        let panel = member(&chrome, name).filter(JsValue::is_object)?;
        let open: Function = member(&panel, "open")?.dyn_into().ok()?;
        Some((panel, open, what))
    };
    let (panel, open, what) = of("sidePanel", window)
        .or_else(|| of("sidebarAction", JsValue::UNDEFINED))
        .ok_or_else(|| JsValue::from_str("this browser has no side panel"))?;
    open.call1(&panel, &what)?.dyn_into()
}

/// Hears messages, as JSON with their sender, until the page closes.
pub fn on_message(hear: impl Fn(String, Sender) + 'static) {
    let listener =
        Closure::<dyn Fn(JsValue, JsValue)>::new(move |message: JsValue, sender: JsValue| {
            hear(text_of(&message), read_sender(&sender));
        });
    let _ = on_message_add(listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Hears of closed tabs until the page closes.
pub fn on_tab_closed(hear: impl Fn(i32) + 'static) {
    let listener = Closure::<dyn Fn(i32)>::new(hear);
    let _ = tabs_on_removed(listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Tells the panel's other module something, by name; it hears it at once.
pub fn tell_page(name: &str) {
    if let Ok(event) = web_sys::Event::new(name) {
        let _ = sycamore::web::document().dispatch_event(&event);
    }
}

/// Hears what the panel's other module tells.
pub fn on_told(name: &str, hear: Box<dyn Fn()>) {
    let listener = Closure::wrap(hear);
    let _ = sycamore::web::document()
        .add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Puts a text on the clipboard.
pub async fn copy(text: &str) -> Result<(), Refused> {
    settle(clipboard_write(text)).await.map(drop)
}

/// Kinds of files, as Firefox wants them told lest it changes the ending of a name.
pub const HTML: &str = "text/html";
/// See [`HTML`].
pub const JSON: &str = "application/json";
/// See [`HTML`].
pub const PLAIN: &str = "text/plain";

/// Offers a text as a file to be saved. A data address needs no blob and no permission.
pub fn offer_file(name: &str, kind: &str, text: &str) -> Result<(), Refused> {
    let anchor = sycamore::web::document()
        .create_element("a")
        .map_err(|error| words(&error))?;
    let data = String::from(js_sys::encode_uri_component(text));
    let address = ["data:", kind, ";charset=utf-8,", &data].concat();
    let _ = anchor.set_attribute("href", &address);
    let _ = anchor.set_attribute("download", name);
    let click = member(&anchor, "click").and_then(|click| click.dyn_into::<Function>().ok());
    click
        .map_or(Ok(JsValue::NULL), |click| click.call0(&anchor))
        .map(drop)
        .map_err(|error| words(&error))
}

/// The tab that this page was told to speak of by `?tab=` in its own address.
pub fn told_tab() -> Option<i32> {
    let query = member(&js_sys::global(), "location")
        .and_then(|at| member(&at, "search"))?
        .as_string()?;
    query.strip_prefix("?tab=")?.parse().ok()
}

async fn settle(promise: Result<Promise, JsValue>) -> Result<JsValue, Refused> {
    let promise = promise.map_err(|error| words(&error))?;
    JsFuture::from(promise).await.map_err(|error| words(&error))
}

fn words(error: &JsValue) -> Refused {
    let said = member(error, "message")
        .and_then(|text| text.as_string())
        .or_else(|| error.as_string());
    org2org_core::explain::seen(
        &said.unwrap_or_else(|| "the browser refused without a reason".to_owned()),
    )
}

fn member(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}

fn number(of: &JsValue, name: &str) -> Option<i32> {
    member(of, name)?.as_f64().map(|number| number as i32)
}

fn read_tab(tab: &JsValue) -> Option<Tab> {
    Some(Tab {
        id: number(tab, "id")?,
        window: number(tab, "windowId").unwrap_or_default(),
        url: member(tab, "url")
            .and_then(|url| url.as_string())
            .unwrap_or_default(),
        active: member(tab, "active").is_some_and(|active| active.is_truthy()),
    })
}

fn read_sender(sender: &JsValue) -> Sender {
    let text = |name| {
        member(sender, name)
            .and_then(|text| text.as_string())
            .unwrap_or_default()
    };
    Sender {
        extension: text("id"),
        tab: member(sender, "tab").and_then(|tab| number(&tab, "id")),
        frame: number(sender, "frameId").unwrap_or(-1),
        url: text("url"),
    }
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

fn origins_of(origins: &[String]) -> JsValue {
    let list: js_sys::Array = origins
        .iter()
        .map(|origin| JsValue::from_str(origin))
        .collect();
    object(&[("origins", list.into())])
}

/// JSON to a JavaScript value; text that is no JSON becomes `undefined`.
fn json(text: &str) -> JsValue {
    JSON::parse(text).unwrap_or(JsValue::UNDEFINED)
}

/// A JavaScript value to JSON; what has none (cycles, functions, `undefined`) becomes empty.
fn text_of(value: &JsValue) -> String {
    JSON::stringify(value)
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Begins work that goes on by itself. Boxed, so that one kind of task is compiled for all.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    wasm_bindgen_futures::spawn_local(work);
}

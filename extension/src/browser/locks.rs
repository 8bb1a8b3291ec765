//! Locks, by which the pages of this extension know of each other.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{json, member, settle};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn locks_request(name: &str, options: &JsValue, held: &Function) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = query)]
    fn locks_query() -> Result<Promise, JsValue>;
}

/// Takes a lock that no other window holds, and keeps it until this page closes. False when
/// another window holds it.
pub async fn lock(name: &str) -> bool {
    let held = lock_for_now(name).await;
    let taken = held.is_some();
    std::mem::forget(held);
    taken
}

/// A lock that is held until it is dropped.
pub struct Lock(Function);

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}

/// Takes a lock for a while, if no page holds it.
pub async fn lock_for_now(name: &str) -> Option<Lock> {
    let answer = Promise::new(&mut |resolve, _| {
        let held = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                let _ = resolve.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::NULL;
            }
            Promise::new(&mut |release, _| {
                let _ = resolve.call1(&JsValue::NULL, &release);
            })
            .into()
        });
        let _ = locks_request(name, &json(r#"{"ifAvailable":true}"#), held.unchecked_ref());
    });
    let release = JsFuture::from(answer).await.ok()?;
    release.dyn_into().ok().map(Lock)
}

/// Whether another page than this one, which holds the lock `own`, holds one whose name starts so.
/// When the browser does not tell, one may.
pub async fn held_elsewhere(own: &str, start: &str) -> bool {
    let locks = settle(locks_query()).await.ok();
    let Some(held) = locks.and_then(|locks| member(&locks, "held")) else {
        return true;
    };
    let text = |lock: &JsValue, name| member(lock, name).and_then(|text| text.as_string());
    let held: Vec<_> = js_sys::Array::from(&held)
        .iter()
        .map(|lock| {
            (
                text(&lock, "name").unwrap_or_default(),
                text(&lock, "clientId"),
            )
        })
        .collect();
    let Some((_, here)) = held.iter().find(|(name, _)| name == own) else {
        return true;
    };
    held.iter()
        .any(|(name, client)| name.starts_with(start) && client != here)
}

//! The yes. Only a real click on a button that stood there for half a second counts.

use sycamore::prelude::*;
use sycamore::web::create_client_effect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// How long a plan must be on screen before a yes counts, in milliseconds.
const ARMING: i32 = 500;

/// A button that calls `yes` with the id of the plan that was on screen when it was armed, if
/// `may` says that nothing is missing.
///
/// It arms anew whenever the plan changes or the window comes back from behind another one, so
/// that neither a click meant for something else nor an overlay can give consent.
pub fn consent(
    label: String,
    id: ReadSignal<String>,
    may: Box<dyn Fn() -> bool>,
    yes: impl Fn(String) + 'static,
) -> View {
    let armed = create_signal(None::<String>);
    let round = create_signal(0_u32);
    let rearm = move || {
        armed.set(None);
        round.set(round.get_untracked() + 1);
        let (mine, plan) = (round.get_untracked(), id.get_clone_untracked());
        after(ARMING, move || {
            if round.is_alive() && round.get_untracked() == mine && !plan.is_empty() {
                armed.set(Some(plan));
            }
        });
    };
    create_client_effect(move || {
        id.track();
        untrack(rearm);
    });
    watch_window(rearm, armed);
    let ready =
        move || armed.with(|armed| armed.is_some() && id.with(|id| armed.as_ref() == Some(id)));
    view! {
        button(r#type="button", class="main", id="consent",
            aria-disabled=move || if ready() { "false" } else { "true" },
            on:click=move |event: web_sys::MouseEvent| {
                if let (true, true, Some(plan)) = (event.is_trusted(), ready(), armed.get_clone_untracked())
                    && may()
                {
                    armed.set(None);
                    yes(plan);
                }
            }) { (label) }
    }
}

fn watch_window(rearm: impl Fn() + Copy + 'static, armed: Signal<Option<String>>) {
    if is_ssr!() {
        return;
    }
    let covered = Closure::<dyn Fn()>::new(move || armed.set(None));
    let back = Closure::<dyn Fn()>::new(rearm);
    let (off, on) = (covered.as_ref().clone(), back.as_ref().clone());
    let _ = window().add_event_listener_with_callback("blur", off.unchecked_ref());
    let _ = window().add_event_listener_with_callback("focus", on.unchecked_ref());
    on_cleanup(move || {
        let _ = window().remove_event_listener_with_callback("blur", off.unchecked_ref());
        let _ = window().remove_event_listener_with_callback("focus", on.unchecked_ref());
        drop((covered, back));
    });
}

fn after(milliseconds: i32, then: impl FnOnce() + 'static) {
    let then = Closure::once_into_js(then);
    let _ = window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), milliseconds);
}

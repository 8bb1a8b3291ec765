//! Live parts of a view, each made in one place for all views.
//!
//! Sycamore compiles an effect anew for every closure it is given. Boxing the closures here
//! keeps the extension's module a third smaller; nothing else is gained or lost by it.

use sycamore::prelude::*;
use sycamore::web::events::MouseEvent;

/// What a click is answered with.
pub type Click = Box<dyn FnMut(MouseEvent)>;

/// A text node that follows what `read` reads.
pub fn text(read: impl Fn() -> String + 'static) -> View {
    text_of(Box::new(read))
}

fn text_of(read: Box<dyn Fn() -> String>) -> View {
    View::from(read)
}

/// A part that is drawn anew when what `draw` reads changes; for parts without focus to lose.
pub fn part(draw: impl Fn() -> View + 'static) -> View {
    part_of(Box::new(draw))
}

fn part_of(draw: Box<dyn Fn() -> View>) -> View {
    View::from(draw)
}

/// Answers a click.
pub fn click(act: impl Fn() + 'static) -> Click {
    Box::new(move |_| act())
}

/// A value that tells its readers only when it changes.
pub fn words(read: impl Fn() -> String + 'static) -> ReadSignal<String> {
    words_of(Box::new(read))
}

fn words_of(read: Box<dyn Fn() -> String>) -> ReadSignal<String> {
    create_selector(read)
}

/// A yes or no that tells its readers only when it changes.
pub fn flag(read: impl Fn() -> bool + 'static) -> ReadSignal<bool> {
    flag_of(Box::new(read))
}

fn flag_of(read: Box<dyn Fn() -> bool>) -> ReadSignal<bool> {
    create_selector(read)
}

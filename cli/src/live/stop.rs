//! Ctrl-C: the first asks for a stop between two calls, the second ends the program where it is.

use std::process;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::drive::Came;

/// What a shell reports of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

static WORK: Mutex<Option<Sender<Came>>> = Mutex::new(None);

/// While this lives, the first Ctrl-C is told to whoever waits at the other end.
pub(super) struct Watch;

impl Watch {
    /// Begins to watch. Where signals cannot be caught, Ctrl-C ends the program as ever: the
    /// journal is written before each call, so that nothing is lost.
    pub fn begin(tell: Sender<Came>) -> Watch {
        static CAUGHT: OnceLock<bool> = OnceLock::new();
        CAUGHT.get_or_init(|| ctrlc::set_handler(caught).is_ok());
        set(Some(tell));
        Watch
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        set(None);
    }
}

fn set(work: Option<Sender<Came>>) -> Option<Sender<Came>> {
    let mut place = WORK.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *place, work)
}

fn caught() {
    if set(None).is_none_or(|work| work.send(Came::Stop).is_err()) {
        process::exit(INTERRUPTED);
    }
}

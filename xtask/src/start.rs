//! `cargo xtask start`: the product in a browser, against simulated orgs or real ones.

use crate::family::Family;
use crate::options::StartOptions;
use crate::place::Place;
use crate::trouble::Outcome;

/// Starts everything, says what to click, and ends everything with Ctrl-C.
pub fn start(_place: &Place, _options: &StartOptions) -> Outcome<()> {
    let _family = Family::until_signal()?;
    Ok(())
}

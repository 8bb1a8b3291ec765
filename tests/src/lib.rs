//! Laws over every procedure, conformance, browser journeys, bad inputs.
//!
//! [`Bench`] drives core's engine against the lab in virtual time: no socket, no clock, no sleep.

mod bench;
mod dice;

pub use bench::{Bench, End, T0, difference};
pub use dice::Dice;

//! Laws over every procedure, conformance, browser journeys, bad inputs.
//!
//! [`Bench`] drives core's engine against the lab in virtual time: no socket, no clock, no sleep. [`conformance`]
//! holds what was exchanged against Okta's published document, and [`recorded`] against traffic of real orgs.

mod bench;
pub mod conformance;
mod dice;
pub mod exchange;
pub mod recorded;
pub mod reports;

pub use bench::{Bench, End, T0, difference};
pub use dice::Dice;

//! Laws over every procedure, conformance, browser journeys, bad inputs.
//!
//! [`Bench`] drives core's engine against the lab in virtual time: no socket, no clock, no sleep; [`Clinic`] the doctor. [`conformance`]
//! holds what was exchanged against Okta's published document, and [`recorded`] against traffic of real orgs.

mod bench;
mod clinic;
pub mod conformance;
mod dice;
pub mod exchange;
pub mod recorded;
pub mod reports;

pub use bench::{Bench, End, T0, difference};
pub use clinic::{Clinic, found, outcome};
pub use dice::Dice;

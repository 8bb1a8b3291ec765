//! What Org2Org Assistant knows and decides.
//!
//! Values in, values out: there is no browser, network, file, clock or randomness here, and no
//! input makes this crate panic. Faces (extension, page, command line) and tests do the rest.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod bookmark;
mod calendar;
pub mod console;
pub mod doctor;
pub mod explain;
pub mod facts;
#[cfg(feature = "handoff")]
pub mod handoff;
mod html;
pub mod json;
pub mod jwks;
pub mod lifecycle;
pub mod map;
pub mod offers;
pub mod okta;
pub mod org;
pub mod procedures;
pub mod report;
pub mod rights;
pub mod run;
pub mod search;
pub mod users;
pub mod xml;

//! Plain rows of a CSV file (RFC 4180) by bit masks, at the speed of memory.
//!
//! A crate of its own so that it alone is compiled for speed where all else is compiled for size. It knows a
//! row that is kept from one that is left out by one word, and copies what is kept. Deliberately absent:
//! errors, and what users are. Whatever is in doubt is left to `core`, which reads it byte by byte.

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

mod block;
mod judge;
mod kept;
mod lane;
mod piece;
mod rare;
mod second;
mod sight;
mod words;

pub use lane::{CODES, KEPT, Lane, Risky, Shape, Taken};
pub use piece::LONGEST;
pub use second::Second;
pub use words::Words;

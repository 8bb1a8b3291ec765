//! Password Health reports: made from a seed, broken from a seed, and read slowly by an obvious reader.

mod generate;
mod slow;

pub use generate::{mutate, tricky};
pub use slow::{Slow, Stop, read};

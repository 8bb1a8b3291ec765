//! Stories over the Management API of the lab, without sockets.

mod callers;
mod faults;
mod hostile;
mod objects;
mod org;
mod resources;
mod start;

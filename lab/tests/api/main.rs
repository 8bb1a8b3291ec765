//! Stories over the Management API of the lab, without sockets.

mod callers;
mod faults;
mod hostile;
mod limits;
mod objects;
mod org;
mod resources;
mod rights;
mod start;

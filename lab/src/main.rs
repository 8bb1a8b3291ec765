//! Serves the lab over TLS.

fn main() {}

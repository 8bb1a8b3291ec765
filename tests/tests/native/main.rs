//! Everything that runs without a browser, in one program.

mod bad_inputs;
mod by_file;
mod closing;
mod cost;
mod doctor;
mod endings;
mod faults;
mod help_lines;
mod laws;
mod matrix;
mod oidc;
mod operator;
mod oracle;
mod papers;
mod people;
mod pilot;
mod pushes;
mod readme;
mod reports;
mod rotation;
mod routing;
mod scale;
mod schedules;
mod security;
mod stories;
mod sweep;
mod terraform;
mod urls;

/// Whether the long sweeps were asked for (`cargo xtask test --deep`).
pub fn deep() -> bool {
    std::env::var_os("ORG2ORG_DEEP").is_some()
}

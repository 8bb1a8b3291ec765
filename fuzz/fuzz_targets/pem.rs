//! Any text as a block of PEM, and around one.

#![no_main]

mod judge;

use judge::judge;
use libfuzzer_sys::fuzz_target;
use org2org_core::jwks::format;

fuzz_target!(|text: &str| {
    judge(format(text));
    for label in ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE"] {
        judge(format(&format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")));
    }
});

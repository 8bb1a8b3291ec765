//! Any bytes as template, schema, list of users and second file of names: refused or read, never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use org2org_core::users::{Existing, Names, Options, Schema, split};

fuzz_target!(|bytes: &[u8]| {
    let _ = Schema::from_template(bytes);
    let _ = Names::read(bytes, &Options::default());
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Schema::from_json(text);
        let _ = Existing::from_json(text, str::to_owned);
        if let Some(split) = split(text) {
            assert!(!split.first.trim().is_empty() && !split.last.trim().is_empty());
        }
    }
});

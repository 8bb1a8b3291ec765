//! Any bytes as DER, and any change of a sound certificate.

#![no_main]

mod judge;

use judge::judge;
use libfuzzer_sys::fuzz_target;
use org2org_core::jwks::{Options, format_bytes};

const SOUND: &[u8] = include_bytes!("certificate.der");

fuzz_target!(|bytes: &[u8]| {
    let options = Options { now: Some(2_000_000_000), ..Options::default() };
    judge(format_bytes(bytes, &options));
    let mut changed = SOUND.to_vec();
    for change in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_be_bytes([change[0], change[1]])) % changed.len();
        changed[at] = change[2];
    }
    judge(format_bytes(&changed, &options));
});

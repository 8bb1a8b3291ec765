//! Any bytes as a file of keys, and any text within a key that is sound otherwise.

#![no_main]

mod judge;

use judge::judge;
use libfuzzer_sys::fuzz_target;
use org2org_core::jwks::{Options, format_bytes};

fuzz_target!(|bytes: &[u8]| {
    let options = Options { kid_from_thumbprint: true, now: Some(2_000_000_000), ..Options::default() };
    judge(format_bytes(bytes, &options));
    let key = [br#"{"keys":[{"kty":"EC","crv":"P-256","x":"_HmtUXSglJoD0rePn8rVqovIkTPJjVowRxnSI2k9n5M","y":"36NmVYI7hdqabnZ4XpvchazrBDeLELR25Dqvfvp1dw8","kid":"a","#.as_slice(), bytes, b"}]}"].concat();
    judge(format_bytes(&key, &options));
});

//! Any bytes as a report: the fast lane and the slow way say the same, whatever the pieces, and all
//! rows are accounted for.

#![no_main]

use libfuzzer_sys::fuzz_target;
use org2org_core::users::{Account, Filter, Options, UsersError, active};

fuzz_target!(|input: (u8, bool, &[u8])| {
    let (size, headed, bytes) = input;
    let header: &[u8] = if headed { b"User,Login,Status\n" } else { b"" };
    let text = [header, bytes].concat();
    let whole = active(&text);
    for byte_by_byte in [false, true] {
        assert_eq!(pieces(&text, usize::from(size) + 1, byte_by_byte), whole);
    }
    match whole {
        Ok((kept, account)) => {
            let left_out: u64 = account.left_out.values().sum();
            assert_eq!(account.kept + left_out + account.refused_rows, account.rows);
            assert!(kept.len() <= text.len());
            // What is kept is a report of active users, and nothing else is in it.
            let (again, second) = active(&kept).expect("kept rows are sound");
            assert_eq!((again, second.kept, second.rows), (kept, account.kept, account.kept));
        }
        Err(error) => assert!(!matches!(error, UsersError::Miscounted { .. }), "{error}"),
    }
});

fn pieces(text: &[u8], size: usize, byte_by_byte: bool) -> Result<(Vec<u8>, Account), UsersError> {
    let options = Options { byte_by_byte, ..Options::default() };
    let mut filter = Filter::new(options);
    let mut kept = Vec::new();
    for chunk in text.chunks(size) {
        filter.push(chunk, &mut kept)?;
    }
    let account = filter.finish(&mut kept)?;
    Ok((kept, account))
}

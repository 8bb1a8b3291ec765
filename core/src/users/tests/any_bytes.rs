//! Whatever the bytes are: rows are conserved, and no chunking changes anything.

use super::*;
use proptest::prelude::*;

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zäß =@]{0,6}",
        "[a-z,\"\n\r;]{0,6}".prop_map(|text| format!("\"{}\"", text.replace('"', "\"\""))),
    ]
}

fn report() -> impl Strategy<Value = String> {
    let status = prop_oneof![
        Just("ACTIVE".to_owned()),
        Just("Staged".to_owned()),
        Just("\"Locked out\"".to_owned()),
        Just("nonsense".to_owned()),
    ];
    let row = (cell(), cell(), status, "(\n|\r\n|\r)", 0..3_usize).prop_map(
        |(user, login, status, end, blank)| {
            format!("{user},{login},{status}{end}{}", "\r\n".repeat(blank / 2))
        },
    );
    proptest::collection::vec(row, 0..12).prop_map(|rows| format!("{HEADER}{}", rows.concat()))
}

proptest! {
    #[test]
    fn rows_are_conserved_and_cells_unchanged(text in report()) {
        let (out, account) = active(text.as_bytes()).unwrap();
        let records = |bytes: &[u8]| -> Vec<csv::ByteRecord> {
            csv::Reader::from_reader(bytes).into_byte_records().map(Result::unwrap).collect()
        };
        let (before, after) = (records(text.as_bytes()), records(&out));
        let active: Vec<csv::ByteRecord> = before
            .iter()
            .filter(|record| &record[2] == b"ACTIVE" && !record[1].trim_ascii().is_empty())
            .cloned()
            .collect();
        prop_assert_eq!(after, active);
        let left_out: u64 = account.left_out.values().sum();
        prop_assert_eq!(account.kept + left_out + account.refused_rows, before.len() as u64);
    }

    #[test]
    fn chunks_of_any_size_give_the_same(text in report(), size in 1..20_usize) {
        let mut filter = Filter::new(Options::default());
        let mut out = Vec::new();
        for chunk in text.as_bytes().chunks(size) {
            filter.push(chunk, &mut out).unwrap();
        }
        let account = filter.finish(&mut out).unwrap();
        prop_assert_eq!((out, account), active(text.as_bytes()).unwrap());
    }

    #[test]
    fn no_bytes_panic_and_both_parsers_agree(bytes in proptest::collection::vec(
        prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b'a'), any::<u8>()], 0..80,
    )) {
        let text = [HEADER.as_bytes(), &bytes].concat();
        if let Err(error) = active(&text) {
            prop_assert!(error.code() != "users-miscounted", "{error}");
        }
        let _ = active(&bytes);
    }
}

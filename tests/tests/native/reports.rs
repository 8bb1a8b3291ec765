//! Reports of a seed, sound and broken, read by core's two ways and by a reader that is slow and
//! obviously right; where the csv crate accepts them too, by that one as well.

use org2org_core::users::{Account, Filter, Options, UsersError};
use org2org_tests::Dice;
use org2org_tests::reports::{Slow, Stop, mutate, read, tricky};

use crate::deep;

/// Rows of one run; ten million in the long sweep.
fn rows() -> usize {
    if deep() { 10_000_000 } else { 60_000 }
}

/// Header and kept rows of a report that comes in pieces of this size, and its account.
pub(crate) fn filter(
    bytes: &[u8],
    size: usize,
    byte_by_byte: bool,
) -> Result<(Vec<u8>, Account), UsersError> {
    let mut filter = Filter::new(Options {
        byte_by_byte,
        ..Options::default()
    });
    let mut kept = Vec::new();
    for chunk in bytes.chunks(size) {
        filter.push(chunk, &mut kept)?;
    }
    let account = filter.finish(&mut kept)?;
    Ok((kept, account))
}

#[test]
fn a_slow_reader_says_the_same_of_every_report() {
    let mut dice = Dice::new(4180);
    let (mut left, mut broken, mut sound) = (rows(), 0, 0);
    while left > 0 {
        // Few are long: more rows than are looked at in one go.
        let rows = match dice.roll(100) {
            0 => 600 + dice.roll(900),
            _ => 1 + dice.roll(24),
        };
        left = left.saturating_sub(rows);
        let mut bytes = tricky(&mut dice, rows).into_bytes();
        if dice.roll(2) == 0 {
            mutate(&mut dice, &mut bytes);
        }
        let whole = filter(&bytes, bytes.len().max(1), false);
        let pieces = filter(&bytes, 1 + dice.roll(200), dice.roll(2) == 0);
        assert_eq!(whole, pieces, "{}", bytes.escape_ascii());
        match std::str::from_utf8(&bytes) {
            Ok(text) => compare(text, &whole),
            Err(_) => assert!(whole.is_err(), "{}", bytes.escape_ascii()),
        }
        *(if whole.is_ok() {
            &mut sound
        } else {
            &mut broken
        }) += 1;
        if let Ok((_, account)) = &whole {
            second_opinion(&bytes, account);
        }
    }
    assert!(
        sound > 1000 && broken > 500,
        "{sound} sound, {broken} broken"
    );
}

/// What both say, in the same words.
fn compare(text: &str, ours: &Result<(Vec<u8>, Account), UsersError>) {
    match (read(text), ours) {
        (Ok(theirs), Ok((kept, account))) => {
            let ours = Slow {
                kept: String::from_utf8_lossy(kept).into_owned(),
                rows: account.rows,
                kept_rows: account.kept,
                left_out: account.left_out.values().sum(),
                refused: account.refused.iter().map(|refused| refused.line).collect(),
                blank_lines: account.blank_lines,
            };
            assert_eq!(ours, theirs, "{text:?}");
        }
        (Err(Stop::Form(line, column)), Err(error)) => {
            let place = format!("line {line} column {column}");
            assert!(error.to_string().ends_with(&place), "{error}: {text:?}");
        }
        (Err(Stop::Unclosed(line, column)), Err(error)) => assert_eq!(
            error,
            &UsersError::UnclosedQuote { line, column },
            "{text:?}"
        ),
        (Err(Stop::Header), Err(_)) => {}
        (theirs, ours) => panic!("{theirs:?}, but {ours:?}: {text:?}"),
    }
}

/// Where nothing was in doubt, the csv crate counts the same rows.
fn second_opinion(bytes: &[u8], account: &Account) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let theirs = reader.byte_records().filter(Result::is_ok).count() as u64;
    assert_eq!(account.rows, theirs, "{}", bytes.escape_ascii());
}

//! Reports as they should not come, each with the one right answer. `users.journey.mjs` holds the page's modules, with vectors
//! and without, against the same table.

use org2org_core::explain::Explain;
use org2org_core::users::UsersError;
use serde::Deserialize;

use crate::reports::filter;

const TABLE: &str = include_str!("../../users/bad-inputs.json");

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    text: String,
    /// In place of the text, where it is none.
    #[serde(default)]
    hex: String,
    /// Code of the error.
    code: Option<String>,
    /// What is kept where there is none.
    kept: Option<String>,
    /// The account, or the error.
    says: String,
}

impl Case {
    fn bytes(&self) -> Vec<u8> {
        let digits: Vec<char> = self.hex.chars().collect();
        let byte = |two: &[char]| u8::from_str_radix(&String::from_iter(two), 16).unwrap();
        match digits.is_empty() {
            true => self.text.clone().into_bytes(),
            false => digits.chunks(2).map(byte).collect(),
        }
    }
}

fn read(bytes: &[u8], size: usize, byte_by_byte: bool) -> Result<(String, String), UsersError> {
    let (kept, account) = filter(bytes, size, byte_by_byte)?;
    let left_out: u64 = account.left_out.values().sum();
    assert_eq!(account.kept + left_out + account.refused_rows, account.rows);
    Ok((String::from_utf8(kept).unwrap(), account.to_string()))
}

#[test]
fn every_bad_input_has_its_one_answer_by_both_ways() {
    let cases: Vec<Case> = serde_json::from_str(TABLE).unwrap();
    for case in cases {
        let bytes = case.bytes();
        for (size, byte_by_byte) in [
            (usize::MAX, false),
            (usize::MAX, true),
            (1, false),
            (7, true),
        ] {
            let (code, kept, says) = match read(&bytes, size, byte_by_byte) {
                Ok((kept, account)) => (None, Some(kept), account),
                Err(error) => (Some(error.code().to_owned()), None, error.to_string()),
            };
            assert_eq!(
                (code, kept, says),
                (case.code.clone(), case.kept.clone(), case.says.clone()),
                "{}",
                case.name
            );
        }
    }
}

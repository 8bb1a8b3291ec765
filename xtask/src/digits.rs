//! wasm-bindgen tells two imports of one name apart by sixteen digits of a hash, which no packing makes smaller and
//! every module holds twice. Counted digits tell them apart as well.

use std::collections::{BTreeMap, BTreeSet};

const START: &str = "__wbg_";
const DIGITS: usize = 16;

/// A module's glue and the module, with counted digits in both. All else, and every length, stays as it is.
pub fn counted(glue: &str, module: &[u8]) -> (String, Vec<u8>) {
    let names = names(glue);
    let mut count: BTreeMap<&str, u64> = BTreeMap::new();
    let others = names.iter().map(|name| {
        let (stem, _) = name.split_at(name.len() - DIGITS);
        let number = count.entry(stem).or_default();
        let other = format!("{stem}{number:016}");
        *number += 1;
        (name.as_str(), other)
    });
    let others: Vec<(&str, String)> = others.collect();
    let text = others.iter().fold(glue.to_owned(), |text, (name, other)| {
        text.replace(name, other)
    });
    (text, replaced(module, &others))
}

fn names(glue: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = glue.match_indices(START).map(|(at, _)| {
        let rest = &glue[at..];
        &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())]
    });
    let has_digits = |name: &&str| {
        let (stem, digits) = name.split_at(name.len().saturating_sub(DIGITS));
        stem.len() > START.len() && stem.ends_with('_') && digits.chars().all(is_hex)
    };
    names.filter(has_digits).map(str::to_owned).collect()
}

fn is_hex(c: char) -> bool {
    c.is_ascii_digit() || ('a'..='f').contains(&c)
}

/// Each name and the other that takes its place are of one length.
fn replaced(module: &[u8], others: &[(&str, String)]) -> Vec<u8> {
    let mut bytes = module.to_vec();
    for at in 0..bytes.len() {
        let rest = &mut bytes[at..];
        if rest.starts_with(START.as_bytes())
            && let Some((_, other)) = others
                .iter()
                .find(|(name, _)| rest.starts_with(name.as_bytes()))
        {
            rest[..other.len()].copy_from_slice(other.as_bytes());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_apart_and_together_in_glue_and_module() {
        let [one, two, other] = [
            "__wbg_length_186163212ffe79c3",
            "__wbg_length_9aab85334c5daf3f",
            "__wbg_job_free",
        ];
        let glue = format!("{{ {two}: f, {one}: g, {other}: h }}");
        let module = format!("\u{1d}{one}\u{0}\u{1d}{two}0{other}");
        let (text, bytes) = counted(&glue, module.as_bytes());
        let [first, second] = [0, 1].map(|number| format!("__wbg_length_{number:016}"));
        assert_eq!(text, format!("{{ {second}: f, {first}: g, {other}: h }}"));
        let expected = format!("\u{1d}{first}\u{0}\u{1d}{second}0{other}");
        assert_eq!(bytes, expected.as_bytes());
    }
}

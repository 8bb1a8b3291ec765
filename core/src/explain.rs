//! How an error speaks: a stable code, a next step, and foreign text made safe to show.

use crate::search::{around, find, halves, holds};

/// An error that can be looked up by its code and says what to do next.
///
/// `Display` says what is wrong, where, and what was seen; [`Explain::hint`] says the remedy.
pub trait Explain: std::error::Error {
    /// Stable kebab-case name: never reworded, so that texts and tests may rely on it.
    fn code(&self) -> &'static str;
    /// What to do next, in whole sentences; empty when `Display` already says it.
    fn hint(&self) -> String;
}

/// Foreign text for a message: secrets masked, controls made visible, at most 80 characters.
///
/// Masking comes before cutting, or the first half of a token would survive the cut.
pub fn seen(text: &str) -> String {
    cut(&escape(&mask(text), LONGEST + 1), LONGEST)
}

/// As [`seen`], but long enough for whole sentences of Okta's, such as an error with its causes.
pub fn seen_sentences(text: &str) -> String {
    cut(
        &escape(&mask(text), LONGEST_SENTENCES + 1),
        LONGEST_SENTENCES,
    )
}

/// As [`seen`], but whole: for places whose purpose is to show the text.
pub fn seen_whole(text: &str) -> String {
    escape(&mask(text), usize::MAX).concat()
}

/// Whether a character shows nothing, or turns the text around it: bidi controls, zero-width
/// characters, fillers, tags (Unicode TR 36, section 2.11), and every C0 or C1 control.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

const LONGEST: usize = 80;
const LONGEST_SENTENCES: usize = 400;
const MASKED: &str = "[masked]";

fn mask(text: &str) -> String {
    MASKS.iter().fold(text.to_owned(), |text, mask| mask(&text))
}

/// The first characters of `text` as readable pieces: one piece is never cut in two.
fn escape(text: &str, most: usize) -> Vec<String> {
    text.chars()
        .take(most)
        .map(|c| match c {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            ' ' => " ".to_owned(),
            c if is_hidden(c) || c.is_whitespace() => format!("\\u{{{:x}}}", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}

fn cut(pieces: &[String], longest: usize) -> String {
    let whole: usize = pieces.iter().map(|piece| piece.chars().count()).sum();
    if whole <= longest {
        return pieces.concat();
    }
    let mut room = longest - 1;
    let mut out = String::new();
    for piece in pieces {
        let Some(left) = room.checked_sub(piece.chars().count()) else {
            break;
        };
        room = left;
        out.push_str(piece);
    }
    out.push('…');
    out
}

/// Every rule runs over the whole text, in this order: blocks before the words inside them.
const MASKS: &[fn(&str) -> String] = &[
    mask_private_pem,
    mask_members,
    mask_schemes,
    mask_words,
    mask_userinfo,
];

/// A PEM private key (RFC 7468) from its first line to its last, or to the end when cut off.
fn mask_private_pem(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = find(rest, "-----BEGIN") {
        let (before, block) = halves(rest, start);
        let label: String = block.chars().take(LONGEST).collect();
        out.push_str(before);
        if !holds(&label, "PRIVATE KEY") {
            let (dashes, after) = halves(block, "-----BEGIN".len());
            out.push_str(dashes);
            rest = after;
            continue;
        }
        out.push_str("[private key masked]");
        rest = around(block, "-----END")
            .and_then(|(_, tail)| around(tail, "KEY-----"))
            .map_or("", |(_, after)| after);
    }
    out + rest
}

/// Names whose value is a secret wherever they stand: `name=value`, `"name": "value"`.
const SECRET_NAMES: &[&str] = &[
    "client_secret",
    "client_assertion",
    "access_token",
    "refresh_token",
    "id_token",
    "password",
    "passwd",
    "SAMLResponse",
    "_xsrfToken",
    "X-Okta-XsrfToken",
    "sid",
    "idx",
];
/// Private members of a JWK (RFC 7518 section 6): a secret only in JSON's quoted form.
const PRIVATE_MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "k", "priv"];

fn mask_members(text: &str) -> String {
    let text = SECRET_NAMES
        .iter()
        .fold(text.to_owned(), |text, name| mask_after(&text, name, false));
    PRIVATE_MEMBERS.iter().fold(text, |text, name| {
        mask_after(&text, &format!("\"{name}\""), true)
    })
}

/// Masks the value behind every `name` that stands as a word of its own and is followed by `=` or `:`.
fn mask_after(text: &str, name: &str, quoted: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = find_ignoring_case(rest, name) {
        let (head, tail) = halves(rest, at + name.len());
        let before = out.chars().next_back();
        let left = rest.get(..at).and_then(|left| left.chars().next_back());
        let alone = quoted || !left.or(before).is_some_and(is_word);
        out.push_str(head);
        rest = tail;
        let value = tail.trim_start_matches(['"', '\'', ' ']);
        if let (true, Some(value)) = (alone, value.strip_prefix(['=', ':'])) {
            let value = value.trim_start_matches(['"', '\'', ' ']);
            let end = value
                .find(|c: char| {
                    c.is_whitespace() || matches!(c, '"' | '\'' | '&' | ';' | ',' | '}')
                })
                .unwrap_or(value.len());
            let (secret, after) = halves(value, end);
            out.push_str(tail.strip_suffix(value).unwrap_or_default());
            out.push_str(if secret.is_empty() { "" } else { MASKED });
            rest = after;
        }
    }
    out + rest
}

/// `SSWS …` and `Bearer …`: what follows is a credential of any shape.
fn mask_schemes(text: &str) -> String {
    ["ssws", "bearer", "dpop"]
        .iter()
        .fold(text.to_owned(), |text, scheme| {
            let mut out = String::new();
            let mut rest = text.as_str();
            while let Some(at) = find_ignoring_case(rest, scheme) {
                let (head, tail) = halves(rest, at + scheme.len());
                out.push_str(head);
                rest = tail;
                let value = tail.trim_start();
                if value.len() < tail.len() && !value.is_empty() {
                    out.push(' ');
                    out.push_str(MASKED);
                    let end = value.find(char::is_whitespace).unwrap_or(value.len());
                    rest = halves(value, end).1;
                }
            }
            out + rest
        })
}

/// API tokens (`00` and 40 more characters) and JWTs (`eyJ…` with a dot), wherever they stand.
fn mask_words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_token) {
        let (before, run) = halves(rest, start);
        let end = run.find(|c| !is_token(c)).unwrap_or(run.len());
        let (word, after) = halves(run, end);
        out.push_str(before);
        out.push_str(&mask_word(word));
        rest = after;
    }
    out + rest
}

fn mask_word(word: &str) -> String {
    let masked_from = |at: usize| word.get(..at).unwrap_or_default().to_owned() + MASKED;
    let jwt = find(word, "eyJ").filter(|at| {
        word.get(*at..)
            .is_some_and(|jwt| holds(jwt, ".") && jwt.len() > 16)
    });
    if let Some(at) = jwt {
        return masked_from(at);
    }
    let zeros = |at: &usize| word.get(*at..).is_some_and(|tail| tail.starts_with("00"));
    let token = (0..word.len()).filter(zeros).find(|at| {
        let alone = word
            .get(..*at)
            .and_then(|left| left.chars().next_back())
            .is_none_or(|c| !c.is_ascii_alphanumeric());
        let long = word
            .get(*at..)
            .is_some_and(|tail| tail.chars().take_while(|c| *c != '.').count() >= 42);
        alone && long
    });
    token.map_or_else(|| word.to_owned(), masked_from)
}

/// The password of a URL's user part: everything from its first colon to the last `@`.
fn mask_userinfo(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = halves(rest, at);
        let start = before
            .rfind(['/', '\\', '?', '#'])
            .map_or(0, |slash| slash + 1);
        let (head, user) = halves(before, start);
        let user = strip_scheme(user);
        match user.split_once(':') {
            Some((name, secret)) if !secret.is_empty() => {
                let kept = before.len() - user.len() + name.len();
                out.push_str(before.get(..kept).unwrap_or(head));
                out.push(':');
                out.push_str(MASKED);
            }
            _ => out.push_str(before),
        }
        out.push('@');
        rest = after.strip_prefix('@').unwrap_or_default();
    }
    out + rest
}

/// A browser reads `https:user:password@host` like `https://user:password@host`.
fn strip_scheme(user: &str) -> &str {
    ["https:", "http:"]
        .iter()
        .find_map(|scheme| user.strip_prefix(scheme))
        .unwrap_or(user)
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes()
        .windows(word.len())
        .position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
        .filter(|at| text.is_char_boundary(*at))
}

fn is_word(c: char) -> bool {
    // Letters outside ASCII count, without the tables that tell them from other signs.
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TOKEN: &str = "00QCjAl4MlV-WPXM_ABCDEFGHIJKLMNOPQRSTUVWXY";

    #[test]
    fn controls_become_visible_and_text_stays() {
        assert_eq!(
            seen("Zoë a\u{202e}b\n\u{feff}\u{a0}"),
            "Zoë a\\u{202e}b\\n\\u{feff}\\u{a0}"
        );
    }

    #[test]
    fn long_text_is_cut_to_eighty_without_splitting_an_escape() {
        assert_eq!(seen(&"x".repeat(80)), "x".repeat(80));
        assert_eq!(seen(&"x".repeat(81)), "x".repeat(79) + "…");
        assert_eq!(seen(&"\u{200b}".repeat(30)).chars().count(), 73);
    }

    #[test]
    fn secrets_are_masked() {
        assert_eq!(TOKEN.len(), 42);
        let pem = "a -----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAK\n-----END RSA PRIVATE KEY----- b";
        for (text, shown) in [
            (pem, "a [private key masked] b"),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "[private key masked]"),
            (
                "https://ann:s3cret@acme.okta.com/x",
                "https://ann:[masked]@acme.okta.com/x",
            ),
            (
                "https:ann:s3cret@acme.okta.com",
                "https:ann:[masked]@acme.okta.com",
            ),
            ("ann:s3cret@acme.okta.com", "ann:[masked]@acme.okta.com"),
            (
                "https://acme.okta.com@evil.com/",
                "https://acme.okta.com@evil.com/",
            ),
            ("Authorization: SSWS 00abc", "Authorization: SSWS [masked]"),
            ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln", "[masked]"),
            ("{\"d\": \"c2VjcmV0\"}", "{\"d\": \"[masked]\"}"),
            ("x?client_secret=abc&y=1", "x?client_secret=[masked]&y=1"),
            ("inside=1", "inside=1"),
        ] {
            assert_eq!(seen(text), shown);
        }
        assert_eq!(seen(&format!("token={TOKEN};")), "token=[masked];");
    }

    #[test]
    fn ids_are_no_secrets() {
        assert_eq!(seen("00u1a2b3c4d5e6f7g8h9"), "00u1a2b3c4d5e6f7g8h9");
        assert_eq!(
            seen("-----BEGIN CERTIFICATE-----"),
            "-----BEGIN CERTIFICATE-----"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_short_visible_and_without_tokens(before in ".{0,90}", after in ".{0,20}") {
            let shown = seen(&format!("{before} {TOKEN} {after}"));
            prop_assert!(shown.chars().count() <= LONGEST);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert!(!shown.contains("00QCjAl4"));
        }
    }
}

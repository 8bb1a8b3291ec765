//! What each error tells a person to do next.

use super::*;
use crate::explain::Explain;

#[test]
fn each_error_of_a_text_has_its_own_next_step() {
    let (line, column, bytes, count, most) = (1, 2, 3, 4, 5);
    let json = |character| JwksError::Json {
        line,
        column,
        character,
        why: "broken".to_owned(),
    };
    let seen = "seen".to_owned();
    for (error, words) in [
        (JwksError::Binary, "in DER"),
        (JwksError::Empty, "Paste the app's key credentials"),
        (json(Some('\u{feff}')), "without byte order mark"),
        (json(Some('\n')), "join it with the next line"),
        (json(Some('\r')), "join it with the next line"),
        (json(Some('/')), "no comments"),
        (json(Some('#')), "no comments"),
        (json(Some('\'')), "straight double quotes"),
        (json(Some('‘')), "straight double quotes"),
        (json(Some('’')), "straight double quotes"),
        (json(Some('“')), "straight double quotes"),
        (json(Some('”')), "straight double quotes"),
        (json(Some('„')), "straight double quotes"),
        (json(Some('`')), "straight double quotes"),
        (json(Some(']')), "comma before the closing bracket"),
        (json(Some('}')), "comma before the closing bracket"),
        (json(Some('k')), "around every name."),
        (json(Some('ä')), "around every name."),
        (json(Some('1')), "Mend the text there"),
        (json(Some('+')), "Mend the text there"),
        (json(None), "Mend the text there"),
        (
            JwksError::Markup { seen: seen.clone() },
            "session may have ended",
        ),
        (JwksError::NoKeys, "Paste the app's key credentials"),
        (
            JwksError::NotKeys {
                path: "$",
                kind: "null",
            },
            "Paste the app's key credentials",
        ),
        (
            JwksError::NotUtf8 {
                line,
                column,
                guess: "",
            },
            "as UTF-8",
        ),
        (
            JwksError::Pem {
                line,
                why: "is odd",
                seen,
            },
            "of `BEGIN`",
        ),
        (JwksError::Private { what: "a key" }, "compromised"),
        (
            JwksError::TooLong { bytes, most },
            "Paste the app's key credentials",
        ),
        (
            JwksError::TooManyKeys { count, most },
            "Paste the app's key credentials",
        ),
        (JwksError::Truncated { line, column }, "to its last bracket"),
    ] {
        assert!(error.hint().contains(words), "{error:?}: {}", error.hint());
        assert_eq!(error.is_secret(), error.code() == "jwks-private");
    }
}

#[test]
fn each_error_of_a_key_has_its_own_next_step() {
    let seen = || "seen".to_owned();
    let (member, curve, why, kind) = ("x", "P-256", "is odd", "null");
    let again = "from the source org, unchanged";
    for (error, words) in [
        (
            KeyError::Alg {
                seen: seen(),
                expected: seen(),
            },
            again,
        ),
        (
            KeyError::Base64 {
                member,
                seen: seen(),
            },
            again,
        ),
        (KeyError::Certificate { why }, again),
        (KeyError::Compressed, "both coordinates"),
        (
            KeyError::CoordinateLength {
                member,
                bytes: 31,
                curve,
                expected: 32,
            },
            again,
        ),
        (KeyError::Curve { seen: seen() }, "on one of these curves"),
        (KeyError::Der { what: "key" }, again),
        (KeyError::Exponent, again),
        (KeyError::KeyOps { seen: seen() }, again),
        (KeyError::Kid { why }, again),
        (
            KeyError::KidMissing { thumbprint: seen() },
            "its thumbprint `seen`",
        ),
        (KeyError::KidTwice { kid: seen() }, "its own `kid`"),
        (KeyError::Kty { seen: seen() }, "Generate an RSA key"),
        (KeyError::Member { member, kind }, again),
        (KeyError::Modulus, again),
        (KeyError::NotObject { kind }, again),
        (KeyError::OffCurve { curve }, again),
        (KeyError::Repeated { member: seen() }, again),
        (KeyError::SameKey, "the first one is kept"),
        (KeyError::Size { bits: 1024 }, "2048 bits or more"),
        (KeyError::Use { seen: seen() }, "signing key"),
    ] {
        assert!(error.hint().contains(words), "{error:?}: {}", error.hint());
    }
}

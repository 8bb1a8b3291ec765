//! Files that are no UTF-8, or no CSV at all.

use super::*;

fn converted(bytes: &[u8], encoding: Encoding) -> Result<String, UsersError> {
    let read = |size| {
        let options = Options {
            encoding,
            ..Options::default()
        };
        read(bytes, size, options)
    };
    assert_eq!(read(1), read(1000));
    read(1000).map(|(out, _)| String::from_utf8(out).unwrap())
}

#[test]
fn other_files_and_encodings_are_recognised() {
    for (bytes, code) in [
        (&b"PK\x03\x04abcdef"[..], "users-not-csv"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "users-not-csv"),
        (b"<!DOCTYPE html>", "users-not-csv"),
        (b"\xff\xfeU\0s\0e\0", "users-encoding"),
        (b"\xfe\xff\0U\0s\0e", "users-encoding"),
        (b"U\0s\0e\0r\0", "users-encoding"),
        (b"PK\x03\x04", "users-not-csv"),
        (b"Login,Status\nAndr\xe9,ACTIVE\n", "users-not-utf8"),
    ] {
        assert_eq!(error(bytes).code(), code, "{bytes:?}");
        assert!(!error(bytes).hint().is_empty());
    }
    assert_eq!(
        error(b"Login,Status\nAndr\xe9,ACTIVE\n").to_string(),
        "byte 0xE9 at line 2 column 5 is not UTF-8; in Windows-1252 it would be `é`"
    );
}

#[test]
fn other_encodings_are_converted_when_a_person_says_so() {
    let text = "User,Login,Status\nAndré “€” 𝄞,a@x,ACTIVE\n";
    let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<_>>();
    let (little, big) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
    for (bytes, mark, encoding) in [
        (&little, &[0xff, 0xfe][..], Encoding::Utf16Le),
        (&big, &[0xfe, 0xff][..], Encoding::Utf16Be),
    ] {
        assert_eq!(converted(bytes, encoding).unwrap(), text);
        let marked = [mark, bytes].concat();
        assert_eq!(converted(&marked, encoding).unwrap(), text);
        assert_eq!(error(&marked).code(), "users-encoding");
        let cut = converted(&bytes[..bytes.len() - 1], encoding).unwrap_err();
        let place = format!("no character of {} at line 2 column 23", encoding.label());
        assert_eq!(cut.to_string(), place);
    }
    let lone = [&little[..36], &[0x00, 0xd8, 0x41, 0x00]].concat();
    let lone = converted(&lone, Encoding::Utf16Le).unwrap_err();
    assert_eq!(
        lone.to_string(),
        "no character of UTF-16LE at line 2 column 1"
    );
    assert!(matches!(
        converted(text.as_bytes(), Encoding::Utf16Le),
        Err(UsersError::NotDecodable { .. } | UsersError::MissingColumn { .. })
    ));
}

#[test]
fn windows_1252_is_read_as_browsers_read_it() {
    let all: Vec<u8> = (0x80..=0xff).collect();
    for byte in all {
        let (theirs, _) =
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
        let ours = encoding::windows_1252(byte);
        match ours {
            Some(ours) => assert_eq!(theirs, ours.to_string()),
            None => assert!(theirs.chars().all(char::is_control), "{byte:x}"),
        }
    }
    let out = converted(
        b"Login,Status\nAndr\xe9 \x80,ACTIVE\n",
        Encoding::Windows1252,
    );
    assert_eq!(out.unwrap(), "Login,Status\nAndré €,ACTIVE\n");
    let hole = converted(b"Login,Status\na\x81,ACTIVE\n", Encoding::Windows1252).unwrap_err();
    assert_eq!(
        hole.to_string(),
        "no character of Windows-1252 at line 2 column 2"
    );
}

//! Encodings of CSV files, told by their first bytes, and turned into UTF-8 only when a person says so.

use super::UsersError;
use serde::{Deserialize, Serialize};

/// How a file's characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// What Okta writes and reads.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Big endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Little endian: "Unicode text" of spreadsheets.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// Western European, of older spreadsheets.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// Every encoding, the usual one first.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// The name a person chooses it by.
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf16Le => "UTF-16LE",
            Self::Windows1252 => "Windows-1252",
        }
    }

    /// The encoding of this name, in any case.
    pub fn parse(name: &str) -> Option<Self> {
        let is = |encoding: &Self| encoding.label().eq_ignore_ascii_case(name.trim());
        Self::ALL.into_iter().find(is)
    }
}

/// Bytes of any encoding to UTF-8, in chunks of any size.
pub(super) struct Decoder {
    encoding: Encoding,
    /// The first byte of half a UTF-16 unit.
    half: Option<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
}

/// A unit that is no character: what was decoded before it is good.
pub(super) struct Undecodable;

impl Decoder {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            half: None,
            high: None,
        }
    }

    /// Appends the characters of `chunk` to `text`.
    pub(super) fn push(&mut self, chunk: &[u8], text: &mut String) -> Result<(), Undecodable> {
        for byte in chunk {
            if self.encoding == Encoding::Windows1252 {
                text.push(windows_1252(*byte).ok_or(Undecodable)?);
            } else if let Some(first) = self.half.take() {
                let unit = match self.encoding {
                    Encoding::Utf16Be => u16::from_be_bytes([first, *byte]),
                    _ => u16::from_le_bytes([first, *byte]),
                };
                self.push_unit(unit, text)?;
            } else {
                self.half = Some(*byte);
            }
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Undecodable> {
        match (self.half, self.high) {
            (None, None) => Ok(()),
            _ => Err(Undecodable),
        }
    }

    fn push_unit(&mut self, unit: u16, text: &mut String) -> Result<(), Undecodable> {
        let pair;
        let units = match self.high.take() {
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high = Some(unit);
                return Ok(());
            }
            None => &[unit][..],
            Some(high) => {
                pair = [high, unit];
                &pair[..]
            }
        };
        for character in char::decode_utf16(units.iter().copied()) {
            text.push(character.map_err(|_| Undecodable)?);
        }
        Ok(())
    }
}

/// The character of a byte (WHATWG Encoding, index windows-1252, less its five made-up controls).
pub(super) fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => HIGH
            .get(usize::from(byte - 0x80))
            .copied()
            .filter(|character| *character != '\0'),
        byte => Some(char::from(byte)),
    }
}

/// 0x80 to 0x9f, where Windows-1252 differs from Latin-1; nothing where it has no character.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The encoding that the first bytes speak for, with the length of a byte order mark.
pub(super) fn guess(head: &[u8]) -> Option<(Encoding, usize)> {
    match head {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        [1..=127, 0, 1..=127, 0, ..] => Some((Encoding::Utf16Le, 0)),
        [0, 1..=127, 0, 1..=127, ..] => Some((Encoding::Utf16Be, 0)),
        _ => None,
    }
}

/// First bytes of files that are no CSV at all.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"<!DOC", "a web page, perhaps a sign-in page"),
    (b"<!doc", "a web page, perhaps a sign-in page"),
    (b"<html", "a web page, perhaps a sign-in page"),
    (b"<?xml", "an XML document"),
    (b"\xff\xfe\0\0", "text in UTF-32"),
    (b"\0\0\xfe\xff", "text in UTF-32"),
];

/// Enough bytes to recognise everything above.
pub(super) const HEAD: usize = 8;

/// How long the byte order mark is that belongs to `encoding`.
pub(super) fn open(head: &[u8], encoding: Encoding) -> Result<usize, UsersError> {
    if let Some((_, kind)) = SIGNATURES.iter().find(|(start, _)| head.starts_with(start)) {
        return Err(UsersError::NotCsv { kind });
    }
    match guess(head) {
        Some((seen, mark)) if seen == encoding => Ok(mark),
        Some((seen, _)) => Err(UsersError::Encoding {
            seen: seen.label(),
            expected: encoding.label(),
        }),
        None => Ok(0),
    }
}

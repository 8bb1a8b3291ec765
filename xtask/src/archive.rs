//! Archives whose bytes depend on names and content alone: not on the order in which a file system lists, nor on time,
//! owner or mode.

use crate::trouble::{Outcome, trouble};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with `/` between folders.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The zip archive of these files. Two files of one name are refused.
pub fn archive(mut entries: Vec<Entry>) -> Outcome<Vec<u8>> {
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for Entry { name, bytes } in &entries {
        zip.start_file(name.as_str(), options(bytes))
            .map_err(|error| failed(&format!("{name}: {error}")))?;
        zip.write_all(bytes)
            .map_err(|error| failed(&format!("{name}: {error}")))?;
    }
    let whole = zip.finish().map_err(|error| failed(&error.to_string()))?;
    Ok(whole.into_inner())
}

// A program is what says so in its first line: modes of a checkout differ between machines.
fn options(bytes: &[u8]) -> SimpleFileOptions {
    let mode = if bytes.starts_with(b"#!") {
        0o755
    } else {
        0o644
    };
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(mode)
}

fn failed(what: &str) -> crate::trouble::Trouble {
    trouble("no-archive", what, "Rename what is named twice.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use zip::ZipArchive;

    fn entry(name: &str, text: &str) -> Entry {
        Entry {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    fn content(zip: &[u8]) -> Vec<(String, Option<u32>, String)> {
        let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
        let count = zip.len();
        let read = |index| {
            let mut file = zip.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            let stamp = file.last_modified().unwrap();
            assert_eq!((stamp.year(), stamp.month(), stamp.day()), (1980, 1, 1));
            (file.name().unwrap().into_owned(), file.unix_mode(), text)
        };
        (0..count).map(read).collect()
    }

    #[test]
    fn equal_content_is_equal_bytes_in_any_order() {
        let files = [
            entry("b/run", "#!/bin/sh\n"),
            entry("a.js", "1;"),
            entry("b.js", "2;"),
        ];
        let mut turned = files.to_vec();
        turned.reverse();
        let zip = archive(files.to_vec()).unwrap();
        assert_eq!(zip, archive(turned).unwrap());
        let file = 0o100_000;
        assert_eq!(
            content(&zip),
            [
                ("a.js".to_owned(), Some(file | 0o644), "1;".to_owned()),
                ("b.js".to_owned(), Some(file | 0o644), "2;".to_owned()),
                (
                    "b/run".to_owned(),
                    Some(file | 0o755),
                    "#!/bin/sh\n".to_owned()
                ),
            ]
        );
    }

    #[test]
    fn other_content_is_other_bytes_and_one_name_twice_is_refused() {
        let zip = |text| archive(vec![entry("a.js", text)]).unwrap();
        assert_ne!(zip("1;"), zip("2;"));
        let twice = archive(vec![entry("a.js", "1;"), entry("a.js", "2;")]).unwrap_err();
        assert_eq!(twice.code, "no-archive");
    }
}

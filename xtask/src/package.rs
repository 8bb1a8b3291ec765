//! `cargo xtask package`: what is given to people and stores, the same bytes wherever and whenever it is made.

use crate::archive::{Entry, archive};
use crate::manifest::Browser;
use crate::pack::{self, read, write};
use crate::place::Place;
use crate::sbom;
use crate::trouble::{Outcome, trouble};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const NAME: &str = concat!("org2org-assistant-", env!("CARGO_PKG_VERSION"));
/// What a build makes; it is no source.
const MADE: &[&str] = &[".git", "dist", "node_modules", "target"];
/// The digests of all other files, in the form that `sha256sum --check` reads.
const DIGESTS: &str = "SHA256SUMS";

/// Builds, then writes the archives, the bill of materials and their digests to `dist/packages`.
pub fn package(place: &Place) -> Outcome<()> {
    pack::build(place, false)?;
    let folder = folder(place);
    pack::remove(&folder)?;
    for (name, bytes) in packages(place)? {
        println!("{}: {} bytes", name, bytes.len());
        write(&folder.join(name), &bytes)?;
    }
    print!("{}", String::from_utf8_lossy(&read(&folder.join(DIGESTS))?));
    Ok(())
}

/// Where the archives are put.
pub fn folder(place: &Place) -> PathBuf {
    place.root.join("dist/packages")
}

/// The file that holds the sources.
pub fn source_archive(place: &Place) -> PathBuf {
    folder(place).join(format!("{NAME}-source.zip"))
}

/// Every file by its name, out of what was built.
fn packages(place: &Place) -> Outcome<BTreeMap<String, Vec<u8>>> {
    let mut made = BTreeMap::new();
    for browser in Browser::ALL {
        let built = place.dist(browser.folder());
        let zip = archive(entries(&built, &pack::files(&built)?, "")?)?;
        made.insert(format!("{NAME}-{}.zip", browser.word()), zip);
    }
    let sources = entries(&place.root, &sources(place)?, &format!("{NAME}/"))?;
    made.insert(format!("{NAME}-source.zip"), archive(sources)?);
    made.insert(format!("{NAME}.cdx.json"), sbom::bill(place)?.into_bytes());
    let digests = made
        .iter()
        .map(|(name, bytes)| format!("{}  {name}\n", hex(&Sha256::digest(bytes))));
    let digests: String = digests.collect();
    made.insert(DIGESTS.to_owned(), digests.into_bytes());
    Ok(made)
}

fn entries(top: &Path, files: &[PathBuf], prefix: &str) -> Outcome<Vec<Entry>> {
    let entry = |file: &PathBuf| {
        let inside = file.strip_prefix(top).expect("listed under this folder");
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        Ok(Entry {
            name: [prefix, &parts.join("/")].concat(),
            bytes: read(file)?,
        })
    };
    files.iter().map(entry).collect()
}

/// What git keeps; in an unpacked archive of sources, everything that no build made.
fn sources(place: &Place) -> Outcome<Vec<PathBuf>> {
    if !place.root.join(".git").exists() {
        return unpacked(&place.root);
    }
    let unlisted = |what: String| {
        trouble(
            "no-sources",
            what,
            "Install git, or build from the archive of sources.",
        )
    };
    let listed = place
        .command("git", &["ls-files", "-z"])
        .output()
        .map_err(|error| unlisted(format!("git did not start: {error}")))?;
    if !listed.status.success() {
        return Err(unlisted(
            String::from_utf8_lossy(&listed.stderr).into_owned(),
        ));
    }
    let names = String::from_utf8(listed.stdout)
        .map_err(|_| unlisted("a file's name is no UTF-8".to_owned()))?;
    Ok(names
        .split_terminator('\0')
        .map(|name| place.root.join(name))
        .collect())
}

fn unpacked(root: &Path) -> Outcome<Vec<PathBuf>> {
    let made = |path: &Path| MADE.iter().any(|name| path.starts_with(root.join(name)));
    pack::files_but(root, &made)
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    // The same files, made in another order, at another time, with other modes, in another folder.
    #[test]
    fn a_folder_gives_the_same_archive_wherever_and_whenever_it_was_made() {
        use std::os::unix::fs::PermissionsExt;
        let top = Place::here().target.join("package-tests");
        pack::remove(&top).unwrap();
        let files = [
            ("manifest.json", "{}"),
            ("icons/16.png", "\u{1}"),
            ("a/b/c.js", "1;"),
        ];
        let make = |name: &str, order: &[usize], mode: u32, seconds: u64| {
            let folder = top.join(name);
            for index in order {
                let (file, text) = files[*index];
                let file = folder.join(file);
                write(&file, text.as_bytes()).unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
                let then = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
                let file = fs::File::options().append(true).open(&file);
                if let Ok(file) = file {
                    file.set_modified(then).unwrap();
                }
            }
            archive(entries(&folder, &pack::files(&folder).unwrap(), "").unwrap()).unwrap()
        };
        let one = make("one", &[0, 1, 2], 0o644, 1_000_000_000);
        let other = make("there/other", &[2, 0, 1], 0o600, 1_700_000_000);
        assert_eq!(one, other);
        pack::remove(&top).unwrap();
    }

    #[test]
    fn an_unpacked_archive_of_sources_has_the_sources_of_the_checkout() {
        let place = Place::here();
        if !place.root.join(".git").exists() {
            return;
        }
        let kept = sources(&place).unwrap();
        let found = unpacked(&place.root).unwrap();
        let missed: Vec<_> = kept.iter().filter(|file| !found.contains(file)).collect();
        assert!(missed.is_empty(), "{missed:?}");
        assert!(kept.iter().any(|file| file.ends_with("Cargo.lock")));
        assert!(
            !found
                .iter()
                .any(|file| file.ends_with("node_modules/.org2org-lock"))
        );
    }
}

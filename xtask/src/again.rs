//! The stage that builds the packages once more, from their own archive of sources in a folder elsewhere, and compares.

use crate::pack::{self, read, write};
use crate::package;
use crate::place::Place;
use crate::stages::{Bench, Ended, left_out, stream};
use crate::tally::Tally;
use crate::trouble::{Outcome, trouble};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// A second checkout: another folder, target folder, time zone and mask for files. Every digest must be the same.
pub fn again(bench: &Bench) -> Outcome<Ended> {
    if !bench.options.deep && bench.options.only.is_none() {
        return Ok(left_out(
            "a second build of all: `--deep` has it, `--only again` too",
        ));
    }
    let place = bench.place;
    let digests = package::folder(place).join("SHA256SUMS");
    if !digests.is_file() {
        package::package(place)?;
    }
    let second = unpack(place)?;
    lend_tools(place, &second)?;
    let mut command = second.command("sh", &["-c", "umask 077 && exec \"$0\" \"$@\""]);
    command.arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["xtask", "package"])
        .env("TZ", "Pacific/Kiritimati");
    let built = stream(bench, command, |_| ())?;
    let same = built && read(&digests)? == read(&package::folder(&second).join("SHA256SUMS"))?;
    pack::remove(&second.root)?;
    Ok(Ended {
        tally: Tally::one(same),
        note: if same {
            ""
        } else {
            "compare the two lists of digests above"
        }
        .to_owned(),
    })
}

fn unpack(place: &Place) -> Outcome<Place> {
    let top = place.target.join("again/another folder");
    pack::remove(&top)?;
    let broken = |error: &dyn std::fmt::Display| {
        trouble(
            "no-sources",
            format!("the archive of sources: {error}"),
            "Run `cargo xtask package`.",
        )
    };
    let bytes = read(&package::source_archive(place))?;
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let mut root = PathBuf::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).map_err(|error| broken(&error))?;
        let inside = file
            .enclosed_name()
            .ok_or_else(|| broken(&"a file outside of it"))?;
        root = top.join(inside.iter().next().unwrap_or_default());
        let mut content = Vec::new();
        file.read_to_end(&mut content)
            .map_err(|error| broken(&error))?;
        write(&top.join(&inside), &content)?;
    }
    let target = root.join("target");
    Ok(Place { root, target })
}

// Tools and packages of npm in their pinned versions; fetching them again would prove nothing of our own sources.
fn lend_tools(place: &Place, second: &Place) -> Outcome<()> {
    link(
        &place.root.join("target/tools"),
        &second.root.join("target/tools"),
    )?;
    link(
        &place.root.join("node_modules"),
        &second.root.join("node_modules"),
    )
}

fn link(from: &Path, to: &Path) -> Outcome<()> {
    if let Some(folder) = to.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    std::os::unix::fs::symlink(from, to).map_err(|error| {
        let what = format!("{}: {error}", to.display());
        trouble("no-link", what, "Make the target folder writable.")
    })
}

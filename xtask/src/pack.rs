//! Makes what is in `dist`: `extension` to load into Chromium, `firefox` into Firefox, `www` for any file server.

use crate::digits;
use crate::faces::{FACES, Face, Module, PEER, PSEUDO};
use crate::manifest::{Browser, manifest};
use crate::place::{Place, run};
use crate::trouble::{Outcome, Trouble, trouble};
use crate::{inline, lean, setup, shrink, sizes, texts, tools};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Words that the extension's content security policy refuses or that parse HTML from data.
const REFUSED: &[&str] = &[
    "eval(",
    "new Function",
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
];

/// Builds the packages and prints their sizes.
pub fn build(place: &Place, dev: bool) -> Outcome<()> {
    setup::for_building(place)?;
    for face in FACES {
        build_face(place, face, dev)?;
    }
    for_firefox(place)?;
    for line in sizes::report(place)? {
        println!("{line}");
    }
    Ok(())
}

/// Builds the page alone.
pub fn build_page(place: &Place) -> Outcome<()> {
    setup::for_building(place)?;
    let mut faces = FACES.iter().filter(|face| face.folder == "www");
    faces.try_for_each(|face| build_face(place, face, false))
}

/// The `csv` crate as a wasm module, which is measured beside ours.
pub fn compile_for_bench(place: &Place) -> Outcome<()> {
    PEER.modules
        .iter()
        .try_for_each(|module| compile(place, &PEER, module, false))
}

/// Builds the page in the language for tests, and tells where it stands.
pub fn build_pseudo(place: &Place) -> Outcome<PathBuf> {
    setup::for_building(place)?;
    build_face(place, &PSEUDO, false)?;
    Ok(PSEUDO.home(place))
}

fn build_face(place: &Place, face: &Face, dev: bool) -> Outcome<()> {
    for module in face.modules {
        compile(place, face, module, dev)?;
        // Nobody is sent the language for tests.
        optimise(place, face, module, dev || face.pseudo)?;
    }
    assemble(place, face)?;
    refuse_words(&face.home(place))
}

/// The extension once more, with Firefox's manifest.
fn for_firefox(place: &Place) -> Outcome<()> {
    let [from, to] = Browser::ALL.map(|browser| place.dist(browser.folder()));
    remove(&to)?;
    copy_folder(&from, &to)?;
    let manifest = manifest(place, Browser::Firefox)?;
    write(&to.join("manifest.json"), manifest.as_bytes())
}

fn compile(place: &Place, face: &Face, module: &Module, dev: bool) -> Outcome<()> {
    let out = face.module_folder(place, module);
    let mut command = place.command("wasm-pack", &["--quiet", "build", face.folder]);
    match dev {
        true => command.arg("--dev"),
        false => command.args(["--profile", module.profile]),
    };
    command.args([
        "--target",
        "web",
        "--mode",
        "no-install",
        "--no-pack",
        "--no-typescript",
        "--no-opt",
        "--out-name",
        module.name,
        "--out-dir",
    ]);
    let mut flags = remapped(place);
    if module.simd {
        flags.push("-Ctarget-feature=+simd128".to_owned());
    }
    // Encoded: a folder's name may have spaces.
    command
        .arg(&out)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    if !module.features.is_empty() {
        command.args(["--no-default-features", "--features", module.features]);
    }
    run(
        command,
        "no-build",
        "Mend what the compiler names above, then build again.",
    )
}

/// Sources stand in the modules under names that are the same on every machine: the packages can
/// be built again to the same bytes, and say nothing of who built them.
fn remapped(place: &Place) -> Vec<String> {
    let home = |name| std::env::var_os(name).map(PathBuf::from);
    let cargo = home("CARGO_HOME").or_else(|| Some(home("HOME")?.join(".cargo")));
    // A folder of crates is named after the registry they were fetched from, which may be a mirror.
    let registries = cargo.and_then(|cargo| fs::read_dir(cargo.join("registry/src")).ok());
    let mut crates: Vec<PathBuf> = registries
        .into_iter()
        .flatten()
        .filter_map(|registry| Some(registry.ok()?.path()))
        .collect();
    crates.sort();
    let prefix = |from: &Path, to| format!("--remap-path-prefix={}={to}", from.display());
    let crates = crates.iter().map(|folder| prefix(folder, "crates"));
    // The last that fits counts: the target folder may stand in the checkout.
    let own = [prefix(&place.root, ""), prefix(&place.target, "target")];
    crates.chain(own).collect()
}

/// Shrinks the module; the result is kept beside its input and made again only when that changed.
fn optimise(place: &Place, face: &Face, module: &Module, dev: bool) -> Outcome<()> {
    let folder = face.module_folder(place, module);
    let built = folder.join(format!("{}_bg.wasm", module.name));
    let (seen, small) = (folder.join("seen.wasm"), folder.join("small.wasm"));
    let fresh = read(&built)?;
    if dev {
        return write(&small, &fresh).and_then(|()| write(&seen, b""));
    }
    if small.is_file() && fs::read(&seen).is_ok_and(|old| old == fresh) {
        return Ok(());
    }
    println!("wasm-opt: {}", module.name);
    shrink::shrink(place, &built, &small, module.simd)?;
    write(&seen, &fresh)
}

fn assemble(place: &Place, face: &Face) -> Outcome<()> {
    let dist = face.home(place);
    let fresh = dist.with_extension("new");
    remove(&fresh)?;
    for folder in face.copied {
        copy_folder(&place.root.join(folder), &fresh)?;
    }
    for module in face.modules {
        let from = face.module_folder(place, module);
        let glue = format!("{}.js", module.name);
        let text = read_text(&from.join(&glue))?;
        let (text, bytes) = digits::counted(&text, &read(&from.join("small.wasm"))?);
        write(&fresh.join(format!("{}_bg.wasm", module.name)), &bytes)?;
        write(&fresh.join(&glue), text.as_bytes())?;
        if from.join("snippets").is_dir() {
            copy_folder(&from.join("snippets"), &fresh.join("snippets"))?;
        }
    }
    if face.folder == "extension" {
        let manifest = manifest(place, Browser::Chromium)?;
        write(&fresh.join("manifest.json"), manifest.as_bytes())?;
        write(
            &fresh.join("operations.js"),
            &generated(place, "operations")?,
        )?;
        tools::add(place, &fresh.join("tools"))?;
    }
    if face.folder == "www" {
        let file = generated(place, "checklists")?;
        write(&fresh.join("checklists.json"), &file)?;
        lean::lean(&fresh)?;
        texts::fill(place, face, &fresh)?;
        inline::inline(&fresh)?;
    }
    remove(&dist)?;
    fs::rename(&fresh, &dist).map_err(|error| file_trouble(&dist, &error))
}

/// What this example of xtask prints out of core's tables, so that nothing of them is written twice.
fn generated(place: &Place, example: &str) -> Outcome<Vec<u8>> {
    let mut command = place.cargo(&["run", "--quiet", "--package", "xtask", "--example", example]);
    let failed = |what| {
        trouble(
            "not-generated",
            what,
            "Mend what the compiler names above, then build again.",
        )
    };
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(format!("cargo did not start: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!(
            "`{example}` was not made: {}",
            output.status
        )));
    }
    Ok(output.stdout)
}

fn refuse_words(folder: &Path) -> Outcome<()> {
    for file in files(folder)? {
        let wanted = file
            .extension()
            .is_some_and(|end| end == "js" || end == "mjs" || end == "html");
        if !wanted {
            continue;
        }
        let text = read_text(&file)?;
        if let Some((line, word)) = refused_word(&text) {
            let what = format!("{}:{line} contains `{word}`", file.display());
            return Err(trouble(
                "refused-word",
                what,
                "Build nodes with the DOM instead; if a crate brings it, turn its default features off.",
            ));
        }
    }
    Ok(())
}

/// The first refused word and its line, counted from 1.
fn refused_word(text: &str) -> Option<(usize, &'static str)> {
    let found = |line: &str| REFUSED.iter().find(|word| line.contains(**word)).copied();
    text.lines()
        .enumerate()
        .find_map(|(index, line)| found(line).map(|word| (index + 1, word)))
}

/// Every file under a folder, sorted.
pub fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    files_but(folder, &|_| false)
}

/// Every file under a folder but what is left out, sorted; a folder that is left out is not looked into.
pub fn files_but(folder: &Path, left_out: &dyn Fn(&Path) -> bool) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|error| file_trouble(folder, &error))?;
    for entry in entries {
        let path = entry.map_err(|error| file_trouble(folder, &error))?.path();
        if left_out(&path) {
            continue;
        }
        if path.is_dir() {
            found.extend(files_but(&path, left_out)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn copy_folder(from: &Path, to: &Path) -> Outcome<()> {
    for file in files(from)? {
        let inside = file.strip_prefix(from).expect("listed under this folder");
        write(&to.join(inside), &read(&file)?)?;
    }
    Ok(())
}

pub(crate) fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(|error| file_trouble(file, &error))
}

/// A file as text; what is no UTF-8 in it becomes U+FFFD.
pub(crate) fn read_text(file: &Path) -> Outcome<String> {
    Ok(String::from_utf8_lossy(&read(file)?).into_owned())
}

pub(crate) fn write(file: &Path, bytes: &[u8]) -> Outcome<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| file_trouble(folder, &error))?;
    }
    fs::write(file, bytes).map_err(|error| file_trouble(file, &error))
}

pub(crate) fn remove(folder: &Path) -> Outcome<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(file_trouble(folder, &error))
        }
        _ => Ok(()),
    }
}

pub(crate) fn file_trouble(path: &Path, error: &std::io::Error) -> Trouble {
    trouble(
        "file",
        format!("{}: {error}", path.display()),
        "Make sure that it exists and may be read and written.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_time_optimisation_is_on() {
        for face in FACES {
            let file = Place::here().root.join(face.folder).join("Cargo.toml");
            let manifest = fs::read_to_string(&file).unwrap();
            let alone = manifest.contains("crate-type = [\"cdylib\"]");
            assert!(
                alone,
                "{}: cargo leaves it out for a cdylib that is an rlib too",
                file.display()
            );
        }
    }

    #[test]
    fn refused_words_are_found_with_their_line() {
        assert_eq!(refused_word("a\nb.innerHTML = c"), Some((2, "innerHTML")));
        assert_eq!(refused_word("node.textContent = text"), None);
    }
}

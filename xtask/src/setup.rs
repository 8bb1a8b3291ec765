//! Sets up what the commands need and leaves alone what is there in the right version.
//!
//! Every version is pinned in one place: the Rust toolchain in `rust-toolchain.toml`, crates in
//! `Cargo.lock`, npm packages in `package-lock.json`, and the tools that cargo installs here.

use crate::place::{Place, find_program, is_root, output, run};
use crate::trouble::{Outcome, trouble};
use std::path::PathBuf;

/// The crate `wasm-bindgen` of the workspace has exactly this version too; glue and module must match.
const WASM_BINDGEN: &str = "0.2.130";
const WASM_PACK: &str = "0.15.1";
/// A fuzzer for HTTP APIs, from PyPI, with a Python environment of its own.
const SCHEMATHESIS: &str = "4.32.5";
/// The target of the modules.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// Google's branded Chrome is left out: it no longer takes `--load-extension`.
const CHROMIUM: &[&str] = &["chromium", "chromium-browser"];
const DRIVER: &[&str] = &["chromedriver", "chromium.chromedriver"];
const APT: &[&str] = &["chromium", "chromium-driver"];
/// A second browser, for what it does otherwise under the same faults.
const FIREFOX: &[&str] = &["firefox-esr", "firefox"];
const FIREFOX_APT: &[&str] = &["firefox-esr"];

/// What building the packages needs: the wasm target, wasm-pack, wasm-bindgen and `wasm-opt`.
pub fn for_building(place: &Place) -> Outcome<()> {
    wasm_target(place)?;
    cargo_tool(place, "wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN)?;
    cargo_tool(place, "wasm-pack", "wasm-pack", WASM_PACK)?;
    npm_packages(place)
}

/// What clippy for the wasm crates needs.
pub fn wasm_target(place: &Place) -> Outcome<()> {
    let library = output(place.command("rustc", &["--print", "sysroot"])).map(|sysroot| {
        PathBuf::from(sysroot)
            .join("lib/rustlib")
            .join(WASM_TARGET)
            .join("lib")
    });
    if library.is_some_and(|folder| folder.is_dir()) {
        return Ok(());
    }
    println!("set-up: the target {WASM_TARGET}");
    let remedy = format!(
        "Install rustup, make sure that it can reach its server, then run `rustup target add {WASM_TARGET}`."
    );
    run(
        place.command("rustup", &["target", "add", WASM_TARGET]),
        "no-wasm-target",
        &remedy,
    )
}

fn cargo_tool(place: &Place, program: &str, package: &str, version: &str) -> Outcome<()> {
    let installed = place.tools().join("bin").join(program);
    let said = output(place.command(&installed, &["--version"])).unwrap_or_default();
    if said.split_whitespace().nth(1) == Some(version) {
        return Ok(());
    }
    println!("set-up: {package} {version} (once, about two minutes)");
    let tools = place.tools();
    let words = [
        "install",
        "--force",
        "--version",
        version,
        package,
        "--root",
    ];
    let mut command = place.cargo(&words);
    // The tools keep their objects out of the workspace's target folder: nothing there can be shared.
    command
        .arg(&tools)
        .env("CARGO_TARGET_DIR", tools.join("build"));
    let remedy = format!(
        "Make sure that cargo reaches crates.io (or the mirror in ~/.cargo/config.toml), then run this again; it installs {package} {version} into target/tools."
    );
    run(command, "no-cargo-tool", &remedy)?;
    let _ = std::fs::remove_dir_all(tools.join("build"));
    Ok(())
}

/// The packages of `package-lock.json`, exactly; a copy of the lock tells whether they are current.
pub fn npm_packages(place: &Place) -> Outcome<()> {
    node(place)?;
    let lock = std::fs::read(place.root.join("package-lock.json")).map_err(|error| {
        trouble(
            "no-lock",
            format!("package-lock.json: {error}"),
            "Restore it from the repository.",
        )
    })?;
    let stamp = place.root.join("node_modules/.org2org-lock");
    if std::fs::read(&stamp).is_ok_and(|seen| seen == lock) {
        return Ok(());
    }
    println!("set-up: npm packages");
    let remedy = "Install Node 20.11 or newer with npm, make sure that npm reaches its registry (`npm ping`), then run this again.";
    run(
        place.command("npm", &["ci", "--no-audit", "--no-fund"]),
        "no-npm-packages",
        remedy,
    )?;
    std::fs::write(&stamp, lock).map_err(|error| {
        trouble(
            "no-stamp",
            format!("node_modules/.org2org-lock: {error}"),
            "Make the folder writable.",
        )
    })
}

/// The fuzzer, in a Python environment beside the other tools.
pub fn schemathesis(place: &Place) -> Outcome<PathBuf> {
    let home = place.tools().join("schemathesis");
    let program = home.join("bin/schemathesis");
    let said = output(place.command(&program, &["--version"])).unwrap_or_default();
    if said.split_whitespace().last() == Some(SCHEMATHESIS) {
        return Ok(program);
    }
    println!("set-up: schemathesis {SCHEMATHESIS} (once)");
    let code = "no-schemathesis";
    let remedy = format!(
        "Install Python 3.10 or newer with its `venv` module (`apt-get install python3-venv`), and make sure that pip reaches PyPI; this installs schemathesis {SCHEMATHESIS} into target/tools."
    );
    let mut environment = place.command("python3", &["-m", "venv"]);
    environment.arg(&home);
    run(environment, code, &remedy)?;
    let package = format!("schemathesis=={SCHEMATHESIS}");
    let words = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        &package,
    ];
    run(place.command(home.join("bin/pip"), &words), code, &remedy)?;
    Ok(program)
}

/// The first with time limits for tests.
const OLDEST_NODE: [u32; 2] = [20, 11];

fn node(place: &Place) -> Outcome<()> {
    let remedy =
        "Install Node 20.11 or newer with npm: `apt-get install nodejs npm`, or from nodejs.org.";
    let said = output(place.command("node", &["--version"]));
    let said = said.ok_or_else(|| trouble("no-node", "`node` is not on PATH", remedy))?;
    let numbers = said.trim_start_matches('v').split('.');
    let numbers = numbers.map_while(|text| text.parse::<u32>().ok());
    match numbers.take(2).ge(OLDEST_NODE) {
        true => Ok(()),
        false => Err(trouble(
            "old-node",
            format!("`node --version` says {said:?}, 20.11 or newer is needed"),
            remedy,
        )),
    }
}

/// Chromium, installed by apt when this runs as root.
pub fn chromium(place: &Place) -> Outcome<PathBuf> {
    browser_program(place, "no-chromium", CHROMIUM, APT)
}

/// The WebDriver of that Chromium, for wasm tests.
pub fn chromedriver(place: &Place) -> Outcome<PathBuf> {
    browser_program(place, "no-chromedriver", DRIVER, APT)
}

/// Firefox, installed by apt when this runs as root.
pub fn firefox(place: &Place) -> Outcome<PathBuf> {
    browser_program(place, "no-firefox", FIREFOX, FIREFOX_APT)
}

fn browser_program(
    place: &Place,
    code: &'static str,
    names: &[&str],
    packages: &[&str],
) -> Outcome<PathBuf> {
    if let Some(found) = find_program(names) {
        return Ok(found);
    }
    let remedy = format!(
        "Run `sudo apt-get update && sudo apt-get install {}` (elsewhere: install the browser, and Chromium's driver; branded Chrome does not load unpacked extensions).",
        packages.join(" ")
    );
    if !is_root() || find_program(&["apt-get"]).is_none() {
        return Err(trouble(
            code,
            format!("none of {} is on PATH", names.join(", ")),
            remedy,
        ));
    }
    println!("set-up: {} by apt", packages.join(" and "));
    apt(place, &["update"], code, &remedy)?;
    apt(
        place,
        &[&["install", "--yes", "--no-install-recommends"], packages].concat(),
        code,
        &remedy,
    )?;
    find_program(names)
        .ok_or_else(|| trouble(code, format!("apt installed no {}", names[0]), remedy))
}

fn apt(place: &Place, words: &[&str], code: &'static str, remedy: &str) -> Outcome<()> {
    let mut command = place.command("apt-get", words);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    run(command, code, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_has_the_version_of_the_crate() {
        let manifest = std::fs::read_to_string(Place::here().root.join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("wasm-bindgen = \"={WASM_BINDGEN}\"")));
    }

    #[test]
    fn the_npm_lock_names_no_registry() {
        let lock = std::fs::read_to_string(Place::here().root.join("package-lock.json")).unwrap();
        assert!(
            !lock.contains("\"resolved\""),
            "set omit-lockfile-registry-resolved, then `npm install` again"
        );
    }
}

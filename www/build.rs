//! Names the build after what it is made of, so that the page can tell old copies of itself from new ones; makes its messages
//! Rust.

use org2org_messages::{Form, Messages};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Everything the page is made of, relative to this crate.
const PARTS: &[&str] = &[
    "src",
    "static",
    "messages",
    "Cargo.toml",
    "../core/src",
    "../lane/src",
    "../messages/src",
    "../Cargo.lock",
];

fn main() {
    let root = folder("CARGO_MANIFEST_DIR");
    let mut hash = FNV_OFFSET;
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        add(&root.join(part), &mut hash);
    }
    println!("cargo:rustc-env=ORG2ORG_BUILD={hash:016x}");
    write_messages(&root, &folder("OUT_DIR"));
}

/// The module of messages, and the page with them for tests in a browser.
fn write_messages(root: &Path, out: &Path) {
    let read = |name: &str| fs::read_to_string(root.join(name)).expect("a file of this crate");
    let messages = Messages::read(&read("messages/en.txt"))
        .unwrap_or_else(|wrong| panic!("www/messages/en.txt, {wrong}"));
    let messages = match env::var_os("CARGO_FEATURE_PSEUDO") {
        Some(_) => messages.pseudo(),
        None => messages,
    };
    let (page, site) = (read("static/index.html"), read("static/site.webmanifest"));
    let filled = messages
        .fill(&page, Form::Html)
        .unwrap_or_else(|wrong| panic!("www/static/index.html, {wrong}"));
    let write =
        |name: &str, text: &str| fs::write(out.join(name), text).expect("cargo's own folder");
    write("text.rs", &messages.to_rust(&[&page, &site]));
    write("index.html", &filled);
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env::var_os(name).expect("cargo sets it"))
}

/// FNV-1a: no secret is guarded here, only a change noticed.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

fn add(path: &Path, hash: &mut u64) {
    if let Ok(entries) = fs::read_dir(path) {
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| add(path, hash));
        return;
    }
    for byte in fs::read(path).unwrap_or_default() {
        *hash = (*hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    }
}

//! Names the build after what it is made of, so that the page can tell old copies of itself from new ones.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Everything the page is made of, relative to this crate.
const PARTS: &[&str] = &[
    "src",
    "static",
    "Cargo.toml",
    "../core/src",
    "../lane/src",
    "../Cargo.lock",
];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut hash = FNV_OFFSET;
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        add(&root.join(part), &mut hash);
    }
    println!("cargo:rustc-env=ORG2ORG_BUILD={hash:016x}");
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

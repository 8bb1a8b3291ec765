//! Makes a module small: wasm-opt, then an order of its functions that gzip likes.

use crate::likeness;
use crate::pack::{read, write};
use crate::place::{Place, run};
use crate::sizes::gzipped;
use crate::trouble::Outcome;
use std::path::Path;

/// wasm-opt's `--all-features` makes modules that Chromium refuses, so what rustc emits is named one by one.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Size after gzip before all. Each of these made the panel's module smaller by 0.5 to 2 KB.
const SMALL: &[&str] = &[
    // Structure anew, out of single steps and jumps: what is alike then looks alike.
    "--flatten",
    "--rereloop",
    "-Oz",
    // Once more: the first round leaves what only its last passes brought to light.
    "-Oz",
    // rustc puts the stack first and data above it. An address that wraps around would trap.
    "--low-memory-unused",
    // The next three make the raw module smaller and what gzip makes of it larger.
    "--one-caller-inline-max-function-size=0",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    // Alignment is a hint that engines do not use; without it equal code is equal bytes.
    "--dealign",
];

/// Writes the small form of the module `built` to `small`; `simd` tells whether it uses vector instructions.
pub fn shrink(place: &Place, built: &Path, small: &Path, simd: bool) -> Outcome<()> {
    optimise(place, SMALL, simd, built, small)?;
    let unordered = read(small)?;
    let ordered = |near: &usize| {
        write(small, &likeness::named(&unordered, *near)?)?;
        optimise(place, &["--reorder-functions-by-name"], simd, small, small)?;
        read(small)
    };
    let forms: Vec<Vec<u8>> = likeness::NEAR.iter().map(ordered).collect::<Outcome<_>>()?;
    let least = forms.into_iter().min_by_key(|form| gzipped(form));
    write(small, &least.unwrap_or(unordered))
}

fn optimise(place: &Place, passes: &[&str], simd: bool, from: &Path, to: &Path) -> Outcome<()> {
    let program = place.root.join("node_modules/.bin/wasm-opt");
    let mut command = place.command(program, passes);
    command.args(FEATURES);
    if simd {
        command.arg("--enable-simd");
    }
    command.arg(from).arg("-o").arg(to);
    run(
        command,
        "no-wasm-opt",
        "Run `npm ci`; if a feature is missing, name it in xtask/src/shrink.rs.",
    )
}

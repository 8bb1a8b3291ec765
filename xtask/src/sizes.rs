//! What the packages weigh, and what they may weigh.

use crate::pack;
use crate::place::Place;
use crate::trouble::{Outcome, trouble};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::Path;

const KB: usize = 1024;

/// The most a file may weigh after gzip, in bytes. The one table; the README states what it allows.
const BUDGETS: &[(&str, usize)] = &[
    ("dist/extension/org2org_panel_bg.wasm", 220 * KB),
    ("dist/extension/org2org_panel.js", 16 * KB),
    ("dist/extension/org2org_panel_all_bg.wasm", 320 * KB),
    ("dist/extension/org2org_panel_all.js", 16 * KB),
    ("dist/extension/org2org_doctor_bg.wasm", 270 * KB),
    ("dist/extension/org2org_doctor.js", 16 * KB),
    ("dist/extension/org2org_pairs_bg.wasm", 90 * KB),
    ("dist/extension/org2org_pairs.js", 16 * KB),
    ("dist/extension/org2org_tools_bg.wasm", 100 * KB),
    ("dist/extension/org2org_tools.js", 16 * KB),
    ("dist/extension/org2org_popup_bg.wasm", 60 * KB),
    ("dist/extension/org2org_popup.js", 16 * KB),
    // A browser is sent one of the two; with glue and static files that is the 250 KB of the wish, which a browser
    // story measures.
    ("dist/www/org2org_www_bg.wasm", 219 * KB),
    ("dist/www/org2org_www.js", 16 * KB),
    ("dist/www/org2org_www_plain_bg.wasm", 219 * KB),
    ("dist/www/org2org_www_plain.js", 16 * KB),
];

/// One line per budgeted file and one per package: raw and gzip in KB.
pub fn report(place: &Place) -> Outcome<Vec<String>> {
    let mut lines = Vec::new();
    for (name, budget) in BUDGETS {
        let (raw, gzip) = weigh(&place.root.join(name))?;
        let of = budget / KB;
        lines.push(format!(
            "{name}: {} KB, gzip {} KB of {of} KB",
            kb(raw),
            kb(gzip)
        ));
    }
    for face in ["extension", "www"] {
        let weights = pack::files(&place.dist(face))?
            .iter()
            .map(|file| weigh(file))
            .collect::<Outcome<Vec<_>>>()?;
        let (raw, gzip) = weights
            .iter()
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        lines.push(format!(
            "dist/{face}: {} files, {} KB, gzip {} KB",
            weights.len(),
            kb(raw),
            kb(gzip)
        ));
    }
    Ok(lines)
}

/// The files over their budget, each as a line that says by how much.
pub fn over_budget(place: &Place) -> Outcome<Vec<String>> {
    let mut over = Vec::new();
    for (name, budget) in BUDGETS {
        let (_, gzip) = weigh(&place.root.join(name))?;
        if gzip > *budget {
            over.push(format!(
                "{name}: gzip {gzip} bytes, {} over its budget of {budget}",
                gzip - budget
            ));
        }
    }
    Ok(over)
}

fn weigh(file: &Path) -> Outcome<(usize, usize)> {
    let bytes = std::fs::read(file).map_err(|error| {
        trouble(
            "no-package",
            format!("{}: {error}", file.display()),
            "Run `cargo xtask build`.",
        )
    })?;
    Ok((bytes.len(), gzipped(&bytes)))
}

/// How many bytes gzip makes of these.
pub fn gzipped(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(bytes)
        .expect("writing to memory does not fail");
    encoder
        .finish()
        .expect("writing to memory does not fail")
        .len()
}

fn kb(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / KB as f64)
}

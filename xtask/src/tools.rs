//! The page of tools in the extension: the built page of `www`, beside what the paired orgs have for it.

use crate::inline;
use crate::pack::{copy_folder, read, read_text, write};
use crate::place::Place;
use crate::trouble::{Outcome, trouble};
use std::path::Path;

/// What is taken as it is; the rest of the page is for a browser without the extension.
const FILES: &[&str] = &[
    "checklists.json",
    "icon.svg",
    "main.js",
    "org2org_www.js",
    "org2org_www_bg.wasm",
    "worker.js",
];

/// What the extension's own page has otherwise: its policy stands in the manifest, and it is there without a network.
const CHANGES: &[(&str, &str)] = &[
    ("<link rel=\"manifest\" href=\"site.webmanifest\">\n", ""),
    (
        inline::LINK,
        "<link rel=\"stylesheet\" href=\"style.css\">\n<link rel=\"stylesheet\" href=\"offers.css\">\n",
    ),
    ("src=\"main.js\"", "src=\"offers.js\""),
    (
        "<main>\n",
        "<section id=\"offers\" aria-labelledby=\"offers-title\"><h2 id=\"offers-title\">From your two orgs</h2>\
         <p id=\"offers-late\">Opening…</p></section>\n<main>\n",
    ),
];

/// Writes the page of tools to this folder.
pub fn add(place: &Place, folder: &Path) -> Outcome<()> {
    let page = place.dist("www");
    copy_folder(&place.root.join("extension/tools"), folder)?;
    copy_folder(&page.join("sample"), &folder.join("sample"))?;
    for name in FILES {
        write(&folder.join(name), &read(&page.join(name))?)?;
    }
    // The manifest's policy takes styles from files alone.
    let (html, style) = inline::parted(&read_text(&page.join("index.html"))?)?;
    write(&folder.join("style.css"), style.as_bytes())?;
    write(&folder.join("index.html"), changed(&html)?.as_bytes())
}

fn changed(html: &str) -> Outcome<String> {
    let policy = html
        .lines()
        .find(|line| line.contains("Content-Security-Policy"))
        .unwrap_or_default();
    let policy = [policy, "\n"].concat();
    let changes = [(policy.as_str(), "")];
    let mut html = html.to_owned();
    for (from, to) in changes.iter().chain(CHANGES) {
        if html.matches(from).count() != 1 {
            return Err(trouble(
                "no-tools",
                format!("www/static/index.html does not hold {from:?} once"),
                "Change xtask/src/tools.rs as the page was changed.",
            ));
        }
        html = html.replace(from, to);
    }
    Ok(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_tools_has_no_policy_of_its_own_and_no_manifest() {
        let html =
            std::fs::read_to_string(Place::here().root.join("www/static/index.html")).unwrap();
        let html = changed(&html).unwrap();
        for gone in ["Content-Security-Policy", "rel=\"manifest\""] {
            assert!(!html.contains(gone), "{gone}");
        }
        for there in ["offers.js", "offers.css", "id=\"offers\""] {
            assert!(html.contains(there), "{there}");
        }
        assert_eq!(changed("<main>\n").unwrap_err().code, "no-tools");
    }
}

//! The page's style within the page: it stood between the page and its first paint as one request more. The policy names it by
//! its digest, so that no other style is taken.

use crate::pack::{file_trouble, read_text, write};
use crate::trouble::{Outcome, Trouble, trouble};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// How the page's source names its style.
pub const LINK: &str = "<link rel=\"stylesheet\" href=\"style.css\">\n";
const POLICY: &str = "style-src 'self'";
const ENDS: [&str; 2] = ["<style>", "</style>\n"];

/// Puts the style of the page in this folder into its HTML.
pub fn inline(folder: &Path) -> Outcome<()> {
    let (page, style) = (folder.join("index.html"), folder.join("style.css"));
    let [html, css] = [read_text(&page)?, read_text(&style)?];
    write(&page, joined(&html, &css)?.as_bytes())?;
    fs::remove_file(&style).map_err(|error| file_trouble(&style, &error))
}

fn joined(html: &str, css: &str) -> Outcome<String> {
    for place in [LINK, POLICY] {
        if html.matches(place).count() != 1 {
            return Err(refused(&format!("index.html does not hold {place:?} once")));
        }
    }
    if css.contains("</") {
        return Err(refused("style.css would end its own element"));
    }
    let policy = format!(
        "style-src 'sha256-{}'",
        STANDARD.encode(Sha256::digest(css))
    );
    let style = [ENDS[0], css, ENDS[1]].concat();
    Ok(html.replace(POLICY, &policy).replace(LINK, &style))
}

/// The HTML with a link in the place of its style, and the style.
pub fn parted(html: &str) -> Outcome<(String, String)> {
    let parts = html
        .split_once(ENDS[0])
        .and_then(|(before, rest)| Some((before, rest.split_once(ENDS[1])?)));
    match parts {
        Some((before, (css, after))) => Ok(([before, LINK, after].concat(), css.to_owned())),
        None => Err(refused("index.html holds no style")),
    }
}

fn refused(what: &str) -> Trouble {
    trouble(
        "no-style",
        what,
        "Change xtask/src/inline.rs as the page was changed.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_goes_in_by_its_digest_and_comes_out_again() {
        let html = format!("<meta content=\"{POLICY}; img-src 'self'\">\n{LINK}<body>");
        let css = "p { margin: 0; }\n";
        let page = joined(&html, css).unwrap();
        // By `openssl dgst -sha256 -binary | base64`.
        let digest = "style-src 'sha256-03VAQkKeAPf/AA9BgPNLfKm3+aV9GZK+i9GpZ6MwMKQ=';";
        assert!(page.contains(digest), "{page}");
        assert!(page.contains("<style>p { margin: 0; }\n</style>\n<body>"));
        let (linked, style) = parted(&page).unwrap();
        assert_eq!((linked.contains(LINK), style.as_str()), (true, css));
        assert_eq!(joined("<body>", css).unwrap_err().code, "no-style");
        assert_eq!(joined(&html, "</style>").unwrap_err().code, "no-style");
        assert_eq!(parted("<body>").unwrap_err().code, "no-style");
    }
}

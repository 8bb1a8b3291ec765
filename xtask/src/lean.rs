//! Scripts and styles as they are sent: without the comments that stand in their sources.

use crate::pack::{files, read_text, write};
use crate::trouble::Outcome;
use std::path::Path;

/// Takes comments that have lines to themselves out of the scripts and styles in a folder. Strings are left alone, since
/// nothing else of a line is looked at.
pub fn lean(folder: &Path) -> Outcome<()> {
    for file in files(folder)? {
        if file
            .extension()
            .is_some_and(|end| end == "js" || end == "css")
        {
            let text = read_text(&file)?;
            write(&file, without_comments(&text).as_bytes())?;
        }
    }
    Ok(())
}

fn without_comments(text: &str) -> String {
    let (mut kept, mut inside) = (String::new(), false);
    for line in text.lines() {
        let words = line.trim();
        let begins = !inside && words.starts_with("/*");
        if !inside && !begins && !words.starts_with("//") && !words.is_empty() {
            kept.push_str(line);
            kept.push('\n');
        }
        inside = (inside || begins) && !words.ends_with("*/");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_with_lines_of_their_own_go() {
        let text = "// a\n  /** b\n   * c */\nlet x = 1; // d\n\nf('/* e */');\n/* g */\n";
        assert_eq!(without_comments(text), "let x = 1; // d\nf('/* e */');\n");
    }
}

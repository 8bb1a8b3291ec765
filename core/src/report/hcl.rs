//! Blocks of Terraform's language (HCL 2, native syntax), written so that no value can become code.

use crate::explain::is_hidden;
use serde_json::Value;

/// A value as HCL writes it.
#[derive(Debug, Clone)]
pub(super) enum Hcl {
    Flag(bool),
    List(Vec<Hcl>),
    /// An expression of ours: a reference, never a text that an org gave.
    Name(String),
    Text(String),
}

impl Hcl {
    /// A member of an object, as text; `None` where it is missing or no text.
    pub(super) fn text_at(object: &Value, pointer: &str) -> Option<Hcl> {
        let text = object.pointer(pointer)?.as_str()?;
        Some(Hcl::Text(text.to_owned()))
    }

    /// A list of texts of an object; `None` where it is missing or empty.
    pub(super) fn texts_at(object: &Value, pointer: &str) -> Option<Hcl> {
        let items = object.pointer(pointer)?.as_array()?.iter();
        let texts: Vec<Hcl> = items
            .filter_map(|item| item.as_str().map(|text| Hcl::Text(text.to_owned())))
            .collect();
        (!texts.is_empty()).then_some(Hcl::List(texts))
    }

    /// A yes or no of an object.
    pub(super) fn flag_at(object: &Value, pointer: &str) -> Option<Hcl> {
        object.pointer(pointer)?.as_bool().map(Hcl::Flag)
    }

    fn written(&self) -> String {
        match self {
            Hcl::Flag(flag) => flag.to_string(),
            Hcl::List(items) => {
                let items: Vec<String> = items.iter().map(Hcl::written).collect();
                format!("[{}]", items.join(", "))
            }
            Hcl::Name(name) => name.clone(),
            Hcl::Text(text) => quoted(text),
        }
    }
}

/// A block: `head { attributes, then blocks }`.
#[derive(Debug, Clone)]
pub(super) struct Block {
    head: String,
    attributes: Vec<(String, Hcl)>,
    blocks: Vec<Block>,
}

impl Block {
    /// A block named by a keyword and labels, all of them ours.
    pub(super) fn new(keyword: &str, labels: &[&str]) -> Block {
        let labels = labels.iter().map(|label| quoted(label));
        let words: Vec<String> = [keyword.to_owned()].into_iter().chain(labels).collect();
        Block {
            head: words.join(" "),
            attributes: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// With an attribute.
    pub(super) fn set(mut self, name: &str, value: Hcl) -> Block {
        self.attributes.push((name.to_owned(), value));
        self
    }

    /// With an attribute, where there is a value.
    pub(super) fn maybe(self, name: &str, value: Option<Hcl>) -> Block {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// With a block inside.
    pub(super) fn with(mut self, block: Block) -> Block {
        self.blocks.push(block);
        self
    }

    /// With what another block holds.
    pub(super) fn taking(mut self, other: Block) -> Block {
        self.attributes.extend(other.attributes);
        self.blocks.extend(other.blocks);
        self
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.blocks.is_empty()
    }

    /// As `terraform fmt` would leave it.
    pub(super) fn written(&self) -> String {
        let mut out = String::new();
        self.write(0, &mut out);
        out
    }

    fn write(&self, depth: usize, out: &mut String) {
        let margin = "  ".repeat(depth);
        out.push_str(&format!("{margin}{} {{\n", self.head));
        let longest = self.attributes.iter().map(|(name, _)| name.len()).max();
        for (name, value) in &self.attributes {
            let width = longest.unwrap_or_default();
            out.push_str(&format!("{margin}  {name:width$} = {}\n", value.written()));
        }
        for (index, block) in self.blocks.iter().enumerate() {
            if index > 0 || !self.attributes.is_empty() {
                out.push('\n');
            }
            block.write(depth + 1, out);
        }
        out.push_str(&format!("{margin}}}\n"));
    }
}

/// A comment: a line each, whatever the text holds.
pub(super) fn comment(text: &str) -> String {
    let line = |c: char| if is_hidden(c) { ' ' } else { c };
    format!("# {}\n", text.chars().map(line).collect::<String>())
}

// HCL native syntax, "Template Expressions": `${` and `%{` begin code unless the sign is doubled. After a sign of the same
// kind the doubling could be read in two ways; an escaped character cannot.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut rest = text.chars().peekable();
    let mut last = None;
    while let Some(c) = rest.next() {
        let before = last.replace(c);
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') && before != Some(c) => out.extend([c, c]),
            // What shows nothing, or turns its surroundings, a reader of the file must see.
            c if is_hidden(c) || ("$%".contains(c) && rest.peek() == Some(&'{')) => {
                let number = u32::from(c);
                out.push_str(&match number > 0xffff {
                    true => format!("\\U{number:08x}"),
                    false => format!("\\u{number:04x}"),
                });
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_code() {
        let text = Hcl::Text("a\"\\\n${file(\"/etc/passwd\")} %{ if true } $$${x} \u{7}".into());
        assert_eq!(
            text.written(),
            "\"a\\\"\\\\\\n$${file(\\\"/etc/passwd\\\")} %%{ if true } $$\\u0024{x} \\u0007\""
        );
        assert_eq!(comment("a\nresource"), "# a resource\n");
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        let text = Hcl::Text("a\u{202e}b\u{200b} \u{e0001}".into());
        assert_eq!(text.written(), "\"a\\u202eb\\u200b \\U000e0001\"");
        assert_eq!(comment("a\u{202e}b"), "# a b\n");
    }

    #[test]
    fn attributes_stand_in_line_and_blocks_apart() {
        let inner = Block::new("signing", &[]).set("mode", Hcl::Flag(true));
        let block = Block::new("resource", &["a", "b"])
            .set("id", Hcl::Name("x.y.id".into()))
            .set("label", Hcl::List(vec![Hcl::Text("z".into())]))
            .with(inner);
        assert_eq!(
            block.written(),
            "resource \"a\" \"b\" {\n  id    = x.y.id\n  label = [\"z\"]\n\n  signing {\n    mode = true\n  }\n}\n"
        );
    }
}

//! A reader for the XML that orgs answer with: SAML metadata.
//!
//! Strict and small on purpose. It knows elements, attributes, text, comments, character data
//! and the entities that XML itself names, and refuses all else that a document may hold:
//! document types above all, since entities declared there can swell it or fetch others.

use crate::search::{around, holds, replaced};

/// Deeper nesting than this is refused; metadata needs less than ten.
const DEEPEST: usize = 64;

/// More attributes in one tag than this are refused.
const MOST_ATTRIBUTES: usize = 64;

/// One element, without the elements in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name without a prefix.
    pub name: String,
    /// Names as written, prefix included, with their values.
    pub attributes: Vec<(String, String)>,
    /// Its own text, as if its comments were not there.
    pub text: String,
}

impl Element {
    /// The value of an attribute without a prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        let found = all.find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Why a text is no XML that is read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} holds {what}")]
pub struct XmlError {
    /// The line, as an editor counts.
    pub line: usize,
    /// What stands there.
    pub what: &'static str,
}

/// Every element of a document in the order of their start tags; the first is the root.
pub fn elements(text: &str) -> Result<Vec<Element>, XmlError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        whole: text,
        rest: text,
        elements: Vec::new(),
        open: Vec::new(),
        prefixes: Vec::new(),
    };
    match reader.document() {
        Ok(()) => Ok(reader.elements),
        Err(what) => {
            let read = reader.whole.len() - reader.rest.len();
            let before = reader.whole.get(..read).unwrap_or_default();
            let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
            Err(XmlError { line, what })
        }
    }
}

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
    elements: Vec<Element>,
    open: Vec<Open<'a>>,
    /// Prefixes of names declared by the elements that are open.
    prefixes: Vec<&'a str>,
}

/// An element whose end tag is still to come.
struct Open<'a> {
    /// Its place among the elements.
    at: usize,
    /// Its name as written, prefix included.
    name: &'a str,
    /// How many prefixes were declared outside it.
    prefixes: usize,
}

/// What was read, or what stands there instead.
type Read<T> = Result<T, &'static str>;

impl<'a> Reader<'a> {
    fn document(&mut self) -> Read<()> {
        if self.rest.starts_with("<?xml") && self.rest.get(5..).is_some_and(starts_with_space) {
            self.declaration()?;
        }
        while !self.rest.is_empty() {
            self.piece()?;
        }
        match (self.open.is_empty(), self.elements.is_empty()) {
            (true, false) => Ok(()),
            (true, true) => Err("no element"),
            (false, _) => Err("the end, but not every end tag"),
        }
    }

    // Bytes were turned into text by the browser already, so the encoding named here says nothing.
    fn declaration(&mut self) -> Read<()> {
        self.eat("<?xml");
        let attributes = self.attributes()?;
        let version = attributes.first();
        let known = version.is_some_and(|(name, value)| *name == "version" && value == "1.0");
        match known && self.eat("?>") {
            true => Ok(()),
            false => Err("another declaration than of XML 1.0"),
        }
    }

    fn piece(&mut self) -> Read<()> {
        if self.eat("<!--") {
            let comment = self.until("-->")?;
            return match holds(comment, "--") || comment.ends_with('-') {
                true => Err("a comment that is not closed"),
                false => plain(comment).map(drop),
            };
        }
        if self.eat("<![CDATA[") {
            let data = self.until("]]>")?;
            return self.add(plain(data)?);
        }
        if self.rest.starts_with("<!") {
            return Err("a document type, which is not read for safety");
        }
        if self.rest.starts_with("<?") {
            return Err("a processing instruction, which is not read");
        }
        if self.eat("</") {
            return self.end_tag();
        }
        if self.eat("<") {
            return self.start_tag();
        }
        self.text()
    }

    fn text(&mut self) -> Read<()> {
        let raw = self.take(|c| c != '<');
        if holds(raw, "]]>") {
            return Err("`]]>` outside of character data");
        }
        if self.open.is_empty() {
            return match raw.chars().all(is_space) {
                true => Ok(()),
                false => Err("text outside of the root element"),
            };
        }
        self.add(decoded(raw)?)
    }

    fn add(&mut self, text: String) -> Read<()> {
        let innermost = self.open.last().map(|open| open.at);
        let element = innermost.and_then(|at| self.elements.get_mut(at));
        element
            .map(|element| element.text.push_str(&text))
            .ok_or("text outside of the root element")
    }

    fn start_tag(&mut self) -> Read<()> {
        if self.open.is_empty() && !self.elements.is_empty() {
            return Err("a second root element");
        }
        if self.open.len() >= DEEPEST {
            return Err("elements nested too deep");
        }
        let (name, outside) = (self.name()?, self.prefixes.len());
        let attributes = self.attributes()?;
        let declared = attributes.iter();
        self.prefixes
            .extend(declared.filter_map(|(name, _)| name.strip_prefix("xmlns:")));
        let name_known = self.known(name)?;
        for (name, _) in &attributes {
            self.known(name)?;
        }
        let attributes = attributes.into_iter();
        self.elements.push(Element {
            name: name_known.to_owned(),
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            text: String::new(),
        });
        if self.eat("/>") {
            self.prefixes.truncate(outside);
            return Ok(());
        }
        if !self.eat(">") {
            return Err("a tag that is not closed");
        }
        self.open.push(Open {
            at: self.elements.len() - 1,
            name,
            prefixes: outside,
        });
        Ok(())
    }

    fn end_tag(&mut self) -> Read<()> {
        let name = self.name()?;
        self.take(is_space);
        if !self.eat(">") {
            return Err("a tag that is not closed");
        }
        match self.open.pop() {
            Some(open) if open.name == name => {
                self.prefixes.truncate(open.prefixes);
                Ok(())
            }
            _ => Err("an end tag that fits no start tag"),
        }
    }

    fn attributes(&mut self) -> Read<Vec<(&'a str, String)>> {
        let mut all: Vec<(&str, String)> = Vec::new();
        loop {
            let spaced = !self.take(is_space).is_empty();
            if self.rest.starts_with(['>', '/', '?']) {
                return Ok(all);
            }
            if !spaced || all.len() >= MOST_ATTRIBUTES {
                return Err("a tag with something else than attributes, or too many of them");
            }
            let name = self.name()?;
            if all.iter().any(|(known, _)| *known == name) {
                return Err("the same attribute twice");
            }
            all.push((name, self.value()?));
        }
    }

    fn value(&mut self) -> Read<String> {
        self.take(is_space);
        let equals = self.eat("=");
        self.take(is_space);
        let quote = if self.eat("\"") { '"' } else { '\'' };
        if !equals || (quote == '\'' && !self.eat("'")) {
            return Err("an attribute without a quoted value");
        }
        let raw = self.take(|c| c != quote && c != '<');
        if !(self.eat("\"") || self.eat("'")) {
            return Err("an attribute whose value is not closed");
        }
        // XML reads line ends and tabs in a value as spaces, unless they are written as numbers.
        decoded(&replaced(raw, "\r\n", " ").replace(is_space, " "))
    }

    /// A name as written; letters outside ASCII are of no use in what orgs answer.
    fn name(&mut self) -> Read<&'a str> {
        let name = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
        let parts = name.split(':');
        let good = parts.clone().count() <= 2
            && parts
                .clone()
                .all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
        match good {
            true => Ok(name),
            false => Err("a name that is not read here"),
        }
    }

    /// The name without its prefix, which an open element must have declared.
    fn known(&self, name: &'a str) -> Read<&'a str> {
        match name.split_once(':') {
            None => Ok(name),
            Some((prefix, local)) => {
                let own = prefix == "xml" || prefix == "xmlns";
                match own || self.prefixes.contains(&prefix) {
                    true => Ok(local),
                    false => Err("a prefix that is not declared"),
                }
            }
        }
    }

    fn eat(&mut self, mark: &str) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn until(&mut self, mark: &str) -> Read<&'a str> {
        let (inside, rest) = around(self.rest, mark).ok_or("something not closed")?;
        self.rest = rest;
        Ok(inside)
    }
}

/// A text with its entities and line ends as XML reads them.
fn decoded(raw: &str) -> Read<String> {
    let mut pieces = raw.split('&');
    let mut text = plain(pieces.next().unwrap_or_default())?;
    for piece in pieces {
        let (name, rest) = piece.split_once(';').ok_or("`&` without an entity")?;
        text.push(entity(name)?);
        text.push_str(&plain(rest)?);
    }
    Ok(text)
}

fn plain(raw: &str) -> Read<String> {
    match raw.chars().all(is_allowed) {
        true => Ok(replaced(raw, "\r\n", "\n").replace('\r', "\n")),
        false => Err("a character that XML does not allow"),
    }
}

fn entity(name: &str) -> Read<char> {
    let number = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
        (Some(digits), _) => digit_value(digits, 16),
        (None, Some(digits)) => digit_value(digits, 10),
        (None, None) => {
            return match name {
                "amp" => Ok('&'),
                "apos" => Ok('\''),
                "gt" => Ok('>'),
                "lt" => Ok('<'),
                "quot" => Ok('"'),
                _ => Err("an entity that XML does not name itself"),
            };
        }
    };
    let character = number.and_then(char::from_u32);
    character
        .filter(|c| is_allowed(*c))
        .ok_or("a number of a character that XML does not allow")
}

// `from_str_radix` alone would take a sign.
fn digit_value(digits: &str, radix: u32) -> Option<u32> {
    let all = digits.chars().all(|digit| digit.is_digit(radix));
    all.then(|| u32::from_str_radix(digits, radix).ok())?
}

fn is_allowed(c: char) -> bool {
    is_space(c) || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn starts_with_space(text: &str) -> bool {
    text.starts_with(is_space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const METADATA: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor entityID="http://www.okta.com/exk1" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">
  <md:IDPSSODescriptor><ds:X509Certificate xmlns:ds="http://www.w3.org/2000/09/xmldsig#">MIID
AB==</ds:X509Certificate>
    <md:SingleSignOnService Binding='urn:HTTP-POST' Location="https://acme.okta.com/app?a=1&amp;b=2"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
"#;

    #[test]
    fn reads_metadata() {
        let all = elements(METADATA).unwrap();
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "EntityDescriptor",
                "IDPSSODescriptor",
                "X509Certificate",
                "SingleSignOnService"
            ]
        );
        assert_eq!(
            all[0].attribute("entityID"),
            Some("http://www.okta.com/exk1")
        );
        assert_eq!(all[2].text, "MIID\nAB==");
        let location = all[3].attribute("Location");
        assert_eq!(location, Some("https://acme.okta.com/app?a=1&b=2"));
    }

    #[test]
    fn a_comment_does_not_cut_a_text_short() {
        let all = elements("<a>one<!-- x -->two<![CDATA[<&]]></a>").unwrap();
        assert_eq!(all[0].text, "onetwo<&");
    }

    #[test]
    fn refuses_what_is_not_read_and_says_where() {
        let deep = "<a>".repeat(65);
        let many: String = (0..65).map(|n| format!(" a{n}=''")).collect();
        let many = format!("<a{many}/>");
        let cases = [
            ("", "line 1 holds no element"),
            ("text", "line 1 holds text outside of the root element"),
            ("<a/>\n<b/>", "line 2 holds a second root element"),
            ("<a/>\nb", "line 2 holds text outside of the root element"),
            (
                "<a>\n<b></a>",
                "line 2 holds an end tag that fits no start tag",
            ),
            ("<a>\n", "line 2 holds the end, but not every end tag"),
            ("</a>", "line 1 holds an end tag that fits no start tag"),
            (
                "<a",
                "line 1 holds a tag with something else than attributes, or too many of them",
            ),
            (
                "<a b='1'c='2'/>",
                "line 1 holds a tag with something else than attributes, or too many of them",
            ),
            ("<a b='1' b='2'/>", "line 1 holds the same attribute twice"),
            (
                "<a b=1/>",
                "line 1 holds an attribute without a quoted value",
            ),
            (
                "<a b='<'/>",
                "line 1 holds an attribute whose value is not closed",
            ),
            (
                "<a b=\"'/>",
                "line 1 holds an attribute whose value is not closed",
            ),
            ("<a/ >", "line 1 holds a tag that is not closed"),
            ("<1/>", "line 1 holds a name that is not read here"),
            ("<a:b:c/>", "line 1 holds a name that is not read here"),
            ("<md:a/>", "line 1 holds a prefix that is not declared"),
            (
                "<a><b xmlns:x='u'/><x:c/></a>",
                "line 1 holds a prefix that is not declared",
            ),
            ("<a x:b=''/>", "line 1 holds a prefix that is not declared"),
            (
                "<a>&lol;</a>",
                "line 1 holds an entity that XML does not name itself",
            ),
            ("<a>&amp</a>", "line 1 holds `&` without an entity"),
            (
                "<a>&#0;</a>",
                "line 1 holds a number of a character that XML does not allow",
            ),
            (
                "<a>&#x+41;</a>",
                "line 1 holds a number of a character that XML does not allow",
            ),
            (
                "<a>&#xD800;</a>",
                "line 1 holds a number of a character that XML does not allow",
            ),
            (
                "<a>\u{1}</a>",
                "line 1 holds a character that XML does not allow",
            ),
            ("<a>]]></a>", "line 1 holds `]]>` outside of character data"),
            (
                "<a><!-- -- --></a>",
                "line 1 holds a comment that is not closed",
            ),
            ("<a><!-- ", "line 1 holds something not closed"),
            (
                "<?xml version='1.1'?><a/>",
                "line 1 holds another declaration than of XML 1.0",
            ),
            (
                "<?php x?><a/>",
                "line 1 holds a processing instruction, which is not read",
            ),
            (
                "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
                "line 1 holds a document type, which is not read for safety",
            ),
            (
                "<a><!ENTITY b 'c'></a>",
                "line 1 holds a document type, which is not read for safety",
            ),
            (&deep, "line 1 holds elements nested too deep"),
            (
                &many,
                "line 1 holds a tag with something else than attributes, or too many of them",
            ),
        ];
        for (text, said) in cases {
            let error = elements(text).expect_err(text).to_string();
            assert_eq!(error, said, "{text}");
        }
    }

    /// What a kept reader makes of a text, in our words.
    fn by_roxmltree(text: &str) -> Option<Vec<Element>> {
        let document = roxmltree::Document::parse(text).ok()?;
        let elements = document.descendants().filter(roxmltree::Node::is_element);
        let own = |node: roxmltree::Node<'_, '_>| {
            let texts = node.children().filter(roxmltree::Node::is_text);
            texts.filter_map(|text| text.text()).collect::<String>()
        };
        let read = elements.map(|node| Element {
            name: node.tag_name().name().to_owned(),
            attributes: node
                .attributes()
                .map(|one| (one.name().to_owned(), one.value().to_owned()))
                .collect(),
            text: own(node),
        });
        Some(read.collect())
    }

    // Without a lone carriage return: behind an entity the kept reader does not make it a line end.
    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "<a>",
            "</a>",
            "<a",
            "<b/>",
            "<m:b>",
            "</m:b>",
            "/>",
            ">",
            " ",
            "\n",
            "\r\n",
            "\t",
            " c='d'",
            " c=\"e\"",
            " xmlns:m='u'",
            " m:c=''",
            "<",
            "&lt;",
            "&#10;",
            "&#xd;",
            "&#x41;",
            "&b;",
            "&",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "--",
            "<?xml version='1.0'?>",
            "<?p?>",
            "<!DOCTYPE a>",
            "text",
            "é",
            "\u{1}",
            "'",
            "\"",
            "=",
        ])
    }

    proptest! {
        /// Whatever is read here, a kept reader reads too, and to the same elements.
        #[test]
        fn reads_nothing_that_a_kept_reader_reads_otherwise(pieces in prop::collection::vec(piece(), 0..12), inside in any::<bool>()) {
            let mut text = pieces.concat();
            if inside {
                text = format!("<a xmlns:m='u'>{text}</a>");
            }
            if let Ok(mut read) = elements(&text) {
                for element in &mut read {
                    element.attributes.retain(|(name, _)| name != "xmlns" && !name.starts_with("xmlns:"));
                    for (name, _) in &mut element.attributes {
                        if let Some((_, local)) = name.clone().split_once(':') {
                            *name = local.to_owned();
                        }
                    }
                }
                prop_assert_eq!(Some(read), by_roxmltree(&text), "{}", text);
            }
        }
    }
}

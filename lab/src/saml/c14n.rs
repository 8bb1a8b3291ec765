//! Exclusive XML Canonicalization 1.0 without comments (W3C xml-exc-c14n), over a parsed document.

use std::collections::BTreeMap;

use roxmltree::{Node, NodeType};

/// The canonical form of an element, leaving out one descendant (the enveloped signature).
pub(crate) fn canonical(element: Node<'_, '_>, without: Option<Node<'_, '_>>) -> String {
    let mut made = String::new();
    write(&mut made, element, without, &BTreeMap::new());
    made
}

fn write(
    made: &mut String,
    node: Node<'_, '_>,
    without: Option<Node<'_, '_>>,
    in_force: &BTreeMap<String, String>,
) {
    match node.node_type() {
        NodeType::Element if Some(node) != without => element(made, node, without, in_force),
        NodeType::Text => text(made, node.text().unwrap_or_default()),
        NodeType::PI => {
            let pi = node.pi().expect("a PI node has one");
            let value = pi
                .value
                .map(|value| format!(" {value}"))
                .unwrap_or_default();
            made.push_str(&format!("<?{}{value}?>", pi.target));
        }
        _ => {}
    }
}

fn element(
    made: &mut String,
    node: Node<'_, '_>,
    without: Option<Node<'_, '_>>,
    in_force: &BTreeMap<String, String>,
) {
    let name = tag(node);
    let mut used = BTreeMap::new();
    let own = node.tag_name().namespace().unwrap_or_default();
    used.insert(prefix(name).to_owned(), own.to_owned());
    let mut attributes: Vec<(&str, &str, &str, &str)> = Vec::new();
    for attribute in node.attributes() {
        let qname = &node.document().input_text()[attribute.range_qname()];
        let space = attribute.namespace().unwrap_or_default();
        if !prefix(qname).is_empty() {
            used.insert(prefix(qname).to_owned(), space.to_owned());
        }
        attributes.push((space, attribute.name(), qname, attribute.value()));
    }
    attributes.sort_unstable();
    made.push('<');
    made.push_str(name);
    let mut inner = in_force.clone();
    for (prefix, space) in used {
        // `xml` is bound everywhere, and an unset default namespace needs no undoing.
        let known = in_force
            .get(&prefix)
            .map(String::as_str)
            .unwrap_or_default()
            == space;
        if prefix == "xml" || known {
            continue;
        }
        let declared = if prefix.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{prefix}")
        };
        attribute(made, &declared, &space);
        inner.insert(prefix, space);
    }
    for (.., qname, value) in attributes {
        attribute(made, qname, value);
    }
    made.push('>');
    for child in node.children() {
        write(made, child, without, &inner);
    }
    made.push_str("</");
    made.push_str(name);
    made.push('>');
}

// roxmltree keeps namespaces, not the prefixes that were written; those stand in the text.
fn tag<'a>(node: Node<'a, '_>) -> &'a str {
    let text = &node.document().input_text()[node.range()][1..];
    let end =
        text.find(|letter: char| letter.is_ascii_whitespace() || letter == '>' || letter == '/');
    &text[..end.unwrap_or(text.len())]
}

fn prefix(qname: &str) -> &str {
    qname.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn attribute(made: &mut String, name: &str, value: &str) {
    made.push_str(&format!(" {name}=\""));
    for letter in value.chars() {
        match letter {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '"' => made.push_str("&quot;"),
            '\t' => made.push_str("&#x9;"),
            '\n' => made.push_str("&#xA;"),
            '\r' => made.push_str("&#xD;"),
            other => made.push(other),
        }
    }
    made.push('"');
}

fn text(made: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '\r' => made.push_str("&#xD;"),
            other => made.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use roxmltree::Document;

    fn of(text: &str, local: &str) -> String {
        let read = Document::parse(text).expect("well-formed");
        let found = read
            .descendants()
            .find(|node| node.has_tag_name(local) || node.tag_name().name() == local);
        canonical(found.expect("the element exists"), None)
    }

    // The example of section 2.2 of the recommendation: the same element in two contexts.
    #[test]
    fn context_does_not_leak_into_the_form() {
        let one = "<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\"><n1:elem2 xmlns:n1=\"http://example.net\" \
                   xml:lang=\"en\"><n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n0:local>";
        let two = "<n2:pdu xmlns:n1=\"http://example.com\" xmlns:n2=\"http://foo.example\" xml:lang=\"fr\" \
                   xml:space=\"retain\"><n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\">\
                   <n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n2:pdu>";
        let wanted = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\"><n3:stuff xmlns:n3=\"ftp://example.org\">\
                      </n3:stuff></n1:elem2>";
        assert_eq!(of(one, "elem2"), wanted);
        assert_eq!(of(two, "elem2"), wanted);
    }

    #[test]
    fn attributes_and_text_take_their_canonical_form() {
        let text = "<a  z='1'\n b:y=\"2\" xmlns:b='u' a=\"&lt;&#9;'\"><!-- no --><![CDATA[<x>]]>&#13;<b/></a>";
        let wanted =
            "<a xmlns:b=\"u\" a=\"&lt;&#x9;'\" z=\"1\" b:y=\"2\">&lt;x&gt;&#xD;<b></b></a>";
        assert_eq!(of(text, "a"), wanted);
    }

    #[test]
    fn a_default_namespace_is_declared_and_undone() {
        let text = "<a xmlns=\"u\"><b xmlns=\"\"/></a>";
        assert_eq!(of(text, "a"), text.replace("/></a>", "></b></a>"));
    }
}

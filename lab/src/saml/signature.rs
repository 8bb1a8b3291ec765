//! Whether a response is signed by whom we trust, as a whole or in its assertion.

use base64::{Engine, engine::general_purpose::STANDARD};
use roxmltree::{Document, Node};

use super::c14n::canonical;
use super::check::{Expected, all_text, child};
use super::names;
use crate::keys::sha256;

/// The parts that must be signed are, each with a signature that holds, and nothing else is.
pub(super) fn signed<'a>(
    read: &'a Document<'_>,
    response: Node<'a, '_>,
    assertion: Node<'a, '_>,
    expected: &Expected<'_>,
) -> Result<(), String> {
    let signature = |node: Node<'a, '_>| {
        child(node, names::SIGNATURE, "Signature").map(|found| (node.range(), found))
    };
    let of_response = signature(response).is_some();
    let of_assertion = signature(assertion).is_some();
    let enough = match expected.scope {
        "RESPONSE" => of_response,
        "TOKEN" => of_assertion,
        _ => of_response || of_assertion,
    };
    let all = read
        .descendants()
        .filter(|node| node.has_tag_name((names::SIGNATURE, "Signature")))
        .count();
    if !enough || all != usize::from(of_response) + usize::from(of_assertion) {
        return Err("The SAML response is not signed as required.".to_owned());
    }
    for (present, node) in [(of_response, response), (of_assertion, assertion)] {
        if present && !holds(read, node, expected) {
            return Err("The signature of the SAML response is not valid.".to_owned());
        }
    }
    Ok(())
}

fn holds(read: &Document<'_>, element: Node<'_, '_>, expected: &Expected<'_>) -> bool {
    let Some(signature) = child(element, names::SIGNATURE, "Signature") else {
        return false;
    };
    let Some(info) = child(signature, names::SIGNATURE, "SignedInfo") else {
        return false;
    };
    let value = child(signature, names::SIGNATURE, "SignatureValue").map(decoded);
    let Some(Some(value)) = value else {
        return false;
    };
    references(read, element, info, signature)
        && algorithm(info, "CanonicalizationMethod") == Some(names::C14N)
        && algorithm(info, "SignatureMethod") == Some(names::RSA_SHA256)
        && expected
            .certificates
            .iter()
            .any(|trusted| trusted.verifies(canonical(info, None).as_bytes(), &value))
}

// Exactly one reference, to the element that holds the signature, by an ID that nothing else has.
fn references(
    read: &Document<'_>,
    element: Node<'_, '_>,
    info: Node<'_, '_>,
    signature: Node<'_, '_>,
) -> bool {
    let mut all = info
        .children()
        .filter(|node| node.has_tag_name((names::SIGNATURE, "Reference")));
    let (Some(reference), None) = (all.next(), all.next()) else {
        return false;
    };
    let Some(id) = element.attribute("ID").filter(|id| !id.is_empty()) else {
        return false;
    };
    let alone = read
        .descendants()
        .filter(|node| node.attribute("ID") == Some(id))
        .count()
        == 1;
    let digest = child(reference, names::SIGNATURE, "DigestValue").and_then(decoded);
    let transforms: Vec<_> = child(reference, names::SIGNATURE, "Transforms")
        .map(|list| list.children().filter(Node::is_element).collect())
        .unwrap_or_default();
    let plain = transforms
        .iter()
        .all(|one: &Node<'_, '_>| !one.children().any(|child| child.is_element()));
    let named: Vec<_> = transforms
        .iter()
        .filter_map(|one| one.attribute("Algorithm"))
        .collect();
    alone
        && plain
        && reference
            .attribute("URI")
            .and_then(|uri| uri.strip_prefix('#'))
            == Some(id)
        && named == [names::ENVELOPED, names::C14N]
        && algorithm(reference, "DigestMethod") == Some(names::SHA256)
        && digest == Some(sha256(canonical(element, Some(signature)).as_bytes()))
}

fn algorithm<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(node, names::SIGNATURE, name)?.attribute("Algorithm")
}

fn decoded(node: Node<'_, '_>) -> Option<Vec<u8>> {
    let text: String = all_text(node).split_ascii_whitespace().collect();
    STANDARD.decode(text).ok()
}

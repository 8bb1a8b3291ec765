//! The target's part: is this response signed by whom we trust, meant for us, and of now?

use roxmltree::{Document, Node};

use super::names;
use super::signature::signed;
use crate::clock::parse_stamp;
use crate::keys::Certificate;

/// What the target expects of a response.
pub(crate) struct Expected<'a> {
    pub certificates: Vec<Certificate>,
    pub issuer: &'a str,
    pub audience: &'a str,
    pub acs: String,
    /// `ANY`, `RESPONSE` or `TOKEN`: which part must be signed.
    pub scope: &'a str,
    pub skew_ms: u64,
    pub now: u64,
}

/// What a good response says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub assertion_id: String,
    pub name_id: String,
    pub attributes: Vec<(String, String)>,
    /// Until when the same assertion must be refused.
    pub ends: u64,
}

/// Checks a response. The error says what failed, in words for the page and the log.
pub(crate) fn check(text: &str, expected: &Expected<'_>) -> Result<Subject, String> {
    let read = Document::parse(text)
        .map_err(|_| "The SAML response is not well-formed XML.".to_owned())?;
    let response = read.root_element();
    if !response.has_tag_name((names::PROTOCOL, "Response")) {
        return Err("The message is no SAML response.".to_owned());
    }
    let assertion = the_assertion(&read, response)?;
    signed(&read, response, assertion, expected)?;
    if child(response, names::PROTOCOL, "Status")
        .and_then(|status| child(status, names::PROTOCOL, "StatusCode"))
        .and_then(|code| code.attribute("Value"))
        != Some(names::SUCCESS)
    {
        return Err("The identity provider reports no success.".to_owned());
    }
    same(
        response.attribute("Destination"),
        &expected.acs,
        "Destination",
    )?;
    for place in [response, assertion] {
        let issuer = child(place, names::ASSERTION, "Issuer").map(all_text);
        same(issuer.as_deref(), expected.issuer, "Issuer")?;
    }
    let (name_id, ends) = subject(assertion, expected)?;
    conditions(assertion, expected)?;
    let assertion_id = assertion.attribute("ID").unwrap_or_default().to_owned();
    Ok(Subject {
        assertion_id,
        name_id,
        attributes: attributes(assertion),
        ends,
    })
}

// A second assertion anywhere is how a wrapping attack looks; none is accepted besides the one that is read.
fn the_assertion<'a, 'b>(
    read: &'a Document<'b>,
    response: Node<'a, 'b>,
) -> Result<Node<'a, 'b>, String> {
    let all = read
        .descendants()
        .filter(|node| node.tag_name().name() == "Assertion")
        .count();
    let encrypted = read
        .descendants()
        .any(|node| node.tag_name().name() == "EncryptedAssertion");
    let own = child(response, names::ASSERTION, "Assertion");
    match own {
        Some(assertion) if all == 1 && !encrypted => Ok(assertion),
        _ => Err("The SAML response must hold exactly one assertion.".to_owned()),
    }
}

fn subject(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Result<(String, u64), String> {
    let subject =
        child(assertion, names::ASSERTION, "Subject").ok_or("The assertion has no subject.")?;
    let name = child(subject, names::ASSERTION, "NameID")
        .map(all_text)
        .unwrap_or_default();
    if name.is_empty() {
        return Err("The assertion names nobody.".to_owned());
    }
    let confirmation = child(subject, names::ASSERTION, "SubjectConfirmation")
        .filter(|node| node.attribute("Method") == Some(names::BEARER))
        .and_then(|node| child(node, names::ASSERTION, "SubjectConfirmationData"))
        .ok_or("The assertion has no bearer confirmation.")?;
    same(
        confirmation.attribute("Recipient"),
        &expected.acs,
        "Recipient",
    )?;
    let ends = confirmation
        .attribute("NotOnOrAfter")
        .and_then(parse_stamp)
        .ok_or("The assertion has no end.")?;
    if expected.now >= ends + expected.skew_ms {
        return Err("The assertion has expired.".to_owned());
    }
    Ok((name, ends + expected.skew_ms))
}

fn conditions(assertion: Node<'_, '_>, expected: &Expected<'_>) -> Result<(), String> {
    let conditions = child(assertion, names::ASSERTION, "Conditions")
        .ok_or("The assertion has no conditions.")?;
    let time = |name: &str| {
        conditions
            .attribute(name)
            .map(|text| parse_stamp(text).ok_or("A time cannot be read."))
    };
    if let Some(start) = time("NotBefore")
        && expected.now + expected.skew_ms < start?
    {
        return Err("The assertion is not valid yet.".to_owned());
    }
    if let Some(end) = time("NotOnOrAfter")
        && expected.now >= end? + expected.skew_ms
    {
        return Err("The assertion has expired.".to_owned());
    }
    let audience = child(conditions, names::ASSERTION, "AudienceRestriction")
        .and_then(|node| child(node, names::ASSERTION, "Audience"))
        .map(all_text);
    same(audience.as_deref(), expected.audience, "Audience")
}

fn attributes(assertion: Node<'_, '_>) -> Vec<(String, String)> {
    let statements = assertion
        .children()
        .filter(|node| node.has_tag_name((names::ASSERTION, "AttributeStatement")));
    let all = statements
        .flat_map(|node| node.children())
        .filter(|node| node.is_element());
    all.filter_map(|node| {
        let value = child(node, names::ASSERTION, "AttributeValue").map(all_text)?;
        Some((node.attribute("Name")?.to_owned(), value))
    })
    .collect()
}

// A comment is not signed: it must not cut a name, an audience or an issuer short.
pub(super) fn all_text(node: Node<'_, '_>) -> String {
    node.children()
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect()
}

fn same(seen: Option<&str>, wanted: &str, what: &str) -> Result<(), String> {
    match seen {
        Some(seen) if seen == wanted => Ok(()),
        Some(seen) => {
            let seen: String = seen.chars().take(80).collect();
            Err(format!(
                "{what} does not match: `{seen}` in place of `{wanted}`."
            ))
        }
        None => Err(format!("{what} is missing.")),
    }
}

pub(super) fn child<'a, 'b>(node: Node<'a, 'b>, space: &str, name: &str) -> Option<Node<'a, 'b>> {
    node.children()
        .find(|child| child.has_tag_name((space, name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Ids;
    use crate::keys::SigningKey;
    use crate::saml::issue::{Statement, response, signed};

    const NOW: u64 = 1_795_514_400_000;
    const ACS: &str = "https://hub.okta.com/sso/saml2/0oa1";

    fn statement() -> Statement {
        Statement {
            response_id: "id1".to_owned(),
            assertion_id: "id2".to_owned(),
            issuer: "http://www.okta.com/exk1".to_owned(),
            acs: ACS.to_owned(),
            audience: "https://www.okta.com/saml2/service-provider/spx".to_owned(),
            name_id: "ada@acme.example.com".to_owned(),
            attributes: vec![
                ("email".to_owned(), "ada@acme.example.com".to_owned()),
                ("odd".to_owned(), "<&\"'>é".to_owned()),
            ],
            now: NOW,
        }
    }

    fn key() -> SigningKey {
        SigningKey::new(&mut Ids::new(3), "acme", NOW, 10)
    }

    fn checked_at(text: &str, now: u64) -> Result<Subject, String> {
        let certificate = Certificate::read(&key().certificate()).expect("reads");
        let expected = Expected {
            certificates: vec![certificate],
            issuer: "http://www.okta.com/exk1",
            audience: "https://www.okta.com/saml2/service-provider/spx",
            acs: ACS.to_owned(),
            scope: "ANY",
            skew_ms: 60_000,
            now,
        };
        check(text, &expected)
    }

    #[test]
    fn a_good_response_is_accepted() {
        let subject = checked_at(&response(&statement(), &key()), NOW).expect("accepted");
        assert_eq!(
            (subject.name_id.as_str(), subject.assertion_id.as_str()),
            ("ada@acme.example.com", "id2")
        );
        assert_eq!(subject.attributes[1].1, "<&\"'>é");
    }

    #[test]
    fn tampered_responses_are_refused() {
        let good = response(&statement(), &key());
        let with =
            |from: &str, to: &str| checked_at(&good.replace(from, to), NOW).expect_err("refused");
        assert!(with("ada@acme", "eve@acme").contains("signature"));
        assert!(with("<ds:DigestValue>", "<ds:DigestValue>A").contains("signature"));
        assert!(with("<ds:SignatureValue>", "<ds:SignatureValue>AAAA").contains("signature"));
        assert!(with("rsa-sha256", "rsa-sha1").contains("signature"));
        let bare: String = good
            .split("<ds:Signature ")
            .enumerate()
            .map(|(at, part)| match at {
                0 => part.to_owned(),
                _ => part
                    .split_once("</ds:Signature>")
                    .expect("an end")
                    .1
                    .to_owned(),
            })
            .collect();
        assert!(
            checked_at(&bare, NOW)
                .expect_err("refused")
                .contains("not signed")
        );
        let own = SigningKey::new(&mut Ids::new(4), "acme", NOW, 10);
        let foreign = (0..9).map(|seed| SigningKey::new(&mut Ids::new(seed), "eve", NOW, 10));
        let foreign = foreign
            .map(|key| response(&statement(), &key))
            .find(|text| checked_at(text, NOW).is_err());
        assert!(foreign.is_some(), "some pool key differs from {}", own.kid);
    }

    #[test]
    fn a_wrapped_assertion_is_refused() {
        let good = response(&statement(), &key());
        let start = good.find("<saml2:Assertion").expect("starts");
        let end = good.find("</saml2:Assertion>").expect("ends") + "</saml2:Assertion>".len();
        let evil = good[start..end]
            .replace("ada@acme", "eve@acme")
            .replace("ID=\"id2\"", "ID=\"id9\"");
        let before = format!("{}{evil}{}", &good[..start], &good[start..]);
        assert!(
            checked_at(&before, NOW)
                .expect_err("refused")
                .contains("exactly one assertion")
        );
        let hidden = format!(
            "{}<x>{}</x>{evil}{}",
            &good[..start],
            &good[start..end],
            &good[end..]
        );
        assert!(
            checked_at(&hidden, NOW)
                .expect_err("refused")
                .contains("exactly one assertion")
        );
    }

    #[test]
    fn audience_recipient_issuer_and_time_are_checked() {
        let refused = |change: fn(&mut Statement)| {
            let mut said = statement();
            change(&mut said);
            checked_at(&response(&said, &key()), NOW).expect_err("refused")
        };
        assert!(
            refused(|said| said.audience = "https://other.example.com".to_owned())
                .contains("Audience")
        );
        assert!(
            refused(|said| said.acs = "https://other.okta.com/sso/saml2/0oa1".to_owned())
                .contains("Destination")
        );
        assert!(
            refused(|said| said.issuer = "http://www.okta.com/exk2".to_owned()).contains("Issuer")
        );
        let good = response(&statement(), &key());
        assert!(checked_at(&good, NOW + 5 * 60_000).is_ok());
        assert!(
            checked_at(&good, NOW + 6 * 60_000)
                .expect_err("refused")
                .contains("expired")
        );
        assert!(
            checked_at(&good, NOW - 6 * 60_000 - 1)
                .expect_err("refused")
                .contains("not valid yet")
        );
    }

    #[test]
    fn comments_cut_nothing_short() {
        let longer: [fn(&mut Statement); 3] = [
            |said| said.audience += ".evil",
            |said| said.issuer += ".evil",
            |said| said.name_id += ".evil",
        ];
        let cut = longer.map(|longer| {
            let mut said = statement();
            longer(&mut said);
            let commented = response(&said, &key()).replace(".evil<", "<!-- -->.evil<");
            checked_at(&commented, NOW).map(|subject| subject.name_id)
        });
        let refusals = [&cut[0], &cut[1]].map(|end| end.as_ref().expect_err("refused"));
        assert!(refusals[0].contains("Audience") && refusals[1].contains("Issuer"));
        assert_eq!(cut[2].as_deref(), Ok("ada@acme.example.com.evil"));
    }

    #[test]
    fn one_signature_is_enough_where_any_is_asked() {
        let said = statement();
        let both = response(&said, &key());
        let cut = |text: &str, from: usize| {
            let start = text[from..].find("<ds:Signature ").expect("starts") + from;
            let end = text[start..].find("</ds:Signature>").expect("ends")
                + start
                + "</ds:Signature>".len();
            format!("{}{}", &text[..start], &text[end..])
        };
        let only_assertion = cut(&both, 0);
        assert!(checked_at(&only_assertion, NOW).is_ok());
        let only_response = signed(&cut(&only_assertion, 0), "id1", &key());
        assert!(checked_at(&only_response, NOW).is_ok());
    }
}

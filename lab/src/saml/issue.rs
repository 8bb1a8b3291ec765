//! The source's part: a signed SAML response for an app and a user.

use base64::{Engine, engine::general_purpose::STANDARD};
use roxmltree::Document;

use super::c14n::canonical;
use super::names;
use super::xml::escape;
use crate::clock::stamp;
use crate::keys::{SigningKey, sha256};

const LIFE_MS: u64 = 5 * 60_000;

/// What an assertion says.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub response_id: String,
    pub assertion_id: String,
    pub issuer: String,
    /// Where the response goes: destination and recipient.
    pub acs: String,
    pub audience: String,
    pub name_id: String,
    pub attributes: Vec<(String, String)>,
    pub now: u64,
}

/// The response as XML, assertion and response both signed, as Okta signs by default.
pub(crate) fn response(said: &Statement, key: &SigningKey) -> String {
    let unsigned = envelope(said, &assertion(said));
    let assertion = signed(&unsigned, &said.assertion_id, key);
    signed(&assertion, &said.response_id, key)
}

fn envelope(said: &Statement, assertion: &str) -> String {
    format!(
        "<saml2p:Response xmlns:saml2p=\"{}\" Destination=\"{}\" ID=\"{}\" IssueInstant=\"{}\" Version=\"2.0\">\
         <saml2:Issuer xmlns:saml2=\"{}\" Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">{}</saml2:Issuer>\
         <saml2p:Status><saml2p:StatusCode Value=\"{}\"></saml2p:StatusCode></saml2p:Status>{assertion}</saml2p:Response>",
        names::PROTOCOL,
        escape(&said.acs),
        escape(&said.response_id),
        stamp(said.now),
        names::ASSERTION,
        escape(&said.issuer),
        names::SUCCESS,
    )
}

fn assertion(said: &Statement) -> String {
    let (acs, name, audience) = (
        escape(&said.acs),
        escape(&said.name_id),
        escape(&said.audience),
    );
    let (now, end) = (stamp(said.now), stamp(said.now + LIFE_MS));
    let start = stamp(said.now.saturating_sub(LIFE_MS));
    format!(
        "<saml2:Assertion xmlns:saml2=\"{}\" ID=\"{}\" IssueInstant=\"{now}\" Version=\"2.0\">\
         <saml2:Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">{}</saml2:Issuer>\
         <saml2:Subject><saml2:NameID Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">{name}\
         </saml2:NameID><saml2:SubjectConfirmation Method=\"{}\"><saml2:SubjectConfirmationData \
         NotOnOrAfter=\"{end}\" Recipient=\"{acs}\"></saml2:SubjectConfirmationData></saml2:SubjectConfirmation>\
         </saml2:Subject><saml2:Conditions NotBefore=\"{start}\" NotOnOrAfter=\"{end}\"><saml2:AudienceRestriction>\
         <saml2:Audience>{audience}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>\
         <saml2:AuthnStatement AuthnInstant=\"{now}\" SessionIndex=\"{}\"><saml2:AuthnContext>\
         <saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
         </saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement>{}</saml2:Assertion>",
        names::ASSERTION,
        escape(&said.assertion_id),
        escape(&said.issuer),
        names::BEARER,
        escape(&said.assertion_id),
        attributes(said),
    )
}

fn attributes(said: &Statement) -> String {
    let one = |(name, value): &(String, String)| {
        format!(
            "<saml2:Attribute Name=\"{}\" NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified\">\
             <saml2:AttributeValue xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"xs:string\">{}</saml2:AttributeValue>\
             </saml2:Attribute>",
            escape(name),
            escape(value),
        )
    };
    let all: String = said.attributes.iter().map(one).collect();
    format!("<saml2:AttributeStatement>{all}</saml2:AttributeStatement>")
}

/// The document with a signature put into the element of this ID, right after its Issuer.
pub(crate) fn signed(text: &str, id: &str, key: &SigningKey) -> String {
    let read = Document::parse(text).expect("we wrote it");
    let element = read
        .descendants()
        .find(|node| node.attribute("ID") == Some(id))
        .expect("we wrote it");
    let issuer = element
        .children()
        .find(|node| node.tag_name().name() == "Issuer")
        .expect("we wrote it");
    let digest = STANDARD.encode(sha256(canonical(element, None).as_bytes()));
    let info = format!(
        "<ds:SignedInfo xmlns:ds=\"{}\"><ds:CanonicalizationMethod Algorithm=\"{}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod><ds:Reference URI=\"#{}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{}\"></ds:Transform><ds:Transform Algorithm=\"{}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>\
         </ds:SignedInfo>",
        names::SIGNATURE,
        names::C14N,
        names::RSA_SHA256,
        escape(id),
        names::ENVELOPED,
        names::C14N,
        names::SHA256,
    );
    // Written in canonical form already, so the bytes here are the bytes a verifier will canonicalise to.
    let value = STANDARD.encode(key.sign(info.as_bytes()));
    let inner = info.replacen(&format!(" xmlns:ds=\"{}\"", names::SIGNATURE), "", 1);
    let signature = format!(
        "<ds:Signature xmlns:ds=\"{}\">{inner}<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
        names::SIGNATURE,
        key.certificate(),
    );
    let at = issuer.range().end;
    format!("{}{signature}{}", &text[..at], &text[at..])
}

//! Public keys and certificates in DER, as the members of a JWK.

use super::curve::CURVES;
use super::json::Json;
use super::{CertificateReport, KeyError};
use crate::explain::seen;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use der::asn1::{AnyRef, BitStringRef, GeneralizedTime, ObjectIdentifier, UintRef, UtcTime};
use der::{DateTime, Decode, Reader, SliceReader, Tag, Tagged};
use sha2::{Digest, Sha256};
use spki::SubjectPublicKeyInfoRef;

/// What DER holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// RFC 5280.
    Certificate,
    /// SubjectPublicKeyInfo, RFC 5280 section 4.1.2.7.
    PublicKey,
    /// PKCS#1, RFC 8017 appendix A.1.1.
    RsaPublicKey,
}

impl Kind {
    /// By the label of a PEM block.
    pub(super) fn of_label(label: &str) -> Option<Self> {
        match label {
            "CERTIFICATE" | "X509 CERTIFICATE" => Some(Self::Certificate),
            "PUBLIC KEY" => Some(Self::PublicKey),
            "RSA PUBLIC KEY" => Some(Self::RsaPublicKey),
            _ => None,
        }
    }

    /// By its own structure; none when it is none of the three.
    pub(super) fn of_bytes(der: &[u8]) -> Option<Self> {
        if Certificate::read(der).is_ok() {
            return Some(Self::Certificate);
        }
        if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
            return Some(Self::PublicKey);
        }
        rsa_numbers(der).is_ok().then_some(Self::RsaPublicKey)
    }

    /// What the account of keys says about the form.
    pub(super) fn note(self) -> &'static str {
        match self {
            Self::Certificate => {
                "the key was taken out of a certificate; who issued it, and its chain, were not checked"
            }
            Self::PublicKey => "the key was converted from a public key (SPKI)",
            Self::RsaPublicKey => "the key was converted from a public key (PKCS#1)",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::PublicKey => "public key (SPKI)",
            Self::RsaPublicKey => "public key (PKCS#1)",
        }
    }
}

/// The JWK of what DER holds; a certificate stands in its `x5c`.
///
/// # Errors
/// [`KeyError::Der`], [`KeyError::Kty`], [`KeyError::Curve`], [`KeyError::Compressed`].
pub(super) fn jwk(kind: Kind, der: &[u8]) -> Result<Json, KeyError> {
    let broken = |_| KeyError::Der { what: kind.name() };
    let members = match kind {
        Kind::Certificate => {
            let mut members = of_spki(Certificate::read(der).map_err(broken)?.key, broken)?;
            let chain = vec![Json::Text(STANDARD.encode(der))];
            members.push(("x5c".to_owned(), Json::Array(chain)));
            members
        }
        Kind::PublicKey => of_spki(der, broken)?,
        Kind::RsaPublicKey => rsa_numbers(der).map_err(broken)?,
    };
    Ok(Json::Object(members))
}

/// What a certificate says about itself; none when it cannot be read.
pub(super) fn certificate(der: &[u8]) -> Option<CertificateReport> {
    let certificate = Certificate::read(der).ok()?;
    let digest = Sha256::digest(der);
    let fingerprint: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    Some(CertificateReport {
        subject: certificate.subject,
        issuer: certificate.issuer,
        begins: day(certificate.begins),
        ends: day(certificate.ends),
        ends_at: certificate.ends.unix_duration().as_secs(),
        fingerprint: fingerprint.join(":"),
    })
}

/// The fields of a certificate that are told or used; extensions and signature are passed over.
struct Certificate<'a> {
    subject: String,
    issuer: String,
    begins: DateTime,
    ends: DateTime,
    /// SubjectPublicKeyInfo.
    key: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// RFC 5280 section 4.1: what is to be signed, the algorithm, the signature.
    fn read(der: &'a [u8]) -> der::Result<Self> {
        let mut whole = SliceReader::new(der)?;
        let certificate = whole.sequence(|outer| {
            let certificate = outer.sequence(Self::fields)?;
            AnyRef::decode(outer)?;
            BitStringRef::decode(outer)?;
            Ok(certificate)
        })?;
        whole.finish(certificate)
    }

    /// Version, serial number, algorithm, issuer, validity, subject, key, extensions.
    fn fields<R: Reader<'a>>(inner: &mut R) -> der::Result<Self> {
        if inner.peek_tag()?.is_context_specific() {
            AnyRef::decode(inner)?;
        }
        AnyRef::decode(inner)?.tag().assert_eq(Tag::Integer)?;
        AnyRef::decode(inner)?.tag().assert_eq(Tag::Sequence)?;
        let issuer = written(AnyRef::decode(inner)?)?;
        let (begins, ends) = inner.sequence(|times| Ok((time(times)?, time(times)?)))?;
        let subject = written(AnyRef::decode(inner)?)?;
        let key = inner.tlv_bytes()?;
        while !inner.is_finished() {
            AnyRef::decode(inner)?;
        }
        Ok(Self {
            subject,
            issuer,
            begins,
            ends,
            key,
        })
    }
}

/// RFC 5280 section 4.1.2.5.
fn time<'a, R: Reader<'a>>(times: &mut R) -> der::Result<DateTime> {
    match times.peek_tag()? {
        Tag::UtcTime => Ok(UtcTime::decode(times)?.to_date_time()),
        _ => Ok(GeneralizedTime::decode(times)?.to_date_time()),
    }
}

type Members = Vec<(String, Json)>;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
/// Algorithms of keys that are recognised in order to be refused by name.
const REFUSED: &[(&str, &str)] = &[
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.3.101.110", "X25519"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];
/// RFC 5480 section 2.1.1.1; P-256K is refused by name.
const CURVE_IDS: &[(&str, &str)] = &[
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.10", "P-256K"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
];

fn member(name: &str, text: &str) -> (String, Json) {
    (name.to_owned(), Json::Text(text.to_owned()))
}

fn number(name: &str, bytes: &[u8]) -> (String, Json) {
    member(name, &URL_SAFE_NO_PAD.encode(bytes))
}

/// The name of an identifier in a table, or its digits.
fn named(id: ObjectIdentifier, table: &[(&str, &str)]) -> String {
    let digits = id.to_string();
    let found = table.iter().find(|(seen, _)| *seen == digits);
    found.map_or(digits, |(_, name)| (*name).to_owned())
}

fn of_spki(der: &[u8], broken: impl Fn(der::Error) -> KeyError) -> Result<Members, KeyError> {
    let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(&broken)?;
    let algorithm = spki.algorithm.oid;
    let bytes =
        bits(&spki.subject_public_key).ok_or_else(|| broken(der::ErrorKind::Failed.into()))?;
    if algorithm == RSA {
        return rsa_numbers(bytes).map_err(broken);
    }
    if algorithm != EC {
        let seen = named(algorithm, REFUSED);
        return Err(KeyError::Kty { seen });
    }
    let curve = spki
        .algorithm
        .parameters
        .and_then(|parameters| parameters.decode_as::<ObjectIdentifier>().ok());
    let curve = curve.map_or_else(|| "explicit numbers".to_owned(), |id| named(id, CURVE_IDS));
    point(&curve, bytes)
}

fn bits<'a>(string: &BitStringRef<'a>) -> Option<&'a [u8]> {
    string.as_bytes()
}

fn rsa_numbers(der: &[u8]) -> der::Result<Members> {
    let mut reader = SliceReader::new(der)?;
    let numbers =
        reader.sequence(|inner| Ok((UintRef::decode(inner)?, UintRef::decode(inner)?)))?;
    reader
        .finish((
            member("kty", "RSA"),
            number("n", numbers.0.as_bytes()),
            number("e", numbers.1.as_bytes()),
        ))
        .map(|(kty, n, e)| vec![kty, n, e])
}

/// SEC 1 section 2.3.4: 4, x, y; 2 or 3 start a compressed point.
fn point(name: &str, bytes: &[u8]) -> Result<Members, KeyError> {
    let Some(curve) = CURVES.iter().find(|curve| curve.name == name) else {
        return Err(KeyError::Curve { seen: seen(name) });
    };
    match bytes {
        [4, point @ ..] if point.len() == 2 * curve.width => {
            let (x, y) = point.split_at(curve.width);
            let kinds = [member("kty", "EC"), member("crv", name)];
            Ok(kinds
                .into_iter()
                .chain([number("x", x), number("y", y)])
                .collect())
        }
        [2 | 3, ..] => Err(KeyError::Compressed),
        _ => Err(KeyError::OffCurve { curve: curve.name }),
    }
}

/// Short names of RFC 4514 section 3 and PKCS#9's e-mail address.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.9.1", "E"),
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
];

/// A name in the order it is written in, made safe to show (RFC 5280 section 4.1.2.4).
fn written(name: AnyRef<'_>) -> der::Result<String> {
    let mut texts = Vec::new();
    name.sequence(|parts| {
        while !parts.is_finished() {
            let part = AnyRef::decode(parts)?;
            part.tag().assert_eq(Tag::Set)?;
            let mut attributes = SliceReader::new(part.value())?;
            while !attributes.is_finished() {
                texts.push(attributes.sequence(|one| {
                    let id = ObjectIdentifier::decode(one)?;
                    Ok(attribute(id, AnyRef::decode(one)?))
                })?);
            }
        }
        Ok(())
    })?;
    Ok(match texts.is_empty() {
        true => "no name".to_owned(),
        false => texts.join(", "),
    })
}

fn attribute(id: ObjectIdentifier, value: AnyRef<'_>) -> String {
    let text = String::from_utf8_lossy(value.value());
    format!("{}={}", named(id, ATTRIBUTES), seen(&text))
}

fn day(date: DateTime) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

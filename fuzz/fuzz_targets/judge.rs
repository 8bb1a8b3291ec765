//! What every answer of the key tool keeps to.

use org2org_core::jwks::{Formatted, JwksError, format};

/// What was accepted holds public members only, is accounted for, and changes no more.
pub fn judge(read: Result<Formatted, JwksError>) {
    let Ok(formatted) = read else {
        return;
    };
    assert_eq!(formatted.keys.len() + formatted.refused.len(), formatted.count);
    let Some(jwks) = formatted.jwks else {
        return;
    };
    let value: serde_json::Value = serde_json::from_str(&jwks).expect("it is JSON");
    for key in value["keys"].as_array().expect("a list") {
        for name in key.as_object().expect("a key").keys() {
            assert!(PUBLIC.contains(&name.as_str()), "{name}");
        }
    }
    assert_eq!(format(&jwks).expect("it is read again").jwks, Some(jwks));
    for certificate in &formatted.certificates {
        assert!(format(&certificate.pem).is_ok_and(|read| read.certificates.len() == 1));
    }
}

const PUBLIC: &[&str] = &["kty", "n", "e", "crv", "x", "y", "kid", "use", "alg", "x5c", "x5t", "x5t#S256"];

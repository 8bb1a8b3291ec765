//! Proofs of possession, and their nonces.

use jsonwebtoken::{Algorithm, Header};
use org2org_lab::{Request, Response};
use serde_json::{Value, json};

use crate::hub::{DAY, Hub, Key, NOW, TOKEN, error, hash};

// Told in the header, with no body.
fn refusal(answer: &Response) -> String {
    assert_eq!((answer.status, answer.body.len()), (400, 0));
    let challenge = answer.header("www-authenticate").expect("a challenge");
    assert!(challenge.contains("error=\"invalid_dpop_proof\""));
    challenge.to_owned()
}

#[test]
fn a_proof_fits_one_request_and_one_token() {
    let mut hub = Hub::with_app();
    let assertion = hub.fresh_assertion();
    let missing = hub.ask(&assertion, None, "okta.users.manage");
    assert_eq!(
        error(&missing),
        (
            400,
            "invalid_dpop_proof".to_owned(),
            "The DPoP proof JWT header is missing.".to_owned()
        )
    );
    let token = hub.access_token("okta.users.manage");
    let url = "https://hub.okta.com/api/v1/users";
    let send = |hub: &mut Hub, token: &str, proof: Option<&str>| {
        let mut request = Request::new("GET", url).with("authorization", &format!("DPoP {token}"));
        if let Some(proof) = proof {
            request = request.with("dpop", proof);
        }
        hub.send(&request)
    };
    let flaws = [
        (
            "htu",
            json!("https://hub.okta.com/api/v1/groups"),
            "'htu' claim in the DPoP proof JWT is invalid.",
        ),
        (
            "htu",
            json!("https://acme.okta.com/api/v1/users"),
            "'htu' claim in the DPoP proof JWT is invalid.",
        ),
        (
            "htm",
            json!("POST"),
            "'htm' claim in the DPoP proof JWT is invalid.",
        ),
        (
            "iat",
            json!(NOW / 1000 - 301),
            "'iat' claim in the DPoP proof JWT is invalid.",
        ),
        (
            "ath",
            json!(hash("another token")),
            "'ath' claim in the DPoP proof JWT is invalid.",
        ),
        (
            "ath",
            Value::Null,
            "'ath' claim in the DPoP proof JWT is invalid.",
        ),
        (
            "jti",
            Value::Null,
            "'jti' claim in the DPoP proof JWT is invalid.",
        ),
    ];
    for (name, value, told) in flaws {
        let mut claims = hub.proof_claims("GET", url);
        claims["ath"] = json!(hash(&token));
        claims[name] = value;
        let proof = hub.dpop.proof(&claims);
        let answer = send(&mut hub, &token, Some(&proof));
        assert!(refusal(&answer).ends_with(&format!("error_description=\"{told}\"")));
        assert!(refusal(&answer).starts_with("DPoP algs=\"RS256 "));
    }
    let mut claims = hub.proof_claims("GET", url);
    claims["ath"] = json!(hash(&token));
    let proof = hub.dpop.proof(&claims);
    assert_eq!(send(&mut hub, &token, Some(&proof)).status, 200);
    let replayed = send(&mut hub, &token, Some(&proof));
    assert!(refusal(&replayed).contains("The DPoP proof JWT has already been used."));
    let thief = Key::fresh();
    claims["jti"] = json!("thief");
    let stolen = send(&mut hub, &token, Some(&thief.proof(&claims)));
    assert!(refusal(&stolen).contains("another key"));
    let missing = send(&mut hub, &token, None);
    assert!(refusal(&missing).contains("The DPoP proof JWT header is missing."));
    // A bound token is no bearer token.
    let bearer = Request::new("GET", url).with("authorization", &format!("Bearer {token}"));
    assert_eq!(hub.send(&bearer).status, 401);
}

#[test]
fn a_proof_with_a_bad_header_is_refused() {
    let mut hub = Hub::with_app();
    let mut header = Header::new(Algorithm::ES256);
    header.jwk = Some(hub.dpop.public.clone());
    let claims = hub.proof_claims("POST", TOKEN);
    let typ = hub.dpop.sign(&header, &claims);
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("dpop+jwt".to_owned());
    let keyless = hub.dpop.sign(&header, &claims);
    header.jwk = Some(Key::fresh().public);
    let foreign = hub.dpop.sign(&header, &claims);
    for (proof, told) in [
        (typ, "'typ'"),
        (keyless, "'jwk'"),
        (foreign, "signature"),
        ("x".to_owned(), "parsed"),
    ] {
        let assertion = hub.fresh_assertion();
        let (status, code, description) =
            error(&hub.ask(&assertion, Some(&proof), "okta.users.manage"));
        assert_eq!((status, code.as_str()), (400, "invalid_dpop_proof"));
        assert!(description.contains(told), "{description}");
    }
}

#[test]
fn nonces_are_renewed_after_a_day_and_live_for_three() {
    let mut hub = Hub::with_app();
    hub.access_token("okta.users.manage");
    let ask = |hub: &mut Hub, nonce: &str| {
        let assertion = hub.fresh_assertion();
        let mut claims = hub.proof_claims("POST", TOKEN);
        claims["nonce"] = json!(nonce);
        let proof = hub.dpop.proof(&claims);
        hub.ask(&assertion, Some(&proof), "okta.users.manage")
    };
    let first = ask(&mut hub, "made up")
        .header("dpop-nonce")
        .expect("a nonce")
        .to_owned();
    hub.now = NOW + DAY;
    let second = ask(&mut hub, &first);
    assert_eq!(second.status, 200, "an old nonce is still good");
    let second = second.header("dpop-nonce").expect("a nonce").to_owned();
    assert_ne!(first, second);
    hub.now = NOW + 3 * DAY;
    assert_eq!(ask(&mut hub, &second).status, 200);
    assert_eq!(ask(&mut hub, &first).value()["error"], "use_dpop_nonce");
}

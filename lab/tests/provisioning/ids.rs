//! Ids look as Okta's: 20 letters and digits, of which the first three tell the kind. Some are made otherwise.

use serde_json::{Value, json};

use crate::pair::Pair;

fn is_id(id: &Value, prefix: &str) -> bool {
    let id = id.as_str().unwrap_or_default();
    id.starts_with(prefix)
        && id.len() == 20
        && id.bytes().all(|letter| letter.is_ascii_alphanumeric())
}

#[test]
fn objects_have_ids_of_their_kind() {
    let mut pair = Pair::fresh();
    let app = pair.token_app();
    let sales = pair.group("acme", "Sales");
    let push = pair.push_group(&app, &sales, "Sales");
    assert!(is_id(&push["id"], "gPm"), "{push}");
    let key =
        json!({ "kty": "RSA", "kid": "one", "use": "sig", "e": "AQAB", "n": "w".repeat(342) });
    let client = pair.service_app(json!({ "jwks": { "keys": [key] } }), false);
    pair.grant(&client, &["okta.users.read"]);
    let custom = json!({ "label": "Makers", "description": "Make groups.", "permissions": ["okta.groups.manage"] });
    pair.ok("hub", "POST", "/api/v1/iam/roles", Some(&custom));
    let kinds = [
        ("acme", "/api/v1/apps", "0oa"),
        ("acme", "/api/v1/groups", "00g"),
        ("acme", "/api/v1/users", "00u"),
        ("acme", "/api/v1/meta/types/user", "oty"),
        ("acme", &format!("/api/v1/mappings?targetId={app}"), "prm"),
        ("acme", "/api/v1/policies?type=ACCESS_POLICY", "rst"),
        ("acme", "/api/v1/features", "ftr"),
        ("hub", "/api/v1/idps", "0oa"),
        ("hub", "/api/v1/api-tokens", "00T"),
        ("hub", &format!("/api/v1/apps/{client}/grants"), "oag"),
        (
            "hub",
            &format!("/api/v1/apps/{client}/credentials/jwks"),
            "pks",
        ),
        ("hub", "/api/v1/iam/roles", "cr0"),
    ];
    for (org, path, prefix) in kinds {
        let list = pair.ok(org, "GET", path, None);
        let list = ["keys", "roles"]
            .iter()
            .find_map(|name| list.get(name))
            .unwrap_or(&list);
        let list = list.as_array().expect("a list");
        assert!(!list.is_empty(), "{path}");
        for one in list {
            assert!(is_id(&one["id"], prefix), "{path}: {}", one["id"]);
        }
    }
    let org = pair.ok("acme", "GET", "/api/v1/org", None);
    assert!(is_id(&org["id"], "00o"), "{org}");
}

#[test]
fn what_okta_names_otherwise_is_named_so() {
    let mut pair = Pair::fresh();
    let app = pair.bare_app("hub");
    let made = pair.ok("acme", "GET", &format!("/api/v1/apps/{app}"), None);
    let kid = made["credentials"]["signing"]["kid"]
        .as_str()
        .expect("a key");
    assert!(kid.len() == 43 && !kid.contains(['+', '/', '=']), "{kid}");
    let issuer = pair.call(
        "acme",
        "GET",
        &format!("/api/v1/apps/{app}/sso/saml/metadata"),
        None,
    );
    let issuer = issuer.body_text();
    assert!(
        issuer.contains("entityID=\"http://www.okta.com/exk"),
        "{issuer}"
    );
    let keys = pair.ok("hub", "GET", "/api/v1/idps/credentials/keys", None);
    let kid = keys[0]["kid"].as_str().expect("a key");
    let parts: Vec<usize> = kid.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "{kid}");
    let idps = pair.ok("hub", "GET", "/api/v1/idps?type=SAML2", None);
    let audience = idps[0].pointer("/protocol/credentials/trust/audience");
    let audience = audience.and_then(Value::as_str).expect("an audience");
    let tail = audience.strip_prefix("https://www.okta.com/saml2/service-provider/sp");
    let tail = tail.expect("a service provider");
    assert!(
        tail.len() == 18 && tail.bytes().all(|letter| letter.is_ascii_lowercase()),
        "{tail}"
    );
    // Standard roles of a client have names of 15 to 24 capitals and digits, whatever was assigned before.
    let key = pair.key_address(&app);
    let client = pair.service_app(json!({ "jwks_uri": key }), false);
    pair.give_roles(&client, &["USER_ADMIN"]);
    let roles = pair.ok(
        "hub",
        "GET",
        &format!("/oauth2/v1/clients/{client}/roles"),
        None,
    );
    let role = roles[0]["id"].as_str().expect("a role");
    let capital = |letter: u8| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    assert!(role.bytes().all(capital) && role.len() != 20, "{role}");
}

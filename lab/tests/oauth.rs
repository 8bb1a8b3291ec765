//! Stories of service apps: keys, tokens, DPoP, scopes and roles, by a client that signs on its own.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use org2org_lab::{Fault, FaultKind, Options, Request, Response, World};
use serde_json::{Value, json};

const NOW: u64 = 1_795_514_400_000;
const DAY: u64 = 86_400_000;
const TOKEN: &str = "https://hub.okta.com/oauth2/v1/token";

/// A P-256 key pair of a client.
struct Key {
    private: EncodingKey,
    public: Jwk,
}

impl Key {
    fn fresh() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("randomness");
        let der = pair.to_pkcs8v1().expect("encodes");
        let private = EncodingKey::from_ec_der(der.as_ref());
        let public = Jwk::from_encoding_key(&private, Algorithm::ES256).expect("a public part");
        Self { private, public }
    }

    fn jwk(&self, kid: &str) -> Value {
        let all = serde_json::to_value(&self.public).expect("a key is JSON");
        json!({ "kty": "EC", "kid": kid, "use": "sig", "crv": all["crv"], "x": all["x"], "y": all["y"] })
    }

    fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.private).expect("signs")
    }

    fn assertion(&self, kid: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(kid.to_owned());
        self.sign(&header, claims)
    }

    fn proof(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("dpop+jwt".to_owned());
        header.jwk = Some(self.public.clone());
        self.sign(&header, claims)
    }
}

/// The hub with a super admin's token, and a service app of it.
struct Hub {
    world: World,
    admin: String,
    key: Key,
    dpop: Key,
    app: String,
    now: u64,
    count: u64,
}

impl Hub {
    fn new() -> Self {
        let world = World::new(&Options::default());
        let site = world
            .sites()
            .into_iter()
            .find(|site| site.subdomain == "hub");
        let admin = site.expect("the hub").admins[0].token.clone();
        let (key, dpop) = (Key::fresh(), Key::fresh());
        Self {
            world,
            admin,
            key,
            dpop,
            app: String::new(),
            now: NOW,
            count: 0,
        }
    }

    /// With a service app that has a key, both scopes, both roles and DPoP on, as the procedure makes it.
    fn with_app() -> Self {
        let mut hub = Self::new();
        let key = hub.key.jwk("k1");
        let app = hub.post(
            "/api/v1/apps",
            service(&json!({ "jwks": { "keys": [key] } })),
        );
        hub.app = text(&app, "id");
        for scope in ["okta.users.manage", "okta.groups.manage"] {
            hub.grant(scope);
        }
        for role in ["USER_ADMIN", "GROUP_MEMBERSHIP_ADMIN"] {
            assert_eq!(hub.assign(role).status, 201);
        }
        hub
    }

    fn send(&mut self, request: &Request) -> Response {
        self.world
            .handle(request, self.now)
            .response()
            .expect("an answer")
    }

    fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let request = Request::new(method, &format!("https://hub.okta.com{path}"))
            .with("authorization", &format!("SSWS {}", self.admin));
        self.send(&body.map_or(request.clone(), |body| request.json(body)))
    }

    fn get(&mut self, path: &str) -> Value {
        let answer = self.call("GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body_text());
        answer.value()
    }

    fn post(&mut self, path: &str, body: Value) -> Value {
        let answer = self.call("POST", path, Some(&body));
        assert!(answer.status < 300, "{path}: {}", answer.body_text());
        answer.value()
    }

    fn grant(&mut self, scope: &str) -> Value {
        let path = format!("/api/v1/apps/{}/grants", self.app);
        self.post(
            &path,
            json!({ "scopeId": scope, "issuer": "https://hub.okta.com" }),
        )
    }

    fn assign(&mut self, role: &str) -> Response {
        let path = format!("/oauth2/v1/clients/{}/roles", self.app);
        self.call("POST", &path, Some(&json!({ "type": role })))
    }

    fn jti(&mut self) -> String {
        self.count += 1;
        format!("jti-{}", self.count)
    }

    fn claims(&mut self) -> Value {
        json!({
            "iss": self.app, "sub": self.app, "aud": TOKEN, "jti": self.jti(),
            "iat": self.now / 1000, "exp": self.now / 1000 + 300,
        })
    }

    fn ask(&mut self, assertion: &str, proof: Option<&str>, scope: &str) -> Response {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", scope)
            .append_pair(
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            )
            .append_pair("client_assertion", assertion)
            .finish();
        let mut request = Request::new("POST", TOKEN)
            .with("content-type", "application/x-www-form-urlencoded")
            .with("accept", "application/json");
        request.body = form.into_bytes();
        if let Some(proof) = proof {
            request = request.with("DPoP", proof);
        }
        self.send(&request)
    }

    fn fresh_assertion(&mut self) -> String {
        let claims = self.claims();
        self.key.assertion("k1", &claims)
    }

    fn proof_claims(&mut self, method: &str, url: &str) -> Value {
        json!({ "htm": method, "htu": url, "iat": self.now / 1000, "jti": self.jti() })
    }

    /// Two calls, as a client makes them: the first one learns the nonce.
    fn token(&mut self, scope: &str) -> Response {
        let assertion = self.fresh_assertion();
        let claims = self.proof_claims("POST", TOKEN);
        let proof = self.dpop.proof(&claims);
        let first = self.ask(&assertion, Some(&proof), scope);
        assert_eq!(
            first.value()["error"],
            "use_dpop_nonce",
            "{}",
            first.body_text()
        );
        let nonce = first.header("dpop-nonce").expect("a nonce").to_owned();
        let assertion = self.fresh_assertion();
        let mut claims = self.proof_claims("POST", TOKEN);
        claims["nonce"] = json!(nonce);
        let proof = self.dpop.proof(&claims);
        self.ask(&assertion, Some(&proof), scope)
    }

    fn access_token(&mut self, scope: &str) -> String {
        let answer = self.token(scope);
        assert_eq!(answer.status, 200, "{}", answer.body_text());
        text(&answer.value(), "access_token")
    }

    /// A call with the app's token and a proof of its own.
    fn as_app(&mut self, token: &str, method: &str, path: &str, body: Option<&Value>) -> Response {
        let place = path.split('?').next().unwrap_or_default();
        let mut claims = self.proof_claims(method, &format!("https://hub.okta.com{place}"));
        claims["ath"] = json!(hash(token));
        let proof = self.dpop.proof(&claims);
        let request = Request::new(method, &format!("https://hub.okta.com{path}"))
            .with("authorization", &format!("DPoP {token}"))
            .with("dpop", &proof);
        self.send(&body.map_or(request.clone(), |body| request.json(body)))
    }

    fn set_app(&mut self, change: impl FnOnce(&mut Value)) {
        let path = format!("/api/v1/apps/{}", self.app);
        let mut app = self.get(&path);
        change(&mut app);
        let answer = self.call("PUT", &path, Some(&app));
        assert_eq!(answer.status, 200, "{}", answer.body_text());
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn hash(token: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_ref())
}

fn error(answer: &Response) -> (u16, String, String) {
    let value = answer.value();
    (
        answer.status,
        text(&value, "error"),
        text(&value, "error_description"),
    )
}

fn service(more: &Value) -> Value {
    let mut client = json!({
        "application_type": "service", "grant_types": ["client_credentials"], "response_types": ["token"],
        "consent_method": "TRUSTED", "dpop_bound_access_tokens": true,
    });
    for (name, value) in more.as_object().expect("an object") {
        client[name] = value.clone();
    }
    json!({
        "name": "oidc_client", "label": "ACME provisioning", "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": "private_key_jwt" } },
        "settings": { "oauthClient": client },
    })
}

fn person(login: &str) -> Value {
    json!({ "profile": { "firstName": "A", "lastName": "B", "email": login, "login": login } })
}

#[test]
fn a_service_app_with_a_proof_creates_people() {
    let mut hub = Hub::with_app();
    let answer = hub.token("okta.users.manage okta.groups.manage");
    let body = answer.value();
    assert_eq!(
        (&body["token_type"], &body["expires_in"], &body["scope"]),
        (
            &json!("DPoP"),
            &json!(3600),
            &json!("okta.users.manage okta.groups.manage")
        )
    );
    assert!(answer.header("dpop-nonce").is_some());
    let token = text(&body, "access_token");
    let made = hub.as_app(
        &token,
        "POST",
        "/api/v1/users?activate=true",
        Some(&person("new@acme.example.com")),
    );
    assert_eq!(made.status, 200, "{}", made.body_text());
    let id = text(&made.value(), "id");
    assert_eq!(
        hub.as_app(&token, "GET", &format!("/api/v1/users/{id}"), None)
            .status,
        200
    );
    let effect = hub.world.effects().last().expect("an effect");
    assert_eq!(
        (effect.actor.as_str(), effect.what.as_str()),
        (hub.app.as_str(), "created user new@acme.example.com")
    );
    // Nobody is signed in, so there is no "me".
    assert_eq!(
        hub.as_app(&token, "GET", "/api/v1/users/me", None).status,
        404
    );
    let log = hub.get("/api/v1/logs?filter=eventType+eq+%22app.oauth2.token.grant.access_token%22");
    let told: Vec<&Value> = log
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| &event["outcome"]["result"])
        .collect();
    assert_eq!(told, ["FAILURE", "SUCCESS"]);
}

#[test]
fn every_flaw_of_an_assertion_is_refused_in_oktas_words() {
    let mut hub = Hub::with_app();
    let other = Key::fresh();
    let mut flaws: Vec<(String, &str)> = Vec::new();
    let mut flawed = |hub: &mut Hub, name: &str, value: Value, told: &'static str| {
        let mut claims = hub.claims();
        claims[name] = value;
        flaws.push((hub.key.assertion("k1", &claims), told));
    };
    let seconds = NOW / 1000;
    flawed(
        &mut hub,
        "aud",
        json!("https://acme.okta.com/oauth2/v1/token"),
        "The audience claim for client_assertion must be the endpoint invoked for the request.",
    );
    flawed(
        &mut hub,
        "aud",
        json!("https://hub.okta.com"),
        "The audience claim for client_assertion must be the endpoint invoked for the request.",
    );
    flawed(
        &mut hub,
        "exp",
        json!(seconds),
        "The client_assertion token is expired.",
    );
    flawed(
        &mut hub,
        "exp",
        json!(seconds + 3601),
        "The client_assertion token has an expiration too far into the future.",
    );
    flawed(
        &mut hub,
        "exp",
        Value::Null,
        "The client_assertion token must contain an expiration.",
    );
    flawed(
        &mut hub,
        "iat",
        json!(seconds + 600),
        "The client_assertion token was issued in the future.",
    );
    flawed(
        &mut hub,
        "iss",
        json!("0oasomebodyelse00005d7"),
        "The 'iss' and 'sub' claims of client_assertion must be the client_id.",
    );
    let claims = hub.claims();
    flaws.push((
        other.assertion("k1", &claims),
        "The client_assertion signature is invalid.",
    ));
    flaws.push((
        hub.key.assertion("k2", &claims),
        "The client_assertion JWT kid is invalid.",
    ));
    flaws.push((
        "no.jwt".to_owned(),
        "The parsing of the client_assertion failed.",
    ));
    let unsigned = [json!({ "alg": "none", "kid": "k1" }), claims]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    flaws.push((
        format!("{}.{}.", unsigned[0], unsigned[1]),
        "The client_assertion signature is invalid.",
    ));
    for (assertion, told) in flaws {
        let answer = hub.ask(&assertion, None, "okta.users.manage");
        assert_eq!(
            error(&answer),
            (401, "invalid_client".to_owned(), told.to_owned())
        );
    }
    assert!(
        !hub.world
            .effects()
            .iter()
            .any(|effect| effect.actor == hub.app)
    );
}

#[test]
fn an_assertion_is_good_once_even_when_only_the_nonce_was_missing() {
    let mut hub = Hub::with_app();
    let assertion = hub.fresh_assertion();
    let claims = hub.proof_claims("POST", TOKEN);
    let proof = hub.dpop.proof(&claims);
    let first = hub.ask(&assertion, Some(&proof), "okta.users.manage");
    assert_eq!(
        error(&first),
        (
            400,
            "use_dpop_nonce".to_owned(),
            "Authorization server requires nonce in DPoP proof.".to_owned()
        )
    );
    let mut claims = hub.proof_claims("POST", TOKEN);
    claims["nonce"] = json!(first.header("dpop-nonce"));
    let proof = hub.dpop.proof(&claims);
    let again = hub.ask(&assertion, Some(&proof), "okta.users.manage");
    assert_eq!(
        error(&again).2,
        "The client_assertion token has already been used."
    );
    let assertion = hub.fresh_assertion();
    assert_eq!(
        hub.ask(&assertion, Some(&proof), "okta.users.manage")
            .status,
        200,
        "the proof was never taken"
    );
}

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

#[test]
fn the_token_says_what_it_is_for() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage");
    let part = token.split('.').nth(1).expect("three parts");
    let claims: Value =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON");
    assert_eq!(
        (&claims["cid"], &claims["sub"]),
        (&json!(hub.app), &json!(hub.app))
    );
    assert_eq!(
        (&claims["iss"], &claims["scp"]),
        (
            &json!("https://hub.okta.com"),
            &json!(["okta.users.manage"])
        )
    );
    let thumbprint = hub
        .dpop
        .public
        .thumbprint(ThumbprintHash::SHA256)
        .expect("a thumbprint");
    assert_eq!(claims["cnf"]["jkt"], json!(thumbprint));
    // Nobody else's token opens this org, and an hour later this one does not either.
    let acme = Request::new("GET", "https://acme.okta.com/api/v1/users")
        .with("authorization", &format!("DPoP {token}"));
    assert_eq!(hub.send(&acme).status, 401);
    hub.now = NOW + 3_600_000;
    assert_eq!(hub.as_app(&token, "GET", "/api/v1/users", None).status, 401);
}

#[test]
fn scopes_are_those_granted_and_no_more() {
    let mut hub = Hub::with_app();
    let refusals = [
        ("", "invalid_scope"),
        ("openid", "invalid_scope"),
        ("okta.users.destroy", "invalid_scope"),
        ("okta.apps.read", "consent_required"),
    ];
    for (scope, told) in refusals {
        assert_eq!(error(&hub.token(scope)).1, told, "{scope}");
    }
    let granted = hub.token("okta.apps.manage okta.users.manage");
    assert_eq!(granted.value()["scope"], "okta.users.manage");
    let token = text(&granted.value(), "access_token");
    assert_eq!(
        hub.as_app(&token, "GET", "/api/v1/users?limit=1", None)
            .status,
        200,
        "managing reads"
    );
    let refused = hub.as_app(&token, "GET", "/api/v1/groups", None);
    assert_eq!(
        (refused.status, text(&refused.value(), "errorCode").as_str()),
        (403, "E0000006")
    );
    let challenge = refused.header("www-authenticate").expect("a challenge");
    assert!(
        challenge.contains("error=\"insufficient_scope\"")
            && challenge.contains("scope=\"okta.groups.read\"")
    );
    // A revoked grant ends with the next token, as the scopes of a token are its own.
    let path = format!("/api/v1/apps/{}/grants", hub.app);
    let grants = hub.get(&path);
    for grant in grants.as_array().expect("a list") {
        assert_eq!(
            hub.call("DELETE", &format!("{path}/{}", text(grant, "id")), None)
                .status,
            204
        );
    }
    assert_eq!(
        hub.as_app(&token, "GET", "/api/v1/users?limit=1", None)
            .status,
        200
    );
    assert_eq!(error(&hub.token("okta.users.manage")).1, "consent_required");
}

#[test]
fn scopes_without_a_role_open_nothing() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage okta.groups.manage");
    let path = format!("/oauth2/v1/clients/{}/roles", hub.app);
    assert_eq!(hub.assign("USER_ADMIN").status, 409);
    assert_eq!(
        text(&hub.assign("USER_ADMIN").value(), "errorCode"),
        "E0000090"
    );
    let refused = hub.as_app(
        &token,
        "POST",
        "/api/v1/groups",
        Some(&json!({ "profile": { "name": "Pushed" } })),
    );
    assert_eq!(refused.status, 403, "neither group role creates groups");
    let roles = hub.get(&path);
    assert_eq!(roles.as_array().expect("a list").len(), 2);
    for role in roles.as_array().expect("a list") {
        let one = format!("{path}/{}", text(role, "id"));
        assert_eq!(hub.get(&one), *role);
        assert_eq!(hub.call("DELETE", &one, None).status, 204);
        assert_eq!(hub.call("GET", &one, None).status, 404);
    }
    let empty = hub.as_app(&token, "GET", "/api/v1/users?limit=1", None);
    assert_eq!(
        (empty.status, text(&empty.value(), "errorCode").as_str()),
        (403, "E0000006")
    );
}

#[test]
fn a_custom_role_over_all_groups_lets_a_service_app_create_groups() {
    let mut hub = Hub::with_app();
    let role = hub.post("/api/v1/iam/roles", json!({ "label": "Group creator", "description": "For push", "permissions": ["okta.groups.create"] }));
    let one = hub.get("/api/v1/groups?q=Finance")[0]["id"].clone();
    let few = hub.post("/api/v1/iam/resource-sets", json!({ "label": "One group", "description": "x",
        "resources": [format!("https://hub.okta.com/api/v1/groups/{}", one.as_str().unwrap_or_default())] }));
    let all = hub.post(
        "/api/v1/iam/resource-sets",
        json!({ "label": "All groups", "description": "x",
        "resources": ["https://hub.okta.com/api/v1/groups"] }),
    );
    let token = hub.access_token("okta.groups.manage");
    let create = |hub: &mut Hub, name: &str| {
        hub.as_app(
            &token,
            "POST",
            "/api/v1/groups",
            Some(&json!({ "profile": { "name": name } })),
        )
        .status
    };
    let assigned =
        |set: &Value| json!({ "type": "CUSTOM", "role": role["id"], "resource-set": set["id"] });
    let path = format!("/oauth2/v1/clients/{}/roles", hub.app);
    hub.post(&path, assigned(&few));
    assert_eq!(create(&mut hub, "Too narrow"), 403);
    let made = hub.call("POST", &path, Some(&assigned(&all)));
    assert_eq!(made.status, 201);
    let made = made.value();
    assert_eq!(
        (
            &made["type"],
            &made["label"],
            &made["role"],
            &made["resource-set"]
        ),
        (
            &json!("CUSTOM"),
            &json!("Group creator"),
            &role["id"],
            &all["id"]
        )
    );
    assert_eq!(hub.call("POST", &path, Some(&assigned(&all))).status, 409);
    assert_eq!(create(&mut hub, "Pushed"), 200);
    let bindings = hub.get(&format!(
        "/api/v1/iam/resource-sets/{}/bindings",
        text(&all, "id")
    ));
    assert_eq!(bindings["roles"][0]["id"], role["id"]);
    assert_eq!(
        hub.get("/api/v1/iam/roles/Group%20creator/permissions")["permissions"][0]["label"],
        "okta.groups.create"
    );
    let in_use = hub.call(
        "DELETE",
        &format!("/api/v1/iam/roles/{}", text(&role, "id")),
        None,
    );
    assert_eq!(in_use.status, 400);
    assert_eq!(
        hub.call("DELETE", &format!("{path}/{}", text(&made, "id")), None)
            .status,
        204
    );
    assert_eq!(create(&mut hub, "Again"), 403);
}

#[test]
fn a_binding_gives_the_same_role_as_an_assignment() {
    let mut hub = Hub::with_app();
    let role = hub.post(
        "/api/v1/iam/roles",
        json!({ "label": "Reader", "description": "x", "permissions": ["okta.groups.read"] }),
    );
    let set = hub.post(
        "/api/v1/iam/resource-sets",
        json!({ "label": "Groups", "description": "x",
        "resources": [format!("orn:okta:directory:{}:groups", hub.world.sites()[1].id)] }),
    );
    let client = format!("https://hub.okta.com/oauth2/v1/clients/{}", hub.app);
    hub.post(
        &format!("/api/v1/iam/resource-sets/{}/bindings", text(&set, "id")),
        json!({ "role": role["id"], "members": [client] }),
    );
    let roles = hub.get(&format!("/oauth2/v1/clients/{}/roles", hub.app));
    assert_eq!(roles[2]["type"], "CUSTOM");
    let resources = hub.get(&format!(
        "/api/v1/iam/resource-sets/{}/resources",
        text(&set, "id")
    ));
    assert_eq!(
        resources["resources"][0]["_links"]["self"]["href"],
        "https://hub.okta.com/api/v1/groups"
    );
}

#[test]
fn a_role_limited_to_a_group_reaches_no_other() {
    let mut hub = Hub::with_app();
    let path = format!("/oauth2/v1/clients/{}/roles", hub.app);
    let roles = hub.get(&path);
    let id = |kind: &str| {
        roles
            .as_array()
            .into_iter()
            .flatten()
            .find(|role| role["type"] == kind)
            .map(|role| text(role, "id"))
            .expect("a role")
    };
    let (users, members) = (id("USER_ADMIN"), id("GROUP_MEMBERSHIP_ADMIN"));
    assert_eq!(
        hub.call("DELETE", &format!("{path}/{users}"), None).status,
        204
    );
    let group =
        |hub: &mut Hub, name: &str| text(&hub.get(&format!("/api/v1/groups?q={name}"))[0], "id");
    let (inside, outside) = (group(&mut hub, "ACME%20people"), group(&mut hub, "Finance"));
    let ada = text(&hub.get("/api/v1/users/ada@acme.example.com"), "id");
    let token = hub.access_token("okta.groups.manage");
    let put = |hub: &mut Hub, group: &str| {
        hub.as_app(
            &token,
            "PUT",
            &format!("/api/v1/groups/{group}/users/{ada}"),
            None,
        )
        .status
    };
    assert_eq!(put(&mut hub, &outside), 204);
    assert_eq!(
        hub.call(
            "PUT",
            &format!("{path}/{members}/targets/groups/{inside}"),
            None
        )
        .status,
        204
    );
    assert_eq!(
        (put(&mut hub, &inside), put(&mut hub, &outside)),
        (204, 403)
    );
    assert_eq!(
        hub.get(&format!("{path}/{members}/targets/groups"))[0]["id"],
        json!(inside)
    );
    assert_eq!(
        hub.call(
            "DELETE",
            &format!("{path}/{members}/targets/groups/{inside}"),
            None
        )
        .status,
        400,
        "the last one stays"
    );
}

#[test]
fn keys_are_fetched_from_another_org_of_the_lab_and_from_nowhere_else() {
    let mut hub = Hub::with_app();
    let reach = |hub: &mut Hub, uri: &str| {
        hub.set_app(|app| app["settings"]["oauthClient"]["jwks_uri"] = json!(uri));
        let assertion = hub.fresh_assertion();
        error(&hub.ask(&assertion, None, "okta.users.manage")).2
    };
    // The other org's own keys are published there, and the app's key is not among them.
    assert_eq!(
        reach(&mut hub, "https://acme.okta.com/oauth2/v1/keys"),
        "The client_assertion JWT kid is invalid."
    );
    let fetched = hub
        .world
        .requests()
        .iter()
        .rfind(|request| request.host == "acme.okta.com")
        .expect("a request");
    assert_eq!(
        (
            fetched.method.as_str(),
            fetched.path.as_str(),
            fetched.status
        ),
        ("GET", "/oauth2/v1/keys", Some(200))
    );
    let failed = "The JSON Web Key Set couldn't be retrieved from the client's 'jwks_uri'.";
    for uri in [
        "https://www.example.com/keys",
        "http://acme.okta.com/oauth2/v1/keys",
        "https://acme.okta.com/_lab/sites",
        "https://acme.okta.com/api/v1/apps",
    ] {
        assert_eq!(reach(&mut hub, uri), failed, "{uri}");
    }
    hub.world.fault(
        Fault::new(FaultKind::DropBefore)
            .org("acme")
            .on("GET", "/oauth2/v1/keys"),
    );
    assert_eq!(
        reach(&mut hub, "https://acme.okta.com/oauth2/v1/keys"),
        failed
    );
}

#[test]
fn a_deactivated_key_or_app_signs_in_no_more() {
    let mut hub = Hub::with_app();
    let token = hub.access_token("okta.users.manage");
    let path = format!("/api/v1/apps/{}/credentials/jwks", hub.app);
    let second = Key::fresh();
    let added = hub.call("POST", &path, Some(&second.jwk("k2")));
    assert_eq!(added.status, 201, "{}", added.body_text());
    let keys = hub.get(&path);
    let first = format!("{path}/{}", text(&keys[0], "id"));
    assert_eq!(
        hub.call("DELETE", &first, None).status,
        400,
        "an active key stays"
    );
    assert_eq!(
        hub.call("POST", &format!("{first}/lifecycle/deactivate"), None)
            .value()["status"],
        "INACTIVE"
    );
    // The client API shows no status, so what it writes must not wake the key.
    let client = format!("/oauth2/v1/clients/{}", hub.app);
    let mut seen = hub.get(&client);
    seen.as_object_mut()
        .expect("an object")
        .remove("client_id_issued_at");
    assert_eq!(hub.call("PUT", &client, Some(&seen)).status, 200);
    let assertion = hub.fresh_assertion();
    assert_eq!(
        error(&hub.ask(&assertion, None, "okta.users.manage")).2,
        "The client_assertion JWT kid is invalid."
    );
    assert_eq!(
        hub.call("POST", &format!("{first}/lifecycle/activate"), None)
            .status,
        200
    );
    hub.access_token("okta.users.manage");
    assert_eq!(
        hub.call(
            "POST",
            &format!("/api/v1/apps/{}/lifecycle/deactivate", hub.app),
            None
        )
        .status,
        200
    );
    let assertion = hub.fresh_assertion();
    let refused = hub.ask(&assertion, None, "okta.users.manage");
    assert_eq!(
        text(&refused.value(), "errorSummary"),
        "Invalid value for 'client_id' parameter."
    );
    assert_eq!(hub.as_app(&token, "GET", "/api/v1/users", None).status, 401);
}

#[test]
fn app_and_client_are_two_views_of_one_object() {
    let mut hub = Hub::new();
    let (old, new) = (Key::fresh().jwk("old"), Key::fresh().jwk("new"));
    let body = json!({
        "client_name": "Service", "application_type": "service", "grant_types": ["client_credentials"],
        "response_types": ["token"], "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [old] },
    });
    let made = hub.call("POST", "/oauth2/v1/clients", Some(&body));
    assert_eq!(made.status, 201, "{}", made.body_text());
    let id = text(&made.value(), "client_id");
    let app = hub.get(&format!("/api/v1/apps/{id}"));
    assert_eq!(
        (
            &app["label"],
            &app["settings"]["oauthClient"]["consent_method"]
        ),
        (&json!("Service"), &json!("REQUIRED"))
    );
    let taken = hub.call("POST", "/oauth2/v1/clients", Some(&body));
    assert_eq!(
        error(&taken),
        (
            400,
            "invalid_client_metadata".to_owned(),
            "client_name: An object with this field already exists in the current organization"
                .to_owned()
        )
    );
    // DPoP has no word in the client API, so a change there must not lose it.
    hub.app = id.clone();
    hub.set_app(|app| app["settings"]["oauthClient"]["dpop_bound_access_tokens"] = json!(true));
    let path = format!("/oauth2/v1/clients/{id}");
    let mut client = hub.get(&path);
    let read = client.clone();
    assert_eq!(
        hub.call("PUT", &path, Some(&json!({ "client_name": "Service" })))
            .status,
        400,
        "no partial update"
    );
    client
        .as_object_mut()
        .expect("an object")
        .remove("client_id_issued_at");
    client["jwks"]["keys"] = json!([old, new]);
    let answer = hub.call("PUT", &path, Some(&client));
    assert_eq!(answer.status, 200, "{}", answer.body_text());
    let app = hub.get(&format!("/api/v1/apps/{id}"));
    let kids: Vec<&Value> = app["settings"]["oauthClient"]["jwks"]["keys"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|key| &key["kid"])
        .collect();
    assert_eq!(kids, ["old", "new"]);
    assert_eq!(
        app["settings"]["oauthClient"]["dpop_bound_access_tokens"],
        true
    );
    client["jwks"]["keys"] = json!([new]);
    assert_eq!(
        hub.call("PUT", &path, Some(&client)).value()["jwks"]["keys"]
            .as_array()
            .map(Vec::len),
        Some(1),
        "the set is replaced"
    );
    assert_eq!(read["jwks"]["keys"][0]["kid"], "old");
    let listed = hub.get("/oauth2/v1/clients?q=serv");
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    assert_eq!(hub.call("DELETE", &path, None).status, 204);
    assert_eq!(
        hub.call("GET", &format!("/api/v1/apps/{id}"), None).status,
        404
    );
    assert_eq!(error(&hub.call("GET", &path, None)).0, 404);
}

#[test]
fn making_and_removing_everything_gives_the_dump_back() {
    let mut hub = Hub::new();
    let before = hub.world.dump();
    let mut with = Hub::with_app();
    assert_eq!(with.world.dump()["acme"], before["acme"]);
    assert_ne!(with.world.dump()["hub"], before["hub"]);
    let app = with.app.clone();
    let role = with.post(
        "/api/v1/iam/roles",
        json!({ "label": "R", "description": "x", "permissions": ["okta.groups.create"] }),
    );
    let set = with.post("/api/v1/iam/resource-sets", json!({ "label": "S", "description": "x", "resources": ["https://hub.okta.com/api/v1/groups"] }));
    for path in [
        format!("/api/v1/iam/roles/{}", text(&role, "id")),
        format!("/api/v1/iam/resource-sets/{}", text(&set, "id")),
    ] {
        assert_eq!(with.call("DELETE", &path, None).status, 204);
    }
    with.access_token("okta.users.manage");
    assert_eq!(
        with.call(
            "POST",
            &format!("/api/v1/apps/{app}/lifecycle/deactivate"),
            None
        )
        .status,
        200
    );
    assert_eq!(
        with.call("DELETE", &format!("/api/v1/apps/{app}"), None)
            .status,
        204
    );
    assert_eq!(with.world.dump(), before);
    with.world.reset();
    assert_eq!(with.world.dump(), before);
    assert_eq!(with.world.requests().len(), 0);
    hub.world.reset();
}

#[test]
fn an_api_token_is_made_in_the_console_and_ends_with_its_owner_or_unused() {
    let mut hub = Hub::new();
    let session = hub.world.session("hub", "apps@hub.example.com", NOW);
    let form = |name: &str, xsrf: &str| {
        let mut request = Request::new("POST", "https://hub-admin.okta.com/admin/_do/create-token")
            .with("cookie", &session.cookie)
            .with("x-okta-xsrftoken", xsrf)
            .with("content-type", "application/x-www-form-urlencoded");
        request.body = format!("name={name}").into_bytes();
        request
    };
    assert_eq!(hub.send(&form("stolen", "wrong")).status, 400);
    let made = hub.send(&form("ACME%20push", &session.xsrf));
    let value = text(&made.value(), "once");
    assert_eq!((made.status, value.len()), (200, 42));
    let page = Request::new("GET", "https://hub-admin.okta.com/admin/access/api/tokens")
        .with("cookie", &session.cookie);
    let page = hub.send(&page).body_text();
    assert!(
        page.contains("ACME push") && !page.contains(&value),
        "it is told once"
    );
    let tokens = hub.get("/api/v1/api-tokens");
    let token = tokens
        .as_array()
        .into_iter()
        .flatten()
        .find(|token| token["name"] == "ACME push")
        .cloned()
        .expect("listed");
    assert_eq!(
        (
            &token["tokenWindow"],
            &token["clientName"],
            &token["network"]["connection"]
        ),
        (&json!("P30D"), &json!("Okta API"), &json!("ANYWHERE"))
    );
    let path = format!("/api/v1/api-tokens/{}", text(&token, "id"));
    let with = |hub: &mut Hub| {
        let request = Request::new("GET", "https://hub.okta.com/api/v1/apps?limit=1")
            .with("authorization", &format!("SSWS {value}"));
        let answer = hub.send(&request);
        (answer.status, text(&answer.value(), "errorCode"))
    };
    hub.now = NOW + 29 * DAY;
    assert_eq!(with(&mut hub).0, 200);
    hub.get("/api/v1/apps?limit=1");
    hub.now = NOW + 58 * DAY;
    assert_eq!(with(&mut hub).0, 200, "each call renews it");
    assert_eq!(hub.get(&path)["lastUpdated"], "2027-01-21T10:00:00.000Z");
    let mut idle = Hub {
        world: hub.world.clone(),
        admin: hub.admin.clone(),
        key: Key::fresh(),
        dpop: Key::fresh(),
        app: String::new(),
        now: NOW + 88 * DAY,
        count: 0,
    };
    assert_eq!(with(&mut idle), (401, "E0000011".to_owned()));
    let owner = text(&token, "userId");
    assert_eq!(
        hub.call(
            "POST",
            &format!("/api/v1/users/{owner}/lifecycle/deactivate"),
            None
        )
        .status,
        200
    );
    assert_eq!(with(&mut hub), (401, "E0000011".to_owned()));
    assert_eq!(
        hub.call(
            "POST",
            &format!("/api/v1/users/{owner}/lifecycle/activate"),
            None
        )
        .status,
        200
    );
    assert_eq!(with(&mut hub).0, 401, "it does not come back");
    assert_eq!(hub.call("GET", &path, None).status, 404);
    let own = hub.call("DELETE", "/api/v1/api-tokens/current", None);
    assert_eq!(own.status, 204);
    assert_eq!(hub.call("GET", "/api/v1/apps", None).status, 401);
}

#[test]
fn only_a_super_admin_gives_roles_scopes_and_ends_foreign_tokens() {
    let mut hub = Hub::with_app();
    let site = hub
        .world
        .sites()
        .into_iter()
        .find(|site| site.subdomain == "hub")
        .expect("the hub");
    let apps = site
        .admins
        .iter()
        .find(|admin| admin.role == "APP_ADMIN")
        .expect("an app admin");
    let (super_admin, app) = (
        std::mem::replace(&mut hub.admin, apps.token.clone()),
        hub.app.clone(),
    );
    let grants = format!("/api/v1/apps/{app}/grants");
    let refused = [
        hub.assign("APP_ADMIN"),
        hub.call(
            "POST",
            &grants,
            Some(&json!({ "scopeId": "okta.apps.read", "issuer": "https://hub.okta.com" })),
        ),
        hub.call("POST", "/api/v1/iam/roles", Some(&json!({}))),
    ];
    assert!(refused.iter().all(|answer| answer.status == 403));
    assert_eq!(hub.call("GET", &grants, None).status, 200);
    hub.admin = super_admin;
    let tokens = hub.get("/api/v1/api-tokens");
    assert_eq!(tokens.as_array().map(Vec::len), Some(3));
    let user = text(&hub.get("/api/v1/users/apps@hub.example.com"), "id");
    let roles = format!("/api/v1/users/{user}/roles");
    let given = hub.call("POST", &roles, Some(&json!({ "type": "READ_ONLY_ADMIN" })));
    assert_eq!(
        (given.status, &given.value()["assignmentType"]),
        (201, &json!("USER"))
    );
    assert_eq!(
        hub.call("POST", &roles, Some(&json!({ "type": "READ_ONLY_ADMIN" })))
            .status,
        409
    );
    assert_eq!(
        hub.call(
            "DELETE",
            &format!("{roles}/{}", text(&given.value(), "id")),
            None
        )
        .status,
        204
    );
    assert_eq!(
        hub.call("POST", &roles, Some(&json!({ "type": "KING" })))
            .status,
        400
    );
}

#[test]
fn older_orgs_make_new_service_apps_super_admins() {
    let mut hub = Hub::new();
    let path = "/api/v1/org/settings/clientPrivilegesSetting";
    assert_eq!(hub.get(path), json!({ "clientPrivilegesSetting": false }));
    assert_eq!(
        hub.call(
            "PUT",
            path,
            Some(&json!({ "clientPrivilegesSetting": true }))
        )
        .status,
        200
    );
    let key = hub.key.jwk("k1");
    let app = hub.post(
        "/api/v1/apps",
        service(&json!({ "jwks": { "keys": [key] } })),
    );
    let roles = hub.get(&format!("/oauth2/v1/clients/{}/roles", text(&app, "id")));
    assert_eq!(roles[0]["type"], "SUPER_ADMIN");
}

#[test]
fn settings_of_a_client_that_cannot_work_are_refused() {
    let mut hub = Hub::new();
    let key = hub.key.jwk("k1");
    let odd = [
        json!({}),
        json!({ "jwks": { "keys": [{ "kty": "oct", "k": "x" }] } }),
        json!({ "jwks": [] }),
        json!({ "jwks_uri": "no address" }),
        json!({ "jwks": { "keys": [key] }, "grant_types": ["authorization_code"] }),
        json!({ "jwks": { "keys": [key] }, "application_type": "robot" }),
        json!({ "jwks": { "keys": [key] }, "dpop_bound_access_tokens": "TRUE" }),
    ];
    for more in odd {
        let answer = hub.call("POST", "/api/v1/apps", Some(&service(&more)));
        assert_eq!(answer.status, 400, "{more}");
    }
    let mut chosen = service(&json!({ "jwks": { "keys": [key] } }));
    chosen["credentials"]["oauthClient"]["client_id"] = json!("acme-provisioning");
    let app = hub.post("/api/v1/apps", chosen.clone());
    assert_eq!(
        hub.get("/oauth2/v1/clients/acme-provisioning")["client_name"],
        "ACME provisioning"
    );
    assert_eq!(
        hub.call("POST", "/api/v1/apps", Some(&chosen)).status,
        400,
        "a client id is given once"
    );
    hub.app = text(&app, "id");
    hub.set_app(|app| app["credentials"]["oauthClient"]["client_id"] = json!("another"));
    assert_eq!(
        hub.call("GET", "/oauth2/v1/clients/acme-provisioning", None)
            .status,
        200,
        "and never changed"
    );
}

#[test]
fn a_secret_is_told_when_it_is_made() {
    let mut hub = Hub::new();
    let app = hub.post(
        "/api/v1/apps",
        json!({ "name": "oidc_client", "label": "Web", "signOnMode": "OPENID_CONNECT" }),
    );
    let id = text(&app, "id");
    let secret = text(&app["credentials"]["oauthClient"], "client_secret");
    assert!(!secret.is_empty());
    let read = hub.get(&format!("/api/v1/apps/{id}"));
    assert!(!read.to_string().contains(&secret) && !hub.world.dump().to_string().contains(&secret));
    let mut request =
        Request::new("POST", TOKEN).with("content-type", "application/x-www-form-urlencoded");
    request.body = format!(
        "grant_type=client_credentials&scope=okta.users.read&client_id={id}&client_secret={secret}"
    )
    .into_bytes();
    let answer = hub.send(&request);
    assert_eq!(
        error(&answer).2,
        "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method."
    );
}

//! The hub with a service app, and a client of it that signs on its own.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use org2org_lab::{Options, Request, Response, World};
use serde_json::{Value, json};

pub const NOW: u64 = 1_795_514_400_000;

pub const DAY: u64 = 86_400_000;

pub const TOKEN: &str = "https://hub.okta.com/oauth2/v1/token";

/// A P-256 key pair of a client.
pub struct Key {
    private: EncodingKey,
    pub public: Jwk,
}

impl Key {
    pub fn fresh() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("randomness");
        let der = pair.to_pkcs8v1().expect("encodes");
        let private = EncodingKey::from_ec_der(der.as_ref());
        let public = Jwk::from_encoding_key(&private, Algorithm::ES256).expect("a public part");
        Self { private, public }
    }

    pub fn jwk(&self, kid: &str) -> Value {
        let all = serde_json::to_value(&self.public).expect("a key is JSON");
        json!({ "kty": "EC", "kid": kid, "use": "sig", "crv": all["crv"], "x": all["x"], "y": all["y"] })
    }

    pub fn sign(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.private).expect("signs")
    }

    pub fn assertion(&self, kid: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(kid.to_owned());
        self.sign(&header, claims)
    }

    pub fn proof(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some("dpop+jwt".to_owned());
        header.jwk = Some(self.public.clone());
        self.sign(&header, claims)
    }
}

/// The hub with a super admin's token, and a service app of it.
pub struct Hub {
    pub world: World,
    pub admin: String,
    pub key: Key,
    pub dpop: Key,
    pub app: String,
    pub now: u64,
    pub count: u64,
}

impl Hub {
    pub fn new() -> Self {
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
    pub fn with_app() -> Self {
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

    pub fn send(&mut self, request: &Request) -> Response {
        self.world
            .handle(request, self.now)
            .response()
            .expect("an answer")
    }

    pub fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let request = Request::new(method, &format!("https://hub.okta.com{path}"))
            .with("authorization", &format!("SSWS {}", self.admin));
        self.send(&body.map_or(request.clone(), |body| request.json(body)))
    }

    pub fn get(&mut self, path: &str) -> Value {
        let answer = self.call("GET", path, None);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body_text());
        answer.value()
    }

    pub fn post(&mut self, path: &str, body: Value) -> Value {
        let answer = self.call("POST", path, Some(&body));
        assert!(answer.status < 300, "{path}: {}", answer.body_text());
        answer.value()
    }

    pub fn grant(&mut self, scope: &str) -> Value {
        let path = format!("/api/v1/apps/{}/grants", self.app);
        self.post(
            &path,
            json!({ "scopeId": scope, "issuer": "https://hub.okta.com" }),
        )
    }

    pub fn assign(&mut self, role: &str) -> Response {
        let path = format!("/oauth2/v1/clients/{}/roles", self.app);
        self.call("POST", &path, Some(&json!({ "type": role })))
    }

    pub fn jti(&mut self) -> String {
        self.count += 1;
        format!("jti-{}", self.count)
    }

    pub fn claims(&mut self) -> Value {
        json!({
            "iss": self.app, "sub": self.app, "aud": TOKEN, "jti": self.jti(),
            "iat": self.now / 1000, "exp": self.now / 1000 + 300,
        })
    }

    pub fn ask(&mut self, assertion: &str, proof: Option<&str>, scope: &str) -> Response {
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

    pub fn fresh_assertion(&mut self) -> String {
        let claims = self.claims();
        self.key.assertion("k1", &claims)
    }

    pub fn proof_claims(&mut self, method: &str, url: &str) -> Value {
        json!({ "htm": method, "htu": url, "iat": self.now / 1000, "jti": self.jti() })
    }

    /// Two calls, as a client makes them: the first one learns the nonce.
    pub fn token(&mut self, scope: &str) -> Response {
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

    pub fn access_token(&mut self, scope: &str) -> String {
        let answer = self.token(scope);
        assert_eq!(answer.status, 200, "{}", answer.body_text());
        text(&answer.value(), "access_token")
    }

    /// A call with the app's token and a proof of its own.
    pub fn as_app(
        &mut self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Response {
        let place = path.split('?').next().unwrap_or_default();
        let mut claims = self.proof_claims(method, &format!("https://hub.okta.com{place}"));
        claims["ath"] = json!(hash(token));
        let proof = self.dpop.proof(&claims);
        let request = Request::new(method, &format!("https://hub.okta.com{path}"))
            .with("authorization", &format!("DPoP {token}"))
            .with("dpop", &proof);
        self.send(&body.map_or(request.clone(), |body| request.json(body)))
    }

    pub fn set_app(&mut self, change: impl FnOnce(&mut Value)) {
        let path = format!("/api/v1/apps/{}", self.app);
        let mut app = self.get(&path);
        change(&mut app);
        let answer = self.call("PUT", &path, Some(&app));
        assert_eq!(answer.status, 200, "{}", answer.body_text());
    }
}

pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

pub fn hash(token: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_ref())
}

pub fn error(answer: &Response) -> (u16, String, String) {
    let value = answer.value();
    (
        answer.status,
        text(&value, "error"),
        text(&value, "error_description"),
    )
}

pub fn service(more: &Value) -> Value {
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

pub fn person(login: &str) -> Value {
    json!({ "profile": { "firstName": "A", "lastName": "B", "email": login, "login": login } })
}

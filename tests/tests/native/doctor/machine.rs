//! Fixtures: keys, service app, connection, tokens and limits.

use org2org_core::run::Side::Target;
use org2org_lab::{Fault, FaultKind};
use serde_json::{Value, json};

use super::Case;
use super::at::*;

pub const CASES: &[Case] = &[
    ("certificate-differs", |c| {
        let key = generate(c);
        change_app(c, "/credentials/signing/kid", key["kid"].clone());
    }),
    ("certificate-ended", |c| {
        c.edit("idps.keys", |keys| ends(keys, "2026-01-01T00:00:00.000Z"));
    }),
    ("certificate-ends-soon", |c| {
        c.edit("idps.keys", |keys| ends(keys, "2026-12-20T00:00:00.000Z"));
    }),
    ("rotation-left-open", |c| {
        let path = idp(c);
        let own = c.get(Target, &path)["protocol"]["credentials"]["trust"]["kid"].clone();
        let all = c.get(Target, "/api/v1/idps/credentials/keys");
        let other = all
            .as_array()
            .unwrap()
            .iter()
            .find(|key| key["kid"] != own)
            .unwrap()["kid"]
            .clone();
        change_idp(
            c,
            "/protocol/credentials/trust/additionalKids",
            json!([other]),
        );
    }),
    ("keys-fetched-elsewhere", |c| {
        change_client(
            c,
            "/settings/oauthClient/jwks_uri",
            json!("https://keys.example.com/jwks"),
        );
    }),
    ("keys-kept-while-rotating", |c| {
        by_hand(c, |_| {});
        let client = client(c);
        let client_id = c.get(Target, &client)["credentials"]["oauthClient"]["client_id"].clone();
        connect(
            c,
            json!({"profile": {"authScheme": "OAUTH2", "clientId": client_id, "signing": {"rotationMode": "AUTO"}}}),
        );
    }),
    ("connection-without-keys", |c| {
        c.edit("connections.keys", |keys| {
            *keys = json!({"jwks": {"keys": []}})
        });
    }),
    ("client-key-missing", |c| {
        by_hand(c, |keys| keys[0]["kid"] = json!("another"))
    }),
    ("client-key-other", |c| {
        let other = generate(c);
        by_hand(c, move |keys| keys[0]["n"] = other["n"].clone());
    }),
    ("client-key-inactive", |c| {
        by_hand(c, |_| {});
        edit_client(c, |app| {
            put(
                app,
                "/settings/oauthClient/jwks/keys/0/status",
                json!("INACTIVE"),
            )
        });
    }),
    ("old-client-keys", |c| {
        let other = generate(c);
        by_hand(c, move |keys| {
            let mut old = keys[0].clone();
            old["kid"] = other["kid"].clone();
            old["n"] = other["n"].clone();
            keys.push(old);
        });
    }),
    ("client-key-without-use", |c| {
        by_hand(c, |_| {});
        edit_client(c, |app| {
            put(app, "/settings/oauthClient/jwks/keys/0/use", Value::Null)
        });
    }),
    ("client-key-short", |c| {
        by_hand(c, |_| {});
        edit_client(c, |app| {
            put(
                app,
                "/settings/oauthClient/jwks/keys/0/n",
                json!("x".repeat(171)),
            )
        });
    }),
    ("client-missing", |c| {
        let profile = json!({"authScheme": "OAUTH2", "clientId": "0oa00000000000000001", "signing": {"rotationMode": "AUTO"}});
        connect(c, json!({"profile": profile}));
    }),
    ("client-inactive", |c| {
        let path = client(c);
        c.call(
            Target,
            "POST",
            &format!("{path}/lifecycle/deactivate"),
            Value::Null,
        );
    }),
    ("client-not-a-service", |c| {
        edit_client(c, |app| {
            put(app, "/settings/oauthClient/application_type", json!("web"))
        });
    }),
    ("client-by-secret", |c| {
        let at = "/credentials/oauthClient/token_endpoint_auth_method";
        change_client(c, at, json!("client_secret_basic"));
    }),
    ("dpop-off", |c| {
        change_client(
            c,
            "/settings/oauthClient/dpop_bound_access_tokens",
            json!(false),
        );
    }),
    ("role-missing", |c| take_role(c, |_| true)),
    ("membership-role-missing", |c| {
        take_role(c, |kind| kind == "GROUP_MEMBERSHIP_ADMIN")
    }),
    ("role-inactive", |c| {
        c.edit("client-roles.list", |roles| {
            roles[0]["status"] = json!("INACTIVE")
        });
    }),
    ("super-admin-client", |c| {
        let path = roles(c);
        c.call(Target, "POST", &path, json!({"type": "SUPER_ADMIN"}));
    }),
    ("role-too-wide", |c| {
        let path = roles(c);
        c.call(Target, "POST", &path, json!({"type": "ORG_ADMIN"}));
    }),
    ("no-right-to-make-groups", |c| {
        take_role(c, |kind| kind == "CUSTOM")
    }),
    ("users-scope-missing", |c| {
        take_scope(c, "okta.users.manage")
    }),
    ("groups-scope-missing", |c| {
        take_scope(c, "okta.groups.manage")
    }),
    ("scope-too-wide", |c| {
        let path = client(c);
        let grant = json!({"scopeId": "okta.apps.manage", "issuer": "https://hub.okta.com"});
        c.call(Target, "POST", &format!("{path}/grants"), grant);
    }),
    ("grant-of-other-issuer", |c| {
        c.edit("grants.list", |grants| {
            grants[0]["issuer"] = json!("https://hub.okta.com/oauth2/default")
        });
    }),
    ("client-of-several", |c| {
        let path = client(c);
        let own = c.get(Target, &path);
        let twin = json!({
            "name": "oidc_client", "label": "Another", "signOnMode": "OPENID_CONNECT",
            "credentials": {"oauthClient": {"token_endpoint_auth_method": "private_key_jwt"}},
            "settings": {"oauthClient": {
                "application_type": "service", "grant_types": ["client_credentials"], "response_types": ["token"],
                "jwks_uri": own["settings"]["oauthClient"]["jwks_uri"],
            }},
        });
        c.call(Target, "POST", "/api/v1/apps", twin);
    }),
    ("connection-off", |c| switch_connection(c, false)),
    ("connection-by-token", |c| {
        connect(
            c,
            json!({"profile": {"authScheme": "TOKEN", "token": "00example"}}),
        )
    }),
    ("rotation-by-hand", |c| by_hand(c, |_| {})),
    ("connection-elsewhere", |c| {
        let profile = json!({"authScheme": "TOKEN", "token": "00example"});
        connect(
            c,
            json!({"baseUrl": "https://other.okta.com", "profile": profile}),
        );
    }),
    ("inactive-app-still-pushes", |c| switch_app(c, false)),
    ("token-owner-gone", |c| {
        by_token(c, "apps@hub");
        let owner = c.get(Target, "/api/v1/users/apps@hub.example.com");
        c.call(
            Target,
            "POST",
            &format!("/api/v1/users/{}/lifecycle/suspend", id(&owner)),
            Value::Null,
        );
    }),
    ("token-owner-not-super", |c| {
        by_token(c, "auditor@hub");
    }),
    ("token-ends", |c| {
        by_token(c, "admin@hub");
        c.edit("api-tokens.list", |tokens| {
            ends(tokens, "2026-11-20T00:00:00.000Z")
        });
    }),
    ("token-from-zones", |c| {
        let path = by_token(c, "admin@hub");
        c.change(Target, &path, |token| {
            token["network"] = json!({"connection": "ZONE", "include": ["nzo00000000000000001"]});
        });
    }),
    ("token-left-over", |c| {
        name_token(c, "admin@hub");
    }),
    ("limit-nearly-used", |c| {
        c.header("x-rate-limit-remaining", "3")
    }),
    ("calls-put-off", |c| {
        let limited = Fault::new(FaultKind::RateLimited)
            .on("GET", "/api/v1/idps")
            .nth(1);
        c.bench.world.fault(limited.org("hub"));
    }),
    ("too-many-at-once", |c| {
        let crowded = Fault::new(FaultKind::Concurrency)
            .on("GET", "/api/v1/apps")
            .nth(1);
        c.bench.world.fault(crowded.org("acme"));
    }),
];

fn ends(all: &mut Value, when: &str) {
    for one in all.as_array_mut().unwrap() {
        one["expiresAt"] = json!(when);
    }
}

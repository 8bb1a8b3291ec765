//! The result as Terraform, read by a parser of another author and held against what the provider documents.

use org2org_core::report::{Matter, terraform};
use org2org_core::run::{Member, Method, SignOn};
use org2org_tests::Bench;
use serde_json::Value;

use crate::people::user;
use crate::pushes;

/// A resource of the provider: its type, what it requires, and what else it takes, blocks with their members as `block/member`.
/// From `docs/resources/*.md` of github.com/okta/terraform-provider-okta; only what we may write is copied out.
const PROVIDER: [(&str, &str, &str); 15] = [
    ("okta_admin_role_custom", "label description", "permissions"),
    ("okta_app_bookmark", "label url", "admin_note"),
    (
        "okta_app_connection",
        "id base_url action profile",
        "profile/auth_scheme profile/client_id profile/signing profile/signing/rotation_mode",
    ),
    (
        "okta_app_features",
        "app_id name",
        "status capabilities capabilities/create capabilities/create/lifecycle_create capabilities/create/lifecycle_create/status \
         capabilities/update capabilities/update/lifecycle_deactivate capabilities/update/lifecycle_deactivate/status \
         capabilities/update/password capabilities/update/password/status capabilities/update/profile capabilities/update/profile/status",
    ),
    ("okta_app_group_assignment", "app_id group_id", ""),
    (
        "okta_app_oauth",
        "label type",
        "admin_note grant_types response_types consent_method jwks_uri jwks jwks/kty jwks/kid jwks/e jwks/n jwks/x jwks/y \
         token_endpoint_auth_method pkce_required auto_key_rotation omit_secret",
    ),
    ("okta_app_oauth_api_scope", "app_id issuer scopes", ""),
    (
        "okta_app_oauth_role_assignment",
        "client_id type",
        "role resource_set",
    ),
    (
        "okta_app_saml",
        "label",
        "preconfigured_app app_settings_json admin_note",
    ),
    ("okta_app_user", "app_id user_id", ""),
    ("okta_group", "name", "description"),
    (
        "okta_idp_saml",
        "issuer kid name sso_url",
        "sso_binding sso_destination acs_type name_format request_signature_algorithm request_signature_scope \
         response_signature_algorithm response_signature_scope account_link_action account_link_group_include provisioning_action \
         profile_master groups_action deprovisioned_action suspended_action username_template subject_filter subject_match_type",
    ),
    ("okta_idp_saml_key", "x5c", ""),
    (
        "okta_policy_rule_idp_discovery",
        "name",
        "policy_id network_connection user_identifier_type idp_providers idp_providers/id idp_providers/type \
         user_identifier_patterns user_identifier_patterns/match_type user_identifier_patterns/value",
    ),
    (
        "okta_push_group",
        "app_id source_group_id",
        "target_group_name status delete_target_group_on_destroy",
    ),
];
const RESOURCE_SETS: (&str, &str, &str) = ("okta_resource_set", "label description", "resources");
/// What every resource takes: Terraform's own meta-arguments.
const META: [&str; 3] = ["provider", "lifecycle", "lifecycle/ignore_changes"];

fn written(bench: &Bench, whole: bool) -> String {
    let pair = bench.run.pair();
    terraform(&Matter {
        source: &pair.source.url,
        target: &pair.target.url,
        journal: bench.run.journal(),
        whole,
    })
}

fn applied(change: impl FnOnce(&mut Bench)) -> Bench {
    let mut bench = Bench::fresh();
    change(&mut bench);
    bench.drive();
    bench.apply();
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    bench
}

/// Everything at once: SAML, bookmarks, a routing rule, OAuth with a pushed group, a person assigned alone.
fn full() -> Bench {
    applied(|bench| {
        let pushed = pushes::group(
            bench,
            "Pushed ${file(\"/etc/passwd\")} \"x\"",
            &["grace@acme.example.com"],
        );
        let grace = user(
            bench,
            org2org_core::run::Side::Source,
            "grace@acme.example.com",
        );
        pushes::wish(bench, Method::OauthAuto, |push| push.groups = vec![pushed]);
        bench.wish(|wish| {
            wish.routing = true;
            wish.users.push(Member {
                id: grace["id"].as_str().unwrap().to_owned(),
                name: "grace@acme.example.com".to_owned(),
            });
        });
    })
}

fn read(text: &str) -> Value {
    hcl::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Every resource: its type, its name and its body.
fn resources(file: &Value) -> Vec<(String, String, Value)> {
    let kinds = file["resource"].as_object().into_iter().flatten();
    kinds
        .flat_map(|(kind, named)| {
            let named = named.as_object().unwrap().iter();
            named.map(move |(name, body)| (kind.clone(), name.clone(), body.clone()))
        })
        .collect()
}

/// Pointers to every member: `profile/signing/rotation_mode`.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let at = format!("{at}/{name}");
                found.push(at.trim_start_matches('/').to_owned());
                members(value, &at, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, at, found)),
        _ => {}
    }
}

/// What `terraform validate` would say of names: unknown arguments, missing ones, references to nothing.
fn validate(text: &str) -> Vec<(String, String, Value)> {
    let file = read(text);
    let all = resources(&file);
    for (kind, name, body) in &all {
        let known = PROVIDER.iter().chain([&RESOURCE_SETS]);
        let (_, required, optional) = known
            .copied()
            .find(|(known, ..)| known == kind)
            .unwrap_or_else(|| panic!("the provider has no {kind}"));
        for required in required.split_whitespace() {
            assert!(
                !body[required].is_null(),
                "{kind}.{name} lacks {required}\n{text}"
            );
        }
        let mut found = Vec::new();
        members(body, "", &mut found);
        for member in found {
            let takes = |list: &str| list.split_whitespace().any(|known| known == member);
            assert!(
                takes(required) || takes(optional) || META.contains(&member.as_str()),
                "{kind}.{name} takes no {member}"
            );
        }
        let provider = body["provider"].as_str().unwrap();
        assert!(
            ["${okta.source}", "${okta.target}"].contains(&provider),
            "{provider}"
        );
    }
    for (_, name, body) in &all {
        for reference in references(body) {
            let made = |(kind, name, _): &(String, String, Value)| {
                format!("${{{kind}.{name}.id}}") == reference
            };
            assert!(
                all.iter().any(made),
                "{name} refers to {reference}, which is not there"
            );
        }
    }
    all
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(object) => object.values().flat_map(references).collect(),
        Value::String(text) if text.starts_with("${okta_") => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn kinds(all: &[(String, String, Value)]) -> Vec<&str> {
    let mut kinds: Vec<&str> = all.iter().map(|(kind, ..)| kind.as_str()).collect();
    kinds.dedup();
    kinds.sort_unstable();
    kinds
}

#[test]
fn what_was_made_is_valid_and_imported() {
    let bench = full();
    let text = written(&bench, true);
    let all = validate(&text);
    let mut told = kinds(&all);
    told.dedup();
    let mut expected: Vec<&str> = PROVIDER.iter().map(|(kind, ..)| *kind).collect();
    expected.push(RESOURCE_SETS.0);
    expected.sort_unstable();
    assert_eq!(told, expected, "{text}");
    let imports = text.matches("\nimport {").count();
    let without = all
        .iter()
        .filter(|(kind, ..)| kind == "okta_app_oauth_role_assignment");
    assert_eq!(imports, all.len() - without.count());
}

#[test]
fn values_stand_as_the_orgs_have_them() {
    let bench = full();
    let all = validate(&written(&bench, true));
    let dump = bench.world.dump();
    let body = |kind: &str| {
        let mut found = all.iter().filter(|(known, ..)| known == kind);
        found.next().unwrap().2.clone()
    };
    let idps = dump["hub"]["idps"].as_object().unwrap();
    let issuer = &body("okta_idp_saml")["issuer"];
    assert!(
        idps.values()
            .any(|idp| &idp["protocol"]["credentials"]["trust"]["issuer"] == issuer)
    );
    let settings: Value =
        serde_json::from_str(body("okta_app_saml")["app_settings_json"].as_str().unwrap()).unwrap();
    let apps = dump["acme"]["apps"].as_object().unwrap();
    assert!(apps.values().any(|app| {
        let kept = &app["settings"]["app"];
        settings
            .as_object()
            .unwrap()
            .iter()
            .all(|(name, value)| &kept[name] == value)
    }));
    assert!(
        settings["acsUrl"].is_string(),
        "the second write of the app is in it"
    );
    assert_eq!(
        body("okta_push_group")["target_group_name"],
        "Pushed ${file(\"/etc/passwd\")} \"x\""
    );
    for kind in ["okta_idp_saml", "okta_app_oauth"] {
        assert_eq!(
            body(kind)["lifecycle"]["ignore_changes"],
            "${all}",
            "{kind}"
        );
    }
}

#[test]
fn people_and_secrets_are_left_out() {
    let bench = full();
    let text = written(&bench, false);
    let all = validate(&text);
    assert!(!kinds(&all).contains(&"okta_app_user"));
    let people = bench.world.dump()["acme"]["users"]
        .as_object()
        .unwrap()
        .clone();
    for id in people.keys() {
        assert!(!text.contains(id.as_str()), "{id}");
    }
    for text in [text, written(&bench, true)] {
        for secret in bench.secrets() {
            assert!(!text.contains(&secret));
        }
    }
}

#[test]
fn what_the_provider_cannot_say_is_told() {
    let oidc = applied(|bench| {
        bench.wish(|wish| {
            wish.sign_on = SignOn::Oidc;
            wish.apps.clear();
        });
    });
    let text = written(&oidc, true);
    validate(&text);
    for gap in ["OKTA_INTEGRATION", "signs on by OpenID Connect"] {
        assert!(text.contains(gap), "{text}");
    }
}

#[test]
fn what_was_taken_back_is_not_in_it() {
    let mut bench = full();
    bench.undo();
    let text = written(&bench, true);
    assert_eq!(validate(&text), vec![], "{text}");
}

#[test]
fn a_damaged_journal_gives_no_resource() {
    let bench = applied(|_| {});
    let pair = bench.run.pair();
    let mut journal = bench.run.journal().clone();
    journal.entries[0].at += 1;
    let matter = Matter {
        source: &pair.source.url,
        target: &pair.target.url,
        journal: &journal,
        whole: true,
    };
    let text = terraform(&matter);
    assert!(text.starts_with("# This journal is damaged"), "{text}");
    assert_eq!(read(&text), Value::Object(serde_json::Map::new()));
}

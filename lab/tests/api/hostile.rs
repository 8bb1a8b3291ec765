//! Requests that nobody means well with, thousands of them by seed: each gets an answer of Okta's, and none a crash.

use org2org_lab::{Options, Request, Response, World};
use serde_json::{Value, json};

use crate::org::NOW;

/// With `ORG2ORG_DEEP` set, ten times as many.
const REQUESTS: usize = 6_000;

const METHODS: [&str; 10] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "get",
];

// Places of the API; `*` is replaced by an id, known or not.
const PLACES: [&str; 40] = [
    "/api/v1/apps",
    "/api/v1/apps/*",
    "/api/v1/apps/*/connections/default",
    "/api/v1/apps/*/connections/default/jwks",
    "/api/v1/apps/*/connections/default/lifecycle/activate",
    "/api/v1/apps/*/credentials/jwks",
    "/api/v1/apps/*/credentials/keys/generate",
    "/api/v1/apps/*/credentials/secrets",
    "/api/v1/apps/*/features/USER_PROVISIONING",
    "/api/v1/apps/*/grants",
    "/api/v1/apps/*/group-push/mappings",
    "/api/v1/apps/*/groups/*",
    "/api/v1/apps/*/lifecycle/deactivate",
    "/api/v1/apps/*/sso/saml/metadata",
    "/api/v1/apps/*/users",
    "/api/v1/apps/*/users/*",
    "/api/v1/api-tokens/*",
    "/api/v1/domains",
    "/api/v1/features/*/ENABLE",
    "/api/v1/groups",
    "/api/v1/groups/*/users/*",
    "/api/v1/iam/resource-sets",
    "/api/v1/iam/resource-sets/*/bindings",
    "/api/v1/iam/roles/*",
    "/api/v1/idps",
    "/api/v1/idps/*",
    "/api/v1/idps/*/users/*",
    "/api/v1/idps/credentials/keys",
    "/api/v1/logs",
    "/api/v1/mappings/*",
    "/api/v1/meta/schemas/user/*",
    "/api/v1/org",
    "/api/v1/principal-rate-limits",
    "/api/v1/users",
    "/api/v1/users/*",
    "/api/v1/users/*/lifecycle/suspend",
    "/oauth2/v1/clients",
    "/oauth2/v1/clients/*/roles",
    "/oauth2/v1/token",
    "/.well-known/okta-organization",
];

const SEGMENTS: [&str; 22] = [
    "",
    ".",
    "..",
    "%",
    "%0",
    "%00",
    "%2e%2e",
    "%2F",
    "%C0%AF",
    "%ED%A0%80",
    "%FF%FE",
    "%zz",
    "*",
    "+",
    ";a=b",
    "0",
    "-1",
    "null",
    "<script>",
    "\u{1f4a9}",
    "\u{202e}",
    "${7*7}",
];

const QUERIES: [&str; 18] = [
    "",
    "&&&",
    "=",
    "after=%FF",
    "after=AAAA",
    "activate=maybe",
    "expand=%00",
    "filter=%22",
    "filter=((((((((((",
    "filter=a+eq+%22%5C%22%22+and",
    "limit=-2",
    "limit=0&limit=1",
    "limit=99999999999999999999",
    "limit=1.5",
    "q=%F0%9F%92%A9",
    "search=profile.login+eq",
    "since=yesterday&until=2026-13-45T99:99:99Z",
    "validityYears=-3&targetAid=%2F",
];

/// A source of chances, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % count as u64).expect("below a count")
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a>(&mut self, all: &'a [impl AsRef<str>]) -> &'a str {
        all[self.below(all.len())].as_ref()
    }
}

/// What the requests are made of besides chance: a token, and ids that are known.
struct Known {
    token: String,
    ids: Vec<String>,
}

fn known(world: &mut World) -> Known {
    let token = world.sites()[0].admins[0].token.clone();
    let mut ids = vec!["me".to_owned(), "default".to_owned()];
    for place in ["apps", "groups", "users", "idps", "features", "api-tokens"] {
        let request = Request::new("GET", &format!("https://acme.okta.com/api/v1/{place}"))
            .with("authorization", &format!("SSWS {token}"));
        let answer = world.handle(&request, NOW).response().expect("an answer");
        let listed = answer.value();
        let listed = listed.as_array().expect("a list").iter();
        ids.extend(listed.filter_map(|one| one["id"].as_str().map(str::to_owned)));
    }
    assert!(ids.len() > 20, "the org has objects to reach");
    Known { token, ids }
}

fn path(dice: &mut Dice, known: &Known) -> String {
    let mut path = String::new();
    for part in dice.of(&PLACES).split('/').skip(1) {
        path.push('/');
        match part {
            "*" if dice.one_in(3) => path.push_str(dice.of(&SEGMENTS)),
            "*" => path.push_str(dice.of(&known.ids)),
            _ if dice.one_in(40) => path.push_str(dice.of(&SEGMENTS)),
            part => path.push_str(part),
        }
    }
    match dice.below(60) {
        0 => path.push('/'),
        1 => path.push_str(&"/x".repeat(2_000)),
        2 => path.push_str(&"%61".repeat(20_000)),
        3 => path = path.replace('/', "//"),
        _ => {}
    }
    path
}

fn odd(dice: &mut Dice, known: &Known, deep: usize) -> Value {
    const NAMES: [&str; 24] = [
        "id",
        "name",
        "label",
        "type",
        "status",
        "profile",
        "settings",
        "app",
        "credentials",
        "protocol",
        "policy",
        "signOnMode",
        "login",
        "email",
        "firstName",
        "lastName",
        "url",
        "baseUrl",
        "keys",
        "jwks",
        "oauthClient",
        "role",
        "scopeId",
        "properties",
    ];
    const TEXTS: [&str; 14] = [
        "",
        " ",
        "bookmark",
        "okta_org2org",
        "oidc_client",
        "SAML2",
        "SAML_2_0",
        "BOOKMARK",
        "OPENID_CONNECT",
        "https://hub.okta.com",
        "javascript:alert(1)",
        "\u{0}",
        "\u{202e}x\u{feff}",
        "a@b.example.com",
    ];
    match dice.below(if deep == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => json!(dice.one_in(2)),
        2 => json!([0.0, -1.0, 1.5, 1e308, -1e-308][dice.below(5)]),
        3 => json!(dice.of(&known.ids)),
        4 => json!("\u{e9}".repeat(dice.below(400))),
        5 => json!(dice.of(&TEXTS)),
        6 => (0..dice.below(4))
            .map(|_| odd(dice, known, deep - 1))
            .collect(),
        _ => {
            let count = dice.below(6);
            let fields =
                (0..count).map(|_| (dice.of(&NAMES).to_owned(), odd(dice, known, deep - 1)));
            Value::Object(fields.collect())
        }
    }
}

fn body(dice: &mut Dice, known: &Known) -> Vec<u8> {
    let mut bytes = odd(dice, known, 4).to_string().into_bytes();
    match dice.below(12) {
        0 => bytes.truncate(bytes.len() / 2),
        1 => bytes = (0..dice.below(64)).map(|_| dice.below(256) as u8).collect(),
        2 => bytes = [b"[".repeat(4_000), b"{\"a\":".repeat(4_000)].concat(),
        3 => bytes.clear(),
        4 => bytes.splice(0..0, *b"\xef\xbb\xbf").for_each(drop),
        5 if dice.one_in(20) => bytes = vec![b' '; (1 << 20) + 1],
        6 => bytes = b"grant_type=client_credentials&scope=&client_assertion=a.b.c&x=%zz".to_vec(),
        _ => {}
    }
    bytes
}

fn request(dice: &mut Dice, known: &Known) -> Request {
    let method = if dice.one_in(3) {
        "GET"
    } else {
        dice.of(&METHODS)
    };
    let mut request = Request::new(method, "https://acme.okta.com/");
    request.path = path(dice, known);
    request.query = dice.of(&QUERIES).to_owned();
    let token = match dice.below(24) {
        0 => String::new(),
        1 => "SSWS".to_owned(),
        2 => "SSWS \u{e9}\u{0}".to_owned(),
        3 => "DPoP a.b.c".to_owned(),
        4 => format!("Bearer {}", "x".repeat(70_000)),
        _ => format!("SSWS {}", known.token),
    };
    if !token.is_empty() || dice.one_in(2) {
        request = request.with("authorization", &token);
    }
    let kinds = [
        "application/json",
        "application/json; charset=utf-16",
        "application/JSON",
        "text/xml",
        "",
    ];
    let kind = if dice.one_in(6) {
        dice.of(&kinds)
    } else {
        kinds[0]
    };
    request = request.with("content-type", kind);
    if dice.one_in(8) {
        let headers = [
            "accept",
            "cookie",
            "dpop",
            "x-okta-xsrftoken",
            "content-length",
            "if-match",
            "origin",
        ];
        let values = [
            "",
            "*/*",
            "sid=;sid==",
            "application/xml",
            "-1",
            "\u{7f}",
            "null",
            "e30.e30.e30",
        ];
        request = request.with(dice.of(&headers), dice.of(&values));
    }
    request.body = body(dice, known);
    request
}

// Okta's own shape, or OAuth's; a refused proof of possession is told in a header alone.
fn is_oktas(answer: &Response) -> bool {
    let body = answer.value();
    let text = |name: &str| body[name].as_str().is_some_and(|text| !text.is_empty());
    let management =
        text("errorCode") && text("errorSummary") && text("errorLink") && text("errorId");
    management && body["errorCauses"].is_array()
        || text("error") && text("error_description")
        || answer.body.is_empty() && answer.header("www-authenticate").is_some()
}

#[test]
fn hostile_requests_get_oktas_answers() {
    let deep = std::env::var_os("ORG2ORG_DEEP").is_some();
    for seed in 0..if deep { 10 } else { 1 } {
        let mut world = World::new(&Options {
            rate_limit: u32::MAX,
            ..Options::default()
        });
        let known = known(&mut world);
        let start = world.clone();
        let mut dice = Dice(seed);
        let (mut done, mut refused) = (0, 0);
        for count in 0..REQUESTS {
            // What was taken away by chance comes back once in a while.
            if count % 200 == 0 {
                world = start.clone();
            }
            let request = request(&mut dice, &known);
            let answer = world.handle(&request, NOW).response().expect("an answer");
            let shown: String = format!("{} {}?{}", request.method, request.path, request.query)
                .chars()
                .take(200)
                .collect();
            let place = format!(
                "seed {seed}, request {count}: {shown} answered {}: {}",
                answer.status,
                answer.body_text()
            );
            assert!(answer.status < 500, "{place}");
            let api = ["/api/", "/oauth2/", "/.well-known/"]
                .iter()
                .any(|start| request.path.starts_with(start));
            if answer.status >= 400 && api {
                assert!(is_oktas(&answer), "{place}");
                refused += 1;
            }
            done += usize::from(answer.status < 300 && api);
        }
        assert!(
            done > REQUESTS / 50 && refused > REQUESTS / 2,
            "{done} done, {refused} refused: chance meets all ends"
        );
    }
}

//! The whole way by hand: an admin does federation and a bookmark in both consoles, then Ada signs in through it.

use base64::{Engine, engine::general_purpose::STANDARD};
use org2org_lab::{Options, PASSWORD, Request, Response, World};

const NOW: u64 = 1_795_514_400_000;
const ADA: &str = "ada@acme.example.com";

/// A browser: cookies per host, forms filled from the page.
struct Browser {
    world: World,
    cookies: Vec<(String, String)>,
    now: u64,
}

impl Browser {
    fn new() -> Self {
        Self {
            world: World::new(&Options::default()),
            cookies: Vec::new(),
            now: NOW,
        }
    }

    fn send(&mut self, mut request: Request) -> Response {
        if let Some((_, pair)) = self.cookies.iter().find(|(host, _)| *host == request.host) {
            request = request.with("cookie", pair);
        }
        let answer = self
            .world
            .handle(&request, self.now)
            .response()
            .expect("an answer");
        if let Some(set) = answer.header("set-cookie") {
            let pair = set.split(';').next().expect("a pair").to_owned();
            self.cookies.retain(|(host, _)| *host != request.host);
            self.cookies.push((request.host.clone(), pair));
        }
        answer
    }

    /// Opens an address and follows redirects; the last address and answer.
    fn open(&mut self, address: &str) -> (String, Response) {
        let answer = self.send(Request::new("GET", address));
        self.follow(address.to_owned(), answer)
    }

    fn follow(&mut self, address: String, mut answer: Response) -> (String, Response) {
        let mut at = address;
        for _ in 0..9 {
            let Some(to) = answer.header("location").map(str::to_owned) else {
                return (at, answer);
            };
            at = if to.starts_with('/') {
                format!("https://{}{to}", Request::new("GET", &at).host)
            } else {
                to
            };
            answer = self.send(Request::new("GET", &at));
        }
        panic!("redirects go round at {at}");
    }

    fn sign_in(&mut self, host: &str, login: &str, from: &str) -> (String, Response) {
        let address = format!("https://{host}/login/login.htm");
        let form = [
            ("username", login),
            ("password", PASSWORD),
            ("fromURI", from),
        ];
        let answer = self.send(Request::new("POST", &address).form(&form));
        self.follow(address, answer)
    }

    /// Submits the page's own form for an action, with some fields typed over; where the console goes next.
    fn submit(&mut self, address: &str, action: &str, typed: &[(&str, &str)]) -> String {
        let page = self.open(address).1.body_text();
        let xsrf = between(&page, "id=\"_xsrfToken\" hidden>", "</span>").to_owned();
        let form = between(
            &page,
            &format!("action=\"/admin/_do/{action}\">"),
            "</form>",
        )
        .to_owned();
        let mut fields = fields(&form);
        for (name, value) in typed {
            fields.retain(|(key, _)| key != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let host = Request::new("GET", address).host;
        let request =
            Request::new("POST", &format!("https://{host}/admin/_do/{action}")).form(&fields);
        let answer = self.send(request.with("x-okta-xsrftoken", &xsrf));
        assert_eq!(answer.status, 200, "{action}: {}", answer.body_text());
        format!(
            "https://{host}{}",
            answer.value()["go"].as_str().expect("a place")
        )
    }

    fn text(&mut self, address: &str, id: &str) -> String {
        let (at, answer) = self.open(address);
        assert_eq!(answer.status, 200, "{at}: {}", answer.body_text());
        plain(between(&answer.body_text(), &format!("id=\"{id}\">"), "</"))
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text
        .find(start)
        .unwrap_or_else(|| panic!("`{start}` is not in: {text}"))
        + start.len();
    let to = text[from..].find(end).expect("an end") + from;
    &text[from..to]
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

// What a browser would send: inputs, chosen options, text areas.
fn fields(form: &str) -> Vec<(String, String)> {
    let mut made = Vec::new();
    for input in form
        .split("<input ")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default())
    {
        let ticked =
            !(input.contains("checkbox") || input.contains("radio")) || input.contains(" checked");
        if ticked {
            let value = if input.contains("value=\"") {
                between(input, "value=\"", "\"")
            } else {
                ""
            };
            made.push((between(input, "name=\"", "\"").to_owned(), plain(value)));
        }
    }
    for select in form
        .split("<select ")
        .skip(1)
        .map(|rest| rest.split("</select>").next().unwrap_or_default())
    {
        let chosen = select
            .split("<option ")
            .skip(1)
            .find(|option| option.contains(" selected"));
        let chosen = chosen
            .or_else(|| select.split("<option ").nth(1))
            .unwrap_or_default();
        made.push((
            between(select, "name=\"", "\"").to_owned(),
            plain(between(chosen, "value=\"", "\"")),
        ));
    }
    for area in form.split("<textarea ").skip(1) {
        made.push((
            between(area, "name=\"", "\"").to_owned(),
            plain(between(area, "\">", "</textarea>")),
        ));
    }
    made
}

/// Both orgs set up by hand; the addresses that matter.
struct Setup {
    browser: Browser,
    bookmark: String,
    idp: String,
    app: String,
}

fn by_hand(idp_fields: &[(&str, &str)]) -> Setup {
    let mut browser = Browser::new();
    browser.sign_in("acme-admin.okta.com", "admin@acme.example.com", "");
    browser.sign_in("hub-admin.okta.com", "admin@hub.example.com", "");
    let new = "https://acme-admin.okta.com/admin/apps/add-app/okta_org2org/new";
    let app = browser.submit(
        new,
        "add-org2org",
        &[("label", "HUB"), ("baseUrl", "https://hub.okta.com")],
    );
    let id = app
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .expect("an id")
        .to_owned();
    let help = format!(
        "https://acme-admin.okta.com/app/okta_org2org/{id}/setup/help/SAML_2_0/external-doc"
    );
    let shown =
        ["idp-issuer", "idp-sso-url", "idp-certificate"].map(|field| browser.text(&help, field));
    let mut typed = vec![
        ("name", "ACME"),
        ("issuer", &shown[0]),
        ("sso", &shown[1]),
        ("certificate", &shown[2]),
    ];
    typed.extend_from_slice(idp_fields);
    let idp = browser.submit(
        "https://hub-admin.okta.com/admin/access/identity-providers/add/saml2",
        "save-idp",
        &typed,
    );
    let acs = browser.text(&idp, "idp-acs-url");
    let audience = browser.text(&idp, "idp-audience-uri");
    browser.submit(
        &app,
        "edit-sign-on",
        &[("acsUrl", &acs), ("audRestriction", &audience)],
    );
    let sales = group_of(&browser, "acme", "Sales");
    browser.submit(&app, "assign-group", &[("groupId", &sales)]);

    let expenses = app_of(&browser, "hub", "Expenses");
    let embed = browser.text(&expenses, "embed-link");
    let people = group_of(&browser, "hub", "ACME people");
    browser.submit(&expenses, "assign-group", &[("groupId", &people)]);
    let link = format!("{}?RelayState={embed}", shown[1]);
    let new = "https://acme-admin.okta.com/admin/apps/add-app/bookmark/new";
    let bookmark = browser.submit(
        new,
        "add-bookmark",
        &[("label", "Expenses"), ("url", &link)],
    );
    browser.submit(&bookmark, "assign-group", &[("groupId", &sales)]);
    browser.cookies.clear();
    Setup {
        browser,
        bookmark: link,
        idp,
        app,
    }
}

fn group_of(browser: &Browser, org: &str, name: &str) -> String {
    let groups = browser.world.dump()[org]["groups"].clone();
    let groups = groups.as_object().expect("groups");
    groups
        .iter()
        .find(|(_, group)| group["name"] == name)
        .expect("the group exists")
        .0
        .clone()
}

fn app_of(browser: &Browser, org: &str, label: &str) -> String {
    let apps = browser.world.dump()[org]["apps"].clone();
    let (id, app) = apps
        .as_object()
        .expect("apps")
        .iter()
        .find(|(_, app)| app["label"] == label)
        .expect("the app exists");
    format!(
        "https://{org}-admin.okta.com/admin/app/{}/instance/{id}/",
        app["name"].as_str().expect("a name")
    )
}

/// Ada clicks the bookmark; the auto-posting page's action and fields.
fn click(setup: &mut Setup, login: &str) -> (String, Vec<(String, String)>) {
    let (at, _) = setup.browser.sign_in("acme.okta.com", login, "");
    assert!(at.ends_with("/app/UserHome"), "{at}");
    let (_, page) = setup.browser.open(&setup.bookmark.clone());
    let page = page.body_text();
    let form = between(&page, "<form id=\"appForm\"", "</form>").to_owned();
    (plain(between(&form, "action=\"", "\"")), fields(&form))
}

fn post(setup: &mut Setup, at: &str, fields: &[(String, String)]) -> (String, Response) {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let answer = setup.browser.send(Request::new("POST", at).form(&fields));
    setup.browser.follow(at.to_owned(), answer)
}

#[test]
fn a_bookmark_leads_to_the_target_app() {
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, ADA);
    let (at, page) = post(&mut setup, &acs, &fields);
    let text = page.body_text();
    assert_eq!(page.status, 200, "{at}: {text}");
    assert!(
        text.contains("<title>Expenses</title>") && text.contains(&format!("id=\"who\">{ADA}<")),
        "{text}"
    );
    assert!(
        at.starts_with("https://hub.okta.com/app/hub_expenses_1/"),
        "{at}"
    );
    let (_, again) = post(&mut setup, &acs, &fields);
    assert!(again.body_text().contains("used before"));
    let effects = setup.browser.world.effects();
    assert_eq!(
        effects.last().expect("effects").what,
        format!("created link of {ADA} to IdP `ACME`")
    );
}

#[test]
fn people_without_session_or_assignment_do_not_get_in() {
    let mut setup = by_hand(&[]);
    let bookmark = setup.bookmark.clone();
    let (at, page) = setup.browser.open(&bookmark);
    assert!(
        at.contains("/login/login.htm?fromURI=%2Fapp%2Fokta_org2org"),
        "{at}"
    );
    let from = plain(between(
        &page.body_text(),
        "name=\"fromURI\" value=\"",
        "\"",
    ));
    let (_, page) = setup.browser.sign_in("acme.okta.com", ADA, &from);
    assert!(
        page.body_text().contains("name=\"SAMLResponse\"")
            && page.body_text().contains("name=\"RelayState\"")
    );
    setup.browser.cookies.clear();
    let (_, page) = {
        setup
            .browser
            .sign_in("acme.okta.com", "alan@acme.example.com", "");
        setup.browser.open(&bookmark)
    };
    assert_eq!(page.status, 403);
    assert!(
        page.body_text()
            .contains("is not assigned to this application")
    );
}

#[test]
fn relay_state_never_leads_away() {
    for relay in [
        "https://evil.example.com/",
        "//evil.example.com",
        "https://hub.okta.com.evil.example.com/",
        "javascript:alert(1)",
        "https://hub.okta.com@evil.example.com/",
        "/\\evil.example.com",
        "http://hub.okta.com/",
    ] {
        let mut setup = by_hand(&[]);
        let (acs, mut fields) = click(&mut setup, ADA);
        fields.retain(|(name, _)| name != "RelayState");
        fields.push(("RelayState".to_owned(), relay.to_owned()));
        let (at, _) = post(&mut setup, &acs, &fields);
        assert_eq!(at, "https://hub.okta.com/app/UserHome", "{relay}");
    }
}

#[test]
fn tampered_and_late_responses_are_refused() {
    let refused = |change: fn(&str) -> String| {
        let mut setup = by_hand(&[]);
        let (acs, mut fields) = click(&mut setup, ADA);
        for (name, value) in &mut fields {
            if name == "SAMLResponse" {
                let text =
                    String::from_utf8(STANDARD.decode(&*value).expect("base64")).expect("text");
                *value = STANDARD.encode(change(&text));
            }
        }
        let (_, page) = post(&mut setup, &acs, &fields);
        assert_eq!(page.status, 403);
        plain(between(&page.body_text(), "id=\"notice\">", "</p>"))
    };
    assert!(refused(|text| text.replace("ada@acme", "admin@hub")).contains("signature"));
    assert!(
        refused(|text| text.replace("sp", "sq")).contains("well-formed")
            || refused(|text| text.replace("sp", "sq")).contains("SAML")
    );
    assert!(refused(|_| "<a/>".to_owned()).contains("no SAML response"));
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, ADA);
    setup.browser.now += 8 * 60_000;
    assert!(
        post(&mut setup, &acs, &fields)
            .1
            .body_text()
            .contains("expired")
    );
}

#[test]
fn the_identity_providers_rules_hold() {
    let refused = |typed: &[(&str, &str)], login: &str| {
        let mut setup = by_hand(typed);
        let (acs, fields) = click(&mut setup, login);
        let (_, page) = post(&mut setup, &acs, &fields);
        if page.status == 403 {
            plain(between(&page.body_text(), "id=\"notice\">", "</p>"))
        } else {
            String::new()
        }
    };
    assert_eq!(
        refused(&[("excludeAdmins", "true"), ("profileMaster", "true")], ADA),
        ""
    );
    let grace = "grace@acme.example.com";
    assert!(refused(&[("filter", ".*@other\\.example\\.com")], ADA).contains("filter"));
    assert_eq!(refused(&[("filter", ".*@acme\\.example\\.com")], ADA), "");
    assert!(refused(&[("link", "DISABLED")], ADA).contains("does not link"));
    assert!(refused(&[("jit", "DISABLED")], grace).contains("just-in-time"));
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, grace);
    let (_, page) = post(&mut setup, &acs, &fields);
    assert_eq!(page.status, 403, "made just in time, but without the app");
    assert!(page.body_text().contains("is not assigned"));
    let made = setup
        .browser
        .world
        .dump()
        .to_string()
        .contains("\"login\":\"grace@acme.example.com\",\"mobilePhone\"");
    assert!(
        made || setup
            .browser
            .world
            .effects()
            .iter()
            .any(|effect| effect.what.contains("just in time"))
    );
}

#[test]
fn an_inactive_end_stops_the_sign_in() {
    let mut setup = by_hand(&[]);
    let (acs, fields) = click(&mut setup, ADA);
    setup.browser.cookies.clear();
    setup
        .browser
        .sign_in("hub-admin.okta.com", "admin@hub.example.com", "");
    let idp = setup.idp.clone();
    setup.browser.submit(&idp, "idp-deactivate", &[]);
    assert!(
        post(&mut setup, &acs, &fields)
            .1
            .body_text()
            .contains("inactive")
    );
    setup
        .browser
        .sign_in("acme-admin.okta.com", "admin@acme.example.com", "");
    let app = setup.app.clone();
    setup.browser.submit(&app, "app-deactivate", &[]);
    setup.browser.sign_in("acme.okta.com", ADA, "");
    let bookmark = setup.bookmark.clone();
    assert_eq!(setup.browser.open(&bookmark).1.status, 404);
}

#[test]
fn a_read_only_admin_sees_no_forms_and_cannot_post_them() {
    let mut browser = Browser::new();
    browser.sign_in("acme-admin.okta.com", "auditor@acme.example.com", "");
    let address = app_of(&browser, "acme", "Time Sheets");
    let (_, page) = browser.open(&address);
    let text = page.body_text();
    assert!(text.contains("App Embed Link") && !text.contains("/admin/_do/"));
    let xsrf = between(&text, "id=\"_xsrfToken\" hidden>", "</span>").to_owned();
    let request = Request::new("POST", "https://acme-admin.okta.com/admin/_do/add-bookmark");
    let request = request
        .form(&[("label", "x"), ("url", "https://x.example.com/")])
        .with("x-okta-xsrftoken", &xsrf);
    assert_eq!(browser.send(request).status, 400);
    browser.cookies.clear();
    browser.sign_in("acme.okta.com", ADA, "");
    let ada = browser.cookies[0].1.clone();
    browser
        .cookies
        .push(("acme-admin.okta.com".to_owned(), ada));
    assert_eq!(
        browser
            .open("https://acme-admin.okta.com/admin/dashboard")
            .1
            .status,
        403
    );
    assert!(browser.world.effects().is_empty());
}

//! Federation with a bookmark, done by an admin in both consoles.

use org2org_lab::{Request, Response};

use crate::browser::{Browser, between, fields, plain};

/// Both orgs set up by hand; the addresses that matter.
pub struct Setup {
    pub browser: Browser,
    pub bookmark: String,
    pub idp: String,
    pub app: String,
}

pub fn by_hand(idp_fields: &[(&str, &str)]) -> Setup {
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

pub fn group_of(browser: &Browser, org: &str, name: &str) -> String {
    let groups = browser.world.dump()[org]["groups"].clone();
    let groups = groups.as_object().expect("groups");
    groups
        .iter()
        .find(|(_, group)| group["name"] == name)
        .expect("the group exists")
        .0
        .clone()
}

pub fn app_of(browser: &Browser, org: &str, label: &str) -> String {
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
pub fn click(setup: &mut Setup, login: &str) -> (String, Vec<(String, String)>) {
    let (at, _) = setup.browser.sign_in("acme.okta.com", login, "");
    assert!(at.ends_with("/app/UserHome"), "{at}");
    let (_, page) = setup.browser.open(&setup.bookmark.clone());
    let page = page.body_text();
    let form = between(&page, "<form id=\"appForm\"", "</form>").to_owned();
    (plain(between(&form, "action=\"", "\"")), fields(&form))
}

pub fn post(setup: &mut Setup, at: &str, fields: &[(String, String)]) -> (String, Response) {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let answer = setup.browser.send(Request::new("POST", at).form(&fields));
    setup.browser.follow(at.to_owned(), answer)
}

//! The Provisioning tab of an app: Integration, To App and To Okta, with the labels of Okta's help.

use serde_json::Value;

use super::super::html::{choice, esc, field, form, hidden, table, tick, values};
use super::View;
use crate::okta::mappings;
use crate::org::App;
use crate::provision::state::Way;
use crate::rights::Area;

/// The tab, its parts each under an address of its own. How the address of *To Okta* ends is not documented.
pub(super) fn provisioning(view: &View<'_>, app: &App) -> String {
    let mut parts = vec![("api-credentials", "Integration", integration(view, app))];
    if app.provisioning.connection.enabled {
        parts.push(("create-n-update", "To App", to_app(view, app)));
        parts.push(("to-okta", "To Okta", to_okta(view, app)));
    }
    let heads: String = parts
        .iter()
        .map(|(id, text, _)| format!("<li><a href=\"#tab-user-management/{id}\">{text}</a></li>"))
        .collect();
    let bodies: String = parts
        .iter()
        .map(|(id, _, html)| format!("<section data-part=\"{id}\">{html}</section>"))
        .collect();
    format!("<h2>Provisioning</h2><ul class=\"parts\" aria-label=\"Settings\">{heads}</ul>{bodies}")
}

/// Where the target reads the keys of an app's connection.
fn key_address(view: &View<'_>, app: &App) -> String {
    let host = view.org.host();
    format!(
        "https://{host}/api/v1/apps/{}/connections/default/jwks",
        app.id
    )
}

fn integration(view: &View<'_>, app: &App) -> String {
    let held = &app.provisioning.connection;
    let scheme = match &held.way {
        Some(Way::OAuth { auto: true, .. }) => "OAUTH_AUTO",
        Some(Way::OAuth { auto: false, .. }) => "OAUTH_MANUAL",
        Some(Way::Token(_)) => "TOKEN",
        None => "TOKEN",
    };
    let client = match &held.way {
        Some(Way::OAuth { client_id, .. }) => client_id.as_str(),
        _ => "",
    };
    let schemes = [
        ("OAUTH_AUTO", "OAUTH Auto-Rotation (recommended)"),
        ("OAUTH_MANUAL", "OAUTH Manual Rotation"),
        ("TOKEN", "API token"),
    ];
    let told = schemes.iter().find(|(value, _)| *value == scheme);
    let told = told
        .filter(|_| held.way.is_some())
        .map_or("Not configured", |(_, text)| text);
    let state = if held.enabled {
        "Enabled"
    } else {
        "Not enabled"
    };
    let mut made = values(&[
        ("api-integration", "API integration", state.to_owned()),
        (
            "integration-scheme",
            "Authentication Scheme",
            told.to_owned(),
        ),
        (
            "client-public-key-url",
            "Client Public Key URL",
            key_address(view, app),
        ),
        (
            "target-client-id",
            "Target Org Client ID",
            client.to_owned(),
        ),
    ]);
    if !view.may(Area::Apps) {
        return format!("<h3>Integration</h3>{made}");
    }
    let prefer = app.settings["app"]["preferUsernameOverEmail"] == true;
    let inner = hidden("appId", &app.id)
        + &tick("enabled", "Enable API integration", held.enabled)
        + &choice("scheme", "Authentication Scheme", &schemes, scheme)
        + &field("clientId", "Target Org Client ID", client)
        + "<label for=\"token\">Security token</label><input type=\"password\" id=\"token\" name=\"token\" autocomplete=\"off\">"
        + &tick("preferUsername", "Prefer Username Over Email", prefer)
        + &tick(
            "importGroups",
            "Import Groups",
            app.provisioning.by_console.import_groups,
        )
        + "<button type=\"button\" data-also=\"/admin/_do/test-credentials\">Test API Credentials</button>";
    let button = if held.way.is_none() {
        "Configure API Integration"
    } else {
        "Edit"
    };
    made += &format!(
        "<button type=\"button\" id=\"userMgmtSettings.edit_link\" data-opens=\".edit-integration\">{button}</button>\
         <div class=\"edit-integration\" hidden>{}</div>",
        form("save-integration", &inner, "Save")
    );
    format!("<h3>Integration</h3>{made}")
}

fn to_app(view: &View<'_>, app: &App) -> String {
    let on = &app.provisioning.to_app;
    let kind = if on.own_password { "OKTA" } else { "RANDOM" };
    let kinds = [
        ("OKTA", "Sync Okta Password"),
        ("RANDOM", "Sync a randomly generated password"),
    ];
    let switches = [
        ("create", "Create Users", on.create),
        ("update", "Update User Attributes", on.profile),
        ("deactivate", "Deactivate Users", on.deactivate),
        ("password", "Sync Password", on.password),
    ];
    let shown = switches.map(|(id, label, on)| (id, label, enabled(on)));
    let inner: String = switches
        .iter()
        .map(|(id, label, on)| tick(id, label, *on))
        .collect();
    let inner = hidden("appId", &app.id)
        + &inner
        + &choice("passwordKind", "Password type", &kinds, kind)
        + &tick(
            "renew",
            "Generate a new random password whenever the user's Okta password changes",
            on.renew,
        );
    format!(
        "<h3>Provisioning to App</h3>{}{}<h3>{} Attribute Mappings</h3>{}",
        values(&shown),
        edited(view, "to-app", &form("save-to-app", &inner, "Save")),
        esc("Okta Org2Org"),
        attributes(view, app)
    )
}

fn enabled(on: bool) -> String {
    if on { "Enabled" } else { "Not enabled" }.to_owned()
}

const STATUS: &str = "initialStatus";

// Every rule is shown; the one that procedures speak of can be edited.
fn attributes(view: &View<'_>, app: &App) -> String {
    let rules = mappings::to_app(view.org, app);
    let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    let when = |rule: &Value| match rule["pushStatus"].as_str() {
        Some("PUSH") => "Create and update",
        Some(_) => "Create",
        None => "",
    };
    let own = rules.get(STATUS).cloned().unwrap_or_default();
    let button = match view.may(Area::Mappings) {
        true => "<button type=\"button\" data-opens=\".edit-mapping\">Edit</button>",
        false => "",
    };
    let mut rows = vec![vec![
        STATUS.to_owned(),
        esc(&text(&own, "expression")),
        when(&own).to_owned(),
        button.to_owned(),
    ]];
    let others = rules.iter().filter(|(name, _)| *name != STATUS);
    rows.extend(others.map(|(name, rule)| {
        vec![
            esc(name),
            esc(&text(rule, "expression")),
            when(rule).to_owned(),
            String::new(),
        ]
    }));
    let made = table(&["Attribute", "Value", "Apply on", ""], &rows);
    if !view.may(Area::Mappings) {
        return made;
    }
    let words = [
        "active_with_pass",
        "active_without_pass",
        "pending_with_pass",
        "pending_without_pass",
    ];
    let words: Vec<(&str, &str)> = std::iter::once(("", "Not mapped"))
        .chain(words.map(|word| (word, word)))
        .collect();
    let value = text(&own, "expression");
    let inner = hidden("appId", &app.id)
        + &choice(
            "initialStatus",
            "Attribute value: same value for all users",
            &words,
            value.trim_matches('"'),
        )
        + &choice(
            "applyOn",
            "Apply on",
            &[("DONT_PUSH", "Create"), ("PUSH", "Create and update")],
            own["pushStatus"].as_str().unwrap_or("DONT_PUSH"),
        );
    let form = form("save-initial-status", &inner, "Save");
    format!("{made}<div class=\"edit-mapping\" hidden><h4>{STATUS}</h4>{form}</div>")
}

fn to_okta(view: &View<'_>, app: &App) -> String {
    let held = &app.provisioning.to_okta.0;
    let text = |pointer: &str| {
        held.pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let rule = |name: &str| held["importRules"]["userCreateAndMatch"][name] == true;
    let formats = [("EMAIL", "Email Address"), ("CUSTOM", "Custom")];
    let exact = [
        ("USERNAME", "Okta username format matches"),
        ("EMAIL", "Email matches"),
    ];
    let format = text("/importSettings/username/userNameFormat");
    let schedule = text("/importSettings/schedule/status");
    let criteria = text("/importRules/userCreateAndMatch/exactMatchCriteria");
    let own = &app.provisioning.by_console;
    let general = hidden("appId", &app.id)
        + &choice(
            "schedule",
            "Schedule import",
            &[("DISABLED", "Never"), ("ENABLED", "Scheduled")],
            schedule,
        )
        + &choice("usernameFormat", "Okta username format", &formats, format)
        + &choice(
            "exactMatch",
            "Imported user is an exact match to Okta user if",
            &exact,
            criteria,
        )
        + &tick(
            "partial",
            "Allow partial matches",
            rule("allowPartialMatch"),
        )
        + &tick(
            "confirmExact",
            "Confirm matched users: auto-confirm exact matches",
            rule("autoConfirmExactMatch"),
        )
        + &tick(
            "confirmPartial",
            "Confirm matched users: auto-confirm partial matches",
            rule("autoConfirmPartialMatch"),
        )
        + &tick(
            "confirmNew",
            "Confirm new users: auto-confirm new users",
            rule("autoConfirmNewUsers"),
        )
        + &tick(
            "activateNew",
            "Confirm new users: auto-activate new users",
            rule("autoActivateNewUsers"),
        );
    let sourcing = hidden("appId", &app.id)
        + &tick(
            "sourcing",
            "Allow Okta Org2Org to source Okta users",
            own.sourcing,
        );
    let safeguard = hidden("appId", &app.id)
        + &field(
            "appSafeguard",
            "App unassignment safeguard (percent)",
            &own.app_safeguard.to_string(),
        )
        + &field(
            "orgSafeguard",
            "Org-wide unassignment safeguard (percent)",
            &own.org_safeguard.to_string(),
        );
    format!(
        "<h3>General</h3>{}<h3>User Creation &amp; Matching</h3>{}{}<h3>Profile &amp; Lifecycle Sourcing</h3>{}{}\
         <h3>Import Safeguard</h3>{}{}",
        values(&[
            ("schedule-import", "Schedule import", schedule.to_owned()),
            ("username-format", "Okta username format", format.to_owned()),
        ]),
        values(&[
            (
                "exact-match",
                "Imported user is an exact match to Okta user if",
                criteria.to_owned()
            ),
            (
                "partial-match",
                "Allow partial matches",
                enabled(rule("allowPartialMatch"))
            ),
        ]),
        edited(view, "to-okta", &form("save-to-okta", &general, "Save")),
        values(&[(
            "sourcing-state",
            "Allow Okta Org2Org to source Okta users",
            enabled(own.sourcing)
        )]),
        edited(view, "sourcing", &form("save-sourcing", &sourcing, "Save")),
        values(&[
            (
                "app-safeguard",
                "App unassignment safeguard",
                format!("{} %", own.app_safeguard)
            ),
            (
                "org-safeguard",
                "Org-wide unassignment safeguard",
                format!("{} %", own.org_safeguard)
            ),
        ]),
        edited(
            view,
            "safeguard",
            &form("save-safeguard", &safeguard, "Save")
        ),
    )
}

/// A form behind its button *Edit*; nothing for who may not.
pub(super) fn edited(view: &View<'_>, part: &str, form: &str) -> String {
    if !view.may(Area::Apps) {
        return String::new();
    }
    format!(
        "<button type=\"button\" data-opens=\".edit-{part}\">Edit</button><div class=\"edit-{part}\" hidden>{form}</div>"
    )
}

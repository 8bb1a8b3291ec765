//! Dashboard, list of apps, System Log.

use super::super::html::{esc, link, table};
use super::{Page, Shown, View};
use crate::org::App;

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/admin/dashboard",
        show: dashboard,
    },
    Page {
        path: "/admin/apps/active",
        show: apps,
    },
    Page {
        path: "/admin/settings/account",
        show: account,
    },
    Page {
        path: "/report/system_log_2",
        show: log,
    },
    Page {
        path: "/reports",
        show: log,
    },
];

/// Address of an app's page.
pub(super) fn app_address(app: &App) -> String {
    format!("/admin/app/{}/instance/{}/", app.name, app.id)
}

fn dashboard(view: &View<'_>) -> Option<Shown> {
    let counts = format!(
        "<h1>Dashboard</h1><p>{} people, {} groups, {} applications, {} identity providers.</p>",
        view.org.users.len(),
        view.org.groups.len(),
        view.org.apps.len(),
        view.org.idps.len()
    );
    Some(Shown::new("Dashboard", counts))
}

fn account(view: &View<'_>) -> Option<Shown> {
    Some(Shown::new(
        "Account",
        format!(
            "<h1>Account</h1><p>Organization: {}</p>",
            esc(&view.org.name)
        ),
    ))
}

fn apps(view: &View<'_>) -> Option<Shown> {
    let row = |app: &App| {
        let status = if app.active { "Active" } else { "Inactive" };
        vec![
            link(&app_address(app), &app.label),
            esc(&app.name),
            status.to_owned(),
        ]
    };
    let rows: Vec<_> = view.org.apps.values().map(row).collect();
    let main = format!(
        "<h1>Applications</h1><a class=\"button\" href=\"/admin/apps/add-app\">Browse App Catalog</a>{}",
        table(&["Application", "Type", "Status"], &rows)
    );
    Some(Shown::new("Applications", main))
}

fn log(view: &View<'_>) -> Option<Shown> {
    let text = |event: &serde_json::Value, pointer: &str| {
        esc(event
            .pointer(pointer)
            .and_then(|value| value.as_str())
            .unwrap_or_default())
    };
    let events = view.org.log.iter().rev().take(100);
    let rows: Vec<_> = events
        .map(|event| {
            [
                "/published",
                "/actor/alternateId",
                "/eventType",
                "/outcome/result",
                "/outcome/reason",
            ]
            .map(|at| text(event, at))
            .to_vec()
        })
        .collect();
    let main = format!(
        "<h1>System Log</h1>{}",
        table(&["Time", "Actor", "Event", "Outcome", "Reason"], &rows)
    );
    Some(Shown::new("System Log", main))
}

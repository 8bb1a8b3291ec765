//! The Provisioning tab of an Org2Org app: whether it calls the target at all, by an API token.

use super::super::html::{field, form, hidden, tick, values};
use super::View;
use crate::org::App;
use crate::rights::Area;

/// Integration: the state, and the form that switches it. OAuth is set up by the API alone.
pub(super) fn provisioning(view: &View<'_>, app: &App) -> String {
    let enabled = app.provisioning.connection.enabled;
    let state = if enabled { "Enabled" } else { "Not enabled" };
    let shown = values(&[("api-integration", "API integration", state.to_owned())]);
    if !view.may(Area::Apps) {
        return format!("<h2>Integration</h2>{shown}");
    }
    let button = if enabled {
        "Edit"
    } else {
        "Configure API Integration"
    };
    let inner = hidden("appId", &app.id)
        + &tick("enabled", "Enable API integration", enabled)
        + &field("token", "Security token", "");
    format!(
        "<h2>Integration</h2>{shown}<button type=\"button\" data-opens=\".edit-integration\">{button}</button>\
         <div class=\"edit-integration\" hidden>{}</div>",
        form("edit-integration", &inner, "Save")
    )
}

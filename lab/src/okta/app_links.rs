//! The tiles of a person's dashboard.

use serde_json::{Value, json};

use super::app_shape::embed_link;
use super::call::Call;
use super::{Outcome, Route, route};
use crate::rights::{Area::Users, Right};
use crate::wire::Response;

pub(super) const ROUTES: &[Route] = &[route(
    "GET",
    "/api/v1/users/{userId}/appLinks",
    Right::Read(Users),
    list,
)];

fn list(call: &mut Call<'_>) -> Outcome {
    let user = call.user()?;
    let open = call
        .org
        .apps
        .values()
        .filter(|app| app.active && call.org.may_open(app, &user.id));
    let seen = open.filter(|app| app.visibility.pointer("/hide/web") != Some(&Value::Bool(true)));
    let links: Vec<Value> = seen.enumerate().map(|(order, app)| {
        json!({
            "id": user.id, "label": app.label, "linkUrl": embed_link(&call.host, app),
            "logoUrl": call.href("/assets/lab.svg"), "appName": app.name, "appInstanceId": app.id,
            "appAssignmentId": format!("0ua{}", &app.id[3..]), "credentialsSetup": false, "hidden": false,
            "sortOrder": order,
        })
    }).collect();
    Ok(Response::json(200, &Value::Array(links)))
}

//! Whether core's types read an answer, keep all of it, and would send all of it back.

use org2org_core::okta::{Answer, Member, Method, RESOURCES, Response, Shape, Write, WriteOp};
use serde_json::Value;

use crate::exchange::Exchange;

// A write that is only built to see what it would send.
static BACK: WriteOp = WriteOp {
    id: "test.back",
    method: Method::Put,
    path: "/api/v1/test",
    query: &[],
    shape: Shape::Object(&[]),
    scope: "",
    role: "",
};

/// Says what was lost.
pub fn without_loss(exchange: &Exchange) -> Result<(), String> {
    let response = as_core_sees(exchange);
    if exchange.status >= 400 {
        return error_kept(&response, &exchange.response);
    }
    let shape = shape_of(exchange);
    let answer = Answer::check(&response, &shape, Vec::new())?;
    match (&shape, &exchange.response) {
        (Shape::Empty, _) => Ok(()),
        (Shape::Xml(_), Value::String(text)) => same(answer.xml() == text, "the document"),
        (_, body) => {
            same(answer.body() == body, "something of the body")?;
            let items = match body {
                Value::Array(items) => items.clone(),
                one => vec![one.clone()],
            };
            items.iter().try_for_each(sent_back_whole)
        }
    }
}

fn as_core_sees(exchange: &Exchange) -> Response {
    let headers = exchange.headers.iter();
    Response {
        status: exchange.status,
        headers: headers
            .map(|(name, values)| (name.clone(), values.join(", ")))
            .collect(),
        body: match &exchange.response {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            body => body.to_string(),
        },
        redirected: false,
    }
}

fn error_kept(response: &Response, body: &Value) -> Result<(), String> {
    // OAuth's errors are not read by core: the source org meets them, not the product.
    if body.get("error").is_some() {
        return Ok(());
    }
    let (code, summary) = response.okta_error().ok_or("it is no error to core")?;
    same(body["errorCode"] == code.as_str(), "the error's code")?;
    let said = body["errorSummary"].as_str().unwrap_or_default();
    same(summary.starts_with(said), "the error's summary")?;
    let causes = body["errorCauses"].as_array().cloned().unwrap_or_default();
    let told = |cause: &Value| summary.contains(cause["errorSummary"].as_str().unwrap_or_default());
    same(causes.iter().all(told), "a cause of the error")
}

// The shape that core itself asks for, and where core has no such operation, an object or list of any members.
fn shape_of(exchange: &Exchange) -> Shape {
    let path = exchange.place();
    let reads = RESOURCES
        .iter()
        .flat_map(|resource| resource.reads)
        .map(|op| ("GET", op.path, op.shape));
    let writes = RESOURCES
        .iter()
        .flat_map(|resource| resource.writes)
        .map(|op| (op.method.name(), op.path, op.shape));
    let fits = |(method, template, _): &(&str, &str, Shape)| {
        *method == exchange.method && is_at(template, path)
    };
    let mut own: Vec<_> = reads.chain(writes).filter(fits).collect();
    own.sort_by_key(|(_, template, _)| template.matches('{').count());
    match (own.first(), &exchange.response) {
        (_, Value::Null) => Shape::Empty,
        (Some((_, _, shape)), _) => *shape,
        (None, Value::Array(_)) => Shape::List(&[]),
        (None, Value::String(_)) => Shape::Xml("EntityDescriptor"),
        (None, _) => Shape::Object(&[] as &[Member]),
    }
}

fn is_at(template: &str, path: &str) -> bool {
    let (own, parts) = (template.split('/'), path.split('/'));
    own.clone().count() == parts.clone().count()
        && own
            .zip(parts)
            .all(|(own, part)| own.starts_with('{') || own == part)
}

fn sent_back_whole(object: &Value) -> Result<(), String> {
    let mut wanted = object.clone();
    if let Value::Object(members) = &mut wanted {
        members.shift_remove("_links");
        members.shift_remove("_embedded");
    }
    let write = Write::of(&BACK, []).changing(object, []);
    let sent = write.call().body.unwrap_or_default();
    // The order of members stays as well, so that a person sees the same object.
    same(
        sent == wanted && in_order(&sent) == in_order(&wanted),
        "something when written back",
    )
}

fn in_order(object: &Value) -> Vec<&String> {
    object
        .as_object()
        .into_iter()
        .flat_map(|members| members.keys())
        .collect()
}

fn same(kept: bool, what: &str) -> Result<(), String> {
    kept.then_some(()).ok_or_else(|| format!("lost {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(status: u16, response: Value) -> Result<(), String> {
        let exchange = json!({ "method": "GET", "path": "/api/v1/apps/0oa11111111111111111", "status": status,
            "headers": { "content-type": ["application/json"] }, "response": response });
        without_loss(&serde_json::from_value(exchange).expect("an exchange"))
    }

    #[test]
    fn an_answer_is_judged_by_the_operation_that_core_has_for_it() {
        let app = json!({ "id": "0oa11111111111111111", "name": "x", "label": "X", "status": "ACTIVE", "new": [1] });
        assert_eq!(read(200, app), Ok(()));
        assert!(read(200, json!({ "id": "0oa1" })).is_err());
        assert!(read(400, json!({ "message": "no" })).is_err());
    }
}

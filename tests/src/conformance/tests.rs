//! The checker itself, on a document of a few lines.

use serde_json::{Value, json};

use super::*;

const DOCUMENT: &str = r##"
openapi: 3.0.3
paths:
  /api/v1/pets:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, maximum: 200 } }
      responses:
        "200": { content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
      responses:
        "201": { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
  /api/v1/pets/{petId}:
    delete: { responses: { "204": { description: No Content } } }
components:
  schemas:
    Error: { type: object, properties: { errorCode: { type: string }, errorSummary: { type: string }, errorLink: {}, errorId: {}, errorCauses: {} } }
    Pet:
      type: object
      required: [id, kind]
      properties:
        id: { type: string, readOnly: true }
        kind: { type: string, enum: [cat, dog] }
        born: { type: string, format: date-time, nullable: true }
      discriminator: { propertyName: kind, mapping: { cat: "#/components/schemas/Cat", dog: "#/components/schemas/Dog" } }
    Cat: { allOf: [{ $ref: "#/components/schemas/Pet" }, { type: object, required: [lives], properties: { lives: { type: integer } } }] }
    Dog: { allOf: [{ $ref: "#/components/schemas/Pet" }] }
"##;

fn seen(method: &str, path: &str, request: Value, status: u16, response: Value) -> Vec<String> {
    let document = Document::read(DOCUMENT).expect("it reads");
    let exchange = json!({ "method": method, "path": path, "request": request, "status": status,
        "response": response, "client": "org2org-assistant" });
    let recording = Recording {
        name: "test".to_owned(),
        exchanges: vec![serde_json::from_value(exchange).expect("an exchange")],
    };
    let report = compare(&[document], &[recording]);
    report
        .unexplained
        .keys()
        .map(Difference::to_string)
        .collect()
}

#[test]
fn a_good_exchange_has_no_difference() {
    let cat = json!({ "id": "1", "kind": "cat", "lives": 9, "born": null });
    assert!(
        seen(
            "GET",
            "/api/v1/pets?limit=20",
            Value::Null,
            200,
            json!([cat])
        )
        .is_empty()
    );
    let sent = json!({ "kind": "cat", "lives": 9 });
    assert!(seen("POST", "/api/v1/pets", sent, 201, cat).is_empty());
    assert!(seen("DELETE", "/api/v1/pets/1", Value::Null, 204, Value::Null).is_empty());
}

#[test]
fn a_wrong_place_is_named_in_the_variant_that_it_is_in() {
    let cats = json!([{ "id": "1", "kind": "cat", "born": "yesterday", "wings": 2 }]);
    assert_eq!(
        seen("GET", "/api/v1/pets?limit=201&x=1", Value::Null, 200, cats),
        [
            "GET /api/v1/pets: answer 200 /*/born: format: \"yesterday\"",
            "GET /api/v1/pets: answer 200 /*/lives: required: is missing",
            "GET /api/v1/pets: answer 200 /*/wings: unlisted: is no member",
            "GET /api/v1/pets: request ?limit: maximum: 201",
            "GET /api/v1/pets: request ?x: unlisted: is no parameter",
        ]
    );
}

#[test]
fn statuses_errors_and_operations_are_held_to_the_document() {
    let dog = json!({ "id": "1", "kind": "dog" });
    let said = seen("POST", "/api/v1/pets", Value::Null, 200, dog.clone());
    assert_eq!(
        said,
        [
            "POST /api/v1/pets: answer 200: status: 200",
            "POST /api/v1/pets: request: type: null"
        ]
    );
    let said = seen(
        "GET",
        "/api/v1/pets",
        Value::Null,
        404,
        json!({ "errorCode": "E0000007" }),
    );
    assert_eq!(said.len(), 4, "{said:?}");
    assert_eq!(seen("GET", "/api/v1/toys", Value::Null, 200, dog).len(), 1);
}

#[test]
fn an_explanation_that_nothing_needs_is_told_for_documents_of_its_kind() {
    let cut = format!("x-corrections: []\n{DOCUMENT}");
    let cut = [Document::read(&cut).expect("it reads")];
    let published = [Document::read(DOCUMENT).expect("it reads")];
    let kinds =
        |stale: Vec<&Explained>, kind| stale.iter().filter(|entry| entry.which == kind).count();
    let all = |kind| explained().filter(|entry| entry.which == kind).count();
    let nothing = |documents| compare(documents, &[]).stale(documents);
    assert_eq!(kinds(nothing(&cut), Which::Cut), all(Which::Cut));
    assert_eq!(kinds(nothing(&cut), Which::Published), 0);
    assert_eq!(kinds(nothing(&published), Which::Cut), 0);
    assert_eq!(
        kinds(nothing(&published), Which::Published),
        all(Which::Published)
    );

    let seen =
        json!({ "method": "GET", "path": "/oauth2/v1/userinfo", "status": 200, "response": {} });
    let recording = Recording {
        name: "test".to_owned(),
        exchanges: vec![serde_json::from_value(seen).expect("an exchange")],
    };
    let report = compare(&cut, &[recording]);
    assert_eq!((report.used.len(), report.failed), (1, 0));
    assert_eq!(kinds(report.stale(&cut), Which::Cut), all(Which::Cut) - 1);
}

//! Okta's published document: which operations there are and what it says of their bodies and parameters.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jsonschema::{Registry, ValidationError, Validator};
use serde_json::{Map, Value, json};

use super::schema::{BASE, Direction, Translator};
use super::unlisted::unlisted;

/// One operation of the document.
pub struct Operation {
    /// Method in capitals and path template, as in `GET /api/v1/apps/{appId}`.
    pub name: String,
    method: String,
    path: Vec<String>,
    /// Query parameters by name, with their schemas.
    query: BTreeMap<String, Value>,
    required_query: Vec<String>,
    body: Option<Value>,
    answers: BTreeMap<String, Option<Value>>,
}

/// A document, read and ready to check bodies.
pub struct Document {
    /// Its operations; those with more fixed parts first.
    pub operations: Vec<Operation>,
    /// True for a document that carries corrections after recorded traffic (`x-corrections`).
    pub corrected: bool,
    components: Map<String, Value>,
    registry: &'static Registry<'static>,
    validators: RefCell<BTreeMap<(Direction, String), Rc<Validator>>>,
}

/// One place where a value is not what the document says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// JSON pointer; indexes of lists are `*`.
    pub at: String,
    /// The keyword that does not hold; `unlisted` for a member that no schema names.
    pub keyword: String,
    /// What was found, in a few words.
    pub what: String,
}

impl Document {
    /// Reads a document, JSON or YAML.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let whole: Value = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
        } else {
            serde_norway::from_str(text).map_err(|error| format!("not YAML: {error}"))?
        };
        let components = whole.pointer("/components/schemas");
        let components = components
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let definitions = Translator::definitions(&components);
        let registry = Registry::new()
            .draft(jsonschema::Draft::Draft202012)
            .add(BASE, definitions)
            .and_then(|registry| registry.prepare())
            .map_err(|error| format!("its schemas cannot be read: {error}"))?;
        let mut operations = operations(&whole);
        if operations.is_empty() {
            return Err("it has no `paths`".to_owned());
        }
        operations.sort_by_key(|operation| {
            let named = |part: &&String| part.starts_with('{');
            operation.path.iter().filter(named).count()
        });
        Ok(Self {
            operations,
            corrected: whole.get("x-corrections").is_some(),
            components,
            // One document lives as long as the process that checks with it.
            registry: Box::leak(Box::new(registry)),
            validators: RefCell::default(),
        })
    }

    /// The operation of a method and path.
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let fits = |operation: &&Operation| {
            operation.method == method
                && operation.path.len() == parts.len()
                && operation
                    .path
                    .iter()
                    .zip(&parts)
                    .all(|(own, part)| own.starts_with('{') && !part.is_empty() || own == part)
        };
        self.operations.iter().find(fits)
    }

    /// Where a request's body is not what the operation takes.
    pub fn sent(&self, operation: &Operation, body: &Value) -> Vec<Fault> {
        match (&operation.body, body) {
            (None, Value::Null) => Vec::new(),
            (None, _) => vec![fault(
                "",
                "unlisted",
                "a body that the operation does not take",
            )],
            (Some(schema), body) => self.check(schema, body, Direction::Sent),
        }
    }

    /// Where a query is not what the operation takes.
    pub fn query(&self, operation: &Operation, query: &str) -> Vec<Fault> {
        let given: Vec<(String, String)> = url_pairs(query);
        let mut faults = Vec::new();
        for name in &operation.required_query {
            if !given.iter().any(|(own, _)| own == name) {
                faults.push(fault(&format!("?{name}"), "required", "is missing"));
            }
        }
        for (name, text) in given {
            let Some(schema) = operation.query.get(&name) else {
                faults.push(fault(&format!("?{name}"), "unlisted", "is no parameter"));
                continue;
            };
            let value = typed(schema, &text);
            for found in self.check(schema, &value, Direction::Sent) {
                faults.push(fault(
                    &format!("?{name}{}", found.at),
                    &found.keyword,
                    &found.what,
                ));
            }
        }
        faults
    }

    /// Where an answer is not what the operation answers with this status.
    pub fn answered(&self, operation: &Operation, status: u16, body: &Value) -> Vec<Fault> {
        let exact = operation.answers.get(&status.to_string());
        let known = exact.or_else(|| operation.answers.get(&format!("{}XX", status / 100)));
        match known.or_else(|| operation.answers.get("default")) {
            Some(Some(schema)) => self.check(schema, body, Direction::Answered),
            // A document that says nothing of a body says nothing of an empty one either.
            Some(None) => match body {
                Value::Null => Vec::new(),
                Value::Object(fields) if fields.is_empty() => Vec::new(),
                _ => vec![fault("", "unlisted", "a body where the document has none")],
            },
            None if status >= 400 => self.error(&operation.name, body),
            None => vec![fault("", "status", &status.to_string())],
        }
    }

    /// Where an error is not in Okta's shape. Every operation may answer 401, 404 or 500 without saying so.
    pub fn error(&self, operation: &str, body: &Value) -> Vec<Fault> {
        let oauth = !operation.contains(" /api/") && body.get("error").is_some();
        let name = if oauth { "OAuthError" } else { "Error" };
        if !self.components.contains_key(name) {
            return Vec::new();
        }
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        let mut faults = self.check(&schema, body, Direction::Answered);
        // The document leaves every member of an error open; recorded errors have all of them.
        let needed: &[&str] = if oauth {
            &["error", "error_description"]
        } else {
            &[
                "errorCode",
                "errorSummary",
                "errorLink",
                "errorId",
                "errorCauses",
            ]
        };
        for member in needed {
            if body.get(member).is_none() {
                faults.push(fault(&format!("/{member}"), "required", "is missing"));
            }
        }
        faults
    }

    fn check(&self, schema: &Value, value: &Value, direction: Direction) -> Vec<Fault> {
        let validator = self.validator(schema, direction);
        let mut faults: Vec<Fault> = {
            let errors = validator.iter_errors(value);
            errors.flat_map(|error| read(&error)).collect()
        };
        for at in unlisted(value, schema, &self.components) {
            faults.push(fault(&at, "unlisted", "is no member"));
        }
        faults.sort();
        faults.dedup();
        faults
    }

    fn validator(&self, schema: &Value, direction: Direction) -> Rc<Validator> {
        let key = (direction, schema.to_string());
        if let Some(known) = self.validators.borrow().get(&key) {
            return known.clone();
        }
        let translator = Translator {
            components: &self.components,
            direction,
        };
        let made = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .with_registry(self.registry)
            .should_validate_formats(true)
            .build(&translator.site(schema))
            .unwrap_or_else(|error| panic!("the document's schema {schema} is no schema: {error}"));
        let made = Rc::new(made);
        self.validators.borrow_mut().insert(key, made.clone());
        made
    }
}

// An `anyOf` is wrong in its least wrong branch.
fn read(error: &ValidationError<'_>) -> Vec<Fault> {
    use jsonschema::error::ValidationErrorKind as Kind;
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let branches = context
                .iter()
                .map(|errors| errors.iter().flat_map(read).collect::<Vec<_>>());
            branches.min_by_key(Vec::len).unwrap_or_default()
        }
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![fault(
                &format!("{}/{name}", place(error)),
                "required",
                "is missing",
            )]
        }
        Kind::Enum { .. } | Kind::Constant { .. } => {
            vec![fault(&place(error), "enum", &short(error.instance()))]
        }
        Kind::Type { .. } => vec![fault(&place(error), "type", kind_of(error.instance()))],
        kind => vec![fault(
            &place(error),
            kind.keyword(),
            &short(error.instance()),
        )],
    }
}

fn place(error: &ValidationError<'_>) -> String {
    let path = error.instance_path().to_string();
    let parts = path.split('/').map(|part| match part.parse::<usize>() {
        Ok(_) => "*",
        Err(_) => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

fn fault(at: &str, keyword: &str, what: &str) -> Fault {
    Fault {
        at: at.to_owned(),
        keyword: keyword.to_owned(),
        what: what.to_owned(),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
        Value::Number(_) => "a number",
        Value::Object(_) => "an object",
        Value::String(_) => "a text",
    }
}

/// A query's text as the type that its schema asks for.
fn typed(schema: &Value, text: &str) -> Value {
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean" | "integer" | "number") => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        Some("array") => text.split(',').map(Value::from).collect(),
        _ => json!(text),
    }
}

fn url_pairs(query: &str) -> Vec<(String, String)> {
    let address = format!("https://x/?{query}");
    let read = url::Url::parse(&address);
    read.map(|url| url.query_pairs().into_owned().collect())
        .unwrap_or_default()
}

fn operations(whole: &Value) -> Vec<Operation> {
    let paths = whole.get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for method in ["get", "post", "put", "patch", "delete"] {
            if let Some(given) = item.get(method) {
                found.push(operation(whole, method, path, item, given));
            }
        }
    }
    found
}

fn operation(whole: &Value, method: &str, path: &str, item: &Value, given: &Value) -> Operation {
    let method = method.to_ascii_uppercase();
    let lists = [item.get("parameters"), given.get("parameters")];
    let parameters = lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .map(|parameter| resolved(whole, parameter))
        .filter(|parameter| parameter["in"] == "query");
    let (mut query, mut required_query) = (BTreeMap::new(), Vec::new());
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        if parameter["required"] == true {
            required_query.push(name.clone());
        }
        query.insert(name, parameter.get("schema").cloned().unwrap_or(json!({})));
    }
    let body = given
        .get("requestBody")
        .map(|body| resolved(whole, body))
        .and_then(|body| content(body).map(|schema| (body, schema)))
        .map(|(body, schema)| match body["required"] == true {
            true => schema.clone(),
            // A body that may be left out is read as null here.
            false => json!({ "nullable": true, "allOf": [schema] }),
        });
    let answers = given.get("responses").and_then(Value::as_object);
    let answers = answers.into_iter().flatten().map(|(status, answer)| {
        let schema = content(resolved(whole, answer)).cloned();
        (status.clone(), schema)
    });
    Operation {
        name: format!("{method} {path}"),
        method,
        path: path.split('/').skip(1).map(str::to_owned).collect(),
        query,
        required_query,
        body,
        answers: answers.collect(),
    }
}

/// The schema of a body, whatever its media type: a client sends and takes only one.
fn content(body: &Value) -> Option<&Value> {
    let kinds = body.get("content")?.as_object()?;
    kinds
        .get("application/json")
        .or_else(|| kinds.values().next())?
        .get("schema")
}

fn resolved<'v>(whole: &'v Value, value: &'v Value) -> &'v Value {
    let reference = value.get("$ref").and_then(Value::as_str);
    let target = reference.and_then(|text| whole.pointer(text.trim_start_matches('#')));
    target.unwrap_or(value)
}

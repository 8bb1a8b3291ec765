//! OpenAPI 3.0 schemas as JSON Schema 2020-12, which kept validators understand.
//!
//! What differs: `nullable`, `discriminator`, and members that only one direction must have (`readOnly`,
//! `writeOnly`).

use serde_json::{Map, Value, json};

/// Whether a schema speaks of what is sent or of what is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// An answer's body.
    Answered,
    /// A request's body or parameter.
    Sent,
}

/// Where [`Translator::definitions`] is registered.
pub const BASE: &str = "urn:okta:document";

/// Turns the schemas of one document, for one direction.
#[derive(Clone, Copy)]
pub struct Translator<'d> {
    /// The document's `components.schemas`.
    pub components: &'d Map<String, Value>,
    /// What the schemas are read for.
    pub direction: Direction,
}

impl Translator<'_> {
    /// The components of both directions as one JSON Schema resource.
    pub fn definitions(components: &Map<String, Value>) -> Value {
        let mut all = Map::new();
        for direction in [Direction::Answered, Direction::Sent] {
            let this = Translator {
                components,
                direction,
            };
            for (name, schema) in components {
                all.insert(this.key(name), this.component(schema));
                if is_base(schema) {
                    all.insert(this.key(&any(name)), this.with_variants(name, schema));
                }
            }
        }
        json!({ "$defs": all })
    }

    /// A schema where it is used: in a body, a member, a list, a parameter.
    pub fn site(&self, schema: &Value) -> Value {
        self.turned(schema, &Self::site)
    }

    // A component may name its base in `allOf`, and the base must not lead back to its variants there.
    fn component(&self, schema: &Value) -> Value {
        self.turned(schema, &Self::plain)
    }

    fn plain(&self, schema: &Value) -> Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.refer(&name_of(reference)),
            None => self.site(schema),
        }
    }

    fn turned(&self, schema: &Value, in_all_of: &dyn Fn(&Self, &Value) -> Value) -> Value {
        let Value::Object(given) = schema else {
            return schema.clone();
        };
        if let Some(reference) = given.get("$ref").and_then(Value::as_str) {
            let name = name_of(reference);
            let base = self.components.get(&name).is_some_and(is_base);
            return self.refer(&if base { any(&name) } else { name });
        }
        let mut made = Map::new();
        for (name, value) in given {
            if let Some(value) = self.keyword(given, name, value, in_all_of) {
                made.insert(name.clone(), value);
            }
        }
        if given.contains_key("oneOf") {
            let mut all = self.chosen(schema);
            if let Some(Value::Array(known)) = made.remove("allOf") {
                all.extend(known);
            }
            if !all.is_empty() {
                made.insert("allOf".to_owned(), Value::Array(all));
            }
        }
        match given.get("nullable") {
            Some(Value::Bool(true)) => nullable(made),
            _ => Value::Object(made),
        }
    }

    fn keyword(
        &self,
        given: &Map<String, Value>,
        name: &str,
        value: &Value,
        in_all_of: &dyn Fn(&Self, &Value) -> Value,
    ) -> Option<Value> {
        let each = |turn: &dyn Fn(&Self, &Value) -> Value| {
            let list = value.as_array().into_iter().flatten();
            Some(list.map(|schema| turn(self, schema)).collect())
        };
        match name {
            "type" | "enum" | "const" | "pattern" | "minLength" | "maxLength" | "minimum"
            | "maximum" | "minItems" | "maxItems" | "uniqueItems" | "multipleOf" => {
                Some(value.clone())
            }
            "format" => is_checked(value).then(|| value.clone()),
            "items" | "not" => Some(self.site(value)),
            "additionalProperties" => value.is_object().then(|| self.site(value)),
            "allOf" => each(in_all_of),
            "anyOf" => each(&Self::site),
            "oneOf" if mapping(given).is_none() => each(&Self::site),
            "properties" => {
                let members = value.as_object().into_iter().flatten();
                Some(
                    members
                        .map(|(name, schema)| (name.clone(), self.site(schema)))
                        .collect(),
                )
            }
            "required" => Some(self.required(given, value)),
            _ => None,
        }
    }

    fn with_variants(&self, name: &str, schema: &Value) -> Value {
        let mut all = vec![self.refer(name)];
        all.extend(self.chosen(schema));
        json!({ "allOf": all })
    }

    // One condition for each variant: an error then names its place in the variant, not all variants at once.
    fn chosen(&self, schema: &Value) -> Vec<Value> {
        let Some((by, mapping)) = schema.as_object().and_then(mapping) else {
            return Vec::new();
        };
        let names: Vec<&String> = mapping.keys().collect();
        let known = json!({ "required": [by], "properties": { by: { "enum": names } } });
        let one = mapping.iter().map(|(value, target)| {
            let when = json!({ "required": [by], "properties": { by: { "const": value } } });
            let target = name_of(target.as_str().unwrap_or_default());
            json!({ "if": when, "then": self.refer(&target) })
        });
        std::iter::once(known).chain(one).collect()
    }

    // A request need not say what only the server knows; an answer need not tell what only the client knows.
    fn required(&self, given: &Map<String, Value>, names: &Value) -> Value {
        let other = match self.direction {
            Direction::Sent => "readOnly",
            Direction::Answered => "writeOnly",
        };
        let theirs = |name: &&Value| {
            let members = given.get("properties").zip(name.as_str());
            let member = members.and_then(|(all, name)| all.get(name));
            member.is_some_and(|member| member.get(other) == Some(&Value::Bool(true)))
        };
        let names = names.as_array().into_iter().flatten();
        names.filter(|name| !theirs(name)).cloned().collect()
    }

    fn refer(&self, name: &str) -> Value {
        let key = self.key(name).replace('~', "~0").replace('/', "~1");
        json!({ "$ref": format!("{BASE}#/$defs/{key}") })
    }

    fn key(&self, name: &str) -> String {
        match self.direction {
            Direction::Sent => format!("sent.{name}"),
            Direction::Answered => format!("answered.{name}"),
        }
    }
}

/// The component that a reference names.
pub fn name_of(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default();
    name.replace("~1", "/").replace("~0", "~")
}

/// The member that tells variants apart, and the variant for each of its values.
pub fn mapping(schema: &Map<String, Value>) -> Option<(&str, &Map<String, Value>)> {
    let discriminator = schema.get("discriminator")?;
    let by = discriminator.get("propertyName")?.as_str()?;
    Some((by, discriminator.get("mapping")?.as_object()?))
}

/// A schema that names its variants without listing them in `oneOf`.
pub fn is_base(schema: &Value) -> bool {
    schema
        .as_object()
        .is_some_and(|given| mapping(given).is_some() && !given.contains_key("oneOf"))
}

fn any(name: &str) -> String {
    format!("any.{name}")
}

fn nullable(mut made: Map<String, Value>) -> Value {
    if let Some(Value::Array(members)) = made.get_mut("enum")
        && !members.contains(&Value::Null)
    {
        members.push(Value::Null);
    }
    match made.get_mut("type") {
        Some(kind @ Value::String(_)) => {
            *kind = json!([kind.clone(), "null"]);
            Value::Object(made)
        }
        _ => json!({ "if": { "not": { "type": "null" } }, "then": made }),
    }
}

// Formats in Okta's document are partly prose ("Opaque token").
fn is_checked(format: &Value) -> bool {
    let format = format.as_str().unwrap_or_default();
    ["date", "date-time", "email", "ipv4", "ipv6", "uri", "uuid"].contains(&format)
}

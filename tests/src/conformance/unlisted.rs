//! Members of a value that the document's schemas do not name: allowed by them, and yet a difference.

use serde_json::{Map, Value};

use super::schema::{is_base, mapping, name_of};

/// JSON pointers of members that no schema names; indexes of lists are `*`.
pub fn unlisted(value: &Value, schema: &Value, components: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    let walk = Walk { components };
    walk.over(value, &[schema], "", &mut found);
    found.sort();
    found.dedup();
    found
}

struct Walk<'d> {
    components: &'d Map<String, Value>,
}

/// What all schemas of a place say together.
#[derive(Default)]
struct Named<'d> {
    members: Vec<(&'d str, &'d Value)>,
    others: Vec<&'d Value>,
    items: Vec<&'d Value>,
    /// Any member may stand here.
    open: bool,
}

impl<'d> Walk<'d> {
    fn over(&self, value: &Value, schemas: &[&'d Value], at: &str, found: &mut Vec<String>) {
        let mut named = Named::default();
        for schema in schemas {
            self.gather(value, schema, false, &mut named);
        }
        match value {
            Value::Array(items) if !named.items.is_empty() => {
                for item in items {
                    self.over(item, &named.items, &format!("{at}/*"), found);
                }
            }
            Value::Object(fields) => self.members(fields, &named, at, found),
            _ => {}
        }
    }

    fn members(
        &self,
        fields: &Map<String, Value>,
        named: &Named<'d>,
        at: &str,
        found: &mut Vec<String>,
    ) {
        // An object without a word about its members is free.
        let free = named.open || (named.members.is_empty() && named.others.is_empty());
        for (name, value) in fields {
            let mut schemas: Vec<&Value> = named
                .members
                .iter()
                .filter(|(own, _)| own == name)
                .map(|(_, schema)| *schema)
                .collect();
            if schemas.is_empty() {
                schemas.extend(&named.others);
            }
            let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            match schemas.as_slice() {
                [] if free => {}
                [] => found.push(place),
                schemas => self.over(value, schemas, &place, found),
            }
        }
    }

    fn gather(&self, value: &Value, schema: &'d Value, from_variant: bool, named: &mut Named<'d>) {
        let Some(given) = schema.as_object() else {
            return;
        };
        if let Some(reference) = given.get("$ref").and_then(Value::as_str) {
            if let Some(schema) = self.components.get(&name_of(reference)) {
                if is_base(schema) && !from_variant {
                    self.variant(value, schema, true, named);
                }
                self.gather(value, schema, from_variant, named);
            }
            return;
        }
        let members = given
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        named
            .members
            .extend(members.map(|(name, schema)| (name.as_str(), schema)));
        match given.get("additionalProperties") {
            Some(Value::Bool(true)) => named.open = true,
            Some(schema @ Value::Object(fields)) if !fields.is_empty() => named.others.push(schema),
            Some(Value::Object(_)) => named.open = true,
            _ => {}
        }
        named.items.extend(given.get("items"));
        for keyword in ["allOf", "anyOf"] {
            for schema in given
                .get(keyword)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                // Only a variant's own `allOf` names the base that chose it.
                self.gather(value, schema, from_variant && keyword == "allOf", named);
            }
        }
        if let Some(Value::Array(variants)) = given.get("oneOf") {
            match mapping(given) {
                Some(_) => self.variant(value, schema, false, named),
                None => variants
                    .iter()
                    .for_each(|schema| self.gather(value, schema, false, named)),
            }
        }
    }

    fn variant(&self, value: &Value, schema: &'d Value, from_variant: bool, named: &mut Named<'d>) {
        let Some((by, mapping)) = schema.as_object().and_then(mapping) else {
            return;
        };
        let chosen = value.get(by).and_then(Value::as_str);
        let target = chosen.and_then(|name| mapping.get(name)?.as_str());
        if let Some(schema) = target.and_then(|target| self.components.get(&name_of(target))) {
            self.gather(value, schema, from_variant, named);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_named_by_bases_variants_and_lists() {
        let components = json!({
            "Pet": { "properties": { "kind": {}, "tags": { "items": { "properties": { "id": {} } } } },
                "discriminator": { "propertyName": "kind", "mapping": { "cat": "#/components/schemas/Cat" } } },
            "Cat": { "allOf": [{ "$ref": "#/components/schemas/Pet" }, { "properties": { "lives": {} } }] },
        });
        let pet = json!({ "$ref": "#/components/schemas/Pet" });
        let value = json!({ "kind": "cat", "lives": 9, "wings": 2, "tags": [{ "id": 1, "x": 1 }] });
        let found = unlisted(&value, &pet, components.as_object().expect("an object"));
        assert_eq!(found, ["/tags/*/x", "/wings"]);
        assert!(
            unlisted(
                &json!({ "a": 1 }),
                &json!({ "type": "object" }),
                &Map::new()
            )
            .is_empty()
        );
    }
}

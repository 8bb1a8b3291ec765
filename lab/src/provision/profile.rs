//! What an app's users look like: mapped from the person, then what the assignment says.

use serde_json::{Map, Value};

use super::expression::Expression;
use crate::okta::mappings;
use crate::org::{App, Org, User};

/// The mapping from users to an app, ready to be applied to many people.
pub(crate) struct Rules(Vec<Rule>);

struct Rule {
    name: String,
    expression: Expression,
    /// False for attributes that are pushed with a new person only.
    on_update: bool,
}

impl Rules {
    /// The rules of an app as they stand.
    pub(crate) fn of(org: &Org, app: &App) -> Self {
        let rules = mappings::to_app(org, app).into_iter();
        let rules = rules.filter_map(|(name, rule)| {
            let expression = Expression::read(rule["expression"].as_str()?)?;
            let on_update = rule["pushStatus"] == "PUSH";
            Some(Rule {
                name,
                expression,
                on_update,
            })
        });
        Self(rules.collect())
    }

    /// The mapped attributes of a person that have a value.
    pub(crate) fn profile(&self, user: &User) -> Map<String, Value> {
        let values = self.0.iter().map(|rule| {
            let value = rule.expression.value(&user.profile);
            (rule.name.clone(), Value::from(value))
        });
        values.filter(|(_, value)| value != "").collect()
    }

    /// True when the attribute is pushed again with every change. What an assignment adds always is.
    pub(crate) fn on_update(&self, name: &str) -> bool {
        let rule = self.0.iter().find(|rule| rule.name == name);
        rule.is_none_or(|rule| rule.on_update)
    }
}

/// The username that an app's template gives a person.
pub(crate) fn user_name<'u>(app: &App, user: &'u User) -> &'u str {
    let template = app.credentials.pointer("/userNameTemplate/template");
    match template.and_then(Value::as_str) {
        Some("${source.email}" | "${user.email}") => user.attribute("email"),
        _ => user.login(),
    }
}

//! What the target org wants in an import file: the attributes of its user profile.

use super::UsersError;
use super::header::flat;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The attributes of a user profile, in the order of the import file's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    attributes: Vec<Attribute>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its variable name, which is its column's.
    pub name: String,
    required: bool,
    least: usize,
    most: usize,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Boolean,
    Email,
    /// One of these.
    Listed(Vec<String>),
    Number,
    Text,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flaw", rename_all = "kebab-case")]
pub enum Flaw {
    /// A user of this login is there already.
    LoginTaken {
        /// In which status.
        status: String,
    },
    /// The e-mail address is the login of another user, which Okta refuses as a duplicate login.
    EmailTaken,
    /// Required, and empty.
    Missing,
    /// Not `true` or `false`.
    NotBoolean,
    /// No e-mail address.
    NotEmail,
    /// None of the values that the schema lists.
    NotListed,
    /// No number.
    NotNumber,
    /// Longer than the schema allows.
    TooLong {
        /// Characters allowed.
        most: usize,
    },
    /// Shorter than the schema allows.
    TooShort {
        /// Characters needed.
        least: usize,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoginTaken { status } => write!(f, "a user with this login exists ({status})"),
            Self::EmailTaken => f.write_str("is the login of another user"),
            Self::Missing => f.write_str("is empty but required"),
            Self::NotBoolean => f.write_str("is neither `true` nor `false`"),
            Self::NotEmail => f.write_str("is no e-mail address"),
            Self::NotListed => f.write_str("is none of the values that the schema lists"),
            Self::NotNumber => f.write_str("is no number"),
            Self::TooLong { most } => write!(f, "is longer than {most} characters"),
            Self::TooShort { least } => write!(f, "is shorter than {least} characters"),
        }
    }
}

/// Okta's default user profile (facts of the API reference, User schema).
const DEFAULT: &[&str] = &[
    "login",
    "firstName",
    "lastName",
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
    "email",
    "title",
    "displayName",
    "nickName",
    "profileUrl",
    "secondEmail",
    "mobilePhone",
    "primaryPhone",
    "streetAddress",
    "city",
    "state",
    "zipCode",
    "countryCode",
    "postalAddress",
    "preferredLanguage",
    "locale",
    "timezone",
    "userType",
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "managerId",
    "manager",
];

impl Default for Schema {
    fn default() -> Self {
        let names = DEFAULT.iter().map(|name| (*name).to_owned());
        Self {
            attributes: names.map(Attribute::known).collect(),
        }
    }
}

impl Schema {
    /// The header of a template file, as the import dialog of the target org offers it.
    ///
    /// # Errors
    /// [`UsersError`] when it is no header, or has not what every import needs.
    pub fn from_template(bytes: &[u8]) -> Result<Self, UsersError> {
        let header = super::header::first_row(bytes)?;
        let attributes = header
            .into_iter()
            .map(|name| Attribute::known(name.trim().to_owned()));
        Self::whole(attributes.collect())
    }

    /// The answer of `GET /api/v1/meta/schemas/user/default`: base and custom attributes.
    ///
    /// # Errors
    /// [`UsersError::Schema`] when it is something else.
    pub fn from_json(text: &str) -> Result<Self, UsersError> {
        let json: Value = serde_json::from_str(text).map_err(|error| UsersError::Schema {
            why: error.to_string(),
        })?;
        let mut attributes = Vec::new();
        for part in ["base", "custom"] {
            let part = json
                .pointer(&format!("/definitions/{part}"))
                .unwrap_or(&Value::Null);
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                attributes.push(Attribute::of(name, property, part.get("required")));
            }
        }
        Self::whole(attributes)
    }

    /// Either of the two, told apart by the brace that begins a JSON object.
    ///
    /// # Errors
    /// As [`Schema::from_template`] and [`Schema::from_json`].
    pub fn from_file(bytes: &[u8]) -> Result<Self, UsersError> {
        match bytes.trim_ascii_start().starts_with(b"{") {
            true => {
                let text = std::str::from_utf8(bytes).map_err(|error| UsersError::Schema {
                    why: format!("it is no UTF-8 from byte {} on", error.valid_up_to()),
                })?;
                Self::from_json(text)
            }
            false => Self::from_template(bytes),
        }
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Where the attribute of this name stands; case, blanks and underscores do not matter.
    pub fn find(&self, name: &str) -> Option<usize> {
        let wanted = flat(name);
        self.attributes
            .iter()
            .position(|own| flat(&own.name) == wanted)
    }

    fn whole(attributes: Vec<Attribute>) -> Result<Self, UsersError> {
        let schema = Self { attributes };
        let missing: Vec<&str> = MANDATORY
            .iter()
            .copied()
            .filter(|name| schema.find(name).is_none())
            .collect();
        match missing.is_empty() {
            true => Ok(schema),
            false => Err(UsersError::Schema {
                why: format!("it has no attribute `{}`", missing.join("`, `")),
            }),
        }
    }
}

/// What every import needs.
const MANDATORY: [&str; 4] = ["login", "firstName", "lastName", "email"];

impl Attribute {
    /// An attribute of which only the name is known, and what holds in every org.
    fn known(name: String) -> Self {
        let (least, most) = match name.as_str() {
            "login" | "email" => (5, 100),
            "firstName" | "lastName" => (1, 50),
            _ => (0, usize::MAX),
        };
        Self {
            required: MANDATORY.contains(&name.as_str()),
            kind: match name.as_str() {
                "email" | "secondEmail" => Kind::Email,
                _ => Kind::Text,
            },
            name,
            least,
            most,
        }
    }

    fn of(name: &str, property: &Value, required: Option<&Value>) -> Self {
        let known = Self::known(name.to_owned());
        let number = |field: &str, without| {
            let length = property.get(field).and_then(Value::as_u64);
            length
                .and_then(|length| usize::try_from(length).ok())
                .unwrap_or(without)
        };
        let listed = required.and_then(Value::as_array);
        let listed = listed.is_some_and(|names| names.iter().any(|own| own == name));
        Self {
            required: known.required
                || listed
                || property.get("required") == Some(&Value::Bool(true)),
            least: number("minLength", known.least),
            most: number("maxLength", known.most),
            kind: Kind::of(property).unwrap_or(known.kind),
            name: known.name,
        }
    }

    /// A sound value as the API takes it: booleans and numbers are no strings there.
    pub fn json(&self, value: &str) -> Value {
        let parsed = match self.kind {
            Kind::Boolean | Kind::Number => serde_json::from_str(value).ok(),
            _ => None,
        };
        parsed.unwrap_or_else(|| Value::from(value))
    }

    /// What is wrong with this value, if anything.
    pub fn flaw(&self, value: &str) -> Option<Flaw> {
        if value.trim().is_empty() {
            return self.required.then_some(Flaw::Missing);
        }
        let length = match value.is_ascii() {
            true => value.len(),
            false => value.chars().count(),
        };
        if length < self.least {
            return Some(Flaw::TooShort { least: self.least });
        }
        if length > self.most {
            return Some(Flaw::TooLong { most: self.most });
        }
        match &self.kind {
            Kind::Boolean => (!matches!(value, "true" | "false")).then_some(Flaw::NotBoolean),
            Kind::Email => (!is_email(value)).then_some(Flaw::NotEmail),
            Kind::Listed(values) => {
                (!values.iter().any(|own| own == value)).then_some(Flaw::NotListed)
            }
            Kind::Number => value.parse::<f64>().is_err().then_some(Flaw::NotNumber),
            Kind::Text => None,
        }
    }
}

impl Kind {
    fn of(property: &Value) -> Option<Self> {
        let word = |field: &str| property.get(field).and_then(Value::as_str);
        if let Some(values) = property.get("enum").and_then(Value::as_array) {
            let text = |value: &Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            return Some(Self::Listed(values.iter().map(text).collect()));
        }
        match (word("type")?, word("format")) {
            ("boolean", _) => Some(Self::Boolean),
            ("integer" | "number", _) => Some(Self::Number),
            (_, Some("email")) => Some(Self::Email),
            _ => None,
        }
    }
}

/// A name, one `@` and a host with a dot: less than RFC 5321 allows, and all that people have.
pub(super) fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    plain(name)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
}

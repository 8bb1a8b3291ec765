//! Answers of the API: checked before anything in them is believed.

use crate::map::Map;
use crate::search::{holds, replaced};

use serde::Serialize;
use serde_json::Value;

use super::{Member, Shape};
use crate::explain::{seen, seen_sentences};
use crate::json;

/// An answer as it came over the wire, with the few headers that matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Response {
    /// HTTP status; 0 for an opaque redirect.
    pub status: u16,
    /// Lower-case names: `content-type`, `date`, `link`, `x-rate-limit-…`, `x-okta-request-id`.
    pub headers: Map<String, String>,
    /// The body as text.
    pub body: String,
    /// Whether the server wanted to send us somewhere else.
    pub redirected: bool,
}

impl Response {
    /// A header by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The query of the server's own `rel="next"` link, for paging.
    pub fn next_query(&self) -> Option<String> {
        let next = self
            .header("link")?
            .split(',')
            .find(|part| holds(part, "rel=\"next\""))?;
        let address = next.split('<').nth(1)?.split('>').next()?;
        address.split_once('?').map(|(_, query)| query.to_owned())
    }

    /// Okta's error code and summary with its causes, when the body is one of its errors.
    pub fn okta_error(&self) -> Option<(String, String)> {
        let body = json::read(&self.body).ok()?;
        let code = body.get("errorCode")?.as_str()?.to_owned();
        let mut summary = body
            .get("errorSummary")
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned();
        let causes = body
            .get("errorCauses")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for cause in causes.filter_map(|cause| cause.get("errorSummary")?.as_str()) {
            summary.push_str(": ");
            summary.push_str(cause);
        }
        Some((code, seen_sentences(&summary)))
    }

    /// Whether this is a page for people (a login page, a proxy's block page), not an API answer.
    pub fn is_page(&self) -> bool {
        let html = self
            .header("content-type")
            .is_some_and(|kind| holds(kind, "text/html"));
        self.redirected || self.status == 0 || (300..400).contains(&self.status) || html
    }
}

/// A checked answer, as a row's `read` gets it.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    body: Value,
    text: String,
}

/// A value a row asked of an answer that the answer does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer holds no `{pointer}`")]
pub struct NotGiven {
    /// Where it was looked for.
    pub pointer: String,
}

/// What a read of an answer gives.
pub type Given<T> = Result<T, NotGiven>;

impl Answer {
    /// An answer to no question: for rows whose finding follows from facts alone, and for plans.
    pub fn empty() -> Answer {
        Answer {
            status: 0,
            body: Value::Null,
            text: String::new(),
        }
    }

    /// Checks a response with a good status against the shape its operation promises.
    /// `pages` are the bodies of earlier pages of the same list.
    pub fn check(
        response: &Response,
        shape: &Shape,
        earlier: Vec<Value>,
    ) -> Result<Answer, String> {
        if let Shape::Xml(root) = shape {
            return xml(response, root);
        }
        if matches!(shape, Shape::Empty) {
            return Ok(Answer {
                status: response.status,
                body: Value::Null,
                text: String::new(),
            });
        }
        let kind = response.header("content-type").unwrap_or("none");
        if !holds(kind, "json") {
            return Err(format!("the answer is `{}`, not JSON", seen(kind)));
        }
        let body = json::read(&response.body)
            .map_err(|error| format!("the answer is not complete JSON: {error}"))?;
        let body = match (shape, body) {
            (Shape::List(_), Value::Array(items)) => {
                Value::Array(earlier.into_iter().chain(items).collect())
            }
            (_, body) => body,
        };
        conforms(&body, shape)?;
        Ok(Answer {
            status: response.status,
            body,
            text: String::new(),
        })
    }

    /// The answer that says: there is none (404 of an operation for which that is an answer).
    pub fn absent() -> Answer {
        Answer {
            status: 404,
            body: Value::Null,
            text: String::new(),
        }
    }

    /// Whether there is none.
    pub fn is_absent(&self) -> bool {
        self.status == 404
    }

    /// The whole JSON body.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The body of an XML answer.
    pub fn xml(&self) -> &str {
        &self.text
    }

    /// The items of a list, or nothing.
    pub fn items(&self) -> &[Value] {
        self.body.as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The string at a JSON pointer.
    pub fn text(&self, pointer: &str) -> Given<&str> {
        text(&self.body, pointer)
    }

    /// Rewrites addresses on the admin host to the org host: calls on the admin host may answer
    /// with it, and such an address must never enter a write or a bookmark.
    pub fn on_org_host(mut self, org: &crate::org::OrgUrl) -> Answer {
        let (admin, base) = (org.admin_base(), org.base());
        rewrite(&mut self.body, admin, base);
        self.text = replaced(&self.text, &[admin, "/"].concat(), &[base, "/"].concat());
        self
    }
}

/// The string at a JSON pointer of a value.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Given<&'a str> {
    json::at(value, pointer)
        .and_then(Value::as_str)
        .ok_or_else(|| NotGiven {
            pointer: pointer.to_owned(),
        })
}

fn rewrite(value: &mut Value, admin: &str, base: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, admin, base)),
        Value::Object(members) => {
            members
                .values_mut()
                .for_each(|member| rewrite(member, admin, base));
        }
        Value::String(text) => {
            let rest = text.strip_prefix(admin);
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                *text = format!("{base}{rest}");
            }
        }
        _ => {}
    }
}

fn xml(response: &Response, root: &str) -> Result<Answer, String> {
    let elements = crate::xml::elements(&response.body)
        .map_err(|error| format!("the answer is not XML that can be read: {error}"))?;
    let name = elements.first().map_or("", |root| &root.name);
    if name != root {
        return Err(format!("the answer is `{}`, not `{root}`", seen(name)));
    }
    Ok(Answer {
        status: response.status,
        body: Value::Null,
        text: response.body.clone(),
    })
}

fn conforms(body: &Value, shape: &Shape) -> Result<(), String> {
    match shape {
        Shape::Empty | Shape::Xml(_) => Ok(()),
        Shape::Object(members) => members_conform(body, members, None),
        Shape::List(members) | Shape::Page(members) => {
            let items = body.as_array().ok_or("the answer is not a list")?;
            items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| members_conform(item, members, Some(index)))
        }
    }
}

fn members_conform(value: &Value, members: &[Member], index: Option<usize>) -> Result<(), String> {
    for member in members {
        let (pointer, good) = match member {
            Member::Id(pointer, prefix) => (
                pointer,
                text(value, pointer).is_ok_and(|id| is_id(id, prefix)),
            ),
            Member::List(pointer) => (
                pointer,
                json::at(value, pointer).is_some_and(Value::is_array),
            ),
            Member::Map(pointer) => (
                pointer,
                json::at(value, pointer).is_some_and(Value::is_object),
            ),
            Member::Text(pointer) => (
                pointer,
                text(value, pointer).is_ok_and(|text| !text.is_empty()),
            ),
        };
        if !good {
            let was = json::at(value, pointer).map_or("nothing".into(), |was| json::text(was));
            let at = index.map_or(String::new(), |index| format!("/{index}"));
            return Err(format!("`{at}{pointer}` is `{}`", seen(&was)));
        }
    }
    Ok(())
}

fn is_id(id: &str, prefix: &str) -> bool {
    id.len() == 20 && id.starts_with(prefix) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn json_response(status: u16, body: &str) -> Response {
        let headers = [("content-type".to_owned(), "application/json".to_owned())].into();
        Response {
            status,
            headers,
            body: body.to_owned(),
            redirected: false,
        }
    }

    const APPS: Shape = Shape::List(&[Member::Id("/id", "0oa"), Member::Text("/name")]);

    #[test]
    fn a_list_with_a_wrong_id_is_refused_at_its_place() {
        let good = json_response(200, r#"[{"id":"0oa11111111111111111","name":"x"}]"#);
        assert_eq!(
            Answer::check(&good, &APPS, vec![]).unwrap().items().len(),
            1
        );
        let bad = json_response(200, r#"[{"id":"00g11111111111111111","name":"x"}]"#);
        assert!(
            Answer::check(&bad, &APPS, vec![])
                .unwrap_err()
                .contains("`/0/id` is")
        );
    }

    #[test]
    fn two_hundred_is_no_success_by_itself() {
        let mut login = json_response(200, "<html>");
        login
            .headers
            .insert("content-type".into(), "text/html".into());
        assert!(login.is_page());
        assert!(Answer::check(&login, &APPS, vec![]).is_err());
        assert!(Answer::check(&json_response(200, r#"[{"id":"0o"#), &APPS, vec![]).is_err());
    }

    #[test]
    fn an_errors_cause_is_told_whole() {
        let cause =
            "Cannot create application instance. Maximum number of instances has been reached.";
        let body = json!({"errorCode": "E0000001", "errorSummary": "Api validation failed: generalSettings",
            "errorCauses": [{"errorSummary": cause}]});
        let (code, said) = json_response(400, &body.to_string()).okta_error().unwrap();
        assert_eq!(code, "E0000001");
        assert!(said.ends_with(cause), "{said}");
    }

    #[test]
    fn the_next_page_is_the_servers_own_query() {
        let mut page = json_response(200, "[]");
        page.headers.insert(
            "link".into(),
            r#"<https://a.okta.com/api/v1/apps?limit=2>; rel="self", <https://a.okta.com/api/v1/apps?after=x%2By&limit=2>; rel="next""#.into(),
        );
        assert_eq!(page.next_query().unwrap(), "after=x%2By&limit=2");
    }

    #[test]
    fn addresses_come_back_on_the_org_host() {
        let org = crate::org::OrgUrl::parse("https://acme.okta.com").unwrap();
        let response = json_response(
            200,
            r#"{"id":"0oa11111111111111111","l":["https://acme-admin.okta.com/x","https://acme-admin.okta.com.evil.com/"]}"#,
        );
        let answer = Answer::check(&response, &Shape::Object(&[]), vec![])
            .unwrap()
            .on_org_host(&org);
        assert_eq!(
            answer.body()["l"],
            json!([
                "https://acme.okta.com/x",
                "https://acme-admin.okta.com.evil.com/"
            ])
        );
    }
}

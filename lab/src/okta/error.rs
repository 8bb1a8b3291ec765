//! Okta's error answers.

use serde_json::json;

use crate::ids::Ids;
use crate::wire::Response;

/// An error as the Management API words it.
#[derive(Clone, Debug)]
pub(crate) struct OktaError {
    pub status: u16,
    pub code: &'static str,
    pub summary: String,
    pub causes: Vec<String>,
    /// Value of the `www-authenticate` header; empty for none.
    pub challenge: String,
    /// True when the answer has OAuth's shape: `error` and `error_description`.
    pub oauth: bool,
}

impl OktaError {
    pub(crate) fn new(status: u16, code: &'static str, summary: impl Into<String>) -> Self {
        Self {
            status,
            code,
            summary: summary.into(),
            causes: Vec::new(),
            challenge: String::new(),
            oauth: false,
        }
    }

    /// An error of an OAuth endpoint.
    pub(crate) fn oauth(status: u16, error: &'static str, description: impl Into<String>) -> Self {
        Self {
            oauth: true,
            ..Self::new(status, error, description)
        }
    }

    /// The same error as the client registration endpoints word it.
    pub(crate) fn into_oauth(self) -> Self {
        if self.oauth {
            return self;
        }
        let error = match self.status {
            400 => "invalid_client_metadata",
            401 => "invalid_token",
            403 => "access_denied",
            404 => "invalid_client",
            _ => return self,
        };
        let description = if self.causes.is_empty() {
            self.summary
        } else {
            self.causes.join(" ")
        };
        Self {
            challenge: self.challenge,
            ..Self::oauth(self.status, error, description)
        }
    }

    /// 401: no such token, or one that ended.
    pub(crate) fn bad_token() -> Self {
        Self::new(401, "E0000011", "Invalid token provided")
    }

    pub(crate) fn because(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// 400: the object breaks a rule; the cause says which.
    pub(crate) fn invalid(object: &str, cause: impl Into<String>) -> Self {
        Self::new(400, "E0000001", format!("Api validation failed: {object}")).because(cause)
    }

    /// 400: the body is no JSON object.
    pub(crate) fn malformed() -> Self {
        Self::new(400, "E0000003", "The request body was not well-formed.")
    }

    /// 403: no session, or one that ended.
    pub(crate) fn no_session() -> Self {
        Self::new(403, "E0000005", "Invalid session")
    }

    /// 403: the caller's roles do not allow this.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            403,
            "E0000006",
            "You do not have permission to perform the requested action",
        )
    }

    /// 404: no such object. `kind` is Okta's name of the type, as in `AppInstance`.
    pub(crate) fn missing(id: &str, kind: &str) -> Self {
        let shown: String = id.chars().take(80).collect();
        Self::new(
            404,
            "E0000007",
            format!("Not found: Resource not found: {shown} ({kind})"),
        )
    }

    /// 403: a delete that needs the object inactive first.
    pub(crate) fn still_active(kind: &str) -> Self {
        Self::new(403, "E0000056", "Delete application forbidden.")
            .because(format!("The {kind} must be deactivated before deletion."))
    }

    /// 429 without its headers, which the caller adds.
    pub(crate) fn too_many() -> Self {
        Self::new(
            429,
            "E0000047",
            "API call exceeded rate limit due to too many requests.",
        )
    }

    pub(crate) fn response(&self, ids: &mut Ids) -> Response {
        // A refused proof is told in the header alone.
        let response = if self.code == "invalid_dpop_proof" && !self.challenge.is_empty() {
            Response::empty(self.status)
        } else if self.oauth {
            let body = json!({ "error": self.code, "error_description": self.summary });
            Response::json(self.status, &body)
        } else {
            self.management(ids)
        };
        if self.challenge.is_empty() {
            response
        } else {
            response.with("www-authenticate", &self.challenge)
        }
    }

    fn management(&self, ids: &mut Ids) -> Response {
        let causes: Vec<_> = self
            .causes
            .iter()
            .map(|text| json!({ "errorSummary": text }))
            .collect();
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
        Response::json(
            self.status,
            &json!({
                "errorCode": self.code, "errorSummary": self.summary, "errorLink": self.code,
                "errorId": format!("oae{}", ids.letters(22, alphabet)), "errorCauses": causes,
            }),
        )
    }
}

/// At most 80 characters of a value that goes into an error.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}

//! Answers that a test puts in place of an org's, so that another author's software can play the org.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::wire::{Request, Response};

/// One answer for all requests to a place, until it is taken back.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Prompt {
    host: String,
    path: String,
    #[serde(default = "ok")]
    status: u16,
    body: Value,
}

fn ok() -> u16 {
    200
}

impl Prompt {
    /// True when it is the answer to this request.
    pub(crate) fn fits(&self, request: &Request) -> bool {
        self.host == request.host && self.path == request.path
    }

    /// True when both are for the same place.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        self.host == other.host && self.path == other.path
    }

    /// What is answered.
    pub(crate) fn response(&self) -> Response {
        Response::json(self.status, &self.body)
    }
}

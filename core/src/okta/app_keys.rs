//! The signing keys of an app.
//!
//! Okta reference: Application Credential Keys API. Keys of an app are never deleted; the one it
//! signs with is named by `credentials.signing.kid` of the app.

use super::{Member, Method, Probe, ReadOp, Resource, Shape, Write, WriteOp};

const KEY: &[Member] = &[Member::Text("/kid"), Member::Text("/kty")];

/// All keys of an app.
pub static LIST: ReadOp = ReadOp {
    id: "app-keys.list",
    path: "/api/v1/apps/{app}/credentials/keys",
    query: &[],
    shape: Shape::List(KEY),
    absent: false,
    scope: "okta.apps.read",
};

/// Makes another key; the app goes on signing with the one it has.
pub static GENERATE: WriteOp = WriteOp {
    id: "app-keys.generate",
    method: Method::Post,
    path: "/api/v1/apps/{app}/credentials/keys/generate",
    query: &["validityYears"],
    shape: Shape::Object(KEY),
    scope: "okta.apps.manage",
    role: "Super Administrator or Application Administrator",
};

/// This file's operations.
pub const RESOURCE: Resource = Resource {
    reads: &[&LIST],
    writes: &[&GENERATE],
};

/// All keys of this app.
pub fn of(app: &str) -> Probe {
    Probe::of(&LIST, [("app", app)])
}

/// Another key for this app, good for this many years.
pub fn generate(app: &str, years: u8) -> Write {
    Write::of(
        &GENERATE,
        [("app", app), ("validityYears", &years.to_string())],
    )
}

//! OAuth 2.0 of the org authorization server, and what an org sends as a client of another one.

#[allow(dead_code, reason = "the token endpoint and provisioning use it next")]
pub(crate) mod assertion;

//! Signing in, whole ways: two consoles set up by hand, then a person at the source who ends in the target app.

mod browser;
mod by_hand;
mod console;
mod oidc;
mod saml;

/// A person of both orgs.
const ADA: &str = "ada@acme.example.com";

//! SAML sign-in: the source signs an assertion, the target checks it.

pub(crate) mod xml;

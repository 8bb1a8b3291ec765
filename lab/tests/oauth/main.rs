//! Stories of service apps: keys, tokens, DPoP, scopes and roles.

mod api_tokens;
mod clients;
mod hub;
mod proofs;
mod roles;
mod shares;
mod tokens;

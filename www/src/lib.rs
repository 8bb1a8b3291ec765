//! The static page with the CSV, bookmark URL and JWKS tools.

//! Simulated Okta orgs on this machine, for a first try and for every test.

//! Which facts a hand-off may hold: those of one org that rows of the other need, by name. A fact
//! that is in neither list is refused; the tests hold both against the tables.

/// May be handed over. None is a secret: ids, addresses, public keys and certificates, and who is
/// in the scope of the link, by user name.
pub(super) const HANDED: &[&str] = &[
    "acs-url",
    "active-person",
    "arrived",
    "audience",
    "certificate",
    "client",
    "connected",
    "embed-link",
    "group-people",
    "idp",
    "issuer",
    "key-e",
    "key-n",
    "manual-domains",
    "org2org-app",
    "person",
    "push-mapping",
    "pushed",
    "sends-persistent",
    "signing-kid",
    "sso-url",
];

//! The authorization server, its clients, and keys of either.

use super::{Explained, any, cut, published};

pub(super) const EXPLAINED: &[Explained] = &[
    cut("GET /oauth2/v1/userinfo", "answer *"),
    any(
        "GET /api/v1/apps/{appId}/credentials/jwks",
        "answer 200",
        "type",
        "published: Okta's SDK for Node 8.1.0, newer than the document, reads `{\"keys\": [...]}` and fails on a bare list",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */_links/clientCredentials",
        "unlisted",
        "recorded on every client: TestAccResourceOktaAppOauth_serviceWithJWKSURI",
    ),
    any(
        "* /api/v1/apps/{id}/credentials/secrets*",
        "answer 20*",
        "unlisted",
        "recorded: test_application_sso_public_keys",
    ),
    any(
        "*",
        "answer 20*/crv",
        "unlisted",
        "published: RFC 7518, section 6.2.1: an elliptic curve key without its curve is no key",
    ),
    any(
        "POST /api/v1/apps/{appId}/credentials/jwks/{keyId}/lifecycle/deactivate",
        "answer 200 /use",
        "unlisted",
        "published: every other operation on these keys answers it",
    ),
    any(
        "GET /oauth2/v1/keys",
        "answer 200 /keys/*/*",
        "unlisted",
        "published: RFC 7518, section 6.3.1: an RSA key without modulus and exponent is no key",
    ),
    any(
        "POST /oauth2/v1/token",
        "answer 400 /error*",
        "unlisted",
        "a client that is not known and a body that is no form are refused in the Management API's words; an answer of an \
         Okta org like this stands in a public wiki of the NCI",
    ),
    published(
        "POST /oauth2/v1/clients/{clientId}/roles",
        "answer 201",
        "status",
        "recorded: TestAccResourceOktaAppOAuthRoleAssignment_basic",
    ),
];

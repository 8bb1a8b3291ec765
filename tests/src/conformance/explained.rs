//! Differences from the document that stay, each with its evidence. The only place for them.

use super::{Difference, Document};

/// The kind of document that an explanation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Okta's document, as it is published or as corrected after recorded traffic.
    Any,
    /// The one in `../shared`, which was cut to the operations that the product uses.
    Cut,
    /// As published: the one in `../shared` was corrected after recorded traffic (`x-corrections`).
    Published,
}

impl Which {
    pub(super) fn fits(self, documents: &[Document]) -> bool {
        match self {
            Self::Any => true,
            Self::Cut => documents.iter().any(|document| document.corrected),
            Self::Published => documents.iter().any(|document| !document.corrected),
        }
    }
}

/// A difference that is meant. `*` stands for any text in `operation` and `at`.
#[derive(Debug)]
pub struct Explained {
    /// Method and path template.
    pub operation: &'static str,
    /// `request` or `answer STATUS`, then the place in it.
    pub at: &'static str,
    /// The keyword that does not hold.
    pub keyword: &'static str,
    /// The document it is about.
    pub which: Which,
    /// Why it is right as it is, and where that was seen.
    pub evidence: &'static str,
}

impl Explained {
    pub(super) fn explains(&self, difference: &Difference, documents: &[Document]) -> bool {
        self.which.fits(documents)
            && self.keyword == difference.keyword
            && fits(self.operation, &difference.operation)
            && fits(self.at, &difference.at)
    }
}

/// All of them.
///
/// Recorded traffic is named by its recording; "corrected" documents carry what `x-corrections` lists.
pub const EXPLAINED: &[Explained] = &[
    cut("GET /oauth2/v1/userinfo", "answer *"),
    any(
        "GET /.well-known/okta-organization",
        "answer 200 /cell",
        "unlisted",
        "recorded: TestAccDataSourceOktaOrgMetadata_read",
    ),
    any(
        "GET /.well-known/okta-organization",
        "answer 200 /settings",
        "unlisted",
        "recorded: TestAccDataSourceOktaOrgMetadata_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */_links/policies",
        "unlisted",
        "recorded on every app: TestAccDataSourceOktaAppUserAssignments_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */_links/profileEnrollment",
        "unlisted",
        "recorded on every app: TestAccDataSourceOktaAppUserAssignments_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */_links/uploadLogo",
        "unlisted",
        "recorded on every app: TestAccDataSourceOktaAppUserAssignments_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/manualProvisioning",
        "unlisted",
        "recorded on every app: TestAccDataSourceOktaAppUserAssignments_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/app",
        "unlisted",
        "recorded on apps of every kind; the document has it on catalog apps and bookmarks only: test_generate_app_key",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/signOn/samlSignedRequestEnabled",
        "unlisted",
        "recorded on custom SAML apps: TestAccDataSourceOktaIdpSaml_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/signOn/spIssuer",
        "type",
        "recorded as null on custom SAML apps: TestAccDataSourceOktaIdpSaml_read",
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/signOn/*Override",
        "type",
        ORG2ORG_SIGN_ON,
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/signOn/defaultRelayState",
        "type",
        ORG2ORG_SIGN_ON,
    ),
    any(
        "* /api/v1/*",
        "answer 200 */settings/signOn/*",
        "required",
        ORG2ORG_SIGN_ON,
    ),
    any(
        "PUT /api/v1/apps/{appId}",
        "request /settings/manualProvisioning",
        "unlisted",
        "recorded in every answer; a replacement sends back whole what was read, so that nothing is lost",
    ),
    any(
        "GET /api/v1/apps/{appId}/sso/saml/metadata",
        "request ?kid",
        "required",
        "recorded: `_links.metadata` of a SAML app has no `kid`; without it the app's current key is meant",
    ),
    any(
        "GET /api/v1/idps/{id}/metadata.xml",
        "answer 200",
        "unlisted",
        "recorded as `_links.metadata` of a SAML IdP: TestAccDataSourceOktaIdpSaml_read",
    ),
    any(
        "GET /api/v1/apps/{appId}/connections/default/jwks",
        "answer 200 /jwks/keys/*/alg",
        "unlisted",
        "published: the operation's own example has it",
    ),
    any(
        "* /api/v1/meta/schemas/apps/{appId}/default",
        "answer 200 /definitions/base/properties/*",
        "unlisted",
        "published: the operation's own example has `userName`; an app names its own attributes, `initialStatus` among \
         them, where the document lists a person's",
    ),
    any(
        "* /api/v1/meta/schemas/user/{schemaId}",
        "answer 200 /_links/type",
        "unlisted",
        "published: the operation's own example has it",
    ),
    any(
        "GET /api/v1/groups*",
        "answer 200 */source",
        "unlisted",
        "published: Okta's Groups API reference tells the app that a group of type APP_GROUP comes from",
    ),
    any(
        "* /api/v1/api-tokens*",
        "answer 200 */_links",
        "unlisted",
        "recorded: TestAccDataSourceOktaAPIToken_read; the document calls it `_link`",
    ),
    any(
        "* /api/v1/api-tokens*",
        "answer 200 */tokenWindow",
        "pattern",
        "recorded as P30D: TestAccDataSourceOktaAPIToken_read",
    ),
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
        "* /api/v1/features*",
        "answer 200 */_links/enable",
        "unlisted",
        "recorded: the features recording of okta-sdk-python (test_features_it)",
    ),
    any(
        "* /api/v1/features*",
        "answer 200 */_links/disable",
        "unlisted",
        "recorded: the features recording of okta-sdk-python (test_features_it)",
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
    any(
        "* /api/v1/apps*",
        "answer 200 */name",
        "enum",
        "recorded: an Org2Org app with OPENID_CONNECT (terraform-provider-okta, AUTH_METHOD_CHAIN, number 10); the document \
         tells variants apart by sign-on mode alone and takes it for a custom client",
    ),
    cut("GET /.well-known/{id}", "answer 200"),
    cut("* /api/v1/domains*", "answer 20*"),
    cut("GET /api/v1/policies", "answer 200"),
    cut(
        "POST /api/v1/users/{id}/lifecycle/expire_password*",
        "answer 200",
    ),
    cut("POST /api/v1/users/{id}/lifecycle/reset_*", "answer 200"),
    cut("* /api/v1/org/settings/{id}", "answer 20*"),
    cut("* /api/v1/users/{id}/roles*", "answer 20*"),
    cut("DELETE /api/v1/iam/resource-sets/{id}", "answer 204"),
    cut("DELETE /api/v1/iam/roles/{id}", "answer 204"),
    any(
        "*groups*",
        "answer 200 */_links/owners",
        "unlisted",
        "recorded on every group: TestAccDataSourceOktaAppGroupAssignments_read",
    ),
    any(
        "*groups*",
        "answer 200 */profile/description",
        "type",
        "published: the attribute table of Okta's Groups API reference marks it nullable",
    ),
    published("* /api/v1/*", "*/accessibility/*Url", "type", APPS),
    published("* /api/v1/*", "*/settings/notes/*", "type", APPS),
    published(
        "* /api/v1/*",
        "*/settings/notifications/vpn/*",
        "type",
        APPS,
    ),
    published("* /api/v1/*", "*/settings/oauthClient/*_uri", "type", APPS),
    published("* /api/v1/*", "*/universalLogout", "type", APPS),
    published(
        "PUT /api/v1/apps/{appId}",
        "request /settings/app/*",
        "type",
        ORG2ORG,
    ),
    published(
        "* /api/v1/apps*",
        "request /settings/app/idpId",
        "unlisted",
        ORG2ORG,
    ),
    published(
        "* /api/v1/apps/{appId}/users*",
        "answer 200 */externalId",
        "type",
        "recorded as null: TestAccDataSourceOktaAppUserAssignments_read",
    ),
    published(
        "* /api/v1/apps/{appId}/features*",
        "answer 200 */schedule/*Import",
        "type",
        INBOUND,
    ),
    published(
        "* /api/v1/apps/{appId}/features*",
        "answer 200 */username/userNameFormat",
        "unlisted",
        INBOUND,
    ),
    published(
        "POST /api/v1/apps/{appId}/grants",
        "answer 200",
        "status",
        "recorded: test_grant_consent_to_scope",
    ),
    published(
        "* /api/v1/apps/{appId}/group-push/mappings*",
        "answer 200",
        "status",
        "recorded: TestAccResourceOktaPushGroup_crud",
    ),
    published(
        "POST /oauth2/v1/clients/{clientId}/roles",
        "answer 201",
        "status",
        "recorded: TestAccResourceOktaAppOAuthRoleAssignment_basic",
    ),
    any(
        "GET /api/v1/idps/{idpId}/users",
        "answer 200 /*/profile/*",
        "type",
        "published: the reference shows texts there in its examples, where the schema says objects",
    ),
    published("* /api/v1/idps*", "answer 200 */policy/*", "type", IDPS),
    published(
        "* /api/v1/idps*",
        "answer 200 */policy/transformedUsernameMatchingEnabled",
        "unlisted",
        IDPS,
    ),
    published(
        "* /api/v1/idps*",
        "answer 200 */trust/revocation*",
        "unlisted",
        IDPS,
    ),
    published(
        "PUT /api/v1/idps/{idpId}",
        "answer 200 /created",
        "type",
        IDPS,
    ),
    published(
        "GET /api/v1/org",
        "answer 200 /*",
        "type",
        "recorded as null: the organisation recording of okta-sdk-python (test_org_it)",
    ),
];

const APPS: &str =
    "recorded as null on apps of every kind: TestAccDataSourceOktaAppUserAssignments_read";
const IDPS: &str = "recorded: TestAccDataSourceOktaIdpSaml_read";
const INBOUND: &str = "recorded: terraform-provider-okta, TestAccDataSourceOktaAppFeatures_read";
const ORG2ORG: &str = "recorded: all four settings are there, null when unset (terraform-provider-okta, AUTH_METHOD_CHAIN)";

// Answers are held to the schema of custom SAML apps, since the document tells variants apart by sign-on mode alone.
const ORG2ORG_SIGN_ON: &str = "published: the Org2Org sample of Okta's Apps API reference answers the overrides only, \
     null when unset; so does the document's schema of catalog apps";

const fn cut(operation: &'static str, at: &'static str) -> Explained {
    Explained {
        operation,
        at,
        keyword: "unlisted",
        which: Which::Cut,
        evidence: "published: Okta's whole document has the operation",
    }
}

const fn published(
    operation: &'static str,
    at: &'static str,
    keyword: &'static str,
    evidence: &'static str,
) -> Explained {
    Explained {
        operation,
        at,
        keyword,
        which: Which::Published,
        evidence,
    }
}

const fn any(
    operation: &'static str,
    at: &'static str,
    keyword: &'static str,
    evidence: &'static str,
) -> Explained {
    Explained {
        operation,
        at,
        keyword,
        which: Which::Any,
        evidence,
    }
}

/// True when the text is the pattern, whose `*` stand for any text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    rest.is_empty()
        || (0..=text.len()).any(|at| text.is_char_boundary(at) && fits(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("* /api/v1/apps*", "GET /api/v1/apps/{appId}"));
        assert!(fits(
            "answer 200 */idpId",
            "answer 200 /*/settings/app/idpId"
        ));
        assert!(!fits("GET /api/v1/apps", "GET /api/v1/apps/{appId}"));
    }
}

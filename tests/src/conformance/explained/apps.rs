//! Apps, with what belongs to one.

use super::{Explained, any, published};

pub(super) const EXPLAINED: &[Explained] = &[
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
        "* /api/v1/apps*",
        "answer 200 */name",
        "enum",
        "recorded: an Org2Org app with OPENID_CONNECT (terraform-provider-okta, AUTH_METHOD_CHAIN, number 10); the document \
         tells variants apart by sign-on mode alone and takes it for a custom client",
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
];

const APPS: &str =
    "recorded as null on apps of every kind: TestAccDataSourceOktaAppUserAssignments_read";

const INBOUND: &str = "recorded: terraform-provider-okta, TestAccDataSourceOktaAppFeatures_read";

const ORG2ORG: &str = "recorded: all four settings are there, null when unset (terraform-provider-okta, AUTH_METHOD_CHAIN)";

// Answers are held to the schema of custom SAML apps, since the document tells variants apart by sign-on mode alone.
const ORG2ORG_SIGN_ON: &str = "published: the Org2Org sample of Okta's Apps API reference answers the overrides only, \
     null when unset; so does the document's schema of catalog apps";

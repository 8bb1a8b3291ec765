//! Identity providers and who is linked to them.

use super::{Explained, any, published};

pub(super) const EXPLAINED: &[Explained] = &[
    any(
        "GET /api/v1/idps/{id}/metadata.xml",
        "answer 200",
        "unlisted",
        "recorded as `_links.metadata` of a SAML IdP: TestAccDataSourceOktaIdpSaml_read",
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
];

const IDPS: &str = "recorded: TestAccDataSourceOktaIdpSaml_read";

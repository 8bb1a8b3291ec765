//! The org itself, its people, groups, tokens and features.

use super::{Explained, any, cut, published};

pub(super) const EXPLAINED: &[Explained] = &[
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
    cut("GET /.well-known/{id}", "answer 200"),
    cut("* /api/v1/domains*", "answer 20*"),
    cut("GET /api/v1/policies", "answer 200"),
    cut("* /api/v1/policies/{id}*", "answer 20*"),
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
    published(
        "GET /api/v1/org",
        "answer 200 /*",
        "type",
        "recorded as null: the organisation recording of okta-sdk-python (test_org_it)",
    ),
];

//! Where the lab answers otherwise than recorded, each with its reason. The only place for them.

use super::likeness::Unlike;
use crate::conformance::fits;
use crate::exchange::Exchange;

/// A difference that is meant. `*` stands for any text.
#[derive(Debug)]
pub struct Explained {
    /// Name of the recording.
    pub recording: &'static str,
    /// Method and path, as recorded.
    pub call: &'static str,
    /// The place and what is there.
    pub what: &'static str,
    /// Why.
    pub evidence: &'static str,
}

impl Explained {
    pub(super) fn explains(&self, recording: &str, exchange: &Exchange, found: &Unlike) -> bool {
        let call = format!("{} {}", exchange.method, exchange.path);
        fits(self.recording, recording)
            && fits(self.call, &call)
            && fits(self.what, &found.to_string())
    }
}

/// All of them.
pub const EXPLAINED: &[Explained] = &[
    explained("*", "POST /api/v1/apps*", "/universalLogout: *", LOGOUT),
    explained("*", "GET /api/v1/apps/*", "/universalLogout: *", LOGOUT),
    explained(
        "test_*",
        "POST /api/v1/apps",
        "/settings/emOptInStatus: extra",
        "orgs differ: every app of the TestAcc recordings has it",
    ),
    explained(
        "TestAccDataSourceOktaOrgMetadata_read",
        "GET /.well-known/okta-organization",
        "/settings/op4wEnabled: missing",
        "orgs differ: no other recording has it",
    ),
    explained(
        "test_generate_app_key",
        "POST /api/v1/apps",
        "*: extra",
        EARLY,
    ),
    explained(
        "test_grant_consent_to_scope",
        "POST /api/v1/apps",
        "*: extra",
        EARLY,
    ),
    explained(
        "test_g*",
        "POST /api/v1/apps",
        "/settings/extendedProperties: missing",
        "seen in 2020 only: no recording since has it",
    ),
    explained(
        "test_application_sso_public_keys",
        "POST /api/v1/apps",
        "/settings/oauthClient/participate_slo: extra",
        "orgs differ: every client of the TestAcc recordings has it",
    ),
    explained(
        "test_dpop_api_request",
        "POST /oauth2/v1/token",
        "*",
        "the recording's assertions are placeholders, which the lab refuses; lab/tests/oauth.rs has the same steps with \
         real ones",
    ),
    explained(
        "test_dpop_api_request",
        "GET /api/v1/users?limit=1",
        "*",
        "the recording was emptied before it was published",
    ),
    explained(
        "test_list_applications_pagination_with_after",
        "POST /api/v1/apps",
        "status: 200 , not 400",
        "the org had reached the most apps of its licence, which the lab does not count",
    ),
    explained(
        "TestAccResourceOktaPushGroup_crud",
        "POST /api/v1/apps?activate=true",
        "status: 400 name: The app 'deelhr' isn't in the catalog, not 200",
        "another app of the catalog; the lab has Org2Org, bookmarks and clients, and an Org2Org app takes its place",
    ),
    explained(
        "TestAccResourceOktaPushGroup_crud",
        "GET /api/v1/apps/0oawoywtvmuPKLlXK1d7",
        "*",
        "an Org2Org app stands in for another app of the catalog",
    ),
    explained(
        "TestAccResourceOktaPushGroup_crud",
        "* /api/v1/apps/*/group-push/mappings/*",
        "/lastPush: extra",
        "Okta pushes some time after the mapping is made and the recording ends before; the lab has pushed by then",
    ),
];

const LOGOUT: &str =
    "orgs differ: null, unsupported and supported are recorded for apps of the same kind";
const EARLY: &str = "recorded in 2020: every later recording has it";

const fn explained(
    recording: &'static str,
    call: &'static str,
    what: &'static str,
    evidence: &'static str,
) -> Explained {
    Explained {
        recording,
        call,
        what,
        evidence,
    }
}

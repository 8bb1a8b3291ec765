//! Federation by SAML 2.0: people of the source sign in to the target through the source.
//!
//! The source's app is made first, with nothing but the target's address; its metadata then
//! gives all that the target's IdP needs; what the IdP says of itself goes back into the app.
//! No value is a placeholder at any time.

mod app;
pub(super) mod assignments;
mod factor;
mod group;
mod idp;
pub(super) mod people;
mod routing;

use crate::run::Wish;
use crate::run::step::Procedure;
pub(super) use app::{APP_LABEL, SOURCE_URL, TARGET_URL, pointing_here, read_app_of};
pub use app::{CERTIFICATE, ISSUER, ORG2ORG_APP, SSO_URL};
pub(super) use group::GROUP_NAME;
pub use group::SOURCE_GROUP;
pub use idp::{ACS_URL, AUDIENCE, IDP, IDP_KID};
pub(super) use idp::{GROUP_OF_NEW, IDP_NAME, NO_MATCH};
pub(super) use people::COUNTERPART;
pub use people::PEOPLE;
pub(super) use routing::sends_to;

/// The table with these rows at its end: each row stands with its facts in the room of what it is
/// about. A macro, so that the small table carries nothing of the rows that it leaves out.
macro_rules! table {
    ($($more:path),*) => {
        Procedure {
            id: "federation",
            title: "Sign in to the target through the source (SAML 2.0)",
            when: Wish::connects,
            undo_first: &[],
            effect: None,
            undo_effect: None,
            way_back: "",
            steps: &[
                app::CREATE,
                app::SIGN_ON_DETAILS,
                people::OF_GROUP,
                people::ONE,
                people::ACCOUNT,
                people::NOT_AN_ADMIN,
                group::CREATE,
                group::MEMBER,
                idp::KEY,
                idp::CREATE,
                app::ACS,
                app::PROVISIONING_OFF,
                assignments::GROUP,
                assignments::PERSON,
                factor::SOURCE_DOMAINS,
                factor::MFA_AGAIN,
                $($more),*
            ],
        }
    };
}

/// The table.
pub static FEDERATION: Procedure = table!(routing::POLICY, routing::ABOVE, routing::RULE);

/// The same without the routing rule, for a face that does not offer one and has to be small.
pub static FEDERATION_ALONE: Procedure = table!();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_routing_rule_is_left_out() {
        let routes = Wish {
            routing: true,
            ..Wish::default()
        };
        let plain = Wish::default();
        let only_routing = |step: &&crate::run::Step| (step.when)(&routes) && !(step.when)(&plain);
        let rest = FEDERATION.steps.iter().filter(|step| !only_routing(step));
        let rest: Vec<&str> = rest.map(|step| step.id).collect();
        let own: Vec<&str> = FEDERATION_ALONE.steps.iter().map(|step| step.id).collect();
        assert_eq!(own, rest);
        assert!(own.len() < FEDERATION.steps.len());
        assert_eq!(FEDERATION_ALONE.id, FEDERATION.id);
    }
}

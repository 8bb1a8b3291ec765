//! What a push leaves behind in the source: System Log and the lab's log of effects.

use super::line::Line;
use crate::okta::call::Actor;
use crate::okta::logs::{Event, write};
use crate::record::Effect;
use crate::world::World;

/// Who pushes, in the source's System Log.
const SYSTEM: &str = "system@okta.com";

/// Writes one event of the source's System Log.
pub(super) fn log(
    world: &mut World,
    at: usize,
    now: u64,
    kind: &str,
    outcome: Result<(), &str>,
    target: (&str, &str),
) {
    let actor = Actor {
        login: SYSTEM.to_owned(),
        ..Actor::default()
    };
    let message = message(kind);
    let event = Event {
        kind,
        message,
        outcome,
        target,
    };
    write(
        &mut world.orgs[at],
        &mut world.side_ids,
        &actor,
        now,
        &event,
    );
}

/// Notes a change of the source's state that no request made.
pub(super) fn effect(world: &mut World, at: usize, now: u64, path: &str, what: String) {
    world.effects.push(Effect {
        at_ms: now,
        org: world.orgs[at].subdomain.clone(),
        actor: SYSTEM.to_owned(),
        method: "PUSH".to_owned(),
        path: path.to_owned(),
        what: format!("updated {what}"),
    });
}

impl Line<'_> {
    /// One event about an object of the source.
    pub(super) fn log(&mut self, kind: &str, outcome: Result<(), &str>, target: (&str, &str)) {
        log(self.world, self.at, self.now, kind, outcome, target);
    }

    /// One event about the app itself.
    pub(super) fn log_app(&mut self, kind: &str, outcome: Result<(), &str>) {
        let app = self.app.clone();
        self.log(kind, outcome, ("AppInstance", &app));
    }

    /// One change below the app.
    pub(super) fn effect(&mut self, below: &str, what: String) {
        let path = format!("/api/v1/apps/{}/{below}", self.app);
        effect(self.world, self.at, self.now, &path, what);
    }
}

fn message(kind: &str) -> &'static str {
    match kind {
        "application.provision.user.push" => "Push new user to external application",
        "application.provision.user.push_profile" => "Push user's profile to external application",
        "application.provision.user.push_password" => {
            "Push user's password to external application"
        }
        "application.provision.user.push_okta_password" => {
            "Push user's Okta password to external application"
        }
        "application.provision.user.deactivate" => "Deactivate user in external application",
        "application.provision.user.reactivate" => "Reactivate user in external application",
        "application.provision.user.verify_exists" => "Verify user exists in external application",
        "app.user_management.push_new_user_success" => "Successfully pushed new user",
        "application.integration.authentication_failure" => "Authentication failed",
        "application.integration.rate_limit_exceeded" => "Rate limit exceeded",
        "application.integration.general_failure" => "General failure",
        "app.keys.rotate" => "Application key rotated",
        _ => "Group push",
    }
}

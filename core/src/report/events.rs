//! Which line of Okta's System Log a write leaves behind.

/// The event type of an operation, where Okta's list of event types
/// (<https://developer.okta.com/docs/reference/api/event-types/>) has one that fits it. Elsewhere there is none to name: a
/// paper that guessed would send the security team looking for what never comes.
pub(super) fn event_type(op: &str) -> Option<&'static str> {
    Some(match op {
        "app-groups.assign" => "group.application_assignment.add",
        "app-groups.unassign" => "group.application_assignment.remove",
        "app-users.assign" => "application.user_membership.add",
        "app-users.unassign" => "application.user_membership.remove",
        "app-keys.generate" => "app.keys.generate",
        "apps.create" => "application.lifecycle.create",
        "apps.deactivate" => "application.lifecycle.deactivate",
        "apps.delete" => "application.lifecycle.delete",
        "apps.replace" => "application.lifecycle.update",
        "api-tokens.revoke" => "system.api_token.revoke",
        "client-roles.add" => "app.oauth2.client.privilege.grant",
        "client-roles.remove" => "app.oauth2.client.privilege.revoke",
        "grants.give" => "app.oauth2.admin.consent.grant",
        "grants.revoke" => "app.oauth2.admin.consent.revoke",
        "groups.add" => "group.user_membership.add",
        "groups.create" => "group.lifecycle.create",
        "groups.delete" => "group.lifecycle.delete",
        "groups.remove" => "group.user_membership.remove",
        "idps.add-key" => "system.idp.key.create",
        "idps.create" => "system.idp.lifecycle.create",
        "idps.deactivate" => "system.idp.lifecycle.deactivate",
        "idps.delete" => "system.idp.lifecycle.delete",
        "idps.delete-key" => "system.idp.key.delete",
        "idps.replace" => "system.idp.lifecycle.update",
        _ => return None,
    })
}

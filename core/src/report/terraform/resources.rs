//! Which resource of the provider says what a write made, and what it cannot say.

use serde_json::Value;

use super::super::Done;
use super::super::hcl::{Block, Hcl};
use super::Ground;
use super::sign_on::{app, certificate, idp};
use crate::json;
use crate::okta::call::changed;

/// A resource on its way into the file.
pub(super) struct Resource {
    /// Its type.
    pub kind: &'static str,
    /// Its arguments.
    pub body: Block,
    /// What `import` takes; `None` where the provider names no way.
    pub import: Option<String>,
    /// What the provider has no argument for.
    pub gaps: Vec<&'static str>,
}

/// What the file says of a write.
pub(super) enum Told {
    /// Nothing: another resource tells it.
    Elsewhere,
    /// No resource, for this reason.
    Gap(&'static str),
    /// This one.
    Resource(Resource),
}

/// What the file says of a write that stands and is proven.
pub(super) fn told(ground: &Ground<'_>, done: &Done<'_>) -> Told {
    let object = ground.whole_object(done);
    match done.op.map_or("", |op| op.id) {
        "app-features.update" => feature(ground, done),
        "app-groups.assign" => group_assignment(ground, done),
        "app-users.assign" if !ground.whole => Told::Gap("people are not named"),
        "app-users.assign" => person(ground, done, &object),
        "apps.create" => app(ground, done, &object),
        "apps.replace" | "client-keys.add" if ground.makes(done.param("app")) => Told::Elsewhere,
        "client-roles.add" => role(ground, done, &object),
        "connections.set" => connection(ground, done, &object),
        "grants.give" => scopes(ground, done),
        "group-push.create" => pushed_group(ground, done, &object),
        "groups.add" => Told::Gap("accounts come by push or import, not one by one"),
        "groups.create" => group(done, &object),
        "iam.create-resource-set" => resource_set(done, &object),
        "iam.create-role" => custom_role(done, &object),
        "idps.add-key" => certificate(done, &object),
        "idps.create" => idp(ground, done, &object),
        "idps.link" => Told::Gap("the provider knows no links of people"),
        // The journal names the mapping alone; its one end is the type of the source's users.
        "mappings.update" => {
            Told::Gap("the provider names a mapping by its two ends, which no journal holds")
        }
        "policies.add-rule" => routing_rule(ground, done, &object),
        _ => Told::Gap("the provider knows no resource for it"),
    }
}

impl Ground<'_> {
    /// What the write sent, with what later writes changed in what it made.
    fn whole_object(&self, done: &Done<'_>) -> Value {
        let base = done.body.cloned().unwrap_or(Value::Null);
        let Some(id) = done.made() else { return base };
        let later = self.writes.iter().filter(|other| {
            other.op.is_some_and(|op| op.id == "apps.replace") && other.param("app") == id
        });
        later.fold(base, |object, other| changed(&object, other.changes))
    }

    /// Whether one of the writes made this object.
    fn makes(&self, id: &str) -> bool {
        self.writes.iter().any(|done| done.made() == Some(id))
    }

    /// An id: a reference where this file holds its object.
    pub(super) fn id(&self, id: &str) -> Hcl {
        match self.names.get(id) {
            Some(address) => Hcl::Name(format!("{address}.id")),
            None => Hcl::Text(id.to_owned()),
        }
    }

    pub(super) fn id_at(&self, object: &Value, pointer: &str) -> Option<Hcl> {
        text(object, pointer).map(|id| self.id(id))
    }

    /// Other writes of the same operation on the same object.
    pub(super) fn alike(
        &self,
        op: &'static str,
        name: &'static str,
        id: &str,
    ) -> impl Iterator<Item = &Done<'_>> {
        self.writes.iter().copied().filter(move |done| {
            done.op.is_some_and(|known| known.id == op) && done.param(name) == id
        })
    }
}

pub(super) fn text<'v>(object: &'v Value, pointer: &str) -> Option<&'v str> {
    json::at(object, pointer)?.as_str()
}

pub(super) fn body() -> Block {
    Block::new("", &[])
}

pub(super) fn resource(kind: &'static str, import: Option<String>, body: Block) -> Told {
    Told::Resource(Resource {
        kind,
        body,
        import,
        gaps: Vec::new(),
    })
}

/// A resource that Terraform may watch and not write: its write replaces the object, and with it what it has no words for.
pub(super) fn watched(
    kind: &'static str,
    done: &Done<'_>,
    body: Block,
    gaps: Vec<&'static str>,
) -> Told {
    let still = Block::new("lifecycle", &[]).set("ignore_changes", Hcl::Name("all".to_owned()));
    Told::Resource(Resource {
        kind,
        body: body.with(still),
        import: own(done),
        gaps,
    })
}

pub(super) fn own(done: &Done<'_>) -> Option<String> {
    done.made().map(str::to_owned)
}

fn pair(one: &str, other: &str) -> Option<String> {
    Some(format!("{one}/{other}"))
}

fn group(done: &Done<'_>, object: &Value) -> Told {
    let body = body()
        .maybe("name", Hcl::text_at(object, "/profile/name"))
        .maybe("description", Hcl::text_at(object, "/profile/description"));
    resource("okta_group", own(done), body)
}

fn group_assignment(ground: &Ground<'_>, done: &Done<'_>) -> Told {
    let (app, group) = (done.param("app"), done.param("group"));
    let body = body()
        .set("app_id", ground.id(app))
        .set("group_id", ground.id(group));
    resource("okta_app_group_assignment", pair(app, group), body)
}

fn person(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    let app = done.param("app");
    let user = text(object, "/id").unwrap_or_default();
    let body = body()
        .set("app_id", ground.id(app))
        .set("user_id", Hcl::Text(user.to_owned()));
    resource("okta_app_user", pair(app, user), body)
}

fn role(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    let body = body()
        .set("client_id", ground.id(done.param("client")))
        .maybe("type", Hcl::text_at(object, "/type"))
        .maybe("role", ground.id_at(object, "/role"))
        .maybe("resource_set", ground.id_at(object, "/resource-set"));
    resource("okta_app_oauth_role_assignment", None, body)
}

// One resource holds every scope of an app, so the first grant tells them all.
fn scopes(ground: &Ground<'_>, done: &Done<'_>) -> Told {
    let app = done.param("app");
    let mut all = ground.alike("grants.give", "app", app).peekable();
    if all.peek().is_some_and(|first| first.seq != done.seq) {
        return Told::Elsewhere;
    }
    let scopes = all.filter_map(|done| Hcl::text_at(done.body?, "/scopeId"));
    let body = body()
        .set("app_id", ground.id(app))
        .maybe(
            "issuer",
            done.body.and_then(|body| Hcl::text_at(body, "/issuer")),
        )
        .set("scopes", Hcl::List(scopes.collect()));
    resource("okta_app_oauth_api_scope", Some(app.to_owned()), body)
}

fn custom_role(done: &Done<'_>, object: &Value) -> Told {
    let body = body()
        .maybe("label", Hcl::text_at(object, "/label"))
        .maybe("description", Hcl::text_at(object, "/description"))
        .maybe("permissions", Hcl::texts_at(object, "/permissions"));
    resource("okta_admin_role_custom", own(done), body)
}

fn resource_set(done: &Done<'_>, object: &Value) -> Told {
    let body = body()
        .maybe("label", Hcl::text_at(object, "/label"))
        .maybe("description", Hcl::text_at(object, "/description"))
        .maybe("resources", Hcl::texts_at(object, "/resources"));
    resource("okta_resource_set", own(done), body)
}

fn connection(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    let app = done.param("app");
    let rotation = Hcl::text_at(object, "/profile/signing/rotationMode");
    let profile = Block::new("profile", &[])
        .maybe("auth_scheme", Hcl::text_at(object, "/profile/authScheme"))
        .maybe("client_id", ground.id_at(object, "/profile/clientId"));
    let profile = match rotation {
        Some(mode) => profile.with(Block::new("signing", &[]).set("rotation_mode", mode)),
        None => profile,
    };
    let body = body()
        .set("id", ground.id(app))
        .set("base_url", Hcl::Text(ground.target.to_owned()))
        .set("action", Hcl::Text("activate".to_owned()))
        .with(profile);
    resource("okta_app_connection", Some(app.to_owned()), body)
}

/// Where a feature's object keeps a setting, and the blocks under `capabilities` in which the provider does.
const CAPABILITIES: [(&str, &str, &str); 4] = [
    (
        "/create/lifecycleCreate/status",
        "create",
        "lifecycle_create",
    ),
    (
        "/update/lifecycleDeactivate/status",
        "update",
        "lifecycle_deactivate",
    ),
    ("/update/password/status", "update", "password"),
    ("/update/profile/status", "update", "profile"),
];

fn feature(ground: &Ground<'_>, done: &Done<'_>) -> Told {
    let (app, name) = (done.param("app"), done.param("feature"));
    let mut capabilities = Block::new("capabilities", &[]);
    for outer in ["create", "update"] {
        let mut block = Block::new(outer, &[]);
        for (pointer, _, inner) in CAPABILITIES.iter().filter(|(_, at, _)| *at == outer) {
            let change = done
                .changes
                .iter()
                .find(|change| change.pointer == *pointer);
            if let Some(status) = change.and_then(|change| change.after.as_str()) {
                let status = Hcl::Text(status.to_owned());
                block = block.with(Block::new(inner, &[]).set("status", status));
            }
        }
        if !block.is_empty() {
            capabilities = capabilities.with(block);
        }
    }
    if capabilities.is_empty() {
        return Told::Gap("the provider knows no such setting");
    }
    let body = body()
        .set("app_id", ground.id(app))
        .set("name", Hcl::Text(name.to_owned()))
        .set("status", Hcl::Text("ENABLED".to_owned()))
        .with(capabilities);
    resource("okta_app_features", pair(app, name), body)
}

fn pushed_group(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    let app = done.param("app");
    let import = done.made().and_then(|id| pair(app, id));
    let body = body()
        .set("app_id", ground.id(app))
        .maybe("source_group_id", ground.id_at(object, "/sourceGroupId"))
        .maybe(
            "target_group_name",
            Hcl::text_at(object, "/targetGroupName"),
        )
        .maybe("status", Hcl::text_at(object, "/status"))
        .set("delete_target_group_on_destroy", Hcl::Flag(false));
    resource("okta_push_group", import, body)
}

fn routing_rule(ground: &Ground<'_>, done: &Done<'_>, object: &Value) -> Told {
    let policy = done.param("policy");
    let members = |pointer: &str| json::at(object, pointer).and_then(Value::as_array);
    let patterns = members("/conditions/userIdentifier/patterns")
        .into_iter()
        .flatten();
    let patterns = patterns.map(|pattern| {
        Block::new("user_identifier_patterns", &[])
            .maybe("match_type", Hcl::text_at(pattern, "/matchType"))
            .maybe("value", Hcl::text_at(pattern, "/value"))
    });
    let providers = members("/actions/idp/providers").into_iter().flatten();
    let providers = providers.map(|provider| {
        Block::new("idp_providers", &[])
            .maybe("id", ground.id_at(provider, "/id"))
            .maybe("type", Hcl::text_at(provider, "/type"))
    });
    let head = body()
        .set("policy_id", Hcl::Text(policy.to_owned()))
        .maybe("name", Hcl::text_at(object, "/name"))
        .maybe(
            "network_connection",
            Hcl::text_at(object, "/conditions/network/connection"),
        )
        .maybe(
            "user_identifier_type",
            Hcl::text_at(object, "/conditions/userIdentifier/type"),
        );
    let body = providers.chain(patterns).fold(head, Block::with);
    let import = done.made().and_then(|id| pair(policy, id));
    resource("okta_policy_rule_idp_discovery", import, body)
}

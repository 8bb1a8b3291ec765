//! What the target holds of the connection: only what the wish names goes.

use serde_json::Value as Json;

use super::look::{ENDING_APP, ENDING_AUDIENCE, ENDING_CLIENT, ENDING_IDP_ID, is_gone, is_off};
use crate::console;
use crate::facts::{Fact, Facts, Missing, Value};
use crate::okta::answer::text;
use crate::okta::{Answer, Probe, apps, idps, policies};
use crate::procedures::federation::sends_to;
use crate::procedures::shared::{note, several};
use crate::run::Push;
use crate::run::step::{Click, Finding, PageId, Side, Step, always};

/// The IdP that goes; none where there is none, or it is not the wish's.
static ENDING_IDP: Fact = Fact::one("ending-idp", "Identity provider");
/// The service app that goes; none where there is none, or it is not the wish's.
static ENDING_SERVICE_APP: Fact = Fact::one("ending-service-app", "Service app");
/// The policy with the target's routing rules; none where nobody could be sent to the IdP.
static ENDING_POLICY: Fact = Fact::one("ending-policy", "Routing policy");

const IDP_PAGE: &[(&str, PageId)] = &[("idp", PageId::Fact(&ENDING_IDP))];
const CLIENT_PAGE: &[(&str, PageId)] = &[
    ("name", PageId::Plain("oidc_client")),
    ("app", PageId::Fact(&ENDING_SERVICE_APP)),
];

/// The IdP.
pub(super) const IDP: Step = Step {
    id: "ending-idp",
    title: "Find the identity provider that ends",
    why: "It lets people of the source in.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Security > Identity Providers and look for the one of the source",
        None,
    )],
    covers: &[],
    source: "Identity Providers API: list IdPs",
    when: always,
    over: &[],
    needs: &[&ENDING_APP, &ENDING_AUDIENCE, &ENDING_IDP_ID],
    gives: &[&ENDING_IDP],
    after: &[],
    probe: |f| {
        Ok(f.optional(&ENDING_APP)?
            .map_or(Probe::none(), |_| idps::all()))
    },
    read: read_idp,
    write: None,
    undo: None,
};

/// The service app.
pub(super) const CLIENT: Step = Step {
    id: "ending-service-app",
    title: "Find the service app that ends",
    why: "It is the source's account at the target.",
    side: Side::Target,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Applications > Applications and look for the service app with the connection's client id",
        None,
    )],
    covers: &[],
    source: "Applications API: list apps",
    when: always,
    over: &[],
    needs: &[&ENDING_APP, &ENDING_CLIENT],
    gives: &[&ENDING_SERVICE_APP],
    after: &[],
    probe: |f| {
        Ok(f.optional(&ENDING_CLIENT)?
            .map_or(Probe::none(), |_| apps::all()))
    },
    read: read_client,
    write: None,
    undo: None,
};

/// Where a routing rule to the IdP would be.
pub(super) const ROUTING: Step = Step {
    id: "ending-policy",
    title: "Find the target's routing rules",
    why: "One of them may send people to the identity provider that ends.",
    side: Side::Target,
    page: &console::ROUTING_RULES,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Open Security > Identity Providers > *Routing rules*",
        Some("Routing rules"),
    )],
    covers: &[],
    source: "Policies API: list policies of type IDP_DISCOVERY",
    when: always,
    over: &[],
    needs: &[&ENDING_IDP],
    gives: &[&ENDING_POLICY],
    after: &[],
    probe: |f| {
        Ok(f.optional(&ENDING_IDP)?
            .map_or(Probe::none(), |_| policies::discovery()))
    },
    read: |answer, _| match answer.items() {
        [] => Ok(none(&ENDING_POLICY)),
        [policy] => Ok(Finding::met(&Json::Null).giving(&ENDING_POLICY, text(policy, "/id")?)),
        many => Ok(several(&many.iter().collect::<Vec<_>>(), "/name")),
    },
    write: None,
    undo: None,
};

/// Nobody is sent to an IdP that is about to go.
pub(super) const DELETE_RULE: Step = Step {
    id: "delete-routing-rule",
    title: "Delete the routing rule",
    why: "It would send people to an identity provider that is gone, and they could not sign in.",
    side: Side::Target,
    page: &console::ROUTING_RULES,
    page_ids: &[],
    by_hand: &[Click::Do(
        "Choose *Delete* beside the rule that sends people to the identity provider",
        Some("Delete"),
    )],
    covers: &[],
    source: "Policies API: delete a policy rule",
    when: always,
    over: &[],
    needs: &[&ENDING_IDP, &ENDING_POLICY],
    gives: &[],
    after: &["disconnect"],
    probe: |f| {
        Ok(f.optional(&ENDING_POLICY)?
            .map_or(Probe::none(), |policy| policies::rules(&policy)))
    },
    read: |answer, f| with(f, &ENDING_IDP, |idp| read_rules(answer, f, idp)),
    write: Some(|f, answer| {
        let idp = f.text(&ENDING_IDP)?;
        let mut rules = answer.items().iter();
        let rule = rules.find(|rule| sends_to(rule, &idp));
        let rule = rule.ok_or(Missing::Fact(ENDING_POLICY.id))?;
        Ok(policies::delete_rule(
            &f.text(&ENDING_POLICY)?,
            text(rule, "/id")?,
        ))
    }),
    undo: None,
};

/// The IdP goes, first half.
pub(super) const IDP_OFF: Step = Step {
    id: "idp-off",
    title: "Deactivate the identity provider",
    why: "From now on nobody signs in to the target through the source.",
    side: Side::Target,
    page: &console::IDP,
    page_ids: IDP_PAGE,
    by_hand: &[Click::Do(
        "Open Security > Identity Providers and choose *Deactivate* beside it",
        Some("Deactivate"),
    )],
    covers: &[],
    source: "Identity Providers API: deactivate an IdP",
    when: always,
    over: &[],
    needs: &[&ENDING_IDP],
    gives: &[],
    after: &[
        "disconnect",
        "unassign-group",
        "unassign-person",
        "delete-routing-rule",
    ],
    probe: |f| {
        Ok(f.optional(&ENDING_IDP)?
            .map_or(Probe::none(), |_| idps::all()))
    },
    read: |answer, f| with(f, &ENDING_IDP, |idp| is_off(answer, idp)),
    write: Some(|f, _| Ok(idps::deactivate(&f.text(&ENDING_IDP)?))),
    undo: None,
};

/// Second half.
pub(super) const DELETE_IDP: Step = Step {
    id: "delete-idp",
    title: "Delete the identity provider",
    why: "With it the target forgets whom the source may sign in.",
    side: Side::Target,
    page: &console::IDPS,
    page_ids: &[],
    by_hand: &[Click::Do("Choose *Delete* beside it", Some("Delete"))],
    covers: &[],
    source: "Identity Providers API: delete an IdP",
    when: always,
    over: &[],
    needs: &[&ENDING_IDP],
    gives: &[],
    after: &["idp-off"],
    probe: |f| {
        Ok(f.optional(&ENDING_IDP)?
            .map_or(Probe::none(), |_| idps::all()))
    },
    read: |answer, f| with(f, &ENDING_IDP, |idp| is_gone(answer, idp)),
    write: Some(|f, _| Ok(idps::delete(&f.text(&ENDING_IDP)?))),
    undo: None,
};

/// The service app goes, first half.
pub(super) const CLIENT_OFF: Step = Step {
    id: "service-app-off",
    title: "Deactivate the service app",
    why: "Its keys and rights count no more.",
    side: Side::Target,
    page: &console::APP_GENERAL,
    page_ids: CLIENT_PAGE,
    by_hand: &[Click::Do(
        "Open the service app and choose *Deactivate* in its menu",
        Some("Deactivate"),
    )],
    covers: &[],
    source: "Applications API: deactivate an app",
    when: always,
    over: &[],
    needs: &[&ENDING_SERVICE_APP],
    gives: &[],
    after: &["disconnect", "unassign-group", "unassign-person"],
    probe: |f| {
        Ok(f.optional(&ENDING_SERVICE_APP)?
            .map_or(Probe::none(), |_| apps::all()))
    },
    read: |answer, f| with(f, &ENDING_SERVICE_APP, |app| is_off(answer, app)),
    write: Some(|f, _| Ok(apps::deactivate(&f.text(&ENDING_SERVICE_APP)?))),
    undo: None,
};

/// Second half.
pub(super) const DELETE_CLIENT: Step = Step {
    id: "delete-service-app",
    title: "Delete the service app",
    why: "With it go its roles, scopes and keys.",
    side: Side::Target,
    page: &console::APPS,
    page_ids: &[],
    by_hand: &[Click::Do("Choose *Delete* in its menu", Some("Delete"))],
    covers: &[],
    source: "Applications API: delete an app",
    when: always,
    over: &[],
    needs: &[&ENDING_SERVICE_APP],
    gives: &[],
    after: &["service-app-off"],
    probe: |f| {
        Ok(f.optional(&ENDING_SERVICE_APP)?
            .map_or(Probe::none(), |_| apps::all()))
    },
    read: |answer, f| with(f, &ENDING_SERVICE_APP, |app| is_gone(answer, app)),
    write: Some(|f, _| Ok(apps::delete(&f.text(&ENDING_SERVICE_APP)?))),
    undo: None,
};

fn with(
    f: &Facts<'_>,
    fact: &'static Fact,
    read: impl FnOnce(&str) -> Finding,
) -> Result<Finding, Missing> {
    let object = f.optional(fact)?;
    Ok(object.map_or(Finding::met(&Json::Null), |object| read(&object)))
}

fn none(fact: &'static Fact) -> Finding {
    Finding::met(&Json::Null).giving_value(fact, Value::None)
}

fn read_idp(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let (audience, id) = (f.optional(&ENDING_AUDIENCE)?, f.optional(&ENDING_IDP_ID)?);
    let is = |wanted: &Option<String>, seen: Result<&str, _>| {
        wanted.is_some() && wanted.as_deref() == seen.ok()
    };
    let ours = |idp: &&Json| {
        is(&audience, text(idp, "/protocol/credentials/trust/audience"))
            || is(&id, text(idp, "/id"))
    };
    let found: Vec<&Json> = answer.items().iter().filter(ours).collect();
    match found.as_slice() {
        [] => Ok(none(&ENDING_IDP)),
        [idp] if text(idp, "/name") == Ok(&f.wish().idp_name) => {
            Ok(Finding::met(&Json::Null).giving(&ENDING_IDP, text(idp, "/id")?))
        }
        [idp] => Ok(Finding::Blocked {
            why: format!(
                "the identity provider of this app is called `{}`",
                crate::explain::seen(text(idp, "/name")?)
            ),
            who: format!(
                "you: the wish names `{}`; name the one that is to go",
                f.wish().idp_name
            ),
        }),
        many => Ok(several(many, "/name")),
    }
}

fn read_rules(answer: &Answer, f: &Facts<'_>, idp: &str) -> Finding {
    let rules = answer.items().iter();
    let found: Vec<&Json> = rules.filter(|rule| sends_to(rule, idp)).collect();
    match found.as_slice() {
        [] => Finding::met(&Json::Null),
        [rule] if text(rule, "/name") == Ok(&f.wish().idp_name) => Finding::Unmet,
        [rule] => Finding::Blocked {
            why: format!(
                "the routing rule `{}` sends people to this identity provider",
                crate::explain::seen(text(rule, "/name").unwrap_or_default())
            ),
            who: "you: it is none of ours; send those people elsewhere, then check again".into(),
        },
        many => several(many, "/name"),
    }
}

fn read_client(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let Some(client) = f.optional(&ENDING_CLIENT)? else {
        return Ok(none(&ENDING_SERVICE_APP));
    };
    let own = |app: &&Json| text(app, "/credentials/oauthClient/client_id") == Ok(&client);
    let Some(app) = answer.items().iter().find(own) else {
        return Ok(none(&ENDING_SERVICE_APP).noting(format!(
            "The connection's client `{client}` is none of this target."
        )));
    };
    let label = text(app, "/label")?;
    let push = f.wish().push.as_ref();
    let wanted = push.map_or_else(
        || Push::suggest(f.pair()).client_label,
        |push| push.client_label.clone(),
    );
    let ours = label == wanted || text(app, "/settings/notes/admin") == Ok(&note(f));
    Ok(match ours {
        true => Finding::met(&Json::Null).giving(&ENDING_SERVICE_APP, text(app, "/id")?),
        false => none(&ENDING_SERVICE_APP).noting(format!(
            "The service app `{}` stays: the wish names `{wanted}`, and it may serve others.",
            crate::explain::seen(label)
        )),
    })
}

//! The routing rule, when it is wished: people of the source who begin at the target are sent home
//! to sign in.

use serde_json::Value as Json;

use super::idp::{IDP, IDP_NAME};
use super::people::everyone;
use crate::console;
use crate::explain::seen;
use crate::facts::{Derive, Fact, Facts, Missing};
use crate::json;
use crate::map::sorted;
use crate::okta::answer::text;
use crate::okta::{Answer, policies};
use crate::procedures::shared::several;
use crate::run::Wish;
use crate::run::step::{Click, Finding, Side, Step};

/// Id of the policy that holds the target's routing rules.
static ROUTING_POLICY: Fact = Fact::one("routing-policy", "Routing policy");
static DOMAINS: Fact = Fact::one("routed-domains", "the domains of the source").derived(Derive {
    from: &[],
    with: |f| Ok(domains(f)?.join(", ")),
});

const BY_HAND: &[Click] = &[Click::Do(
    "Open Security > Identity Providers > *Routing rules* and read the rules from the top",
    Some("Routing rules"),
)];

/// Where the rules are.
pub(super) const POLICY: Step = Step {
    id: "routing-policy",
    title: "Find the routing rules",
    why: "The target decides by them who is sent to which identity provider.",
    side: Side::Target,
    page: &console::ROUTING_RULES,
    page_ids: &[],
    by_hand: BY_HAND,
    covers: &[],
    source: "Policies API: list policies of type IDP_DISCOVERY",
    when: routes,
    over: &[],
    needs: &[],
    gives: &[&ROUTING_POLICY],
    after: &[],
    probe: |_| Ok(policies::discovery()),
    read: |answer, _| match answer.items() {
        [policy] => Ok(Finding::met(&Json::Null).giving(&ROUTING_POLICY, text(policy, "/id")?)),
        [] => Ok(Finding::Blocked {
            why: "the target has no routing rules".into(),
            who: "you: take the routing rule out of the wish".into(),
        }),
        many => Ok(several(&many.iter().collect::<Vec<_>>(), "/name")),
    },
    write: None,
    undo: None,
};

/// What would come before ours.
pub(super) const ABOVE: Step = Step {
    id: "rules-above",
    title: "Look at the rules above",
    why: "The first rule that fits decides: one above that takes the same people makes ours dead.",
    side: Side::Target,
    page: &console::ROUTING_RULES,
    page_ids: &[],
    by_hand: BY_HAND,
    covers: &[],
    source: "Policies API: list the rules of a policy, in the order of their priority",
    when: routes,
    over: &[],
    needs: &[&ROUTING_POLICY, &DOMAINS],
    gives: &[],
    after: &[],
    probe: |f| Ok(policies::rules(&f.text(&ROUTING_POLICY)?)),
    read: |answer, f| {
        let wanted = domains(f)?;
        let own = |rule: &&Json| text(rule, "/name") == Ok(&f.wish().idp_name);
        let rules = answer.items().iter().take_while(|rule| !own(rule));
        let first: Vec<String> = rules
            .filter(|rule| takes(rule, &wanted))
            .map(|rule| format!("`{}`", seen(text(rule, "/name").unwrap_or_default())))
            .collect();
        let met = Finding::met(&Json::Null);
        Ok(match first.is_empty() {
            true => met,
            false => met.noting(format!(
                "The routing rule would be dead: {} above takes the same people first. Move ours above it under Security > Identity Providers > Routing rules.",
                first.join(", ")
            )),
        })
    },
    write: None,
    undo: None,
};

/// The rule itself.
pub(super) const RULE: Step = Step {
    id: "routing-rule",
    title: "Send people of the source home to sign in",
    why: "Whoever types a user name of the source's domains at the target is sent to the source; accounts of the target with such a name are sent there as well.",
    side: Side::Target,
    page: &console::ROUTING_RULES,
    page_ids: &[],
    by_hand: &[
        Click::Do(
            "Open Security > Identity Providers > *Routing rules* and click *Add Routing Rule*",
            Some("Add Routing Rule"),
        ),
        Click::Fill("Rule name", &IDP_NAME),
        Click::Fill("User matches: Domain list on login", &DOMAINS),
        Click::Choose("Use this identity provider", &IDP),
        Click::Do("Click *Create Rule*, then *Activate*", Some("Create Rule")),
    ],
    covers: &[],
    source: "Policies API: create a policy rule, conditions.userIdentifier, actions.idp",
    when: routes,
    over: &[],
    needs: &[&ROUTING_POLICY, &IDP, &DOMAINS],
    gives: &[],
    // Nobody may be sent to a source that does not let them in yet.
    after: &[
        "not-an-admin",
        "assign-group",
        "assign-person",
        "app-acs",
        "oidc-app-idp",
    ],
    probe: |f| Ok(policies::rules(&f.text(&ROUTING_POLICY)?)),
    read: read_rule,
    write: Some(|f, _| {
        let kind = match f.wish().by_saml() {
            true => "SAML2",
            false => "OKTA_INTEGRATION",
        };
        let (policy, idp) = (f.text(&ROUTING_POLICY)?, f.text(&IDP)?);
        let name = &f.wish().idp_name;
        Ok(policies::add_rule(
            &policy,
            name,
            (kind, &idp),
            &domains(f)?,
        ))
    }),
    undo: Some(|made, _| {
        made.id
            .map(|rule| policies::remove_rule(made.param("policy"), rule))
            .unwrap_or_default()
    }),
};

fn routes(wish: &Wish) -> bool {
    wish.routing
}

/// The domains of the people's user names, each once.
fn domains(f: &Facts<'_>) -> Result<Vec<String>, Missing> {
    let logins = everyone(f)?;
    let domain = |login: &str| Some(login.rsplit_once('@')?.1.to_ascii_lowercase());
    let all = sorted(logins.iter().filter_map(|one| domain(&one.name)).collect());
    match all.is_empty() {
        true => Err(Missing::Unusable(
            "nobody could be told by a domain: choose people whose user names have one".into(),
        )),
        false => Ok(all),
    }
}

/// Whether an active rule takes all people of one of these domains, wherever they are and whatever
/// they open. The default rule stands last and takes whom no other does.
fn takes(rule: &Json, domains: &[String]) -> bool {
    let list = |at: &str| json::at(rule, at).and_then(Json::as_array);
    let none = |at: &str| list(at).is_none_or(Vec::is_empty);
    let any = |item: &Json| {
        let is_any = |at: &str| text(item, at).is_ok_and(|kind| kind == "ANY");
        is_any("/type") && is_any("/os/type")
    };
    let anywhere = text(rule, "/conditions/network/connection").is_ok_and(|at| at != "ANYWHERE");
    let unlimited = !anywhere
        && none("/conditions/app/include")
        && list("/conditions/platform/include").is_none_or(|all| all.iter().all(any));
    let patterns = list("/conditions/userIdentifier/patterns");
    let same = |pattern: &Json| {
        let domain = text(pattern, "/value").unwrap_or_default();
        text(pattern, "/matchType") == Ok("SUFFIX") && domains.iter().any(|own| own == domain)
    };
    let people = patterns.is_none_or(|all| all.is_empty() || all.iter().any(same));
    text(rule, "/status") == Ok("ACTIVE")
        && json::at(rule, "/system") != Some(&Json::Bool(true))
        && unlimited
        && people
}

fn read_rule(answer: &Answer, f: &Facts<'_>) -> Result<Finding, Missing> {
    let (idp, name) = (f.text(&IDP)?, &f.wish().idp_name);
    let wanted = domains(f)?;
    let found: Vec<&Json> = answer
        .items()
        .iter()
        .filter(|rule| sends_to(rule, &idp))
        .collect();
    let rule = match found.as_slice() {
        [rule] => *rule,
        [] => {
            let mut rules = answer.items().iter();
            return Ok(match rules.any(|rule| text(rule, "/name") == Ok(name)) {
                true => Finding::Blocked {
                    why: format!(
                        "a routing rule named `{}` sends people elsewhere",
                        seen(name)
                    ),
                    who: "you: rename that rule, or choose another name for the IdP".into(),
                },
                false => Finding::Unmet,
            });
        }
        many => return Ok(several(many, "/name")),
    };
    let patterns = json::at(rule, "/conditions/userIdentifier/patterns");
    let patterns = patterns.and_then(Json::as_array).into_iter().flatten();
    let values = patterns.filter_map(|pattern| text(pattern, "/value").ok());
    let has = sorted(values.map(str::to_owned).collect());
    let status = text(rule, "/status")?;
    Ok(match status == "ACTIVE" && has == wanted {
        true => Finding::met(rule),
        false => Finding::Differs {
            wanted: format!("ACTIVE for {}", wanted.join(", ")),
            seen: seen(&format!("{status} for {}", has.join(", "))),
        },
    })
}

/// Whether a routing rule sends people to this identity provider.
pub(in crate::procedures) fn sends_to(rule: &Json, idp: &str) -> bool {
    let providers = json::at(rule, "/actions/idp/providers");
    let mut providers = providers.and_then(Json::as_array).into_iter().flatten();
    providers.any(|provider| text(provider, "/id") == Ok(idp))
}

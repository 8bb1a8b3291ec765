//! What the commands over a wish print, for one source or for several.

use org2org_core::rights::{Advice, InUse};
use org2org_core::run::Plan;
use org2org_core::run::cost::Cost;
use org2org_core::run::timeline::{StepState, Timeline};
use org2org_core::run::waves::joint_id;
use serde_json::{Value, json};

use super::Plans;
use super::fleet::{Fleet, Live, Spoke};
use crate::arguments::Format;
use crate::outcome::{Exit, Outcome, print};

/// The plans, each below the rights that it takes.
pub fn plans(fleet: &Fleet, plans: &Plans, format: Format) -> Outcome<()> {
    let plan = |at: usize| plans.get(at).and_then(Option::as_ref);
    let exit = |at: usize, live: &Live| match plan(at).is_some_and(|one| one.items.is_empty()) {
        true => live.exit(),
        false => Exit::Findings,
    };
    print(&match (format, fleet.several) {
        (Format::Text, false) => each_text(fleet, |at, live| plan_text(live, plan(at)?)),
        (Format::Text, true) => format!(
            "{}\n\n{}plan {}",
            each_text(fleet, |at, live| plan_text(live, plan(at)?)).trim_end(),
            account(fleet, exit),
            joint_id(&fleet.named(plans))
        ),
        (Format::Json, false) => pretty(&first(fleet, |at, live| plan_json(live, plan(at)))),
        (Format::Json, true) => pretty(&json!({
            "plan": joint_id(&fleet.named(plans)),
            "spokes": each_json(fleet, exit, |at, live| ("plan", plan_json(live, plan(at)))),
        })),
    })
}

/// How each step stands.
pub fn states(fleet: &Fleet, format: Format) -> Outcome<()> {
    let timeline = |live: &Live| json!(live.run.timeline());
    let alone = || first(fleet, |_, live| timeline(live));
    let each = |_: usize, live: &Live| ("timeline", timeline(live));
    stand(fleet, format, |_, live| live.exit(), alone, each)
}

/// What undo left in place.
pub fn left(fleet: &Fleet, format: Format) -> Outcome<()> {
    let exit = |_: usize, live: &Live| match live.run.left().is_empty() {
        true => Exit::Done,
        false => Exit::Findings,
    };
    let left = |live: &Live| json!(live.run.left());
    let alone = || json!({"left": first(fleet, |_, live| left(live))});
    stand(fleet, format, exit, alone, |_, live| ("left", left(live)))
}

/// The steps as text; as JSON `alone` for one source, `each` for several.
fn stand(
    fleet: &Fleet,
    format: Format,
    exit: impl Fn(usize, &Live) -> Exit,
    alone: impl FnOnce() -> Value,
    each: impl Fn(usize, &Live) -> (&'static str, Value),
) -> Outcome<()> {
    let text = || each_text(fleet, |_, live| Some(steps(&live.run.timeline())));
    print(&match (format, fleet.several) {
        (Format::Text, false) => text(),
        (Format::Text, true) => format!("{}\n\n{}", text().trim_end(), account(fleet, exit)),
        (Format::Json, false) => pretty(&alone()),
        (Format::Json, true) => pretty(&json!({"spokes": each_json(fleet, exit, each)})),
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

fn first(fleet: &Fleet, of: impl Fn(usize, &Live) -> Value) -> Value {
    let live = fleet.spokes.first().and_then(|one| one.live.as_ref().ok());
    live.map_or(Value::Null, |live| of(0, live))
}

fn each_text(fleet: &Fleet, of: impl Fn(usize, &Live) -> Option<String>) -> String {
    let mut text = String::new();
    for (at, spoke) in fleet.spokes.iter().enumerate() {
        if fleet.several {
            let (source, target) = (spoke.source.host(), fleet.target.host());
            text.push_str(&format!(
                "== {source} -> {target}, wave {}\n",
                wave(fleet, at)
            ));
        }
        match &spoke.live {
            Ok(live) => text.push_str(&of(at, live).unwrap_or_default()),
            Err(trouble) => {
                text.push_str(&format!("error[{}]: {}\n", trouble.code, trouble.what));
            }
        }
        if fleet.several {
            text.push('\n');
        }
    }
    text
}

fn each_json(
    fleet: &Fleet,
    exit: impl Fn(usize, &Live) -> Exit,
    of: impl Fn(usize, &Live) -> (&'static str, Value),
) -> Vec<Value> {
    let each = fleet.spokes.iter().enumerate();
    each.map(|(at, spoke)| {
        let (name, value) = match &spoke.live {
            Ok(live) => of(at, live),
            Err(trouble) => (
                "error",
                json!({"code": trouble.code, "what": trouble.what, "hint": trouble.hint}),
            ),
        };
        json!({
            "source": spoke.source.host(), "wave": wave(fleet, at),
            "exit": ends(spoke, at, &exit) as u8, name: value,
        })
    })
    .collect()
}

fn wave(fleet: &Fleet, at: usize) -> usize {
    let waves = fleet.waves();
    let found = waves.iter().position(|wave| wave.contains(&at));
    found.map_or(0, |wave| wave + 1)
}

fn ends(spoke: &Spoke, at: usize, exit: &impl Fn(usize, &Live) -> Exit) -> Exit {
    match &spoke.live {
        Ok(live) => exit(at, live),
        Err(trouble) => trouble.exit,
    }
}

fn account(fleet: &Fleet, exit: impl Fn(usize, &Live) -> Exit) -> String {
    let mut text = String::new();
    for (at, spoke) in fleet.spokes.iter().enumerate() {
        let word = match (&spoke.live, ends(spoke, at, &exit)) {
            (Err(trouble), _) => format!("error[{}]: {}", trouble.code, trouble.what),
            (_, Exit::Done) => "done".to_owned(),
            (_, Exit::Findings) => "something is to do".to_owned(),
            (_, Exit::Unknown | Exit::Usage) => "something is not known".to_owned(),
        };
        text.push_str(&format!("{}: {word}\n", spoke.source.host()));
    }
    text
}

fn plan_text(live: &Live, plan: &Plan) -> Option<String> {
    let advice = Advice::of(InUse::of(live.run.wish())).text();
    let plan_text = plan.text();
    let end = match plan.items.is_empty() {
        true => "Nothing has to be written.".to_owned(),
        false => format!("plan {}", plan.id),
    };
    let cost = cost(live, plan).map_or(String::new(), |cost| format!("{}\n", cost.text()));
    let plan_text = plan_text.trim_end();
    Some(format!("{advice}\n{plan_text}\n{cost}{end}\n"))
}

/// What applying it costs; nothing is known of what an undo does.
fn cost(live: &Live, plan: &Plan) -> Option<Cost> {
    let own = live.run.plan()?;
    let costs = own.id == plan.id && !plan.items.is_empty();
    if costs { live.run.cost() } else { None }
}

fn plan_json(live: &Live, plan: Option<&Plan>) -> Value {
    let mut value = json!(plan);
    if let Value::Object(members) = &mut value {
        let advice = Advice::of(InUse::of(live.run.wish()));
        members.insert("advice".to_owned(), json!(advice));
        if let Some(cost) = plan.and_then(|plan| cost(live, plan)) {
            members.insert("cost".to_owned(), json!(cost));
        }
    }
    value
}

/// How each step of a run stands.
pub fn steps(timeline: &Timeline) -> String {
    let mut text = String::new();
    for procedure in timeline
        .procedures
        .iter()
        .filter(|one| !one.steps.is_empty())
    {
        text.push_str(&format!(
            "{} ({} of {} proven)\n",
            procedure.title,
            procedure.met,
            procedure.steps.len()
        ));
        for step in &procedure.steps {
            let member = step.member.as_ref().map(|name| format!(": {name}"));
            let detail = match step.detail.is_empty() {
                true => String::new(),
                false => format!(" – {}", step.detail),
            };
            text.push_str(&format!(
                "  {:<8} {} · {}{}{detail}\n",
                word(step.state),
                step.org,
                step.title,
                member.unwrap_or_default()
            ));
        }
    }
    text
}

fn word(state: StepState) -> &'static str {
    match state {
        StepState::Blocked => "blocked",
        StepState::Checking | StepState::Writing => "…",
        StepState::Conflict => "conflict",
        StepState::Differs => "differs",
        StepState::Met => "proven",
        StepState::Unknown => "unknown",
        StepState::Unmet => "to do",
        StepState::Waiting => "waits",
    }
}

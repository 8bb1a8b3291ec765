//! What an examination found: the worst first, each with what was seen and what to do.

use org2org_core::doctor::{Evidence, Family, Hub, Outcome, Report, Ruling, Severity, Shared};
use sycamore::prelude::*;

use super::{Paper, Request, Ward};
use crate::live::click;
use crate::text::{count, shown};

/// More evidence of one finding is told by its number.
const MOST_EVIDENCE: usize = 5;

/// The report of the pair; with those of other sources of the same target, all of them side by side first.
pub fn results(ward: Ward, hub: &Hub, cancelled: bool) -> View {
    let Some(report) = hub.reports().last() else {
        return View::new();
    };
    let several = (hub.reports().count() > 1).then(|| beside(hub));
    let (sum, papers) = (summary(report, cancelled), papers(ward));
    let found: Vec<View> = Severity::ALL
        .into_iter()
        .filter_map(|severity| of_severity(ward, report, severity))
        .collect();
    let (unknown, rest) = (unknown(report), families(report));
    view! { (sum) (several) (found) (unknown) (rest) (papers) }
}

fn summary(report: &Report, cancelled: bool) -> View {
    let (findings, unknown) = (report.findings().len(), report.unknown().len());
    let (class, title) = match (findings, unknown) {
        (0, 0) => ("notice good", "Nothing is wrong".to_owned()),
        (0, _) => (
            "notice warn",
            "Nothing wrong was seen, but not everything is known".to_owned(),
        ),
        (1, _) => ("notice bad", "One thing is wrong".to_owned()),
        (many, _) => (
            "notice bad",
            [&many.to_string(), " things are wrong"].concat(),
        ),
    };
    let (line, cost) = (sum(report), report.cost());
    let ended = cancelled.then(|| {
        view! { p { "You cancelled the examination: what was not read by then is unknown." } }
    });
    view! {
        section(class=class, id="doctor-summary", aria-labelledby="doctor-verdict") {
            h2(id="doctor-verdict", tabindex="-1") { (title) }
            (ended)
            p { (line) }
            p(class="small soft") { (cost) }
        }
    }
}

/// How many of what.
fn sum(report: &Report) -> String {
    let found = report.findings();
    let each = Severity::ALL.into_iter().filter_map(|severity| {
        let same = found
            .iter()
            .filter(|(one, _)| one.rule.severity == severity);
        let number = same.count();
        (number > 0).then(|| [&number.to_string(), " ", severity.name()].concat())
    });
    let mut parts: Vec<String> = each.collect();
    let good = report.count(|one| one.outcome == Outcome::Ok);
    let apart = report.count(|one| matches!(one.outcome, Outcome::DoesNotApply { .. }));
    for (number, word) in [
        (report.unknown().len(), " unknown"),
        (good, " good"),
        (apart, " do not apply here"),
    ] {
        parts.push([&number.to_string(), word].concat());
    }
    parts.join(" · ")
}

fn papers(ward: Ward) -> View {
    let button = |label: &'static str, request: Request| {
        view! { button(r#type="button", class="small", on:click=click(move || ward.act(request))) { (label) } }
    };
    let all = vec![
        button("Copy as text", Request::Copy(Paper::Text)),
        button("Copy as JSON", Request::Copy(Paper::Json)),
        button("Save as text", Request::Save(Paper::Text)),
        button("Save as JSON", Request::Save(Paper::Json)),
    ];
    view! {
        section(class="card", aria-labelledby="doctor-papers") {
            h2(id="doctor-papers") { "Take it along" }
            p(class="soft small") { "Secrets are masked and people are not named in it." }
            div(class="row") { (all) }
        }
    }
}

fn of_severity(ward: Ward, report: &Report, severity: Severity) -> Option<View> {
    let found = report.findings();
    let same = found
        .iter()
        .filter(|(one, _)| one.rule.severity == severity);
    let items: Vec<View> = same
        .map(|(ruling, evidence)| finding(ward, ruling, evidence))
        .collect();
    let number = count(items.len(), "finding", "findings");
    let (id, name) = (
        ["doctor-", severity.name()].concat(),
        capital(severity.name()),
    );
    let label = id.clone();
    (!items.is_empty()).then(|| view! {
        section(class="card", aria-labelledby=label) {
            div(class="row apart") { h2(id=id) { (name) } span(class="soft small") { (number) } }
            ol { (items) }
        }
    })
}

fn finding(ward: Ward, ruling: &Ruling, evidence: &[Evidence]) -> View {
    let rule = ruling.rule;
    let class = match rule.severity {
        Severity::Critical | Severity::High => "finding bad",
        Severity::Medium => "finding warn",
        Severity::Low => "finding",
    };
    let seen: Vec<View> = evidence.iter().take(MOST_EVIDENCE).map(seen).collect();
    let more = evidence.len().saturating_sub(MOST_EVIDENCE);
    let more = (more > 0).then(|| {
        let text = ["and ", &more.to_string(), " more"].concat();
        view! { li(class="soft") { (text) } }
    });
    let mend = rule.mend().map(|mend| {
        let label = ["Open the plan for: ", rule.title].concat();
        view! {
            div(class="row") {
                button(r#type="button", class="small", aria-label=label,
                    on:click=click(move || ward.act(Request::Mend(mend)))) { "Open the plan" }
            }
        }
    });
    let (id, family) = (rule.id, rule.family.title());
    let remedy = marked(rule.remedy);
    view! {
        li(class="item", data-rule=id) {
            div(class=class) {
                h3 { (rule.title) }
                p { (rule.why) }
                p(class="label") { "Seen" }
                ul(class="seen") { (seen) (more) }
                p { b { "What to do: " } (remedy) }
                (mend)
                p(class="small soft") { (family) " · " code { (id) } " · " (rule.source) }
            }
        }
    }
}

fn seen(one: &Evidence) -> View {
    let org = match one.side {
        org2org_core::run::Side::Source => "in the source: ",
        org2org_core::run::Side::Target => "in the target: ",
    };
    let place = [one.object.as_str(), one.place.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|part| !part.is_empty()).collect();
    let (seen, read, place) = (shown(&one.seen), shown(&one.read), shown(&place.join(" ")));
    view! { li { p(class="mono") { (seen) } p(class="small soft") { (org) span(class="mono") { (read) " " (place) } } } }
}

/// Never among what is good: a read had no usable answer.
fn unknown(report: &Report) -> Option<View> {
    let unknown = report.unknown();
    // One failed read leaves several rules unknown: its reason is told once.
    let mut reasons: Vec<(&str, Vec<&Ruling>)> = Vec::new();
    for (ruling, why) in unknown {
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, rules)) => rules.push(ruling),
            None => reasons.push((why, vec![ruling])),
        }
    }
    let number: usize = reasons.iter().map(|(_, rules)| rules.len()).sum();
    let items: Vec<View> = reasons
        .into_iter()
        .map(|(why, rules)| {
            let why = shown(why);
            let titles: Vec<View> = rules
                .into_iter()
                .map(|one| {
                    let (title, id) = (one.rule.title, one.rule.id);
                    view! { li(data-rule=id) { (title) } }
                })
                .collect();
            view! { li(class="item") { p { b { (why) } } p(class="label") { "Unknown for this reason" } ul(class="bullets") { (titles) } } }
        })
        .collect();
    let number = count(number, "rule", "rules");
    (!items.is_empty()).then(|| view! {
        section(class="card", id="doctor-unknown", aria-labelledby="doctor-unknown-title") {
            div(class="row apart") { h2(id="doctor-unknown-title") { "Unknown" } span(class="soft small") { (number) } }
            p(class="soft small") { "These could not be judged. Mend what the reason names, then examine again." }
            ol { (items) }
        }
    })
}

fn families(report: &Report) -> View {
    let rows: Vec<View> = Family::ALL
        .into_iter()
        .map(|family| {
            let (title, rules) = (capital(family.title()), judged(report, family));
            let word = cell(report.word(family));
            view! { tr { th(scope="row") { (title) } (word) td(class="soft") { (rules) } } }
        })
        .collect();
    view! {
        section(class="card", aria-labelledby="doctor-families") {
            h2(id="doctor-families") { "By family" }
            table(class="families") {
                thead(class="unseen") { tr { th(scope="col") { "Family" } th(scope="col") { "Worst" } th(scope="col") { "Rules" } } }
                tbody { (rows) }
            }
        }
    }
}

fn judged(report: &Report, family: Family) -> String {
    let number = |is: fn(&Outcome) -> bool| {
        report.count(|one| one.rule.family == family && is(&one.outcome))
    };
    match number(|one| *one == Outcome::Ok) {
        0 => String::new(),
        good => [&good.to_string(), " good"].concat(),
    }
}

/// Spokes by families, and what they share by mistake.
fn beside(hub: &Hub) -> View {
    let heads: Vec<View> = Family::ALL
        .into_iter()
        .map(|family| {
            let title = capital(family.title());
            view! { th(scope="col") { (title) } }
        })
        .collect();
    let rows: Vec<View> = hub
        .reports()
        .map(|report| {
            let source = shown(&report.source);
            let words: Vec<View> = Family::ALL
                .into_iter()
                .map(|one| cell(report.word(one)))
                .collect();
            view! { tr { th(scope="row") { (source) } (words) } }
        })
        .collect();
    let shared: Vec<View> = hub.shared().iter().map(shares).collect();
    view! {
        section(class="card", aria-labelledby="doctor-spokes") {
            h2(id="doctor-spokes") { "Sources of this target" }
            p(class="soft small") { "Every source that was examined since this panel was opened. Closing it forgets them." }
            div(class="scroll", tabindex="0", role="region", aria-label="Sources by families") {
                table(class="families") {
                    thead { tr { th(scope="col") { "Source" } (heads) } }
                    tbody { (rows) }
                }
            }
            ul(class="sheet") { (shared) }
        }
    }
}

fn shares(one: &Shared) -> View {
    let title = [one.severity.name(), ": shared by ", &one.spokes.join(", ")].concat();
    let (title, value) = (shown(&title), shown(&one.value));
    let (why, remedy) = (one.why, one.remedy);
    view! { li(class="finding bad") { h3 { (title) } p(class="mono") { (value) } p { (why) } p { b { "What to do: " } (remedy) } } }
}

fn cell(word: &'static str) -> View {
    let class = match word {
        "critical" | "high" => "word blocked",
        "medium" | "unknown" => "word unknown",
        "ok" => "word met",
        "-" => "soft",
        _ => "word",
    };
    let word = match word {
        "-" => "does not apply",
        other => other,
    };
    view! { td(class=class) { (word) } }
}

/// Our own texts mark what is typed or pressed with backticks.
fn marked(text: &'static str) -> View {
    let pieces: Vec<View> = text
        .split('`')
        .enumerate()
        .map(|(at, piece)| match at % 2 {
            0 => view! { (piece) },
            _ => view! { code { (piece) } },
        })
        .collect();
    pieces.into()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters
        .next()
        .map(|one| one.to_ascii_uppercase().to_string());
    [first.as_deref().unwrap_or_default(), letters.as_str()].concat()
}

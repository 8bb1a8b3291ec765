//! The procedures as a list to read, print or feed to another program.

use serde_json::{Value, json};

use crate::run::step::{Click, Procedure, Step};

/// Plain text, one block per step.
pub fn text(procedures: &[&Procedure]) -> String {
    let mut out = String::new();
    for procedure in procedures {
        out.push_str(&format!("{} ({})\n", procedure.title, procedure.id));
        for (index, step) in procedure.steps.iter().enumerate() {
            out.push_str(&format!(
                "\n{:>3}. [{}] {}\n",
                index + 1,
                step.side.name(),
                step.title
            ));
            out.push_str(&format!(
                "     {}\n     Page: {}\n",
                step.why, step.page.title
            ));
            for click in step.by_hand {
                out.push_str(&format!("     - {}\n", click.words()));
            }
        }
        out.push('\n');
    }
    out
}

/// Markdown with boxes to tick.
pub fn markdown(procedures: &[&Procedure]) -> String {
    let mut out = String::new();
    for procedure in procedures {
        out.push_str(&format!("## {}\n\n", procedure.title));
        for step in procedure.steps {
            out.push_str(&format!(
                "- [ ] **{}** ({} org, {})\n",
                step.title,
                step.side.name(),
                step.page.title
            ));
            out.push_str(&format!("  {}\n", step.why));
            for click in step.by_hand {
                out.push_str(&format!("  - {}\n", click.words()));
            }
        }
        out.push('\n');
    }
    out
}

/// JSON for other programs.
pub fn json(procedures: &[&Procedure]) -> Value {
    let procedure = |procedure: &&Procedure| {
        let steps: Vec<Value> = procedure.steps.iter().map(step_json).collect();
        json!({"id": procedure.id, "title": procedure.title, "steps": steps})
    };
    procedures.iter().map(procedure).collect()
}

fn step_json(step: &Step) -> Value {
    let ids = |facts: &[&crate::facts::Fact]| facts.iter().map(|fact| fact.id).collect::<Vec<_>>();
    json!({
        "id": step.id,
        "title": step.title,
        "why": step.why,
        "side": step.side,
        "page": {"id": step.page.id, "title": step.page.title, "path": step.page.path},
        "by_hand": step.by_hand.iter().map(Click::words).collect::<Vec<_>>(),
        "covers": step.covers,
        "source": step.source,
        "over": step.over.iter().map(|set| set.id).collect::<Vec<_>>(),
        "needs": ids(step.needs),
        "gives": ids(step.gives),
        "after": step.after,
        "writes": step.write.is_some(),
    })
}

impl Click {
    /// The instruction without any value.
    pub fn words(&self) -> String {
        match self {
            Click::Choose(label, fact) => format!("Set *{label}* to {}", fact.title),
            Click::Copy(label, _) => format!("Copy *{label}*"),
            Click::Do(text, _) => (*text).to_owned(),
            Click::Fill(label, fact) => format!("Fill *{label}* with {}", fact.title),
            Click::Set(label, choice) => format!("Set *{label}* to *{choice}*"),
        }
    }
}

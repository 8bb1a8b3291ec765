//! A procedure as plain data: what a checklist says, without the program that could do it.

use serde_json::{Value, json};

use crate::facts::Fact;
use crate::run::Side;
use crate::run::step::{Click, Procedure, Step};

/// A procedure to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its stable id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its steps.
    pub items: Vec<Item>,
}

/// A step to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its stable id.
    pub id: String,
    /// A command.
    pub title: String,
    /// Why it is there.
    pub why: String,
    /// The org it is done in.
    pub side: Side,
    /// As the console calls the page.
    pub page: String,
    /// Path and hash of the page, with `{name}`s for ids.
    pub path: String,
    /// What to do there.
    pub lines: Vec<Line>,
    /// What other programs may want to know: members of the step's JSON.
    pub(super) more: Value,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Without any value.
    pub words: String,
    /// The value it asks for: its id, and what people call it.
    pub asks: Option<(String, String)>,
}

impl Sheet {
    /// What there is to read of a procedure.
    pub fn of(procedure: &Procedure) -> Self {
        Self {
            id: procedure.id.to_owned(),
            title: procedure.title.to_owned(),
            items: procedure.steps.iter().map(Item::of).collect(),
        }
    }

    /// The values it asks for, in their order, each once.
    pub fn asked(&self) -> Vec<(String, String)> {
        let lines = self.items.iter().flat_map(|item| &item.lines);
        let mut asked: Vec<(String, String)> = Vec::new();
        for fact in lines.filter_map(|line| line.asks.as_ref()) {
            if !asked.contains(fact) {
                asked.push(fact.clone());
            }
        }
        asked
    }

    /// To be stored in a file.
    pub fn to_json(&self) -> Value {
        let items: Vec<Value> = self.items.iter().map(Item::to_json).collect();
        json!([self.id, self.title, items])
    }

    /// The sheets of a stored file; nothing when it is another file.
    pub fn all(text: &str) -> Option<Vec<Self>> {
        let file: Value = serde_json::from_str(text).ok()?;
        file.as_array()?.iter().map(Self::from_json).collect()
    }

    fn from_json(value: &Value) -> Option<Self> {
        let items = value.get(2)?.as_array()?.iter();
        Some(Self {
            id: text(value, 0)?,
            title: text(value, 1)?,
            items: items.map(Item::from_json).collect::<Option<_>>()?,
        })
    }
}

impl Item {
    fn of(step: &Step) -> Self {
        let ids = |facts: &[&Fact]| facts.iter().map(|fact| fact.id).collect::<Vec<_>>();
        Self {
            id: step.id.to_owned(),
            title: step.title.to_owned(),
            why: step.why.to_owned(),
            side: step.side,
            page: step.page.title.to_owned(),
            path: step.page.path.to_owned(),
            lines: step.by_hand.iter().map(Line::of).collect(),
            more: json!({
                "page": {"id": step.page.id, "title": step.page.title, "path": step.page.path},
                "covers": step.covers,
                "source": step.source,
                "over": step.over.iter().map(|set| set.id).collect::<Vec<_>>(),
                "needs": ids(step.needs),
                "gives": ids(step.gives),
                "after": step.after,
                "writes": step.write.is_some(),
            }),
        }
    }

    fn to_json(&self) -> Value {
        let lines: Vec<Value> = self.lines.iter().map(Line::to_json).collect();
        json!([
            self.id,
            self.title,
            self.why,
            self.side.name(),
            self.page,
            self.path,
            lines,
            self.more
        ])
    }

    fn from_json(value: &Value) -> Option<Self> {
        let lines = value.get(6)?.as_array()?.iter();
        Some(Self {
            id: text(value, 0)?,
            title: text(value, 1)?,
            why: text(value, 2)?,
            side: match text(value, 3)? == Side::Source.name() {
                true => Side::Source,
                false => Side::Target,
            },
            page: text(value, 4)?,
            path: text(value, 5)?,
            lines: lines.map(Line::from_json).collect::<Option<_>>()?,
            more: value.get(7)?.clone(),
        })
    }
}

impl Line {
    fn of(click: &Click) -> Self {
        let asks = match click {
            Click::Choose(_, fact) | Click::Fill(_, fact) | Click::Copy(_, fact) => {
                Some((fact.id.to_owned(), fact.title.to_owned()))
            }
            Click::Do(..) | Click::Set(..) => None,
        };
        Self {
            words: click.words(),
            asks,
        }
    }

    fn to_json(&self) -> Value {
        match &self.asks {
            Some((id, title)) => json!([self.words, id, title]),
            None => json!([self.words]),
        }
    }

    fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            words: text(value, 0)?,
            asks: text(value, 1).zip(text(value, 2)),
        })
    }
}

fn text(value: &Value, at: usize) -> Option<String> {
    value.get(at)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedures::ALL;

    #[test]
    fn what_is_stored_is_read_back_whole() {
        let sheets: Vec<Sheet> = ALL.iter().map(|procedure| Sheet::of(procedure)).collect();
        let stored: Value = sheets.iter().map(Sheet::to_json).collect();
        assert_eq!(Sheet::all(&stored.to_string()), Some(sheets));
        for other in ["", "{}", "[1]", "[[\"a\",\"b\"]]", "[[\"a\",\"b\",[[]]]]"] {
            assert_eq!(Sheet::all(other), None, "{other}");
        }
    }
}

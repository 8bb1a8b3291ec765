//! What a hand-off says, for a person.

use super::{Handoff, other};
use crate::explain::{seen, seen_whole};
use crate::facts::Value;
use crate::run::{Org, Side};

impl Handoff {
    /// Who made it, for whom.
    pub fn title(&self) -> String {
        let org = |side: Side| {
            let Org { name, url, .. } = self.pair.org(side);
            [&seen(name), " (", url.host(), ")"].concat()
        };
        let maker = self.maker();
        [
            "From the admin of ",
            &org(maker),
            ", the ",
            maker.name(),
            " org, for the admin of ",
            &org(other(maker)),
            ".",
        ]
        .concat()
    }

    /// How far the maker's half is.
    pub fn half(&self) -> String {
        let proven = self.told.proven.len();
        let steps = match proven {
            1 => " step proven, ",
            _ => " steps proven, ",
        };
        let whole = match self.whole {
            true => "all of it proven.",
            false => "not all of it proven yet.",
        };
        ["Their half: ", &proven.to_string(), steps, whole].concat()
    }

    /// The values that it tells, each with its title.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        let facts = self.told.facts.iter();
        facts
            .map(|(fact, _, value)| {
                let title = match fact.title {
                    "" => fact.id,
                    title => title,
                };
                let value = match value {
                    Value::Members(members) => [&members.len().to_string(), " named"].concat(),
                    Value::None => "none".to_owned(),
                    Value::Text(text) => seen_whole(text),
                };
                (title, value)
            })
            .collect()
    }
}

//! The fault classes F1 to F24, each with the kinds that stand for it: the one place that says which is which.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::FaultKind;

/// One class of faults.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Class {
    /// `F1` to `F24`.
    pub id: &'static str,
    /// What goes wrong.
    pub what: &'static str,
    /// The kinds that stand for it. The class by its name is the first.
    pub kinds: &'static [FaultKind],
}

/// All classes, in order.
#[rustfmt::skip]
pub const CLASSES: &[Class] = {
    use FaultKind::*;
    &[
        Class { id: "F1", what: "429 of an org's bucket, with headers", kinds: &[RateLimited] },
        Class { id: "F2", what: "429 of concurrency: limit and remaining 0", kinds: &[Concurrency] },
        Class { id: "F3", what: "429 without headers, with a reset that cannot be, or by a clock that is off", kinds: &[RateLimitedBare, RateLimitedReset(-30), RateLimitedReset(86_400), RateLimitedSkewed(3_600), RateLimitedSkewed(-3_600)] },
        Class { id: "F4", what: "429 of the console's bucket for one person", kinds: &[ConsoleLimited] },
        Class { id: "F5", what: "500 before the effect", kinds: &[ErrorBefore(500)] },
        Class { id: "F6", what: "500 after the effect", kinds: &[ErrorAfter(500)] },
        Class { id: "F7", what: "a gateway's error before the effect", kinds: &[ErrorBefore(503), ErrorBefore(502), ErrorBefore(504)] },
        Class { id: "F8", what: "a gateway's error after the effect", kinds: &[ErrorAfter(503), ErrorAfter(502), ErrorAfter(504)] },
        Class { id: "F9", what: "read-only mode", kinds: &[ReadOnlyMode] },
        Class { id: "F10", what: "no answer and no effect", kinds: &[Silent] },
        Class { id: "F11", what: "no answer, and the effect later", kinds: &[SilentLateEffect(30_000), LateEffect(30_000)] },
        Class { id: "F12", what: "the connection dies after the effect, and a browser sends again", kinds: &[DropAfter, RefusedAfter, ResentDropped, DropBefore] },
        Class { id: "F13", what: "the same, and the last answer arrives", kinds: &[Resent] },
        Class { id: "F14", what: "the session is gone", kinds: &[SessionGone, SessionGoneToken, SessionGoneRedirect, SessionGoneHtml] },
        Class { id: "F15", what: "a permission is missing", kinds: &[NoPermission] },
        Class { id: "F16", what: "a protected action asks for step-up", kinds: &[StepUp] },
        Class { id: "F17", what: "reads of the new object flip between 404 and 200", kinds: &[NotFoundFlip(60_000)] },
        Class { id: "F18", what: "lists show the state before", kinds: &[StaleList(10_000)] },
        Class { id: "F19", what: "it is there already", kinds: &[AlreadyAssigned, AlreadyExists] },
        Class { id: "F20", what: "something in between answers", kinds: &[Html200, RedirectElsewhere, Blocked] },
        Class { id: "F21", what: "the answer is not what it should be", kinds: &[TruncatedJson, WrongContentType, WrongCharset, WrongShape, WrongId, MissingField, ExtraField, DuplicateKeys, HugeBody] },
        Class { id: "F22", what: "paging goes wrong", kinds: &[NextLoop, NextElsewhere, NextMissing, PageOverlap, PageGap] },
        Class { id: "F23", what: "the person, the network or the org is another one", kinds: &[SessionRevoked, DropBefore, Slow(45_000), AnotherActor, WrongOrg] },
        Class { id: "F24", what: "the client cannot store its note", kinds: &[NotStored] },
    ]
};

/// A kind by its own name and number, or by the name of its class.
pub(super) fn kind<'de, D: Deserializer<'de>>(given: D) -> Result<FaultKind, D::Error> {
    let given = Value::deserialize(given)?;
    let class = CLASSES.iter().find(|class| given == class.id);
    if let Some(kind) = class.and_then(|class| class.kinds.first()) {
        return Ok(*kind);
    }
    serde_json::from_value(given).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Calls, Fault};

    #[test]
    fn every_class_is_there_once_and_read_by_its_name() {
        let ids: Vec<&str> = CLASSES.iter().map(|class| class.id).collect();
        let wanted: Vec<String> = (1..=24).map(|number| format!("F{number}")).collect();
        assert_eq!(ids, wanted);
        for class in CLASSES {
            let given = format!("{{\"kind\": \"{}\"}}", class.id);
            let fault: Fault = serde_json::from_str(&given).expect("a class is a fault");
            assert_eq!((fault.kind, fault.calls), (class.kinds[0], Calls::Every));
        }
        assert!(serde_json::from_str::<Fault>("{\"kind\": \"F25\"}").is_err());
    }

    #[test]
    fn the_readme_lists_them() {
        let readme = include_str!("../../README.md");
        for class in CLASSES {
            let name = |kind: &FaultKind| {
                let told = serde_json::to_value(kind).expect("a name");
                let own = told.as_object().and_then(|fields| fields.keys().next());
                format!(
                    "`{}`",
                    own.map_or(told.as_str().unwrap_or_default(), String::as_str)
                )
            };
            let mut names: Vec<String> = class.kinds.iter().map(name).collect();
            names.dedup();
            let line = format!("| {} | {} | {} |", class.id, class.what, names.join(", "));
            assert!(readme.contains(&line), "lab/README.md lacks: {line}");
        }
    }

    #[test]
    fn a_seed_hits_the_same_calls_each_time() {
        let hits = |seed| {
            let calls = Calls::Seeded { seed, one_in: 5 };
            (1..=1000)
                .filter(|call| calls.is_due(*call))
                .collect::<Vec<_>>()
        };
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
        assert!((120..280).contains(&hits(7).len()), "{}", hits(7).len());
    }
}

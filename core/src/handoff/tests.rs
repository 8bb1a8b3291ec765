use proptest::prelude::*;

use super::*;
use crate::facts::Derive;

pub(super) fn sample() -> Handoff {
    let org = |host: &str, id: &str| Org {
        id: id.into(),
        ..unseen(&OrgUrl::parse(host).unwrap())
    };
    let pair = Pair {
        source: org("https://acme.okta.com", "00o1"),
        target: org("https://hub.okta.com", ""),
    };
    Handoff {
        at: 1,
        answers: String::new(),
        wish: Wish {
            apps: vec![Member {
                id: String::new(),
                name: "Expenses \u{1f600} \"\\".into(),
            }],
            ..Wish::suggest(&pair)
        },
        pair,
        whole: false,
        told: Told {
            side: Side::Source,
            proven: vec!["org2org-app".into()],
            facts: vec![
                (
                    given("sso-url").unwrap(),
                    String::new(),
                    Value::Text("https://x".into()),
                ),
                (
                    given("group-people").unwrap(),
                    "00g1".into(),
                    Value::Members(vec![]),
                ),
            ],
        },
    }
}

// A stand-in for Ed25519 that is as sensitive to each byte: what is tested here is the form.
fn sign(text: &str) -> [u8; 64] {
    digest(text).into_bytes().try_into().unwrap()
}

pub(super) fn file() -> String {
    told_by_them(&sample())
}

pub(super) fn told_by_them(handoff: &Handoff) -> String {
    let text = handoff.text(&[7; 32]);
    seal(&text, &sign(&text))
}

pub(super) fn opened(file: &str) -> Result<Handoff, HandoffError> {
    let sealed = Sealed::read(file)?;
    sealed.open(sign(&sealed.signed) == sealed.signature)
}

#[test]
fn comes_back_as_it_was() {
    assert_eq!(opened(&file()), Ok(sample()));
}

#[test]
fn any_flipped_byte_is_refused() {
    let file = file().into_bytes();
    for at in 0..file.len() {
        for bit in 0..8 {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            if let Ok(text) = String::from_utf8(flipped) {
                assert!(opened(&text).is_err(), "byte {at}, bit {bit}");
            }
        }
    }
}

#[test]
fn cut_doubled_or_lengthened_files_are_refused() {
    let file = file();
    for end in (0..file.len()).filter(|end| file.is_char_boundary(*end)) {
        assert!(opened(&file[..end]).is_err(), "cut at {end}");
    }
    assert!(opened(&[file.as_str(), &file].concat()).is_err());
    assert!(opened(&[&file, "\n"].concat()).is_err());
}

// Whoever signs it: what is no whitelisted fact or member has no place in the file.
#[test]
fn nothing_but_listed_facts_can_be_told() {
    let signed = |text: String| opened(&seal(&text, &sign(&text)));
    let text = sample().text(&[7; 32]);
    for (from, to) in [
        ("\"sso-url\"", "\"token\""),
        ("\"sso-url\"", "\"client-secret\""),
        ("\"sso-url\"", "\"counterpart\""),
        ("\"whole\"", "\"password\": \"x\", \"whole\""),
        ("\"connect\"", "\"remove\""),
        ("\"actor\": \"\"", "\"actor\": \"\", \"session\": \"x\""),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        assert!(signed(changed).is_err(), "{to}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*", at in 0_usize..400) {
        let _ = opened(&text);
        let file = file();
        let cut = (0..=at.min(file.len())).rev().find(|at| file.is_char_boundary(*at)).unwrap();
        let spliced = [&file[..cut], &text, &file[cut..]].concat();
        prop_assert!(text.is_empty() || opened(&spliced).is_err());
    }
}

/// Facts of one side, not computed, that a row of the other side needs.
fn crossing() -> Vec<&'static str> {
    fn bases(fact: &'static Fact, all: &mut Vec<&'static str>) {
        match &fact.derive {
            Some(Derive { from, .. }) => from.iter().for_each(|from| bases(from, all)),
            None => all.push(fact.id),
        }
    }
    let steps = || procedures::ALL.iter().flat_map(|procedure| procedure.steps);
    let mut crossing = Vec::new();
    for step in steps() {
        let mut needs = Vec::new();
        step.needs.iter().for_each(|need| bases(need, &mut needs));
        let given = |side: Side| {
            move |id: &&str| {
                steps()
                    .any(|step| step.side == side && step.gives.iter().any(|fact| fact.id == *id))
            }
        };
        crossing.extend(needs.into_iter().filter(given(other(step.side))));
    }
    crossing.sort_unstable();
    crossing.dedup();
    crossing
}

/// Cross the orgs and are not handed over, each with its reason.
const WITHHELD: &[(&str, &str)] = &[
    ("token", "people carry a token themselves"),
    ("app-audience", "a hand-off sets up only"),
    ("ending-app", "a hand-off sets up only"),
    ("ending-audience", "a hand-off sets up only"),
    ("ending-client", "a hand-off sets up only"),
    ("ending-idp-id", "a hand-off sets up only"),
    ("new-certificate", "a hand-off sets up only"),
    ("new-e", "a hand-off sets up only"),
    ("new-kid", "a hand-off sets up only"),
    ("new-n", "a hand-off sets up only"),
    ("old-certificate", "a hand-off sets up only"),
    ("rotating-client", "a hand-off sets up only"),
];

#[test]
fn every_fact_that_crosses_is_listed() {
    let withheld = |id: &&str| WITHHELD.iter().any(|(known, _)| known == id);
    let unlisted: Vec<&str> = crossing()
        .into_iter()
        .filter(|id| !allowed::HANDED.contains(id) && !withheld(id))
        .collect();
    assert_eq!(unlisted, Vec::<&str>::new());
    for id in allowed::HANDED {
        assert!(given(id).is_some(), "`{id}` is given by no row");
    }
}

#[test]
fn digits_differ_for_each_key_and_are_read_however_they_are_spaced() {
    let sealed = Sealed::read(&file()).unwrap();
    let digits = fingerprint(&[7; 32]);
    assert_eq!(digits.len(), 35);
    assert_ne!(digits, fingerprint(&[8; 32]));
    assert_eq!(sealed.is_from(&digits.replace(' ', "-")), Ok(()));
    assert!(sealed.is_from("").is_err());
}

#[test]
fn another_org_than_the_named_one_is_refused() {
    let own = |host: &str, id: &str| Org {
        id: id.into(),
        ..unseen(&OrgUrl::parse(host).unwrap())
    };
    let handoff = sample();
    assert!(
        handoff
            .pair_with(own("https://hub.okta.com", "00o2"))
            .is_ok()
    );
    assert!(
        handoff
            .pair_with(own("https://other.okta.com", "00o2"))
            .is_err()
    );
    assert!(
        handoff
            .pair_with(own("https://hub.okta.com", "00o1"))
            .is_err()
    );
    let mut one_host = sample();
    one_host.pair.target = one_host.pair.source.clone();
    one_host.pair.source.id.clear();
    assert!(
        one_host
            .pair_with(own("https://acme.okta.com", "00o1"))
            .is_err()
    );
}

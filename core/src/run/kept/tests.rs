use proptest::prelude::*;

use super::super::journal::{Outcome, Purpose};
use super::super::{Org, Wish};
use super::*;
use crate::okta::Call;
use crate::org::OrgUrl;

fn pair(source: &str) -> Pair {
    let org = |name: &str| Org {
        url: OrgUrl::parse(&format!("https://{name}.okta.com")).unwrap(),
        id: format!("00o{name}"),
        name: "</script> \u{202e}".into(),
        actor: "00u1".into(),
        login: String::new(),
    };
    Pair::new(org(source), org("hub")).unwrap()
}

fn run(source: &str, journal: Journal) -> StoredRun {
    let pair = pair(source);
    StoredRun {
        version: 1,
        wish: Wish::suggest(&pair),
        pair,
        procedures: vec![],
        journal,
    }
}

fn texts(source: &str) -> Texts {
    Texts {
        pair: Some(pair(source).text()),
        run: Some(run(source, Journal::default()).text()),
        mark: Some("0 ".into()),
        next: None,
        half: None,
    }
}

fn intent(purpose: Purpose) -> Event {
    let call = Call {
        op: "apps.create".into(),
        params: [].into(),
        query_raw: None,
        body: None,
    };
    Event::Intent {
        purpose,
        call,
        changes: vec![],
    }
}

fn came(intent: u64, outcome: Outcome) -> Event {
    Event::Outcome { intent, outcome }
}

fn proof() -> Event {
    Event::Proof {
        id: None,
        fingerprint: "f".into(),
    }
}

fn standing(events: Vec<(&str, Event)>) -> Standing {
    let mut journal = Journal::default();
    for (key, event) in events {
        journal.record(7, key, event);
    }
    Standing::of(&journal)
}

#[test]
fn what_is_put_away_comes_back_byte_by_byte() {
    let kept = vec![
        Kept::Texts(texts("acme")),
        Kept::Texts(Texts {
            pair: Some(pair("other").text()),
            ..Texts::default()
        }),
    ];
    let found = read(Some(&text(&kept))).unwrap();
    assert_eq!(found, kept);
    assert_eq!(found[0].joined(), Some(pair("acme")));
    assert_eq!(found[1].joined(), Some(pair("other")));
    assert_eq!(read(None).unwrap(), []);
    assert_eq!(read(Some("[]")).unwrap(), []);
}

#[test]
fn the_same_orgs_are_known_by_whom_the_run_joins() {
    let mut one = texts("acme");
    one.pair = Some(pair("other").text());
    assert!(one.joined().unwrap().joins_same_orgs(&pair("acme")));
    one.run = Some("{".into());
    assert_eq!(
        one.joined(),
        None,
        "a run that cannot be read is not taken for another"
    );
}

#[test]
fn a_damaged_list_is_no_empty_list() {
    for damaged in ["", "{", "null", "{}", "\"[]\"", "[] x", "[1", "put away"] {
        assert!(read(Some(damaged)).is_err(), "{damaged}");
    }
}

#[test]
fn damage_of_one_hits_that_one_alone() {
    let odd = r#"[1,null,[],{},{"pair":1},{"pair":"x","more":"y"},{"pair":"x"},{"run":"{"}]"#;
    let found = read(Some(odd)).unwrap();
    let readable = |kept: &&Kept| matches!(kept, Kept::Texts(_));
    assert_eq!(found.iter().filter(readable).count(), 2);
    assert!(found.iter().all(|one| one.joined().is_none()));
    assert_eq!(text(&found), odd, "nothing of it is lost");
    let mut with_a_good_one = found.clone();
    with_a_good_one.push(Kept::Texts(texts("acme")));
    assert_eq!(
        read(Some(&text(&with_a_good_one))).unwrap(),
        with_a_good_one
    );
}

#[test]
fn one_is_put_away_for_another_and_nothing_is_lost() {
    let (acme, other) = (texts("acme"), texts("other"));
    let (kept, hand) = exchange(vec![], acme.clone(), None).unwrap();
    assert_eq!((kept.len(), &hand), (1, &Texts::default()));
    let (kept, hand) = exchange(kept, other.clone(), Some(0)).unwrap();
    assert_eq!(hand, acme);
    assert_eq!(kept, [Kept::Texts(other.clone())]);
    // With nothing at hand nothing is put away.
    let (kept, hand) = exchange(kept, Texts::default(), Some(0)).unwrap();
    assert_eq!((kept.len(), hand), (0, other));
    assert_eq!(exchange(kept, acme.clone(), Some(0)), None);
    assert_eq!(exchange(vec![Kept::Odd(Value::Null)], acme, Some(0)), None);
}

#[test]
fn a_journal_tells_how_far_its_run_came() {
    assert_eq!(standing(vec![]).words(), "Nothing was written yet.");
    let accepted = || {
        came(
            0,
            Outcome::Accepted {
                id: Some("0oa1".into()),
            },
        )
    };
    let one = standing(vec![
        ("app", intent(Purpose::Apply)),
        ("app", accepted()),
        ("app", proof()),
    ]);
    assert_eq!((one.made, one.proven, one.open), (1, 1, 0));
    assert_eq!(one.words(), "1 change made, each proven.");
    assert!(one.is_needed());
    let two = standing(vec![
        ("app", intent(Purpose::Apply)),
        ("app", accepted()),
        ("app", proof()),
        ("idp", intent(Purpose::Apply)),
        ("idp", accepted()),
    ]);
    assert_eq!(two.words(), "2 changes made, 1 proven.");
    let back = standing(vec![
        ("app", intent(Purpose::Apply)),
        ("app", accepted()),
        ("app", intent(Purpose::Undo)),
        ("app", Event::Undone),
    ]);
    assert_eq!(back.words(), "Everything it made was taken back.");
    assert!(!back.is_needed());
}

/// A step that others had set up is proven without a write: it is none of ours.
#[test]
fn only_what_was_written_counts_as_made() {
    let found = standing(vec![("app", proof())]);
    assert_eq!(
        (found.made, found.words().as_str()),
        (0, "Nothing was written yet.")
    );
    let refused = came(0, Outcome::Refused { why: "no".into() });
    assert_eq!(
        standing(vec![("app", intent(Purpose::Apply)), ("app", refused)]).words(),
        "Nothing was written yet."
    );
}

#[test]
fn what_is_not_known_is_said() {
    let sent = standing(vec![("app", intent(Purpose::Apply))]);
    assert_eq!(
        sent.words(),
        "Of 1 change it is not known whether it took effect."
    );
    assert!(sent.is_needed());
    let unsure = came(0, Outcome::Unsure { why: String::new() });
    assert_eq!(
        standing(vec![("app", intent(Purpose::Apply)), ("app", unsure)]).open,
        1
    );
    // Written again after its proof: what was proven is over.
    let again = standing(vec![
        ("app", intent(Purpose::Apply)),
        ("app", came(0, Outcome::Accepted { id: None })),
        ("app", proof()),
        ("app", intent(Purpose::Apply)),
    ]);
    assert_eq!((again.made, again.proven, again.open), (1, 0, 1));
}

#[test]
fn a_damaged_journal_is_said_to_be_damaged() {
    let mut journal = Journal::default();
    journal.record(7, "app", proof());
    journal.record(8, "app", proof());
    journal.entries.remove(0);
    let standing = Standing::of(&journal);
    assert!(standing.damaged && standing.is_needed());
    assert!(standing.words().contains("damaged"));
}

fn maybe() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any::<String>())
}

proptest! {
    #[test]
    fn any_texts_are_kept_as_they_are(all in proptest::collection::vec((any::<String>(), maybe(), maybe(), maybe(), maybe()), 0..6)) {
        let kept: Vec<Kept> = all.into_iter().map(|(pair, run, mark, next, half)| {
            Kept::Texts(Texts { pair: Some(pair), run, mark, next, half })
        }).collect();
        prop_assert_eq!(read(Some(&text(&kept))).unwrap(), kept);
    }

    #[test]
    fn whatever_is_exchanged_stays_kept_once(names in proptest::collection::vec("[a-z]{1,8}", 1..6), turns in proptest::collection::vec(proptest::option::of(0usize..7), 0..12)) {
        let one = |name: &String| Texts { pair: Some(name.clone()), ..Texts::default() };
        let mut hand = Texts::default();
        let mut kept: Vec<Kept> = names.iter().map(|name| Kept::Texts(one(name))).collect();
        for turn in turns {
            if let Some(next) = exchange(kept.clone(), hand.clone(), turn) {
                (kept, hand) = next;
            }
            let text_of = |kept: &Kept| match kept { Kept::Texts(texts) => texts.pair.clone(), Kept::Odd(_) => None };
            let mut all: Vec<String> = kept.iter().filter_map(text_of).chain(hand.pair.clone()).collect();
            let mut wanted = names.clone();
            all.sort();
            wanted.sort();
            prop_assert_eq!(all, wanted);
        }
    }

    #[test]
    fn no_text_panics_and_what_is_read_is_written_again(text_of in any::<String>()) {
        if let Ok(found) = read(Some(&text_of)) {
            prop_assert_eq!(read(Some(&text(&found))).unwrap(), found);
        }
    }
}

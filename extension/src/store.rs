//! What is kept between two openings of the panel: the pair, the run, a mark of how long the
//! journal was, and the same of the pairs that were put away. Nothing of people, no session, no token.

#[cfg(feature = "all")]
use org2org_core::handoff::Half;
use org2org_core::json::{self, Members};
use org2org_core::procedures::{self, bookmarks::BOOKMARKS, federation::FEDERATION_ALONE};
use org2org_core::run::journal::Event;
#[cfg(feature = "all")]
use org2org_core::run::kept;
#[cfg(feature = "pairs")]
use org2org_core::run::kept::Texts;
use org2org_core::run::step::Procedure;
use org2org_core::run::{Entry, Pair, StoredRun, Wish};

use serde_json::Value;

use crate::browser;

/// Whether this is the edition with every procedure. The small one opens faster and sets up what
/// most orgs begin with; `panel.js` loads the one that [`EDITION`] names.
pub const ALL: bool = cfg!(feature = "all");

/// The procedures that this edition of the panel offers; a stored run may name no others.
pub const OFFERED: &[&Procedure] = if ALL {
    procedures::ALL
} else {
    &[&FEDERATION_ALONE, &BOOKMARKS]
};

/// Names the edition that is to be loaded.
const EDITION: &str = "edition";
/// What is filled in while the editions change. It names people, so it is lent, not stored.
const DRAFT: &str = "draft";
/// See [`leave_for_pairs`].
const WANTED: &str = "wanted";

const PAIR: &str = "pair";
const RUN: &str = "run";
/// Length and last hash of the journal. A chain of hashes does not show that its end is missing.
const MARK: &str = "mark";
/// Title of the next step, for the popup.
const NEXT: &str = "next";

/// What is kept of a hand-off, where another admin has the other org.
const HALF: &str = "half";
/// The last file that was taken from that admin. It names people, so it is lent, not stored.
#[cfg(any(feature = "all", feature = "pairs"))]
const HANDED: &str = "handed";
/// Set while the panel is to begin with half a link.
#[cfg(any(feature = "all", feature = "pairs"))]
const ALONE: &str = "alone";

/// The pairs that were put away.
const SHELF: &str = "shelf";
/// Stands where a text was that was put away or forgotten. Removing it would be a second change of
/// the storage, and a crash between the two would leave the run of one pair with another.
const AWAY: &str = "put away";

/// What was found in the storage.
pub enum Stored {
    /// Something that cannot be read as what we keep: never taken for nothing.
    Damaged,
    /// Nothing was ever kept, or it was forgotten.
    Nothing,
    /// A pair without a run.
    Pair(Box<Pair>),
    /// A run; its journal may hold its own damage.
    Run(Box<StoredRun>),
    /// Any of these where another admin has the other org, with what is kept of the hand-off.
    Half(String, Box<Stored>),
}

impl Stored {
    /// What is stored of the pair, whoever has the other org.
    pub fn bare(self) -> Stored {
        match self {
            Stored::Half(_, bare) => *bare,
            whole => whole,
        }
    }
}

/// Reads what is kept.
pub async fn load() -> Stored {
    let Ok([pair, run, mark, half]) = browser::load([PAIR, RUN, MARK, HALF]).await.map(there)
    else {
        return Stored::Damaged;
    };
    let found = read(pair.as_deref(), run.as_deref(), mark.as_deref());
    match half {
        Some(half) => Stored::Half(half, Box::new(found)),
        None => found,
    }
}

fn there<const N: usize>(texts: [Option<String>; N]) -> [Option<String>; N] {
    texts.map(|text| text.filter(|text| text != AWAY))
}

/// Reads what is kept of one pair.
pub fn read(pair: Option<&str>, run: Option<&str>, mark: Option<&str>) -> Stored {
    match (pair, run, mark) {
        (None, None, None) => Stored::Nothing,
        (Some(pair), None, None) => {
            Pair::read(pair).map_or(Stored::Damaged, |pair| Stored::Pair(Box::new(pair)))
        }
        (_, Some(run), Some(mark)) => match StoredRun::read(run) {
            Ok(run) => Stored::Run(Box::new(compared(run, mark))),
            Err(_) => Stored::Damaged,
        },
        _ => Stored::Damaged,
    }
}

/// The run, with an entry that cannot be verified where the mark shows that entries are missing:
/// so the engine itself knows that this journal only allows looking.
fn compared(mut run: StoredRun, mark: &str) -> StoredRun {
    let entries = &mut run.journal.entries;
    let whole = match mark.split_once(' ') {
        Some(("0", "")) => true,
        Some((length, hash)) => {
            let last = length
                .parse::<usize>()
                .ok()
                .and_then(|length| entries.get(length.checked_sub(1)?));
            last.is_some_and(|entry| entry.hash == hash)
        }
        None => false,
    };
    if !whole {
        let (seq, key) = (entries.len() as u64, "missing".to_owned());
        entries.push(Entry {
            seq,
            at: 0,
            key,
            event: Event::Undone,
            prev: String::new(),
            hash: String::new(),
        });
    }
    run
}

fn mark_of(run: &StoredRun) -> String {
    let last = run
        .journal
        .entries
        .last()
        .map_or("", |entry| entry.hash.as_str());
    [&run.journal.entries.len().to_string(), " ", last].concat()
}

/// Keeps a pair that has no run yet.
pub async fn keep_pair(pair: &Pair) -> Result<(), String> {
    let text = pair.text();
    browser::save(&[(PAIR, &text)]).await
}

/// Keeps a run and reads it back: the storage has been seen to say yes and keep nothing.
pub async fn keep_run(run: &StoredRun) -> Result<(), String> {
    let text = run.text();
    let mark = mark_of(run);
    browser::save(&[(RUN, &text), (MARK, &mark)]).await?;
    let [kept, marked] = browser::load([RUN, MARK]).await?;
    match kept.as_deref() == Some(&text) && marked.as_deref() == Some(&mark) {
        true => Ok(()),
        false => Err("the browser's storage did not keep what it was given".to_owned()),
    }
}

/// Whether only the other edition knows what this is about.
pub fn needs_all(stored: &Stored) -> bool {
    let known = |id: &String| OFFERED.iter().any(|one| one.id == id);
    !ALL && match stored {
        Stored::Half(..) => true,
        Stored::Run(run) => !run.procedures.iter().all(known),
        Stored::Damaged | Stored::Nothing | Stored::Pair(_) => false,
    }
}

/// From the next load on the panel is the edition with every procedure, which goes on with this
/// wish, if one was being filled in.
pub async fn move_over(draft: Option<&Wish>) -> Result<(), String> {
    if let Some(draft) = draft {
        browser::lend(DRAFT, &draft.text()).await?;
    }
    browser::save(&[(EDITION, "all")]).await
}

/// The wish that was being filled in when the editions changed.
pub async fn draft() -> Option<Wish> {
    let text = browser::take_back(DRAFT).await?;
    Wish::read(&text).ok()
}

/// Whether one waits to be taken.
pub async fn has_draft() -> bool {
    browser::is_lent(DRAFT).await
}

/// Keeps half a link with its pair and run, all at once, and reads it back; the file that was last
/// taken is kept until the browser closes.
#[cfg(feature = "all")]
pub async fn keep_half(
    pair: &Pair,
    half: &Half,
    run: Option<&StoredRun>,
    file: &str,
) -> Result<(), String> {
    let (pair, half) = (pair.text(), half.text());
    let run = run.map(|run| (run.text(), mark_of(run)));
    let mut texts = vec![(PAIR, pair.as_str()), (HALF, &half)];
    if let Some((run, mark)) = &run {
        texts.extend([(RUN, run.as_str()), (MARK, mark)]);
    }
    browser::save(&texts).await?;
    let found = browser::load([PAIR, HALF, RUN, MARK]).await?;
    let kept = |(key, text): &(&str, &str)| {
        let at = [PAIR, HALF, RUN, MARK].iter().position(|one| one == key);
        at.and_then(|at| found.get(at)?.as_deref()) == Some(*text)
    };
    if !texts.iter().all(kept) {
        return Err("the browser's storage did not keep what it was given".to_owned());
    }
    // Lost, it is asked for once more.
    let _ = browser::lend(HANDED, file).await;
    Ok(())
}

/// The last file that was taken, where it is still at hand.
#[cfg(feature = "all")]
pub async fn handed() -> String {
    browser::lent(HANDED).await.unwrap_or_default()
}

/// Whether these two orgs are among the pairs that were put away, or what says so cannot be read.
#[cfg(feature = "all")]
pub async fn is_put_away(pair: &Pair) -> bool {
    let Ok(shelf) = browser::load([SHELF]).await.map(there) else {
        return true;
    };
    let [shelf] = shelf;
    match kept::read(shelf.as_deref()) {
        Ok(kept) => {
            let mut joined = kept.iter().filter_map(kept::Kept::joined);
            joined.any(|one| one.joins_same_orgs(pair))
        }
        Err(_) => true,
    }
}

/// From the next load on the panel is the edition that knows half a link, and begins with one.
#[cfg(feature = "pairs")]
pub async fn begin_alone() -> Result<(), String> {
    browser::lend(ALONE, "").await?;
    move_over(None).await
}

/// Whether the panel is to begin with half a link.
#[cfg(feature = "all")]
pub async fn begins_alone() -> bool {
    browser::is_lent(ALONE).await
}

/// It has begun, or is not to.
#[cfg(feature = "all")]
pub async fn has_begun() {
    let _ = browser::take_back(ALONE).await;
}

/// Keeps the title of the next step, for the popup; losing it loses nothing.
pub async fn keep_next(title: &str) {
    let _ = browser::save(&[(NEXT, title)]).await;
}

/// The title of the next step, as the panel last saw it.
pub async fn next() -> Option<String> {
    browser::load([NEXT])
        .await
        .ok()
        .and_then(|found| {
            let [next] = there(found);
            next
        })
        .filter(|next| !next.is_empty())
}

/// Forgets the last file that was taken, of whichever pair.
#[cfg(any(feature = "all", feature = "pairs"))]
pub async fn drop_handed() {
    let _ = browser::take_back(HANDED).await;
}

/// Whether pairs are put away, or what says so cannot be read. They are not touched by what happens
/// to the pair at hand.
pub async fn has_put_away() -> Result<bool, String> {
    let [shelf] = browser::load([SHELF]).await?;
    // An empty list is what stays when the last is opened.
    Ok(shelf.is_some_and(|shelf| shelf != "[]"))
}

/// Forgets the pair at hand; with `all`, whatever else is kept too.
pub async fn forget(all: bool) -> Result<(), String> {
    browser::clear_local();
    #[cfg(feature = "all")]
    drop_handed().await;
    match all {
        true => browser::clear().await,
        false => {
            browser::save(&[
                (PAIR, AWAY),
                (RUN, AWAY),
                (MARK, AWAY),
                (NEXT, AWAY),
                (HALF, AWAY),
            ])
            .await
        }
    }
}

/// Leaves this for the part of the panel that knows all pairs: a pair to be taken up, one that is
/// put away or a new one; or, as an empty text, the permissions to be put in order.
pub async fn leave_for_pairs(pair: &str) {
    let _ = browser::lend(WANTED, pair).await;
    browser::go_to("#pairs");
}

/// Everything that is kept, as it stands, for a file.
pub async fn export() -> Result<String, String> {
    let [pair, run, mark, half] = there(browser::load([PAIR, RUN, MARK, HALF]).await?);
    let plain = |text: Option<String>| match text {
        Some(text) => json::read(&text).unwrap_or(Value::String(text)),
        None => Value::Null,
    };
    Ok(json::pretty(&Members(&[
        ("pair", &plain(pair)),
        ("run", &plain(run)),
        ("mark", &mark),
        ("half", &plain(half)),
    ])))
}

/// The storage as the part with all pairs sees it.
#[cfg(feature = "pairs")]
pub struct Whole {
    /// The pair at hand.
    pub hand: Texts,
    /// The pairs that were put away, as text.
    pub shelf: Option<String>,
}

#[cfg(feature = "pairs")]
impl Whole {
    /// Reads it.
    pub async fn load() -> Result<Whole, String> {
        let found = browser::load([PAIR, RUN, MARK, NEXT, HALF, SHELF]).await?;
        let [pair, run, mark, next, half, shelf] = there(found);
        Ok(Whole {
            hand: Texts {
                pair,
                run,
                mark,
                next,
                half,
            },
            shelf,
        })
    }

    /// Keeps it, all at once or not at all, and reads it back.
    pub async fn keep(&self) -> Result<(), String> {
        let text = |text: &'_ Option<String>| text.clone().unwrap_or_else(|| AWAY.to_owned());
        let hand = &self.hand;
        let texts = [&hand.pair, &hand.run, &hand.mark, &hand.next, &hand.half];
        let [pair, run, mark, next, half] = texts.map(text);
        let shelf = self.shelf.as_deref().unwrap_or("[]");
        browser::save(&[
            (PAIR, &pair),
            (RUN, &run),
            (MARK, &mark),
            (NEXT, &next),
            (HALF, &half),
            (SHELF, shelf),
        ])
        .await?;
        let kept = Whole::load().await?;
        match kept.hand == self.hand && kept.shelf.as_deref() == Some(shelf) {
            true => Ok(()),
            false => Err("the browser's storage did not keep what it was given".to_owned()),
        }
    }
}

/// Keeps the list of those put away alone, and reads it back.
#[cfg(feature = "pairs")]
pub async fn keep_shelf(shelf: &str) -> Result<(), String> {
    browser::save(&[(SHELF, shelf)]).await?;
    match browser::load([SHELF]).await? {
        [Some(kept)] if kept == shelf => Ok(()),
        _ => Err("the browser's storage did not keep what it was given".to_owned()),
    }
}

/// What was left by [`leave_for_pairs`], once.
#[cfg(feature = "pairs")]
pub async fn left_for_pairs() -> Option<String> {
    browser::take_back(WANTED).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use org2org_core::run::{Journal, Org, Run, Wish};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn pair() -> Pair {
        let org = |name: &str, id: &str| Org {
            url: org2org_core::org::OrgUrl::parse(&format!("https://{name}.okta.com")).unwrap(),
            id: id.into(),
            name: name.into(),
            actor: "00u1".into(),
            login: "ada@acme.example.com".into(),
        };
        Pair::new(org("acme", "00o1"), org("hub", "00o2")).unwrap()
    }

    fn run(entries: usize) -> StoredRun {
        let pair = pair();
        let mut journal = Journal::default();
        for at in 0..entries {
            journal.record(at as u64, "step", Event::Undone);
        }
        let wish = Wish::suggest(&pair);
        StoredRun {
            version: 1,
            pair,
            wish,
            procedures: vec![],
            journal,
        }
    }

    fn damage(run: &StoredRun, mark: &str) -> bool {
        let Stored::Run(run) = read(None, Some(&run.text()), Some(mark)) else {
            return true;
        };
        Run::resume(*run, OFFERED, 0).unwrap().damage().is_some()
    }

    #[test]
    fn a_whole_journal_is_whole() {
        assert!(!damage(&run(0), &mark_of(&run(0))));
        assert!(!damage(&run(3), &mark_of(&run(3))));
        // The run is written a moment before the mark is compared: more entries are fine.
        assert!(!damage(&run(3), &mark_of(&run(2))));
    }

    #[test]
    fn a_missing_end_is_noticed() {
        for (kept, marked) in [(0, 1), (1, 3), (2, 3)] {
            assert!(
                damage(&run(kept), &mark_of(&run(marked))),
                "{kept} of {marked}"
            );
        }
        for mark in ["", "x", "0 f", "-1 ", "99999999999999999999 x", "2"] {
            assert!(damage(&run(2), mark), "{mark}");
        }
    }

    #[test]
    fn a_flipped_entry_is_noticed() {
        let mut flipped = run(3);
        flipped.journal.entries[1].at = 77;
        assert!(damage(&flipped, &mark_of(&run(3))));
    }

    /// A run of three entries as it is stored, one byte of its journal changed: never good again.
    #[test]
    fn any_changed_byte_of_a_journal_is_noticed() {
        let (good, mark) = (run(3), mark_of(&run(3)));
        let text = serde_json::to_string(&good).unwrap();
        let journal = text.find("\"journal\"").unwrap();
        for at in journal..text.len() {
            for bit in [0x01, 0x10] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= bit;
                let changed = String::from_utf8(bytes).unwrap();
                let noticed = match read(None, Some(&changed), Some(&mark)) {
                    Stored::Damaged => true,
                    Stored::Run(run) => Run::resume(*run, OFFERED, 0).unwrap().damage().is_some(),
                    Stored::Half(..) | Stored::Nothing | Stored::Pair(_) => false,
                };
                assert!(noticed, "byte {at}: {}", &changed[journal..]);
            }
        }
    }

    #[test]
    fn missing_repeated_and_swapped_entries_are_noticed() {
        let changes: [fn(&mut Vec<Entry>); 4] = [
            |entries| drop(entries.remove(1)),
            |entries| entries.insert(1, entries[1].clone()),
            |entries| entries.push(entries[2].clone()),
            |entries| entries.swap(0, 1),
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut changed = run(3);
            change(&mut changed.journal.entries);
            assert!(damage(&changed, &mark_of(&run(3))), "change {at}");
        }
    }

    #[test]
    fn the_login_of_an_admin_is_not_kept() {
        assert!(!pair().text().contains("ada@"));
        assert!(!run(1).text().contains("ada@"));
    }

    #[test]
    fn other_versions_are_not_taken_up() {
        for version in [0, 2, 9] {
            let other = StoredRun { version, ..run(1) };
            let text = serde_json::to_string(&other).unwrap();
            let Stored::Run(found) = read(None, Some(&text), Some(&mark_of(&other))) else {
                panic!("version {version} is read, so that it can be named");
            };
            assert!(
                Run::resume(*found, OFFERED, 0).is_err(),
                "version {version}"
            );
        }
    }

    #[test]
    fn ten_thousand_entries_and_a_clock_set_back_are_no_damage() {
        assert!(!damage(&run(10_000), &mark_of(&run(10_000))));
        let mut late = run(0);
        for at in [5_000, 10] {
            late.journal.record(at, "step", Event::Undone);
        }
        assert!(!damage(&late, &mark_of(&late)));
    }

    #[test]
    fn nothing_is_taken_for_empty_that_is_not() {
        assert!(matches!(read(None, None, None), Stored::Nothing));
        for (pair, run, mark) in [
            (None, None, Some("3 f")),
            (None, Some("{}"), None),
            (None, Some("{}"), Some("0 ")),
            (None, Some(""), Some("0 ")),
            (None, Some("null"), Some("0 ")),
            (Some("{\"source\":"), None, None),
            (Some("[]"), None, None),
        ] {
            assert!(
                matches!(read(pair, run, mark), Stored::Damaged),
                "{pair:?} {run:?} {mark:?}"
            );
        }
    }
}

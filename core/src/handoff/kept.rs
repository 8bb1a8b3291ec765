//! What one admin keeps of a hand-off between two files, and which file is taken next.

use serde::{Deserialize, Serialize};

use super::{Handoff, HandoffError, Sealed, digest};
use crate::json::{self, Members};
use crate::run::stored::{self, At};
use crate::run::{RunError, Side, Wish};

/// Which files were made and taken, and whose key is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// Digests of the files that an answer may name: the one that the last file taken answers, and
    /// those made since. The first is empty until that file came: a first file answers nothing.
    pub made: Vec<String>,
    /// Digest of the last file taken; empty before the first.
    pub taken: String,
    /// When that was made, by the other admin's clock, in milliseconds since 1970.
    pub taken_at: u64,
    /// The digits of the other admin's key, once they were heard.
    pub partner: String,
}

/// More files than anybody makes before an answer comes.
const MOST: usize = 64;

impl Default for Trail {
    fn default() -> Trail {
        Trail {
            made: vec![String::new()],
            taken: String::new(),
            taken_at: 0,
            partner: String::new(),
        }
    }
}

impl Trail {
    /// Notes a file that was made: an answer to it will be taken.
    pub fn make(&mut self, file: &str) {
        self.made.push(digest(file));
        let more = self.made.len().saturating_sub(MOST);
        self.made.drain(..more);
    }

    /// The same for an admin who begins anew, with another key: what they made before counts no
    /// more, and their digits are to be heard.
    pub fn anew(&self) -> Trail {
        let Trail { mut made, .. } = Trail::default();
        made.extend(self.made.iter().filter(|made| !made.is_empty()).cloned());
        Trail {
            made,
            ..Trail::default()
        }
    }

    /// Takes a file whose signature is good: it must be from the other admin, by the digits that
    /// were heard (`heard` counts only before any are kept), answer a file made here since the
    /// last one taken, or what that one answers, and be no older than it. `own` is the public key
    /// of this side, where one was made already.
    pub fn take(
        &self,
        file: &str,
        (sealed, told): (&Sealed, &Handoff),
        own: Option<&[u8; 32]>,
        heard: Option<&str>,
    ) -> Result<Trail, HandoffError> {
        if own == Some(&sealed.key) {
            return Err(HandoffError::Own {
                side: told.maker().name(),
            });
        }
        let partner = match (heard, self.partner.is_empty()) {
            (Some(digits), true) => digits,
            _ => &self.partner,
        };
        sealed.is_from(partner)?;
        let answered = self.made.iter().position(|made| *made == told.answers);
        match answered.filter(|_| told.at >= self.taken_at) {
            None => Err(HandoffError::Stale),
            Some(at) => Ok(Trail {
                made: self.made.iter().skip(at).cloned().collect(),
                taken: digest(file),
                taken_at: told.at,
                partner: partner.to_owned(),
            }),
        }
    }
}

/// One half of a link at rest, beside its run. It holds no secret, and people by name only where
/// nobody looked them up yet: the key stays with the face, and the file that was taken, which
/// names people, is stored nowhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Half {
    /// The org that is open here.
    pub side: Side,
    /// Which files were made and taken.
    pub trail: Trail,
    /// The wish, with names that are still open.
    pub wish: Wish,
}

impl Half {
    /// Reads what [`Half::text`] wrote. [`RunError::Foreign`] names the place that does not fit.
    pub fn read(text: &str) -> Result<Half, RunError> {
        stored::whole(text, half)
    }

    /// As JSON, for [`Half::read`].
    pub fn text(&self) -> String {
        let mut wish = self.wish.clone();
        for user in wish.users.iter_mut().filter(|user| !user.id.is_empty()) {
            user.name.clone_from(&user.id);
        }
        json::text(&Members(&[
            ("side", &self.side.name()),
            ("made", &self.trail.made),
            ("taken", &self.trail.taken),
            ("taken_at", &self.trail.taken_at),
            ("partner", &self.trail.partner),
            ("wish", &wish),
        ]))
    }

    /// Whether a file is the one that was taken last.
    pub fn has_taken(&self, file: &str) -> bool {
        !self.trail.taken.is_empty() && digest(file) == self.trail.taken
    }
}

fn half(at: &At<'_>) -> Option<Half> {
    let side = match at.one_of("side", &["source", "target"], "not a side") {
        0 => Side::Source,
        _ => Side::Target,
    };
    Some(Half {
        side,
        trail: Trail {
            made: at.list("made", |at| at.own_text().to_owned()),
            taken: at.text("taken"),
            taken_at: at.number("taken_at"),
            partner: at.text("partner"),
        },
        wish: stored::wish(&at.member("wish")),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, opened, sample, told_by_them};
    use super::*;
    use crate::facts::Member;
    use crate::handoff::fingerprint;

    const MINE: [u8; 32] = [8; 32];

    fn take(trail: &Trail, file: &str, heard: Option<&str>) -> Result<Trail, HandoffError> {
        let (sealed, told) = (Sealed::read(file)?, opened(file)?);
        trail.take(file, (&sealed, &told), Some(&MINE), heard)
    }

    fn theirs() -> String {
        fingerprint(&[7; 32])
    }

    #[test]
    fn the_first_file_is_taken_by_the_digits_heard_and_the_next_by_those_kept() {
        let first = Trail::default();
        assert!(matches!(
            take(&first, &file(), None),
            Err(HandoffError::Stranger { .. })
        ));
        let wrong = fingerprint(&[9; 32]);
        assert!(matches!(
            take(&first, &file(), Some(&wrong)),
            Err(HandoffError::Stranger { .. })
        ));
        let taken = take(&first, &file(), Some(&theirs())).unwrap();
        assert_eq!(taken.taken, digest(&file()));
        // From then on other digits do not count, whoever types them.
        assert_eq!(take(&taken, &file(), Some(&wrong)), Ok(taken.clone()));
    }

    #[test]
    fn only_an_answer_to_a_file_made_since_is_taken_and_none_that_is_older() {
        let mut trail = take(&Trail::default(), &file(), Some(&theirs())).unwrap();
        // The last one again, and one more that answers the same: they made it before ours came.
        assert_eq!(take(&trail, &file(), None), Ok(trail.clone()));
        trail.make("mine 1");
        trail.make("mine 2");
        let answer = |answers: &str, at: u64| {
            told_by_them(&Handoff {
                answers: answers.to_owned(),
                at,
                ..sample()
            })
        };
        assert!(take(&trail, &answer("", 9), None).is_ok());
        assert_eq!(take(&trail, &answer("", 0), None), Err(HandoffError::Stale));
        let second = take(&trail, &answer(&digest("mine 2"), 9), None).unwrap();
        for older in ["", &digest("mine 1"), &digest("another's")] {
            let stale = take(&second, &answer(older, 9), None);
            assert_eq!(stale, Err(HandoffError::Stale), "{older}");
        }
        let first = take(&trail, &answer(&digest("mine 1"), 9), None).unwrap();
        assert!(take(&first, &answer(&digest("mine 2"), 9), None).is_ok());
    }

    #[test]
    fn a_trail_does_not_grow_for_ever() {
        let mut trail = Trail::default();
        (0..1_000).for_each(|number| trail.make(&number.to_string()));
        assert_eq!(trail.made.len(), MOST);
        assert_eq!(trail.made.last(), Some(&digest("999")));
    }

    #[test]
    fn a_file_of_ones_own_is_refused() {
        let (file, trail) = (file(), Trail::default());
        let (sealed, told) = (Sealed::read(&file).unwrap(), opened(&file).unwrap());
        let refused = trail.take(&file, (&sealed, &told), Some(&[7; 32]), Some(&theirs()));
        assert_eq!(refused, Err(HandoffError::Own { side: "source" }));
    }

    #[test]
    fn a_half_comes_back_but_for_names_of_people_who_were_looked_up() {
        let user = |id: &str, name: &str| Member {
            id: id.into(),
            name: name.into(),
        };
        let half = |known: &str| Half {
            side: Side::Target,
            trail: take(&Trail::default(), &file(), Some(&theirs())).unwrap(),
            wish: Wish {
                users: vec![user("00u1", known), user("", "bob@acme.example.com")],
                ..sample().wish
            },
        };
        let text = half("ada@acme.example.com").text();
        assert!(!text.contains("ada@"), "{text}");
        assert_eq!(Half::read(&text), Ok(half("00u1")));
        for broken in ["", "{}", "[]", &text.replace("target", "hub")] {
            assert!(Half::read(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn only_the_very_file_that_was_taken_tells_again() {
        let half = |trail| Half {
            side: Side::Target,
            trail,
            wish: sample().wish,
        };
        let taken = half(take(&Trail::default(), &file(), Some(&theirs())).unwrap());
        assert!(taken.has_taken(&file()));
        assert!(!taken.has_taken("") && !taken.has_taken(&[&file(), " "].concat()));
        assert!(!half(Trail::default()).has_taken(""));
    }

    #[test]
    fn another_key_is_taken_once_its_digits_are_heard_and_nothing_else_of_the_trail_counts() {
        let mut trail = Trail {
            partner: fingerprint(&[9; 32]),
            taken: "a".repeat(64),
            taken_at: 99,
            made: vec!["b".repeat(64)],
        };
        trail.make("mine");
        assert!(matches!(
            take(&trail, &file(), Some(&theirs())),
            Err(HandoffError::Stranger { .. })
        ));
        let anew = take(&trail.anew(), &file(), Some(&theirs())).unwrap();
        assert_eq!((anew.partner, anew.taken_at), (theirs(), 1));
        assert!(anew.made.contains(&digest("mine")));
    }
}

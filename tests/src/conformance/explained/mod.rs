//! Differences from the document that stay, each with its evidence, by what they are about. The only place for them.

mod apps;
mod idps;
mod oauth;
mod org;

use super::{Difference, Document};

/// The kind of document that an explanation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Okta's document, as it is published or as corrected after recorded traffic.
    Any,
    /// The one in `../shared`, which was cut to the operations that the product uses.
    Cut,
    /// As published: the one in `../shared` was corrected after recorded traffic (`x-corrections`).
    Published,
}

impl Which {
    pub(super) fn fits(self, documents: &[Document]) -> bool {
        match self {
            Self::Any => true,
            Self::Cut => documents.iter().any(|document| document.corrected),
            Self::Published => documents.iter().any(|document| !document.corrected),
        }
    }
}

/// A difference that is meant. `*` stands for any text in `operation` and `at`.
#[derive(Debug)]
pub struct Explained {
    /// Method and path template.
    pub operation: &'static str,
    /// `request` or `answer STATUS`, then the place in it.
    pub at: &'static str,
    /// The keyword that does not hold.
    pub keyword: &'static str,
    /// The document it is about.
    pub which: Which,
    /// Why it is right as it is, and where that was seen.
    pub evidence: &'static str,
}

impl Explained {
    pub(super) fn explains(&self, difference: &Difference, documents: &[Document]) -> bool {
        self.which.fits(documents)
            && self.keyword == difference.keyword
            && fits(self.operation, &difference.operation)
            && fits(self.at, &difference.at)
    }
}

/// All of them, one after the other.
///
/// Recorded traffic is named by its recording; "corrected" documents carry what `x-corrections` lists.
pub fn explained() -> impl Iterator<Item = &'static Explained> {
    let themes = [
        apps::EXPLAINED,
        idps::EXPLAINED,
        oauth::EXPLAINED,
        org::EXPLAINED,
    ];
    themes.into_iter().flatten()
}

const fn cut(operation: &'static str, at: &'static str) -> Explained {
    Explained {
        operation,
        at,
        keyword: "unlisted",
        which: Which::Cut,
        evidence: "published: Okta's whole document has the operation",
    }
}

const fn published(
    operation: &'static str,
    at: &'static str,
    keyword: &'static str,
    evidence: &'static str,
) -> Explained {
    Explained {
        operation,
        at,
        keyword,
        which: Which::Published,
        evidence,
    }
}

const fn any(
    operation: &'static str,
    at: &'static str,
    keyword: &'static str,
    evidence: &'static str,
) -> Explained {
    Explained {
        operation,
        at,
        keyword,
        which: Which::Any,
        evidence,
    }
}

/// True when the text is the pattern, whose `*` stand for any text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(start) else {
        return false;
    };
    rest.is_empty()
        || (0..=text.len()).any(|at| text.is_char_boundary(at) && fits(rest, &text[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits("* /api/v1/apps*", "GET /api/v1/apps/{appId}"));
        assert!(fits(
            "answer 200 */idpId",
            "answer 200 /*/settings/app/idpId"
        ));
        assert!(!fits("GET /api/v1/apps", "GET /api/v1/apps/{appId}"));
    }
}

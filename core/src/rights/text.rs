//! The advice as text.

use super::{Advice, Holder, Kind, Right};

impl Holder {
    /// As it is told.
    pub fn title(self) -> &'static str {
        match self {
            Holder::ServiceApp => "the service app",
            Holder::TokenOwner => "the owner of the API token",
            Holder::Person => "whoever sets the link up",
        }
    }
}

impl Advice {
    /// For a terminal: the rights by holder, where the documents differ, what is too broad.
    pub fn text(&self) -> String {
        let mut text =
            "Least privilege: the smallest rights that Okta's documents allow, all in the target\n"
                .to_owned();
        for holder in [Holder::ServiceApp, Holder::TokenOwner, Holder::Person] {
            let mut own = self.rights.iter().filter(|one| one.holder == holder);
            let Some(first) = own.next() else { continue };
            text.push_str(&format!("  {}:\n{}", holder.title(), line(first)));
            own.for_each(|right| text.push_str(&line(right)));
        }
        if self.in_use.push.is_none() {
            text.push_str("  Nothing is pushed, so no client and no token gets any right.\n");
        }
        for one in &self.contradictions {
            let [first, second] = &one.says;
            text.push_str(&format!(
                "  Okta's documents differ about {}:\n    {} [{}]\n    {} [{}]\n    taken: {}\n",
                one.about, first.what, first.source, second.what, second.source, one.taken
            ));
        }
        for one in &self.broader {
            text.push_str(&format!("  broader than needed: {one}\n"));
        }
        text
    }
}

fn line(right: &Right) -> String {
    let what = match right.kind {
        Kind::Role => format!("role {}", right.name),
        Kind::CustomRole => format!("custom role: {}", right.name),
        Kind::Scope => format!("scope {}", right.name),
    };
    format!("    {what}: {} [{}]\n", right.why, right.source)
}

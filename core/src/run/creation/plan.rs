//! The plan of a creation: what would be written, and which rows are left out.

use serde::Serialize;

use super::super::RunError;
use super::super::journal::sha256;
use super::row::{Link, State};
use super::{Creation, CreationError, Phase};
use crate::explain::seen;
use crate::json;
use crate::okta::users;

/// Rows that the text of a plan lists; the report lists all.
const MOST_LISTED: usize = 20;

/// What would be written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreationPlan {
    /// Names exactly this plan.
    pub id: String,
    /// The target's name and host.
    pub org: String,
    /// Rows of the file.
    pub rows: usize,
    /// Accounts to be made.
    pub creates: usize,
    /// Rows that an earlier run sent and nobody knows of: read first, and made when surely absent.
    pub doubtful: usize,
    /// Accounts that earlier runs made.
    pub made: usize,
    /// Of those, accounts that are still to be linked.
    pub links: usize,
    /// Whether the accounts are active at once.
    pub active: bool,
    /// The groups they join.
    pub groups: Vec<String>,
    /// The identity provider they are linked to.
    pub idp: Option<String>,
    /// Rows that get no account: line, and why.
    pub left_out: Vec<(usize, String)>,
}

impl Creation {
    /// The plan, once every row is looked up.
    pub fn plan(&self) -> Result<CreationPlan, CreationError> {
        if let Some(why) = &self.unread {
            return Err(CreationError::Unread { why: why.clone() });
        }
        if self.phase != Phase::Planned {
            return Err(CreationError::Run(RunError::Busy));
        }
        let count =
            |such: fn(&State) -> bool| self.rows.iter().filter(|row| such(&row.state)).count();
        let made = |state: &State| matches!(state, State::Made { .. });
        let links = self
            .rows
            .iter()
            .filter(|row| made(&row.state) && row.link == Link::Wanted);
        let target = &self.pair.target;
        let mut left_out: Vec<(usize, String)> = Vec::new();
        for one in &self.order.rows.left_out {
            left_out.push((one.line, one.why.clone()));
        }
        for (row, person) in self.rows.iter().zip(&self.order.rows.people) {
            if let State::Exists { why } = &row.state {
                left_out.push((person.line, why.clone()));
            }
        }
        left_out.sort();
        let names = |members: &[super::super::Member]| {
            members.iter().map(|member| member.name.clone()).collect()
        };
        Ok(CreationPlan {
            id: self.plan_id(),
            org: format!("{} ({})", target.name, target.url.host()),
            rows: self.order.rows.people.len() + self.order.rows.left_out.len(),
            creates: count(|state| *state == State::Fresh),
            doubtful: count(|state| matches!(state, State::Doubt { .. })),
            made: count(|state| matches!(state, State::Made { .. })),
            links: links.count(),
            active: self.order.activate,
            groups: names(&self.order.groups),
            idp: self.order.idp.as_ref().map(|idp| idp.name.clone()),
            left_out,
        })
    }

    /// A hash over everything that would be sent.
    fn plan_id(&self) -> String {
        let mut parts = vec![self.pair.target.id.clone(), self.order.activate.to_string()];
        parts.extend(self.order.groups.iter().map(|group| group.id.clone()));
        parts.extend(self.order.idp.iter().map(|idp| idp.id.clone()));
        for ((row, person), key) in self
            .rows
            .iter()
            .zip(&self.order.rows.people)
            .zip(&self.keys)
        {
            if matches!(row.state, State::Fresh | State::Doubt { .. }) || row.link == Link::Wanted {
                let profile = json::text(&serde_json::Value::Object(person.profile.clone()));
                let external = self.order.external(person).to_owned();
                parts.extend([key.clone(), profile, external]);
            }
        }
        let hash = sha256(&parts.join("\n"));
        hash.get(..16).unwrap_or_default().to_owned()
    }
}

impl CreationPlan {
    /// Whether anything would be written.
    pub fn writes(&self) -> bool {
        self.creates + self.doubtful + self.links > 0
    }

    /// The plan as text.
    pub fn text(&self) -> String {
        let mut text = format!("{}, {} rows\n", seen(&self.org), self.rows);
        let mut say = |line: String| {
            text.push_str("  ");
            text.push_str(&line);
            text.push('\n');
        };
        if self.creates > 0 {
            say(format!(
                "{} accounts are made, {}, without a password: their owners sign in through an identity provider only",
                self.creates,
                if self.active {
                    "active at once"
                } else {
                    "staged"
                }
            ));
            say(format!(
                "  {} {}?activate={}&provider=true, cannot be undone by this command",
                users::CREATE.method.name(),
                users::CREATE.path,
                self.active
            ));
        }
        if self.doubtful > 0 {
            say(format!(
                "{} were sent by an earlier run and not answered: read first, and made only when surely absent",
                self.doubtful
            ));
        }
        if self.made > 0 {
            say(format!(
                "{} were made by an earlier run: read back",
                self.made
            ));
        }
        for group in &self.groups {
            say(format!(
                "each is in the group {} from the start",
                seen(group)
            ));
        }
        if !self.groups.is_empty() {
            say("whether a group gives its members an admin role is not looked at: make sure that none does".to_owned());
        }
        if let Some(idp) = &self.idp {
            say(format!(
                "each is linked to the identity provider {}",
                seen(idp)
            ));
        }
        if self.links > 0 {
            say(format!("{} of earlier runs are linked now", self.links));
        }
        if !self.left_out.is_empty() {
            say(format!("{} rows get none:", self.left_out.len()));
        }
        for (line, why) in self.left_out.iter().take(MOST_LISTED) {
            say(format!("  line {line}: {why}"));
        }
        if let Some(more) = self
            .left_out
            .len()
            .checked_sub(MOST_LISTED)
            .filter(|more| *more > 0)
        {
            say(format!("  and {more} more; --format csv lists every row"));
        }
        text
    }
}

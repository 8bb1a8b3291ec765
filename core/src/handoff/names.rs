//! Names in a wish that only one of the two orgs can look up, and what is meant by them there.

use serde_json::Value as Json;

use crate::facts::Member;
use crate::json;
use crate::okta::{Probe, apps, groups, one_named, users};
use crate::run::{Side, Wish};

/// What a name of a wish is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An app of the target, by its label.
    App,
    /// A group of the source.
    Group,
    /// A person of the source, by user name.
    User,
}

impl Kind {
    /// The org that can look it up.
    pub fn side(self) -> Side {
        match self {
            Kind::App => Side::Target,
            Kind::Group | Kind::User => Side::Source,
        }
    }

    /// What to call it, for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Kind::App => "app",
            Kind::Group => "group",
            Kind::User => "user",
        }
    }

    /// The list in which it is looked for.
    pub fn probe(self, name: &str) -> Probe {
        match self {
            Kind::App => apps::active(),
            Kind::Group => groups::starting_with(name),
            Kind::User => users::with_login(name),
        }
    }

    /// The one of these items that is named so; else how many are. `org2org` are the Org2Org apps
    /// of the org: what one of them brought back of a group that it pushes has the same name and
    /// is not meant.
    pub fn find(self, name: &str, items: &[Json], org2org: &[Json]) -> Result<Member, usize> {
        let at = match self {
            Kind::App => "/label",
            Kind::Group => "/profile/name",
            Kind::User => "/profile/login",
        };
        let brought = |item: &&Json| {
            let from = json::at(item, "/source/id").filter(|id| id.is_string());
            from.is_some_and(|id| org2org.iter().any(|app| app.get("id") == Some(id)))
        };
        let meant = items
            .iter()
            .filter(|item| self != Kind::Group || !brought(item));
        one_named(meant, at, name)
    }
}

/// The names of a wish that are still to be looked up in the org of this side.
pub fn open_in(wish: &mut Wish, side: Side) -> Vec<(Kind, &mut Member)> {
    every(wish)
        .filter(|(kind, member)| kind.side() == side && member.id.is_empty())
        .collect()
}

/// Every list of names in a wish.
pub(super) fn lists(wish: &mut Wish) -> impl Iterator<Item = (Kind, &mut Vec<Member>)> {
    let pushed = wish.push.iter_mut().map(|push| &mut push.groups);
    let groups = std::iter::once(&mut wish.groups).chain(pushed);
    groups
        .map(|list| (Kind::Group, list))
        .chain([(Kind::User, &mut wish.users), (Kind::App, &mut wish.apps)])
}

/// Whether two wishes want the same, whoever has looked up the names by now.
pub fn is_same(one: &Wish, other: &Wish) -> bool {
    let (mut one, mut other) = (one.clone(), other.clone());
    let alike = |(a, b): ((Kind, &mut Member), (Kind, &mut Member))| {
        let known = !a.1.id.is_empty() && !b.1.id.is_empty();
        a.0 == b.0
            && if known {
                a.1.id == b.1.id
            } else {
                a.1.name == b.1.name
            }
    };
    let names = every(&mut one).count() == every(&mut other).count()
        && every(&mut one).zip(every(&mut other)).all(alike);
    for wish in [&mut one, &mut other] {
        for (_, member) in every(wish) {
            *member = Member {
                id: String::new(),
                name: String::new(),
            };
        }
    }
    names && one == other
}

/// Every name of a wish.
fn every(wish: &mut Wish) -> impl Iterator<Item = (Kind, &mut Member)> {
    lists(wish).flat_map(|(kind, list)| list.iter_mut().map(move |one| (kind, one)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Push;
    use serde_json::json;

    fn member(id: &str, name: &str) -> Member {
        Member {
            id: id.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn each_org_looks_up_its_own_open_names() {
        let mut wish = Wish {
            groups: vec![member("", "Sales"), member("00g1", "Board")],
            users: vec![member("", "ada@acme.example.com")],
            apps: vec![member("", "Expenses")],
            push: Some(Push {
                groups: vec![member("", "Finance")],
                ..Push::default()
            }),
            ..Wish::default()
        };
        let mut names = |side| {
            let open = open_in(&mut wish, side).into_iter();
            open.map(|(kind, one)| (kind, one.name.clone()))
                .collect::<Vec<_>>()
        };
        let of = |kind, name: &str| (kind, name.to_owned());
        assert_eq!(
            names(Side::Source),
            [
                of(Kind::Group, "Sales"),
                of(Kind::Group, "Finance"),
                of(Kind::User, "ada@acme.example.com")
            ]
        );
        assert_eq!(names(Side::Target), [of(Kind::App, "Expenses")]);
    }

    #[test]
    fn a_name_means_one_thing_or_is_left_open() {
        let group = |id: &str, name: &str| json!({"id": id, "profile": {"name": name}});
        let items = [group("00g1", "Sales"), group("00g2", "Sales North")];
        let find = |items: &[Json]| Kind::Group.find("Sales", items, &[]);
        assert_eq!(find(&items), Ok(member("00g1", "Sales")));
        assert_eq!(find(&items[1..]), Err(0));
        assert_eq!(find(&[items[0].clone(), group("00g3", "Sales")]), Err(2));
    }

    #[test]
    fn wishes_are_the_same_whoever_looked_up_their_names() {
        let wish = |id: &str, name: &str| Wish {
            apps: vec![member(id, name)],
            ..Wish::default()
        };
        assert!(is_same(&wish("", "Expenses"), &wish("0oa1", "Expenses")));
        assert!(is_same(&wish("0oa1", "0oa1"), &wish("0oa1", "Expenses")));
        assert!(!is_same(&wish("", "Expenses"), &wish("0oa1", "Payroll")));
        assert!(!is_same(
            &wish("0oa1", "Expenses"),
            &wish("0oa2", "Expenses")
        ));
        assert!(!is_same(&wish("", "Expenses"), &Wish::default()));
        let more = Wish {
            jit: true,
            ..wish("", "Expenses")
        };
        assert!(!is_same(&wish("", "Expenses"), &more));
    }

    #[test]
    fn what_an_org2org_app_brought_back_is_not_meant() {
        let own = json!({"id": "00g1", "profile": {"name": "Sales"}});
        let back = json!({"id": "00g2", "profile": {"name": "Sales"}, "source": {"id": "0oa1"}});
        let items = [own, back];
        let apps = [json!({"id": "0oa1"})];
        assert_eq!(
            Kind::Group.find("Sales", &items, &apps),
            Ok(member("00g1", "Sales"))
        );
        assert_eq!(Kind::Group.find("Sales", &items, &[]), Err(2));
    }
}

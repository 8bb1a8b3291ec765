//! The scopes that are advised for an OAuth client are those that the procedures call for, and no more.

use std::collections::BTreeSet;

use org2org_core::okta::RESOURCES;
use org2org_core::rights::operator::{asked, scopes};
use org2org_core::run::{Aim, Member, Method, Push, Side, SignOn, Wish};
use org2org_tests::Bench;

use crate::doctor::fits;
use crate::people::stranger;
use crate::pushes::group;
use crate::rotation::connected;

type Scopes = BTreeSet<String>;

fn scope_of(method: &str, path: &str) -> &'static str {
    let reads = RESOURCES
        .iter()
        .flat_map(|one| one.reads)
        .map(|op| ("GET", op.path, op.scope));
    let writes = RESOURCES.iter().flat_map(|one| one.writes);
    let writes = writes.map(|op| (op.method.name(), op.path, op.scope));
    let mut found: Vec<_> = reads
        .chain(writes)
        .filter(|op| op.0 == method && fits(op.1, path))
        .collect();
    found.sort_by_key(|op| op.1.matches('{').count());
    found
        .first()
        .unwrap_or_else(|| panic!("{method} {path} is in no table"))
        .2
}

/// The scopes of the calls since request number `from`; managing includes reading. A client is no
/// user, and looks at the org where a person looks at themselves.
fn called(bench: &Bench, side: Side, from: usize, writes: bool) -> Scopes {
    let host = match side {
        Side::Source => "acme",
        Side::Target => "hub",
    };
    let requests = bench.world.requests();
    let own = requests[from..].iter().filter(|one| {
        let me = one.path == "/api/v1/users/me";
        one.from.is_none() && one.host.starts_with(host) && !me && (writes || one.method == "GET")
    });
    let each = own.flat_map(|one| scope_of(&one.method, &one.path).split_ascii_whitespace());
    let mut all: Scopes = each.map(str::to_owned).collect();
    all.insert("okta.orgs.read".to_owned());
    let whole = all.clone();
    all.retain(|scope| {
        scope
            .strip_suffix(".read")
            .is_none_or(|stem| !whole.contains(&format!("{stem}.manage")))
    });
    all
}

fn advised(wish: &Wish, side: Side, writes: bool) -> Scopes {
    scopes(wish, side, writes).into_iter().collect()
}

#[test]
fn what_is_advised_is_what_is_called() {
    let push = |method: Method| {
        move |bench: &mut Bench, wish: &mut Wish| {
            let mut push = Push::suggest(bench.run.pair());
            push.method = method;
            wish.push = Some(push);
        }
    };
    type Change = Box<dyn Fn(&mut Bench, &mut Wish)>;
    let variants: Vec<(&str, Change)> = vec![
        ("bookmarks", Box::new(|_, _| {})),
        ("no bookmarks", Box::new(|_, wish| wish.apps.clear())),
        (
            "one by one",
            Box::new(|bench, wish| {
                let ada = crate::people::user(bench, Side::Source, "ada@acme.example.com");
                let id = ada["id"].as_str().unwrap().to_owned();
                wish.groups.clear();
                wish.users = vec![Member {
                    id,
                    name: "ada@acme.example.com".to_owned(),
                }];
            }),
        ),
        ("new accounts", Box::new(|_, wish| wish.jit = true)),
        ("routing", Box::new(|_, wish| wish.routing = true)),
        (
            "OpenID Connect",
            Box::new(|_, wish| {
                wish.sign_on = SignOn::Oidc;
                wish.apps.clear();
            }),
        ),
        ("by file", Box::new(|_, wish| wish.by_file = true)),
        (
            "by file, linked",
            Box::new(|_, wish| {
                (wish.by_file, wish.links, wish.sign_on) = (true, true, SignOn::Oidc);
                wish.apps.clear();
            }),
        ),
        ("keys that rotate", Box::new(push(Method::OauthAuto))),
        ("keys of a person", Box::new(push(Method::OauthManual))),
        ("a token", Box::new(push(Method::Token))),
        (
            "a pushed group",
            Box::new(move |bench, wish| {
                push(Method::OauthAuto)(bench, wish);
                let pushed = group(bench, "Sales EMEA", &["ada@acme.example.com"]);
                wish.push.as_mut().unwrap().groups = vec![pushed];
            }),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, change) in variants {
        let mut bench = Bench::fresh();
        let mut wish = bench.run.wish().clone();
        change(&mut bench, &mut wish);
        bench.wish(|own| *own = wish.clone());
        let from = bench.world.requests().len();
        bench.drive();
        let plan = bench.run.plan().unwrap().clone();
        bench.apply();
        bench.check();
        bench.undo();
        for side in Side::BOTH {
            for writes in [false, true] {
                let called = called(&bench, side, from, writes);
                let advised = advised(&wish, side, writes);
                if called != advised {
                    let (more, less) = (called.difference(&advised), advised.difference(&called));
                    let (more, less): (Vec<_>, Vec<_>) = (more.collect(), less.collect());
                    wrong.push(format!(
                        "{name}, {} (writes: {writes}): needed, not advised {more:?}; advised, not needed {less:?}",
                        side.name()
                    ));
                }
            }
            let own = advised(&wish, side, true);
            let asked = asked(&plan, side);
            let beyond: Vec<_> = asked
                .scopes
                .iter()
                .filter(|scope| !own.contains(**scope))
                .collect();
            if !beyond.is_empty() {
                wrong.push(format!("{name}: planned, not advised {beyond:?}"));
            }
            let super_only = side == Side::Target && wish.pushes_by_oauth();
            assert_eq!(
                !asked.by_super_admin.is_empty(),
                super_only,
                "{name}: {asked:?}"
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_advised_is_enough_to_end_a_link_and_a_key() {
    let (mut bench, _) = connected();
    let eve = stranger(&mut bench, "eve@acme.example.com");
    for aim in [bench.run.wish().aim.clone(), Aim::Pilot, Aim::Remove] {
        bench.wish(|wish| {
            wish.users = match aim {
                Aim::Pilot => vec![eve.clone()],
                _ => Vec::new(),
            };
            wish.aim = aim.clone();
        });
        let from = bench.world.requests().len();
        bench.drive();
        bench.apply();
        for side in Side::BOTH {
            let (called, advised) = (
                called(&bench, side, from, true),
                advised(bench.run.wish(), side, true),
            );
            let wider = |scope: &String| advised.contains(&scope.replace(".read", ".manage"));
            assert!(
                called
                    .iter()
                    .all(|scope| advised.contains(scope) || wider(scope)),
                "{aim:?}, {}: {called:?}, {advised:?}",
                side.name()
            );
        }
    }
}

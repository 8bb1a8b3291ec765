//! In a real browser: foreign text stays text in every view, under the policy that the extension runs with.

use org2org_core::facts::Member;
use org2org_core::okta::Change as Changed;
use org2org_core::run::timeline::{
    ClickView, Pause, Phase, ProcedureView, StepState, StepView, Timeline, ValueView,
};
use org2org_core::run::{Note, Plan, PlanItem, Push, Reach, Side, Wish};
use serde_json::json;
use sycamore::prelude::*;
use sycamore::web::document;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::board::{Change, Choices, Confirm, PairCard, Pairing};
use crate::handing::{Handing, ReadCard};
use crate::{Board, Here, Level, Notice, OrgCard, PairRow, Rack, Screen, Sheet};
use crate::{app, pairs, popup, shown};

wasm_bindgen_test_configure!(run_in_browser);

/// Names that people give to orgs, groups and apps when they mean harm, or nothing at all.
const HOSTILE: [&str; 21] = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<a href=javascript:alert(1)>here</a>",
    "<form action=https://evil.example.com><input name=password>",
    "<template><b>x</b></template><!-- -->",
    "\"><b onmouseover=alert(1)>",
    "' onfocus=alert(1) autofocus='",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "&lt;img src=x&gt; &amp;amp; &#x3c;",
    "<![CDATA[<b>]]> <?xml version=\"1.0\"?>",
    "__proto__",
    "constructor",
    "{{7*7}} ${7*7} `7`",
    "=HYPERLINK(\"https://evil.example.com\")",
    "user\u{202e}gnp.exe \u{2066}\u{200b}\u{feff}",
    "nul\u{0} bell\u{7} escape\u{1b}[31m",
];

/// Where foreign text is drawn.
const SCREENS: [(Screen, Sheet); 10] = [
    (Screen::Pairing, Sheet::Steps),
    (Screen::Confirming, Sheet::Steps),
    (Screen::Handing, Sheet::Steps),
    (Screen::Wishing, Sheet::Steps),
    (Screen::Running, Sheet::Steps),
    (Screen::Running, Sheet::Plan),
    (Screen::Running, Sheet::Values),
    (Screen::Running, Sheet::Journal),
    (Screen::Elsewhere, Sheet::Steps),
    (Screen::Damaged, Sheet::Steps),
];

#[wasm_bindgen_test]
fn foreign_names_stay_text_in_the_panel() {
    demand_trusted_types();
    for (screen, sheet) in SCREENS {
        for name in hostile() {
            // As long as the name: what is long gets a box that scrolls.
            let (plain, own) = ("A".repeat(name.len()), name.clone());
            let plain = Stage::of(move || app(board(&plain, screen, sheet)));
            let seen = Stage::of(move || app(board(&own, screen, sheet)));
            let scene = format!("{screen:?} {sheet:?} {name:?}");
            assert_eq!(seen.outline(), plain.outline(), "{scene}");
            assert!(seen.text().contains(&shown(&name)), "{scene}");
        }
    }
}

#[wasm_bindgen_test]
fn foreign_names_stay_text_in_the_popup() {
    demand_trusted_types();
    let view = |name: String| popup(*create_signal(here(&name)), || ());
    let plain = Stage::of(move || view("A name".to_owned()));
    for name in hostile() {
        let own = name.clone();
        let seen = Stage::of(move || view(own));
        assert_eq!(seen.outline(), plain.outline(), "{name:?}");
        assert!(seen.text().contains(&shown(&name)), "{name:?}");
    }
}

#[wasm_bindgen_test]
fn foreign_names_stay_text_among_the_pairs() {
    demand_trusted_types();
    let view = |name: &str| {
        let rack = Rack::new(|_| ());
        let row = |place| PairRow {
            place,
            pair: Some(pair(name)),
            opens: true,
            state: name.to_owned(),
            next: name.to_owned(),
            loses: "",
        };
        rack.rows.set(vec![row(None), row(Some(0))]);
        rack.refusal.set(name.to_owned());
        rack.damage.set(name.to_owned());
        pairs(rack)
    };
    let plain = Stage::of(move || view("A name"));
    for name in hostile() {
        let own = name.clone();
        let seen = Stage::of(move || view(&own));
        assert_eq!(seen.outline(), plain.outline(), "{name:?}");
        assert!(seen.text().contains(&shown(&name)), "{name:?}");
    }
}

#[wasm_bindgen_test]
fn a_name_that_changes_while_it_is_shown_stays_text() {
    demand_trusted_types();
    let mut kept = None;
    let stage = Stage::of(|| {
        let board = board("A name", Screen::Running, Sheet::Steps);
        kept = Some(board);
        app(board)
    });
    let (board, before) = (kept.expect("the view was drawn"), stage.outline());
    for name in HOSTILE.map(str::to_owned) {
        board.status.set(name.clone());
        board.timeline.set(timeline(&name));
        board.pair.set(Some(pair(&name)));
        assert_eq!(stage.outline(), before, "{name:?}");
        assert!(stage.text().contains(&shown(&name)), "{name:?}");
    }
}

/// A view on the page, taken away when the test is done with it.
struct Stage {
    host: web_sys::Element,
    root: RootHandle,
}

impl Stage {
    fn of(view: impl FnOnce() -> View) -> Stage {
        let host = document().create_element("main").expect("a valid name");
        let body = document().body().expect("the page has a body");
        body.append_child(&host).expect("a body takes elements");
        let root = create_root(|| sycamore::web::render_in_scope(view, &host));
        Stage { host, root }
    }

    fn text(&self) -> String {
        self.host.text_content().unwrap_or_default()
    }

    /// Every element with the names of its attributes: foreign text may fill them and add none.
    fn outline(&self) -> Vec<String> {
        let all = self.host.get_elements_by_tag_name("*");
        let one = |at| {
            let element = all.item(at).expect("within the length");
            let mut names: Vec<String> = element
                .get_attribute_names()
                .iter()
                .filter_map(|name| name.as_string())
                .collect();
            names.sort();
            format!("{}[{}]", element.tag_name(), names.join(" "))
        };
        (0..all.length()).map(one).collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.root.dispose();
        self.host.remove();
    }
}

/// The policy of the extension's pages, and a proof that the browser holds this page to it.
fn demand_trusted_types() {
    let assigns_html = || {
        let element = document().create_element("b").expect("a valid name");
        js_sys::Reflect::set(&element, &"innerHTML".into(), &"<i></i>".into()).is_ok()
    };
    if assigns_html() {
        let policy = document().create_element("meta").expect("a valid name");
        let words = [
            ("http-equiv", "Content-Security-Policy"),
            ("content", "require-trusted-types-for 'script'"),
        ];
        for (name, value) in words {
            policy.set_attribute(name, value).expect("valid names");
        }
        let head = document().head().expect("the page has a head");
        head.append_child(&policy).expect("a head takes elements");
    }
    assert!(!assigns_html(), "Trusted Types are not in force");
}

fn hostile() -> impl Iterator<Item = String> {
    let long = ["<b>", &"long ".repeat(2_000), "</b>"].concat();
    HOSTILE.iter().map(|name| (*name).to_owned()).chain([long])
}

fn board(text: &str, screen: Screen, sheet: Sheet) -> Board {
    let board = Board::new(|_| ());
    board.screen.set(screen);
    board.sheet.set(sheet);
    board.status.set(text.to_owned());
    board.notices.set(vec![notice(text)]);
    board.pairing.set(Pairing {
        open: vec![text.to_owned()],
        source: text.to_owned(),
        target: text.to_owned(),
        source_error: Some(text.to_owned()),
        target_error: Some(text.to_owned()),
        busy: false,
    });
    board.confirm.set(Confirm {
        error: Some(text.to_owned()),
    });
    board.handing.set(Handing {
        // A half is open in one of the scenes.
        side: (screen == Screen::Running && sheet == Sheet::Journal).then_some(Side::Source),
        refusal: text.to_owned(),
        digits_error: text.to_owned(),
        read: Some(ReadCard {
            title: text.to_owned(),
            half: text.to_owned(),
            values: vec![[text.to_owned(), text.to_owned()]],
            maker: text.to_owned(),
            note: text.to_owned(),
            hears: true,
        }),
        ..Handing::default()
    });
    board.pair.set(Some(pair(text)));
    board.choices.set(Choices {
        apps: members(text),
        apps_read: true,
        groups: members(text),
        users: members(text),
        error: Some(text.to_owned()),
        pushed: members(text),
        keys: members(text),
        keys_error: Some(text.to_owned()),
        push: Push {
            client_label: text.to_owned(),
            groups: members(text),
            ..Push::default()
        },
    });
    board.wish.set(Some(Wish {
        app_label: text.to_owned(),
        idp_name: text.to_owned(),
        group_name: text.to_owned(),
        groups: members(text),
        users: members(text),
        apps: members(text),
        jit: true,
        ..Wish::default()
    }));
    board.timeline.set(timeline(text));
    board.plan.set(Some(plan(text)));
    board.journal.set(vec![Change {
        number: 1,
        time: "12:00".to_owned(),
        title: text.to_owned(),
        text: text.to_owned(),
    }]);
    board
}

fn notice(text: &str) -> Notice {
    Notice {
        code: "test",
        level: Level::Warn,
        text: text.to_owned(),
        hint: text.to_owned(),
        remedy: None,
    }
}

fn pair(text: &str) -> PairCard {
    let org = OrgCard {
        name: text.to_owned(),
        host: text.to_owned(),
        id: text.to_owned(),
        actor: text.to_owned(),
        login: text.to_owned(),
        kind: "production",
    };
    PairCard {
        source: org.clone(),
        target: org,
        warnings: vec![text.to_owned()],
    }
}

fn members(text: &str) -> Vec<Member> {
    let one = |id: &str| Member {
        id: id.to_owned(),
        name: text.to_owned(),
    };
    vec![one("1"), one("2")]
}

/// Steps of every state, alone and in a group, with values and a pause.
fn timeline(text: &str) -> Timeline {
    use StepState::*;
    let states = [
        Blocked, Checking, Conflict, Differs, Met, Unknown, Unmet, Waiting, Writing,
    ];
    let alone = states.iter().enumerate();
    let alone = alone.map(|(at, state)| step(text, &format!("alone-{at}"), "alone", at, *state));
    let group = (0..6).map(|at| step(text, &format!("group-{at}"), "group", 0, Unmet));
    let value = |member: Option<&str>| ValueView {
        id: "value",
        title: "A value",
        member: member.map(str::to_owned),
        value: text.to_owned(),
        origin: text.to_owned(),
    };
    Timeline {
        phase: Phase::Planned,
        status: text.to_owned(),
        procedures: vec![ProcedureView {
            id: "federation",
            title: "Federation",
            met: 1,
            steps: alone.chain(group).collect(),
        }],
        values: vec![value(None), value(Some(text))],
        pauses: vec![Pause {
            ask: 1,
            side: Side::Source,
            code: "tab-missing",
            text: text.to_owned(),
        }],
    }
}

// Rows of one id beside each other fold into a group, so those that stand alone have ids of their own.
const ALONE: [&str; 9] = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"];

fn step(text: &str, key: &str, id: &'static str, at: usize, state: StepState) -> StepView {
    StepView {
        key: key.to_owned(),
        id: if id == "alone" { ALONE[at] } else { id },
        title: text.to_owned(),
        member: Some(text.to_owned()),
        why: "Because.",
        side: Side::Target,
        org: text.to_owned(),
        page: "A page",
        address: Some(text.to_owned()),
        by_hand: vec![ClickView {
            text: "Choose *Add*.".to_owned(),
            value: Some(text.to_owned()),
            label: Some("Add"),
        }],
        covers: &["FED-01"],
        state,
        detail: text.to_owned(),
        can_write: true,
    }
}

fn plan(text: &str) -> Plan {
    let note = || Note {
        key: "step".to_owned(),
        side: Side::Source,
        text: text.to_owned(),
    };
    let item = |body, changes| PlanItem {
        key: text.to_owned(),
        title: text.to_owned(),
        side: Side::Source,
        org: text.to_owned(),
        method: "POST",
        path: text.to_owned(),
        body,
        changes,
        why: "Because.",
        undo: vec![text.to_owned()],
    };
    let changed = Changed {
        pointer: text.to_owned(),
        before: json!(text),
        after: json!({ "label": text }),
    };
    Plan {
        id: "plan".to_owned(),
        sentence: text.to_owned(),
        reach: Reach {
            mails: 2,
            ..Reach::default()
        },
        reaches: text.to_owned(),
        items: vec![
            item(Some(json!({ "label": text })), Vec::new()),
            item(None, vec![changed]),
        ],
        by_hand: vec![note()],
        warnings: vec![note()],
        cannot_undo: vec![text.to_owned()],
    }
}

fn here(text: &str) -> Here {
    Here {
        org: text.to_owned(),
        page: text.to_owned(),
        text: text.to_owned(),
        side: Some(Side::Source),
        pair: Some(text.to_owned()),
        next: Some(text.to_owned()),
    }
}

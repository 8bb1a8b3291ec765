//! Rows that keep their place, their state and the focus while others come and go.
//!
//! Sycamore's own keyed list does the same for any type and keeps three copies of it; with keys
//! that are text and rows that read signals, this much is enough, at a tenth of the size.

use sycamore::prelude::*;
use sycamore::web::{HtmlNode, ViewHtmlNode};
use wasm_bindgen::JsCast;

/// One row for each key, in the order of the keys. A row is drawn once for its key, in a scope of
/// its own that ends with it; what changes inside it reads signals.
pub fn rows(
    keys: impl Fn() -> Vec<String> + 'static,
    draw: impl Fn(&str) -> View + 'static,
) -> View {
    rows_of(Box::new(keys), Box::new(draw))
}

fn rows_of(keys: Box<dyn Fn() -> Vec<String>>, draw: Box<dyn Fn(&str) -> View>) -> View {
    let keys = create_selector(keys);
    let end = HtmlNode::create_marker_node();
    let mut rows = Rows {
        // Rows outlive each run of the effect below.
        scope: use_current_scope(),
        draw,
        drawn: Vec::new(),
        end: end.as_web_sys().clone(),
    };
    rows.follow(keys.get_clone_untracked());
    let mut nodes: Vec<HtmlNode> = rows
        .nodes()
        .map(|node| HtmlNode::from_web_sys(node.clone()))
        .collect();
    nodes.push(end);
    create_effect(move || {
        let wanted = keys.get_clone();
        untrack(|| rows.follow(wanted));
    });
    View::from_nodes(nodes)
}

struct Rows {
    scope: NodeHandle,
    draw: Box<dyn Fn(&str) -> View>,
    drawn: Vec<Row>,
    /// Stands behind the last row.
    end: web_sys::Node,
}

struct Row {
    key: String,
    nodes: Vec<web_sys::Node>,
    scope: NodeHandle,
}

impl Rows {
    fn nodes(&self) -> impl DoubleEndedIterator<Item = &web_sys::Node> {
        self.drawn.iter().flat_map(|row| &row.nodes)
    }

    fn follow(&mut self, wanted: Vec<String>) {
        let mut old: Vec<Option<Row>> = self.drawn.drain(..).map(Some).collect();
        let kept: Vec<Option<Row>> = taken(&mut old, &wanted);
        // First what goes: a row that comes may stand for the same thing elsewhere.
        old.into_iter().flatten().for_each(Row::end);
        self.drawn = wanted
            .into_iter()
            .zip(kept)
            .map(|(key, row)| row.unwrap_or_else(|| self.row(key)))
            .collect();
        if let Some(parent) = self.end.parent_node() {
            self.place(&parent);
        }
    }

    fn row(&self, key: String) -> Row {
        let mut nodes = Vec::new();
        let scope = self
            .scope
            .run_in(|| create_child_scope(|| nodes = (self.draw)(&key).as_web_sys()));
        Row { key, nodes, scope }
    }

    /// From the last to the first, so that what stands where it should is not moved.
    fn place(&self, parent: &web_sys::Node) {
        let focused = document().active_element();
        let mut next = self.end.clone();
        for node in self.nodes().rev() {
            if node.next_sibling().as_ref() != Some(&next) {
                let _ = parent.insert_before(node, Some(&next));
            }
            next = node.clone();
        }
        // The browser takes the focus from what is moved.
        if let Some(focused) = focused
            && focused.is_connected()
            && document().active_element().as_ref() != Some(&focused)
        {
            let _ = focused.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    }
}

impl Row {
    fn end(self) {
        self.scope.dispose();
        for node in self.nodes {
            if let Some(parent) = node.parent_node() {
                let _ = parent.remove_child(&node);
            }
        }
    }
}

/// Takes the row of each key out of `old`. Most keys stay in their order, so each search begins
/// behind the last find.
fn taken(old: &mut [Option<Row>], wanted: &[String]) -> Vec<Option<Row>> {
    let mut from = 0;
    let mut take = |key: &String| {
        let mut order = (from..old.len()).chain(0..from);
        let at = order.find(|at| old[*at].as_ref().is_some_and(|row| row.key == *key))?;
        from = at + 1;
        old[at].take()
    };
    wanted.iter().map(&mut take).collect()
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// A list on the page whose rows tell when they are drawn and when they end.
    struct Scene {
        host: web_sys::Element,
        root: RootHandle,
        keys: Signal<Vec<String>>,
        figure: Signal<u32>,
        log: Rc<RefCell<Vec<String>>>,
    }

    impl Scene {
        fn of(first: &str) -> Scene {
            let host = document().create_element("main").expect("a valid name");
            let body = document().body().expect("the page has a body");
            body.append_child(&host).expect("a body takes elements");
            let log: Rc<RefCell<Vec<String>>> = Rc::default();
            let (mut made, own, first) = (None, log.clone(), split(first));
            let root = create_root(|| {
                let (keys, figure) = (create_signal(first), create_signal(0));
                made = Some((keys, figure));
                let draw = move |key: &str| {
                    own.borrow_mut().push(["+", key].concat());
                    let (log, ended) = (own.clone(), ["-", key].concat());
                    on_cleanup(move || log.borrow_mut().push(ended));
                    let id = ["row-", key].concat();
                    let text = key.to_owned();
                    view! { button(id=id) { (text) (figure.get().to_string()) } " " }
                };
                let view = || {
                    let list = rows(move || keys.get_clone(), draw);
                    view! { b { "before" } (list) b { "after" } }
                };
                sycamore::web::render_in_scope(view, &host);
            });
            let (keys, figure) = made.expect("the view was drawn");
            Scene {
                host,
                root,
                keys,
                figure,
                log,
            }
        }

        fn becomes(&self, keys: &str) {
            self.log.borrow_mut().clear();
            self.keys.set(split(keys));
            let wanted: Vec<String> = split(keys)
                .iter()
                .map(|key| format!("{key}{} ", self.figure.get_untracked()))
                .collect();
            let text = self.host.text_content().unwrap_or_default();
            assert_eq!(text, ["before", &wanted.concat(), "after"].concat());
        }

        fn log(&self) -> String {
            self.log.borrow().join(" ")
        }

        fn button(&self, key: &str) -> web_sys::HtmlElement {
            let found = self.host.query_selector(&format!("#row-{key}"));
            let found = found.expect("a valid selector").expect("a row");
            found.unchecked_into()
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            self.root.dispose();
            self.host.remove();
        }
    }

    fn split(keys: &str) -> Vec<String> {
        keys.chars().map(String::from).collect()
    }

    #[wasm_bindgen_test]
    fn rows_come_and_go_and_the_others_stay_as_they_are() {
        let scene = Scene::of("bd");
        for (keys, log) in [
            ("abd", "+a"),
            ("abcd", "+c"),
            ("abcde", "+e"),
            ("ace", "-b -d"),
            ("", "-a -c -e"),
            ("xyz", "+x +y +z"),
            ("ywv", "-x -z +w +v"),
        ] {
            scene.becomes(keys);
            assert_eq!(scene.log(), log, "{keys}");
        }
    }

    #[wasm_bindgen_test]
    fn every_order_of_four_is_reached_from_every_other_without_drawing() {
        let mut orders = vec![String::new()];
        for key in ["a", "b", "c", "d"] {
            let longer = |order: &String| {
                (0..=order.len())
                    .map(|at| [&order[..at], key, &order[at..]].concat())
                    .collect::<Vec<_>>()
            };
            orders = orders.iter().flat_map(longer).collect();
        }
        assert_eq!(orders.len(), 24);
        let scene = Scene::of("abcd");
        for from in &orders {
            for to in &orders {
                scene.becomes(from);
                scene.becomes(to);
                assert_eq!(scene.log(), "", "{from} {to}");
            }
        }
    }

    #[wasm_bindgen_test]
    fn the_focus_stays_with_its_row_wherever_that_goes() {
        let scene = Scene::of("abcd");
        scene.button("c").focus().expect("a button takes the focus");
        for keys in ["cabd", "abdc", "xcy", "yxc", "c", "czz"] {
            scene.becomes(keys);
            let active = document().active_element().map(|active| active.id());
            assert_eq!(active.as_deref(), Some("row-c"), "{keys}");
        }
    }

    #[wasm_bindgen_test]
    fn a_row_follows_its_signals_and_ends_with_them() {
        let scene = Scene::of("ab");
        let kept = scene.button("b");
        scene.figure.set(7);
        scene.becomes("bc");
        assert_eq!(kept.text_content().as_deref(), Some("b7"));
        assert!(kept.is_same_node(Some(&scene.button("b"))));
        scene.becomes("c");
        scene.figure.set(8);
        assert_eq!(kept.text_content().as_deref(), Some("b7"), "it is over");
        scene.becomes("c");
    }

    #[wasm_bindgen_test]
    fn equal_keys_are_rows_of_their_own() {
        let scene = Scene::of("aa");
        scene.becomes("aba");
        assert_eq!(scene.log(), "+b");
        scene.becomes("a");
        assert_eq!(scene.log(), "-b -a");
    }

    /// What is read while a row is drawn must not draw the rows again.
    #[wasm_bindgen_test]
    fn drawing_a_row_is_no_reading_of_its_signals() {
        let root = create_root(|| {
            let (keys, other) = (create_signal(split("a")), create_signal(0));
            let drawn = Rc::new(Cell::new(0));
            let counted = drawn.clone();
            let _list = rows(
                move || keys.get_clone(),
                move |_| {
                    counted.set(counted.get() + 1 + other.get());
                    view! { i {} }
                },
            );
            keys.set(split("ab"));
            other.set(1);
            keys.set(split("abc"));
            assert_eq!(drawn.get(), 4);
        });
        root.dispose();
    }
}

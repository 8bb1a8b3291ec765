//! `docs/security.md` against the code: what it names exists, what it states is so.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn page() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

/// The text of every file below a folder whose name ends so.
fn texts(folder: &str, end: &str) -> String {
    let mut waiting = vec![root().join(folder)];
    let mut text = String::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.to_string_lossy().ends_with(end) {
            text += &fs::read_to_string(&path).unwrap();
        }
    }
    text
}

/// What stands between two marks of its own, once each.
fn marked(text: &str, mark: char) -> BTreeSet<&str> {
    text.split(mark).skip(1).step_by(2).collect()
}

/// The last cell of each line of the table of threats, with the threat's number.
fn proofs(page: &str) -> Vec<(&str, &str)> {
    let lines = page.lines();
    let lines = lines.filter(|line| line.starts_with("| T") && !line.starts_with("| Threat"));
    lines
        .map(|line| {
            let mut cells = line.trim_matches(['|', ' ']).split(" | ");
            let number = cells.next().unwrap();
            (number, cells.last().unwrap())
        })
        .collect()
}

#[test]
fn every_threat_names_tests_that_exist() {
    let page = page();
    let rust: String = ["cli", "core", "extension", "tests", "ui", "www", "xtask"]
        .map(|folder| texts(folder, ".rs"))
        .concat();
    let stories = texts("tests/browser", ".journey.mjs") + &texts("tests/node", ".test.mjs");
    let proofs = proofs(&page);
    let numbers: Vec<String> = (1..=33).map(|number| format!("T{number}")).collect();
    assert_eq!(
        proofs.iter().map(|(number, _)| *number).collect::<Vec<_>>(),
        numbers
    );
    for (number, proof) in proofs {
        let functions: Vec<&str> = marked(proof, '`')
            .into_iter()
            .filter(|name| name.contains('_'))
            .collect();
        let told = marked(proof, '*');
        assert!(functions.len() + told.len() > 0, "{number} names no proof");
        for name in functions {
            assert!(
                rust.contains(&format!("fn {name}(")),
                "{number}: no test `{name}`"
            );
        }
        for name in told {
            let there = stories.contains(&format!("\"{name}\""));
            assert!(there, "{number}: no story \"{name}\"");
            let fox = proof.contains(&format!("*{name}* (F)"));
            let line = stories
                .split('\n')
                .find(|line| line.contains(&format!("\"{name}\"")))
                .unwrap();
            let both = line.contains("everywhere: ");
            assert_eq!(fox, both, "{number}: whether \"{name}\" is told in Firefox");
        }
    }
}

#[test]
fn the_permissions_are_those_of_the_manifest() {
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(root().join("manifest.json")).unwrap()).unwrap();
    let asked: BTreeSet<String> = manifest["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect();
    let page = page();
    let table = page
        .split("## Permissions")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .nth(1)
        .unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<String> = rows
        .map(|row| row.split('`').next().unwrap().to_owned())
        .collect();
    assert_eq!(told, asked);
    for absent in ["cookies", "tabs", "webRequest", "debugger", "downloads"] {
        assert!(!asked.contains(absent));
    }
}

#[test]
fn the_policies_are_json_and_name_what_is_built() {
    let page = page();
    let blocks = page
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    let policies: Vec<Value> = blocks
        .map(|block| serde_json::from_str(block).unwrap())
        .collect();
    assert_eq!(policies.len(), 3);
    let manifest: Value =
        serde_json::from_str(&fs::read_to_string(root().join("manifest.json")).unwrap()).unwrap();
    for policy in &policies[..2] {
        let own = &policy["ExtensionSettings"]["EXTENSION_ID"];
        for host in own["runtime_allowed_hosts"].as_array().unwrap() {
            let host = host.as_str().unwrap().strip_prefix("https://").unwrap();
            let parsed = org2org_core::org::OrgUrl::parse(host).unwrap();
            assert_eq!(
                parsed.admin_base(),
                format!("https://{host}"),
                "the console, not the org"
            );
        }
        let blocked = own["blocked_permissions"].as_array().unwrap();
        for asked in manifest["permissions"].as_array().unwrap() {
            assert!(!blocked.contains(asked), "{asked} is asked for and blocked");
        }
    }
    let id = manifest["browser_specific_settings"]["gecko"]["id"]
        .as_str()
        .unwrap();
    assert!(
        policies[2]["policies"]["ExtensionSettings"][id].is_object(),
        "{id}"
    );
}

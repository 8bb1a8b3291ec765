//! What the packages are made of, as a CycloneDX 1.6 document: the crates in the wasm modules (`required`), and what took
//! part in building and testing them but is not in them (`excluded`).
//!
//! It names no time, machine or serial number, so that equal locks give equal bytes. Packages of npm are listed without
//! what they depend on: nothing of them ships.

use crate::pack::{read, read_text};
use crate::package::hex;
use crate::place::Place;
use crate::setup::WASM_TARGET;
use crate::trouble::{Outcome, Trouble, trouble};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The crates whose modules are shipped.
const ROOTS: &[&str] = &["org2org-extension", "org2org-www"];

/// The document as text.
pub fn bill(place: &Place) -> Outcome<String> {
    let crates = Crates::read(place)?;
    let mut components = crates.components();
    components.extend(npm(place)?);
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "application",
            "bom-ref": "org2org-assistant",
            "name": "org2org-assistant",
            "version": env!("CARGO_PKG_VERSION"),
            "licenses": licences(env!("CARGO_PKG_LICENSE")),
        } },
        "components": components.into_values().collect::<Vec<_>>(),
        "dependencies": crates.dependencies(),
    });
    Ok(format!("{document:#}\n"))
}

/// The crates that reach a module, by cargo's ids.
struct Crates {
    packages: BTreeMap<String, Value>,
    /// Id → what it needs, and whether only to be built.
    needs: BTreeMap<String, Vec<(String, bool)>>,
    checksums: BTreeMap<(String, String), String>,
    /// Id → whether it is in a module.
    shipped: BTreeMap<String, bool>,
}

impl Crates {
    fn read(place: &Place) -> Outcome<Self> {
        let words = [
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            WASM_TARGET,
        ];
        let output = place
            .cargo(&words)
            .output()
            .map_err(|error| unread("cargo metadata", &error))?;
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| unread("cargo metadata", &String::from_utf8_lossy(&output.stderr)))?;
        let by_id = |list: &Value| -> BTreeMap<String, Value> {
            let list = list.as_array().cloned().unwrap_or_default();
            list.into_iter()
                .map(|one| (text(&one, "id").to_owned(), one))
                .collect()
        };
        let nodes = by_id(&metadata["resolve"]["nodes"]);
        let mut crates = Self {
            packages: by_id(&metadata["packages"]),
            needs: nodes
                .iter()
                .map(|(id, node)| (id.clone(), needed(node)))
                .collect(),
            checksums: checksums(place)?,
            shipped: BTreeMap::new(),
        };
        crates.walk();
        Ok(crates)
    }

    // What builds something is not in it; what is in one module is in the package, whatever else it builds.
    fn walk(&mut self) {
        let named = |id: &&String| ROOTS.contains(&text(&self.packages[*id], "name"));
        let mut waiting: Vec<(String, bool)> = self
            .packages
            .keys()
            .filter(named)
            .map(|id| (id.clone(), true))
            .collect();
        while let Some((id, ships)) = waiting.pop() {
            let ships = ships && !is_macro(&self.packages[&id]);
            if self.shipped.get(&id).is_some_and(|seen| *seen || !ships) {
                continue;
            }
            self.shipped.insert(id.clone(), ships);
            let needs = self.needs.get(&id).into_iter().flatten();
            waiting.extend(needs.map(|(id, builds)| (id.clone(), ships && !builds)));
        }
    }

    fn reference(&self, id: &str) -> String {
        let package = &self.packages[id];
        format!(
            "pkg:cargo/{}@{}",
            text(package, "name"),
            text(package, "version")
        )
    }

    fn components(&self) -> BTreeMap<String, Value> {
        let component = |(id, ships): (&String, &bool)| {
            let (package, reference) = (&self.packages[id], self.reference(id));
            let (name, version) = (text(package, "name"), text(package, "version"));
            let hash = self.checksums.get(&(name.to_owned(), version.to_owned()));
            let hash = hash.map(|content| ("SHA-256", content.clone()));
            (
                reference.clone(),
                part(
                    &reference,
                    name,
                    version,
                    *ships,
                    text(package, "license"),
                    hash,
                ),
            )
        };
        self.shipped.iter().map(component).collect()
    }

    fn dependencies(&self) -> Vec<Value> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for id in self.shipped.keys() {
            let on = self
                .needs
                .get(id)
                .into_iter()
                .flatten()
                .map(|(id, _)| self.reference(id));
            all.entry(self.reference(id)).or_default().extend(on);
        }
        let roots = self
            .shipped
            .keys()
            .filter(|id| ROOTS.contains(&text(&self.packages[*id], "name")));
        all.insert(
            "org2org-assistant".to_owned(),
            roots.map(|id| self.reference(id)).collect(),
        );
        all.into_iter()
            .map(|(of, on)| json!({ "ref": of, "dependsOn": on }))
            .collect()
    }
}

/// What a node of cargo's graph needs, but for its tests.
fn needed(node: &Value) -> Vec<(String, bool)> {
    let all = node["deps"].as_array().into_iter().flatten();
    let kinds = |one: &Value| -> Vec<Value> {
        let kinds = one["dep_kinds"].as_array().into_iter().flatten();
        kinds
            .map(|kind| kind["kind"].clone())
            .filter(|kind| *kind != "dev")
            .collect()
    };
    all.filter(|one| !kinds(one).is_empty())
        .map(|one| {
            (
                text(one, "pkg").to_owned(),
                kinds(one).iter().all(|kind| *kind == "build"),
            )
        })
        .collect()
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    let mut kinds = targets.flat_map(|target| target["kind"].as_array().into_iter().flatten());
    kinds.any(|kind| kind == "proc-macro")
}

/// Name and version → SHA-256 of the crate as its registry has it.
fn checksums(place: &Place) -> Outcome<BTreeMap<(String, String), String>> {
    let lock = read_text(&place.root.join("Cargo.lock"))?;
    let lock: toml::Table = lock.parse().map_err(|error| unread("Cargo.lock", &error))?;
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let entry = |package: &toml::Value| {
        let text = |name| package.get(name)?.as_str().map(str::to_owned);
        Some(((text("name")?, text("version")?), text("checksum")?))
    };
    Ok(packages.into_iter().flatten().filter_map(entry).collect())
}

fn npm(place: &Place) -> Outcome<BTreeMap<String, Value>> {
    let lock: Value = serde_json::from_slice(&read(&place.root.join("package-lock.json"))?)
        .map_err(|error| unread("package-lock.json", &error))?;
    let packages = lock["packages"].as_object().into_iter().flatten();
    let component = |(path, package): (&String, &Value)| {
        let (_, name) = path.rsplit_once("node_modules/")?;
        let version = text(package, "version");
        let reference = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
        let hash = text(package, "integrity").strip_prefix("sha512-");
        let hash = hash.and_then(|text| BASE64_STANDARD.decode(text).ok());
        let hash = hash.map(|bytes| ("SHA-512", hex(&bytes)));
        let part = part(
            &reference,
            name,
            version,
            false,
            text(package, "license"),
            hash,
        );
        Some((reference, part))
    };
    Ok(packages.filter_map(component).collect())
}

fn part(
    reference: &str,
    name: &str,
    version: &str,
    ships: bool,
    licence: &str,
    hash: Option<(&str, String)>,
) -> Value {
    let mut part = Map::new();
    part.insert("type".to_owned(), json!("library"));
    part.insert("bom-ref".to_owned(), json!(reference));
    part.insert("name".to_owned(), json!(name));
    part.insert("version".to_owned(), json!(version));
    part.insert(
        "scope".to_owned(),
        json!(if ships { "required" } else { "excluded" }),
    );
    if let Some((alg, content)) = hash {
        part.insert(
            "hashes".to_owned(),
            json!([{ "alg": alg, "content": content }]),
        );
    }
    if !licence.is_empty() {
        part.insert("licenses".to_owned(), licences(licence));
    }
    part.insert("purl".to_owned(), json!(reference));
    Value::Object(part)
}

// Older crates write a choice as `MIT/Apache-2.0`, which is no SPDX expression.
fn licences(text: &str) -> Value {
    let text: Vec<&str> = text.split('/').map(str::trim).collect();
    json!([{ "expression": text.join(" OR ") }])
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn unread(what: &str, why: &dyn std::fmt::Display) -> Trouble {
    let remedy = "Restore the lock files from the repository, and make sure that cargo reaches its registry.";
    trouble("no-bill", format!("{what}: {why}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bill_names_what_ships_and_what_only_builds_it() {
        let place = Place::here();
        let text = bill(&place).unwrap();
        assert_eq!(
            text,
            bill(&place).unwrap(),
            "the same locks give the same bytes"
        );
        assert!(
            !text.contains(&*place.root.to_string_lossy()),
            "no path of this machine"
        );
        let bill: Value = serde_json::from_str(&text).unwrap();
        let components = bill["components"].as_array().unwrap();
        let scope = |name: &str| {
            let found = components.iter().find(|one| one["name"] == name);
            found.map(|one| one["scope"].as_str().unwrap().to_owned())
        };
        for (name, expected) in [
            ("sycamore", Some("required")),
            ("serde", Some("required")),
            ("org2org-core", Some("required")),
            ("serde_derive", Some("excluded")),
            ("binaryen", Some("excluded")),
            ("clap", None),
            ("org2org-lab", None),
        ] {
            assert_eq!(scope(name).as_deref(), expected, "{name}");
        }
        for one in components {
            let own = one["name"].as_str().unwrap().starts_with("org2org-");
            assert_eq!(one["hashes"].is_null(), own, "{}", one["name"]);
            let shipped_without = one["scope"] == "required" && one["licenses"].is_null();
            assert!(!shipped_without, "{} states no licence", one["name"]);
        }
    }

    #[test]
    fn every_reference_of_the_bill_leads_to_a_part() {
        let bill: Value = serde_json::from_str(&bill(&Place::here()).unwrap()).unwrap();
        let parts = bill["components"].as_array().unwrap().iter();
        let parts: Vec<&str> = parts.map(|one| one["bom-ref"].as_str().unwrap()).collect();
        let once: BTreeSet<&str> = parts.iter().copied().collect();
        assert_eq!(
            once.len(),
            parts.len(),
            "each part has a reference of its own"
        );
        for one in bill["dependencies"].as_array().unwrap() {
            let own = one["ref"].as_str().unwrap();
            assert!(own == "org2org-assistant" || once.contains(own), "{own}");
            for on in one["dependsOn"].as_array().unwrap() {
                assert!(once.contains(on.as_str().unwrap()), "{own} needs {on}");
            }
        }
    }
}

//! The extension's manifest for each browser, out of the one `manifest.json`.
//!
//! That file holds the members of both. What the other browser warns of or does not know is left out here, and nothing
//! is added but the version.

use crate::pack::read;
use crate::place::Place;
use crate::trouble::{Outcome, trouble};
use serde_json::Value;

/// Whom a package is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// Chrome, Edge and their kin.
    Chromium,
    /// Firefox.
    Firefox,
}

/// What only the other browser understands: members as JSON pointers, and permissions.
struct Foreign {
    members: &'static [&'static str],
    permissions: &'static [&'static str],
}

impl Browser {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// The word for it in the name of an archive.
    pub fn word(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// The folder of its package in `dist/`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Chromium => "extension",
            Self::Firefox => "firefox",
        }
    }

    fn foreign(self) -> Foreign {
        match self {
            Self::Chromium => Foreign {
                members: &[
                    "/background/scripts",
                    "/browser_specific_settings",
                    "/sidebar_action",
                ],
                permissions: &[],
            },
            Self::Firefox => Foreign {
                members: &[
                    "/background/service_worker",
                    "/minimum_chrome_version",
                    "/side_panel",
                ],
                permissions: &["sidePanel"],
            },
        }
    }
}

/// The manifest of a browser's package, with the version of the workspace.
pub fn manifest(place: &Place, browser: Browser) -> Outcome<String> {
    let text = read(&place.root.join("manifest.json"))?;
    let broken = |what: String| {
        let remedy = "Mend the JSON; xtask/src/manifest.rs names what each browser leaves out.";
        trouble("bad-manifest", format!("manifest.json: {what}"), remedy)
    };
    let mut manifest: Value =
        serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    let foreign = browser.foreign();
    for pointer in foreign.members {
        take(&mut manifest, pointer).ok_or_else(|| broken(format!("no member {pointer}")))?;
    }
    if let Some(permissions) = manifest["permissions"].as_array_mut() {
        permissions.retain(|own| !foreign.permissions.iter().any(|other| own == other));
    }
    manifest["version"] = Value::from(env!("CARGO_PKG_VERSION"));
    serde_json::to_string_pretty(&manifest).map_err(|error| broken(error.to_string()))
}

/// Takes a member out of its object.
fn take(value: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    value
        .pointer_mut(parent)?
        .as_object_mut()?
        .shift_remove(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILIES: [&str; 5] = [
        "okta.com",
        "oktapreview.com",
        "okta-emea.com",
        "okta-gov.com",
        "okta.mil",
    ];

    fn of(browser: Browser) -> Value {
        serde_json::from_str(&manifest(&Place::here(), browser).unwrap()).unwrap()
    }

    fn words(manifest: &Value, name: &str) -> Vec<String> {
        let list = manifest[name].as_array().unwrap();
        list.iter()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_manifest_asks_for_no_more_than_the_laws_allow() {
        for browser in Browser::ALL {
            let manifest = of(browser);
            let mut allowed = vec!["activeTab", "scripting", "storage"];
            if browser == Browser::Chromium {
                allowed.push("sidePanel");
            }
            assert_eq!(words(&manifest, "permissions"), allowed);
            let hosts = FAMILIES.map(|family| format!("https://*.{family}/*"));
            assert_eq!(words(&manifest, "optional_host_permissions"), hosts);
            for absent in [
                "host_permissions",
                "optional_permissions",
                "content_scripts",
                "web_accessible_resources",
                "externally_connectable",
            ] {
                assert!(manifest.get(absent).is_none(), "{browser:?}: {absent}");
            }
            assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
            assert_eq!(manifest["incognito"], "not_allowed");
        }
    }

    #[test]
    fn each_browser_gets_its_own_members_and_the_rest_is_the_same() {
        let [chromium, firefox] = Browser::ALL.map(of);
        assert_eq!(
            chromium["background"],
            serde_json::json!({ "service_worker": "background.js" })
        );
        assert_eq!(
            firefox["background"],
            serde_json::json!({ "scripts": ["background.js"] })
        );
        assert_eq!(
            chromium["side_panel"]["default_path"],
            firefox["sidebar_action"]["default_panel"]
        );
        let gecko = &firefox["browser_specific_settings"]["gecko"];
        assert_eq!(
            gecko["data_collection_permissions"]["required"],
            serde_json::json!(["none"])
        );
        let own = [
            "background",
            "browser_specific_settings",
            "minimum_chrome_version",
            "permissions",
            "side_panel",
            "sidebar_action",
        ];
        let shared = |manifest: &Value| {
            let mut rest = manifest.as_object().unwrap().clone();
            rest.retain(|name, _| !own.contains(&name.as_str()));
            rest
        };
        assert_eq!(shared(&chromium), shared(&firefox));
    }
}

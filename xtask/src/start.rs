//! `cargo xtask start`: the product in a browser, against simulated orgs or real ones.

use crate::family::Family;
use crate::greeting::Greeting;
use crate::options::StartOptions;
use crate::place::{Place, is_root, run};
use crate::trouble::{Outcome, trouble};
use crate::{pack, setup};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const LAB: &str = "the lab";
const CHROMIUM: &str = "Chromium";
/// The families of Okta's host names; every name in them goes to the lab while it is tried.
const FAMILIES: &[&str] = &[
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
];
const CALM: &[&str] = &[
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
];

/// Starts everything, says what to click, and ends everything with Ctrl-C or when the browser is closed.
pub fn start(place: &Place, options: &StartOptions) -> Outcome<()> {
    // Asked first: nobody should wait for a build to be told that there is nothing to open.
    let chromium = match options.headless {
        true => None,
        false => Some(display().and_then(|()| setup::chromium(place))?),
    };
    pack::build(place, false)?;
    let family = Family::until_signal()?;
    let greeting = if options.no_lab {
        None
    } else {
        Some(start_lab(place, &family, options.port)?)
    };
    let profile = Profile::fresh(place)?;
    let flags = flags(place, greeting.as_ref(), &profile.folder);
    match chromium {
        None => println!("{}", headless_words(greeting.as_ref(), &flags)),
        Some(program) => {
            start_chromium(place, &family, &program, &flags)?;
            println!("{}", click_words(greeting.as_ref()));
        }
    }
    let ended = family.wait();
    println!("\nending what was started");
    family.end();
    match ended {
        Some((LAB, status)) => Err(trouble(
            "lab-ended",
            format!("the lab ended by itself: {status}"),
            "Its own words stand above; mend that, then start again.",
        )),
        Some((_, status)) if !status.success() => Err(trouble(
            "chromium-ended",
            format!("Chromium ended with {status}"),
            format!("Its own words are in {}.", chromium_log(place).display()),
        )),
        _ => Ok(()),
    }
}

fn chromium_log(place: &Place) -> PathBuf {
    place.target.join("start/chromium.log")
}

fn display() -> Outcome<()> {
    let there = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if there || cfg!(target_os = "macos") {
        return Ok(());
    }
    let remedy = "Use `cargo xtask start --headless` here, or run this in a desktop session (or under `xvfb-run`).";
    Err(trouble(
        "no-display",
        "there is no screen: DISPLAY and WAYLAND_DISPLAY are not set",
        remedy,
    ))
}

fn start_lab(place: &Place, family: &Family, port: u16) -> Outcome<Greeting> {
    run(
        place.cargo(&["build", "--package", "org2org-lab"]),
        "no-lab",
        "Mend what the compiler names above.",
    )?;
    let port = port.to_string();
    let words = ["--port", &port, "--seed", "1", "--format", "json"];
    let mut command = place.command(place.target.join("debug/org2org-lab"), &words);
    command.stdout(Stdio::piped());
    let stdout = family
        .start(LAB, command)?
        .expect("standard output is piped");
    Greeting::read(stdout)
}

fn start_chromium(place: &Place, family: &Family, program: &Path, flags: &[String]) -> Outcome<()> {
    let log = chromium_log(place);
    let failed = |error| {
        trouble(
            "no-log",
            format!("{}: {error}", log.display()),
            "Make the folder writable.",
        )
    };
    let file = File::create(&log).map_err(failed)?;
    let also = file.try_clone().map_err(failed)?;
    let mut command = Command::new(program);
    command.args(flags).stdout(file).stderr(also);
    family.start(CHROMIUM, command).map(|_| ())
}

/// Chromium's flags and the tabs to open.
fn flags(place: &Place, greeting: Option<&Greeting>, profile: &Path) -> Vec<String> {
    let extension = place.dist("extension");
    let mut flags: Vec<String> = CALM.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", profile.display()));
    flags.push(format!("--load-extension={}", extension.display()));
    if is_root() {
        flags.push("--no-sandbox".to_owned());
    }
    if let Some(greeting) = greeting {
        let rule = |family: &&str| format!("MAP *.{family}:443 127.0.0.1:{}", greeting.port);
        flags.push(format!(
            "--host-resolver-rules={}",
            FAMILIES.iter().map(rule).collect::<Vec<_>>().join(", ")
        ));
        flags.push("--ignore-certificate-errors".to_owned());
        flags.extend(greeting.consoles());
    }
    flags
}

fn headless_words(greeting: Option<&Greeting>, flags: &[String]) -> String {
    let orgs = greeting.map(Greeting::lines).unwrap_or_default();
    let quoted: Vec<String> = flags.iter().map(|flag| quote(flag)).collect();
    format!(
        "{orgs}\nTo look at it, on this machine:\n  chromium {}\n\nCtrl-C ends the lab.",
        quoted.join(" ")
    )
}

fn click_words(greeting: Option<&Greeting>) -> String {
    let Some(greeting) = greeting else {
        return "\
Chromium is open with the extension; no lab is running.
  1. Sign in to the Admin Console of your source org in one tab and of your target org in another.
  2. Click the puzzle piece beside the address bar, then Org2Org Assistant.
  3. Open the panel and pair the two orgs. Nothing is written without a plan shown and your yes.
Ctrl-C, or closing Chromium, ends everything."
            .to_owned();
    };
    format!(
        "{}
Chromium is open with the extension; both consoles are signed in.
  1. Click the puzzle piece beside the address bar, then Org2Org Assistant.
  2. Open the panel, pair source and target, and look at the plan.
  3. Say yes and watch the steps being proven; then sign in as a user of the source org and click the bookmark.
Ctrl-C, or closing Chromium, ends everything.",
        greeting.lines()
    )
}

/// A word as a shell takes it.
fn quote(word: &str) -> String {
    let plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_=./:,@%+".contains(c));
    if plain {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A browser profile that is gone afterwards.
struct Profile {
    folder: PathBuf,
}

impl Profile {
    fn fresh(place: &Place) -> Outcome<Self> {
        let folder = place
            .target
            .join("start")
            .join(format!("profile-{}", std::process::id()));
        let failed = |error| {
            trouble(
                "no-profile",
                format!("{}: {error}", folder.display()),
                "Make the folder writable.",
            )
        };
        fs::create_dir_all(&folder).map_err(failed)?;
        Ok(Self { folder })
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_orgs_are_reached_as_they_are() {
        let flags = flags(&Place::here(), None, Path::new("profile"));
        assert!(
            !flags
                .iter()
                .any(|flag| flag.contains("resolver") || flag.contains("certificate"))
        );
        assert!(
            flags
                .iter()
                .any(|flag| flag.starts_with("--load-extension="))
        );
    }

    #[test]
    fn the_printed_command_survives_a_shell() {
        assert_eq!(
            quote("--a=MAP *.okta.com:443 127.0.0.1:1"),
            "'--a=MAP *.okta.com:443 127.0.0.1:1'"
        );
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote("--no-first-run"), "--no-first-run");
    }
}

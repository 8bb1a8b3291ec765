//! The stages of `cargo xtask test`, in the order in which they fail fastest.

use crate::family::Family;
use crate::options::TestOptions;
use crate::place::Place;
use crate::tally::Tally;
use crate::trouble::{Outcome, trouble};
use crate::{again, browsers, exchanges, package, setup, sizes};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a stage may use.
pub struct Bench<'a> {
    /// The checkout.
    pub place: &'a Place,
    /// What the person asked for.
    pub options: &'a TestOptions,
    /// Ends what a stage started when the person stops it.
    pub family: &'a Family,
}

/// How a stage ended.
pub struct Ended {
    /// Its checks.
    pub tally: Tally,
    /// Why something was left out or failed as a whole; empty when there is nothing to say.
    pub note: String,
}

/// One stage.
pub struct Stage {
    /// Name for `--only` and the table.
    pub name: &'static str,
    /// Runs it.
    pub run: fn(&Bench) -> Outcome<Ended>,
}

/// Every stage. `package` stands before `journeys` and `sizes`, which look at what it wrote; `conformance` after all
/// that speak with a lab.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "format",
        run: format,
    },
    Stage {
        name: "clippy",
        run: clippy,
    },
    Stage {
        name: "clippy-wasm",
        run: clippy_wasm,
    },
    Stage {
        name: "native",
        run: native,
    },
    Stage {
        name: "node",
        run: node,
    },
    Stage {
        name: "wasm",
        run: wasm,
    },
    Stage {
        name: "package",
        run: package,
    },
    Stage {
        name: "web-ext",
        run: browsers::web_ext,
    },
    Stage {
        name: "journeys",
        run: browsers::journeys,
    },
    Stage {
        name: "lighthouse",
        run: browsers::lighthouse,
    },
    Stage {
        name: "conformance",
        run: conformance,
    },
    Stage {
        name: "recorded",
        run: recorded,
    },
    Stage {
        name: "fuzz",
        run: fuzz,
    },
    Stage {
        name: "sizes",
        run: weigh,
    },
    Stage {
        name: "again",
        run: again::again,
    },
];

const WASM_CRATES: &[&str] = &[
    "--package=org2org-ui",
    "--package=org2org-extension",
    "--package=org2org-www",
];
const WASM: &[&str] = &["--target", "wasm32-unknown-unknown"];
const STRICT: &[&str] = &["--", "-D", "warnings"];

fn format(bench: &Bench) -> Outcome<Ended> {
    single(
        bench,
        bench.place.cargo(&["fmt", "--all", "--check"]),
        "run `cargo fmt --all`",
    )
}

// Tests and lints take the whole workspace each time: another choice of crates would unite other features and compile again.
fn clippy(bench: &Bench) -> Outcome<Ended> {
    let words = [&["clippy", "--workspace", "--all-targets"], STRICT].concat();
    single(bench, bench.place.cargo(&words), "mend the warnings above")
}

fn clippy_wasm(bench: &Bench) -> Outcome<Ended> {
    setup::wasm_target(bench.place)?;
    let words = [&["clippy", "--all-targets"], WASM, WASM_CRATES, STRICT].concat();
    single(bench, bench.place.cargo(&words), "mend the warnings above")
}

fn native(bench: &Bench) -> Outcome<Ended> {
    let mut command = bench
        .place
        .cargo(&["test", "--workspace", "--no-fail-fast"]);
    if bench.options.deep {
        // Sweeps take many times as long as what it costs to compile everything for them.
        command.args(["--profile", "sweep"]);
    }
    many(bench, command)
}

/// Clients and verifiers of other authors against the lab, under Node's own test runner.
fn node(bench: &Bench) -> Outcome<Ended> {
    setup::npm_packages(bench.place)?;
    let lab = built_lab(bench.place)?;
    // As with the journeys: a file mostly waits for calls that are paced, so two go together.
    let words = [
        "--test",
        "--test-concurrency=2",
        "--test-reporter=spec",
        // Several times what the longest takes: one that hangs fails, and the others are still run.
        "--test-timeout=600000",
    ];
    let mut command = bench.place.command("node", &words);
    // Versions of Node differ in what a folder means here; they agree on files.
    command
        .args(node_tests(bench.place)?)
        .env("ORG2ORG_LAB", lab);
    many(bench, command)
}

fn node_tests(place: &Place) -> Outcome<Vec<String>> {
    let folder = place.root.join("tests/node");
    let unreadable = |error| {
        let remedy = "Restore it from the repository.";
        trouble("no-node-tests", format!("tests/node: {error}"), remedy)
    };
    let names = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut names: Vec<String> = names
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("tests/node/{name}"))
        .collect();
    names.sort();
    Ok(names)
}

fn wasm(bench: &Bench) -> Outcome<Ended> {
    let place = bench.place;
    setup::for_building(place)?;
    setup::chromium(place)?;
    let driver = setup::chromedriver(place)?;
    let words = [
        &["test", "--no-fail-fast", "--lib", "--tests"],
        WASM,
        WASM_CRATES,
    ]
    .concat();
    let mut command = place.cargo(&words);
    let runner = place.tools().join("bin/wasm-bindgen-test-runner");
    command
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver);
    command.env(
        "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
        place.root.join("xtask/webdriver.json"),
    );
    command.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    many(bench, command)
}

fn package(bench: &Bench) -> Outcome<Ended> {
    package::package(bench.place)?;
    Ok(Ended {
        tally: Tally::one(true),
        note: String::new(),
    })
}

/// The lab's program, built.
pub(crate) fn built_lab(place: &Place) -> Outcome<PathBuf> {
    // With the tests in the choice, cargo unites the same features as `cargo test` did and only links the programs.
    let words = ["build", "--workspace", "--bins", "--tests"];
    crate::place::run(
        place.cargo(&words),
        "no-lab",
        "Mend what the compiler names above.",
    )?;
    Ok(place.target.join("debug/org2org-lab"))
}

// An explanation that nothing needs is told by a whole run only: a part of one exchanges less.
fn conformance(bench: &Bench) -> Outcome<Ended> {
    let Some(document) = exchanges::beside(bench.place, "openapi.json") else {
        return Ok(left_out(
            "no ../shared/okta/openapi.json; see README for Okta's own document",
        ));
    };
    if !exchanges::is_recorded(bench.place) {
        return Ok(left_out(
            "nothing was exchanged; run the stages `native` and `journeys` first",
        ));
    }
    let folder = exchanges::folder(bench.place).display().to_string();
    let mut words = vec!["--spec".to_owned(), document.display().to_string(), folder];
    if exchanges::is_whole(bench.place) {
        words.push(exchanges::FULL.to_owned());
    } else {
        let sources = exchanges::SOURCES.join(", ");
        println!(
            "explanations that nothing needs are not looked for: not all of {sources} ended well"
        );
    }
    many(
        bench,
        exchanges::checker(bench.place, "conformance", &words),
    )
}

fn recorded(bench: &Bench) -> Outcome<Ended> {
    let Some(folder) = exchanges::beside(bench.place, "recorded") else {
        return Ok(left_out("no ../shared/okta/recorded"));
    };
    let words = [exchanges::FULL.to_owned(), folder.display().to_string()];
    many(bench, exchanges::checker(bench.place, "recorded", &words))
}

// Ten minutes in the long run, one when asked for by name; the native tests hold a short sample of their own.
fn fuzz(bench: &Bench) -> Outcome<Ended> {
    let named = bench.options.only.is_some();
    if !bench.options.deep && !named {
        return Ok(left_out("ten minutes: `--deep` has it, `--only fuzz` one"));
    }
    let Some(document) = exchanges::beside(bench.place, "openapi.json") else {
        return Ok(left_out("no ../shared/okta/openapi.json"));
    };
    let program = match setup::schemathesis(bench.place) {
        Ok(program) => program,
        Err(trouble) => {
            eprintln!("{trouble}");
            return Ok(left_out(&format!("{} [{}]", trouble.what, trouble.code)));
        }
    };
    setup::npm_packages(bench.place)?;
    let lab = built_lab(bench.place)?;
    let seconds = if bench.options.deep { "600" } else { "60" };
    let mut command = bench.place.command("node", &["tests/node/fuzz.mjs"]);
    command.arg(program).arg(document).arg(seconds);
    // What a fuzzer sends is nothing to hold against the document.
    command
        .env("ORG2ORG_LAB", lab)
        .env_remove(exchanges::FOLDER);
    many(bench, command)
}

pub(crate) fn left_out(why: &str) -> Ended {
    println!("left out: {why}");
    Ended {
        tally: Tally::skip(),
        note: why.to_owned(),
    }
}

fn weigh(bench: &Bench) -> Outcome<Ended> {
    for line in sizes::report(bench.place)? {
        println!("{line}");
    }
    let over = sizes::over_budget(bench.place)?;
    Ok(Ended {
        tally: Tally::one(over.is_empty()),
        note: over.join("; "),
    })
}

/// A command that is one check.
fn single(bench: &Bench, command: Command, remedy: &str) -> Outcome<Ended> {
    let passed = stream(bench, command, |_| ())?;
    Ok(Ended {
        tally: Tally::one(passed),
        note: if passed {
            String::new()
        } else {
            remedy.to_owned()
        },
    })
}

/// A command that counts its own checks; one that fails without counting, or counts nothing, is a failed check.
pub(crate) fn many(bench: &Bench, command: Command) -> Outcome<Ended> {
    let mut tally = Tally::default();
    let passed = stream(bench, command, |line| {
        tally += Tally::read(line).unwrap_or_default()
    })?;
    let note = match (passed, tally == Tally::default()) {
        (true, true) => "no test ran",
        (false, _) if tally.failed == 0 => "ended with an error outside its tests",
        _ => "",
    };
    tally.failed += usize::from(!note.is_empty());
    Ok(Ended {
        tally,
        note: note.to_owned(),
    })
}

/// Runs a command, shows its lines as they come, and tells whether it succeeded.
pub(crate) fn stream(
    bench: &Bench,
    mut command: Command,
    mut each: impl FnMut(&str),
) -> Outcome<bool> {
    if bench.options.deep {
        command.env("ORG2ORG_DEEP", "1");
    }
    let checks = command
        .get_envs()
        .any(|(name, value)| name == exchanges::FOLDER && value.is_none());
    if !checks {
        command.env(exchanges::FOLDER, exchanges::folder(bench.place));
    }
    command.stdout(Stdio::piped());
    println!("$ {}", crate::place::show(&command));
    let stdout = bench
        .family
        .start("stage", command)?
        .expect("standard output is piped");
    let mut lines = BufReader::new(stdout);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).unwrap_or(0) > 0 {
        let _ = std::io::stdout().write_all(&line);
        each(&String::from_utf8_lossy(&line));
        line.clear();
    }
    match bench.family.wait_for("stage") {
        Some(status) => Ok(status.success()),
        None => Err(trouble(
            "stopped",
            "stopped before it ended",
            "Run it again.",
        )),
    }
}

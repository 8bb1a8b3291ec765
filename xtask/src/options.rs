//! The words of the command line.

use crate::trouble::{Outcome, trouble};

/// Shown on `--help` and after a word that is not understood.
pub const USAGE: &str = "\
cargo xtask start [--headless] [--no-lab] [--port N]
    Builds the extension and the page, starts the lab and opens Chromium with both consoles signed in.
    --headless   starts the lab alone and prints its addresses
    --no-lab     loads the extension alone, for real orgs
    --port N     port of the lab on 127.0.0.1 (default: a free one)
cargo xtask test [--deep] [--only NAME]
    Runs every check; the last line is `N passed, N failed`.
    --deep       longer sweeps (sets ORG2ORG_DEEP=1)
    --only NAME  one stage, or one browser journey as journeys/NAME
cargo xtask conformance --spec FILE [--spec FILE]… [--full] [RECORDING]…
    Holds what the lab answered and the product sent against Okta's published document (JSON or YAML).
    --full       after a whole test run: an explanation that nothing needs is a failure too
    RECORDING    a file or folder of exchanges (default: what the last test run exchanged)
cargo xtask recorded DIR
    Reads a folder of recorded exchanges with the product's types, and lets the lab answer the same requests.
cargo xtask bench users [--rounds N] [ROWS]…
    Times the users tools beside other readers of CSV, on files it makes (default: 10000, 1000000 and 5000000 rows).
    --rounds N   rounds of all, of which the median counts (default 7)
cargo xtask bench panel [--rounds N] [--beside FOLDER PAGE]
    Times how soon the panel is ready, beside an empty page of an extension.
    --beside     another unpacked extension, and its page to open
cargo xtask build [--dev]
    Writes dist/extension, dist/firefox and dist/www.
    --dev        fast and large: no optimisation
cargo xtask package
    Builds, then writes dist/packages: an archive for Chromium, one for Firefox, the sources, their bill of materials
    and SHA256SUMS. The same sources give the same bytes in any folder, for any person, on any day.";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Time the users tools.
    Bench(BenchOptions),
    /// Time how soon the panel is ready.
    BenchPanel {
        /// Rounds of all contestants.
        rounds: usize,
        /// Folder of another extension, and its page.
        beside: Vec<String>,
    },
    /// Write `dist/`.
    Build {
        /// Unoptimised.
        dev: bool,
    },
    /// Hold recordings against documents: the words for the checker.
    Conformance(Vec<String>),
    /// Print the usage.
    Help,
    /// Write the archives.
    Package,
    /// Read and replay this folder of exchanges.
    Recorded(String),
    /// Try it by hand.
    Start(StartOptions),
    /// Check it.
    Test(TestOptions),
}

/// What to time.
#[derive(Debug, PartialEq, Eq)]
pub struct BenchOptions {
    /// Rounds of all contestants.
    pub rounds: usize,
    /// Rows of the files.
    pub rows: Vec<usize>,
}

/// How to start.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct StartOptions {
    /// No browser; addresses are printed.
    pub headless: bool,
    /// No lab; the extension is loaded for real orgs.
    pub no_lab: bool,
    /// Port of the lab; 0 lets the system choose.
    pub port: u16,
}

/// What to test.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TestOptions {
    /// Longer sweeps.
    pub deep: bool,
    /// One stage, or `journeys/` and part of a story's name.
    pub only: Option<String>,
}

/// Reads the words after `cargo xtask`.
pub fn read(words: &[String]) -> Outcome<Command> {
    let mut words = words.iter().map(String::as_str);
    match words.next() {
        Some("bench") => read_bench(words),
        Some("build") => read_build(words),
        Some("conformance") => read_conformance(words),
        Some("package") => match words.next() {
            None => Ok(Command::Package),
            Some("--help") => Ok(Command::Help),
            Some(word) => Err(unknown(word)),
        },
        Some("recorded") => match (words.next(), words.next()) {
            (Some(folder), None) => Ok(Command::Recorded(folder.to_owned())),
            _ => Err(trouble(
                "usage",
                "`recorded` needs one folder",
                "Name the folder that holds the exchanges.",
            )),
        },
        Some("start") => read_start(words),
        Some("test") => read_test(words),
        None | Some("help" | "--help" | "-h") => Ok(Command::Help),
        Some(word) => Err(unknown(word)),
    }
}

fn read_bench<'a>(mut words: impl Iterator<Item = &'a str>) -> Outcome<Command> {
    let number = |word: Option<&str>| {
        let seen = word.unwrap_or("nothing");
        let number = seen.parse().ok().filter(|number: &usize| *number > 0);
        number.ok_or_else(|| {
            let what = format!("a number above 0 is needed, not {seen:?}");
            trouble("usage", what, "Give rounds and rows in digits.")
        })
    };
    let mut options = BenchOptions {
        rounds: 7,
        rows: Vec::new(),
    };
    let panel = match words.next() {
        Some("users") => false,
        Some("panel") => true,
        Some("--help") => return Ok(Command::Help),
        word => return Err(unknown(word.unwrap_or("bench"))),
    };
    let mut beside = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--help" => return Ok(Command::Help),
            "--rounds" => options.rounds = number(words.next())?,
            "--beside" if panel => match (words.next(), words.next()) {
                (Some(folder), Some(page)) => beside = vec![folder.to_owned(), page.to_owned()],
                _ => return Err(unknown("--beside")),
            },
            word if panel => return Err(unknown(word)),
            word => options.rows.push(number(Some(word))?),
        }
    }
    if panel {
        let rounds = options.rounds;
        return Ok(Command::BenchPanel { rounds, beside });
    }
    if options.rows.is_empty() {
        options.rows = vec![10_000, 1_000_000, 5_000_000];
    }
    Ok(Command::Bench(options))
}

fn read_build<'a>(words: impl Iterator<Item = &'a str>) -> Outcome<Command> {
    let mut dev = false;
    for word in words {
        match word {
            "--dev" => dev = true,
            "--help" => return Ok(Command::Help),
            _ => return Err(unknown(word)),
        }
    }
    Ok(Command::Build { dev })
}

fn read_conformance<'a>(words: impl Iterator<Item = &'a str>) -> Outcome<Command> {
    let words: Vec<String> = words.map(str::to_owned).collect();
    if words.iter().any(|word| word == "--help") {
        return Ok(Command::Help);
    }
    if words.iter().any(|word| word == "--spec") {
        return Ok(Command::Conformance(words));
    }
    Err(trouble(
        "usage",
        "`conformance` needs `--spec` and a document",
        "Okta publishes it in its repository okta-management-openapi-spec; take the management and the OAuth file.",
    ))
}

fn read_start<'a>(mut words: impl Iterator<Item = &'a str>) -> Outcome<Command> {
    let mut options = StartOptions::default();
    while let Some(word) = words.next() {
        match word {
            "--headless" => options.headless = true,
            "--no-lab" => options.no_lab = true,
            "--port" => options.port = port(words.next())?,
            "--help" => return Ok(Command::Help),
            _ => return Err(unknown(word)),
        }
    }
    if options.headless && options.no_lab {
        let what =
            "`--headless` shows the lab and `--no-lab` leaves it out, so nothing is left to do";
        return Err(trouble("usage", what, "Give one of the two."));
    }
    Ok(Command::Start(options))
}

fn read_test<'a>(mut words: impl Iterator<Item = &'a str>) -> Outcome<Command> {
    let mut options = TestOptions::default();
    while let Some(word) = words.next() {
        match word {
            "--deep" => options.deep = true,
            "--only" => options.only = Some(name(words.next())?),
            "--help" => return Ok(Command::Help),
            _ => return Err(unknown(word)),
        }
    }
    Ok(Command::Test(options))
}

fn port(word: Option<&str>) -> Outcome<u16> {
    let seen = word.unwrap_or("nothing");
    seen.parse().map_err(|_| {
        let what = format!("`--port` needs a number from 0 to 65535, not {seen:?}");
        trouble("usage", what, "Leave it out to have a free port chosen.")
    })
}

fn name(word: Option<&str>) -> Outcome<String> {
    let missing = || {
        trouble(
            "usage",
            "`--only` needs a name",
            "Name a stage, or journeys/NAME.",
        )
    };
    word.map(str::to_owned).ok_or_else(missing)
}

fn unknown(word: &str) -> crate::trouble::Trouble {
    trouble(
        "usage",
        format!("{word:?} is not understood"),
        "Use one of the forms below.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Outcome<Command> {
        read(
            &line
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn every_documented_form_is_understood() {
        let bench = BenchOptions {
            rounds: 3,
            rows: vec![10_000],
        };
        let words_of_bench = words("bench users --rounds 3 10000").unwrap();
        assert_eq!(words_of_bench, Command::Bench(bench));
        let bench = Command::BenchPanel {
            rounds: 7,
            beside: vec!["other".to_owned(), "panel.html".to_owned()],
        };
        assert_eq!(
            words("bench panel --beside other panel.html").unwrap(),
            bench
        );
        assert_eq!(words("build --dev").unwrap(), Command::Build { dev: true });
        let start = StartOptions {
            headless: true,
            no_lab: false,
            port: 8443,
        };
        assert_eq!(
            words("start --headless --port 8443").unwrap(),
            Command::Start(start)
        );
        let test = TestOptions {
            deep: true,
            only: Some("journeys/pair".to_owned()),
        };
        assert_eq!(
            words("test --deep --only journeys/pair").unwrap(),
            Command::Test(test)
        );
        let given = ["--spec", "okta.yaml", "exchanges"].map(str::to_owned);
        assert_eq!(
            words("conformance --spec okta.yaml exchanges").unwrap(),
            Command::Conformance(given.to_vec())
        );
        let folder = Command::Recorded("exchanges".to_owned());
        assert_eq!(words("recorded exchanges").unwrap(), folder);
        assert_eq!(words("package").unwrap(), Command::Package);
        assert_eq!(words("").unwrap(), Command::Help);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for line in [
            "tset",
            "bench",
            "bench users 0",
            "bench panel 7",
            "bench panel --beside other",
            "build --fast",
            "package chromium",
            "start --port",
            "start --port 99999",
            "test --only",
            "conformance okta.yaml",
            "recorded",
        ] {
            let said = words(line).unwrap_err();
            assert_eq!(said.code, "usage", "{line}");
            assert!(!said.remedy.is_empty());
        }
        assert!(words("tset").unwrap_err().what.contains("tset"));
        assert!(words("start --headless --no-lab").is_err());
    }
}

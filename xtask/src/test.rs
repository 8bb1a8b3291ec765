//! `cargo xtask test`: every stage, whatever the ones before it said, then one line that counts.

use crate::exchanges;
use crate::family::Family;
use crate::options::TestOptions;
use crate::place::Place;
use crate::stages::{Bench, Ended, STAGES, Stage};
use crate::tally::Tally;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// One line of the closing table.
struct Row {
    name: &'static str,
    ended: Ended,
    took: Duration,
}

/// Runs the stages and prints the table; the last line is `N passed, N failed`.
pub fn test(place: &Place, options: &TestOptions) -> ExitCode {
    let family = match Family::until_signal() {
        Ok(family) => family,
        Err(trouble) => {
            eprintln!("{trouble}");
            return ExitCode::FAILURE;
        }
    };
    let chosen = choose(options.only.as_deref());
    if chosen.is_empty() {
        let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        eprintln!(
            "error[usage]: no stage has that name\n  next: Choose one of {}, or journeys/NAME.",
            names.join(", ")
        );
        return ExitCode::from(2);
    }
    if options.only.is_none()
        && let Err(trouble) = exchanges::start_anew(place)
    {
        eprintln!("{trouble}");
        return ExitCode::FAILURE;
    }
    end_on_signal(&family);
    let bench = Bench {
        place,
        options,
        family: &family,
    };
    let mut rows = Vec::new();
    for stage in chosen {
        rows.push(run(&bench, stage));
        if exchanges::SOURCES.contains(&stage.name)
            && is_recorded_whole(&rows)
            && let Err(trouble) = exchanges::mark_whole(place)
        {
            eprintln!("{trouble}");
        }
    }
    let sum = summary(&rows);
    println!("{}", sum.words());
    if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn choose(only: Option<&str>) -> Vec<&'static Stage> {
    let wanted = only.map(|name| name.split('/').next().unwrap_or(name));
    STAGES
        .iter()
        .filter(|stage| wanted.is_none_or(|name| name == stage.name))
        .collect()
}

fn is_recorded_whole(rows: &[Row]) -> bool {
    exchanges::SOURCES.iter().all(|source| {
        let row = rows.iter().find(|row| row.name == *source);
        row.is_some_and(|row| row.ended.tally.failed == 0 && row.ended.tally.passed > 0)
    })
}

fn end_on_signal(family: &Family) {
    let family = family.clone();
    std::thread::spawn(move || {
        while !family.is_stopped() {
            std::thread::sleep(Duration::from_millis(100));
        }
        family.end();
    });
}

fn run(bench: &Bench, stage: &Stage) -> Row {
    let since = Instant::now();
    if bench.family.is_stopped() {
        let ended = Ended {
            tally: Tally::skip(),
            note: "stopped by you".to_owned(),
        };
        return Row {
            name: stage.name,
            ended,
            took: Duration::ZERO,
        };
    }
    println!("\n== {} ==", stage.name);
    let ended = (stage.run)(bench).unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        Ended {
            tally: Tally::one(false),
            note: format!("{} [{}]", trouble.what, trouble.code),
        }
    });
    Row {
        name: stage.name,
        ended,
        took: since.elapsed(),
    }
}

fn summary(rows: &[Row]) -> Tally {
    let mut sum = Tally::default();
    println!(
        "\n{:<12} {:>7} {:>7} {:>7} {:>8}",
        "stage", "passed", "failed", "skipped", "seconds"
    );
    for Row { name, ended, took } in rows {
        let Tally {
            passed,
            failed,
            skipped,
        } = ended.tally;
        let line = format!(
            "{name:<12} {passed:>7} {failed:>7} {skipped:>7} {:>8.1}  {}",
            took.as_secs_f32(),
            ended.note
        );
        println!("{}", line.trim_end());
        sum += ended.tally;
    }
    println!();
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_or_a_journey_may_be_chosen() {
        assert_eq!(choose(None).len(), STAGES.len());
        assert_eq!(choose(Some("sizes"))[0].name, "sizes");
        assert_eq!(choose(Some("journeys/pair"))[0].name, "journeys");
        assert!(choose(Some("nothing")).is_empty());
    }

    #[test]
    fn a_run_is_recorded_whole_when_all_that_record_ended_well() {
        let row = |name: &'static str, tally: Tally| Row {
            name,
            ended: Ended {
                tally,
                note: String::new(),
            },
            took: Duration::ZERO,
        };
        let good = || Tally::one(true);
        let mut rows: Vec<Row> = exchanges::SOURCES
            .iter()
            .map(|name| row(name, good()))
            .collect();
        assert!(is_recorded_whole(&rows));
        rows.push(row("sizes", Tally::one(false)));
        assert!(is_recorded_whole(&rows), "sizes records nothing");
        for (at, name) in exchanges::SOURCES.iter().enumerate() {
            assert!(STAGES.iter().any(|stage| stage.name == *name), "{name}");
            for tally in [Tally::one(false), Tally::skip(), Tally::default()] {
                rows[at].ended.tally = tally;
                assert!(!is_recorded_whole(&rows), "{name}: {tally:?}");
            }
            rows[at].ended.tally = good();
        }
        rows.remove(0);
        assert!(!is_recorded_whole(&rows), "one stage was not chosen");
    }
}

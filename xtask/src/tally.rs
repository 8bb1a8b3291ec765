//! Counting what passed and failed, from what test programs print.

use std::ops::AddAssign;

/// Checks of one stage or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Checks that passed.
    pub passed: usize,
    /// Checks that failed.
    pub failed: usize,
    /// Checks left out.
    pub skipped: usize,
}

impl Tally {
    /// One check with this end.
    pub fn one(passed: bool) -> Self {
        Self {
            passed: usize::from(passed),
            failed: usize::from(!passed),
            skipped: 0,
        }
    }

    /// Nothing but one check left out.
    pub fn skip() -> Self {
        Self {
            skipped: 1,
            ..Self::default()
        }
    }

    /// Counts a summary line of Rust's test harness (native, doc, wasm), of the browser journeys, of a checker, of the fuzzer, of
    /// Lighthouse, or of Node's test runner, which gives each count a line.
    pub fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if let Some(count) = line.strip_prefix("ℹ ") {
            return Self::of_node(count);
        }
        let names = [
            "test result: ",
            "journeys: ",
            "conformance: ",
            "recorded: ",
            "fuzz: ",
            "lighthouse: ",
        ];
        let counts = names.iter().find_map(|name| line.strip_prefix(name))?;
        let before = |word: &str| count_before(counts, word);
        let skipped = before("ignored").or_else(|| before("skipped")).unwrap_or(0);
        Some(Self {
            passed: before("passed")?,
            failed: before("failed")?,
            skipped,
        })
    }

    fn of_node(count: &str) -> Option<Self> {
        let (name, number) = count.split_once(' ')?;
        let number = number.parse().ok()?;
        let none = Self::default();
        match name {
            "pass" => Some(Self {
                passed: number,
                ..none
            }),
            "fail" | "cancelled" => Some(Self {
                failed: number,
                ..none
            }),
            "skipped" | "todo" => Some(Self {
                skipped: number,
                ..none
            }),
            _ => None,
        }
    }

    /// The closing words; the last line of the test command.
    pub fn words(self) -> String {
        let tail = if self.skipped > 0 {
            format!(", {} skipped", self.skipped)
        } else {
            String::new()
        };
        format!("{} passed, {} failed{tail}", self.passed, self.failed)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

fn count_before(text: &str, word: &str) -> Option<usize> {
    let words: Vec<&str> = text
        .split([' ', ';', ',', '.'])
        .filter(|part| !part.is_empty())
        .collect();
    words.windows(2).find(|pair| pair[1] == word)?[0]
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_lines_are_counted() {
        let rust = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(
            Tally::read(rust),
            Some(Tally {
                passed: 12,
                failed: 3,
                skipped: 1
            })
        );
        assert_eq!(
            Tally::read("journeys: 4 passed, 0 failed"),
            Some(Tally {
                passed: 4,
                failed: 0,
                skipped: 0
            })
        );
        assert_eq!(Tally::read("test a ... ok"), None);
    }

    #[test]
    fn the_lines_of_node_are_counted() {
        let lines = "ℹ tests 9\nℹ suites 2\nℹ pass 4\nℹ fail 2\nℹ cancelled 1\nℹ skipped 1\nℹ todo 1\nℹ duration_ms 12.5";
        let mut sum = Tally::default();
        for line in lines.lines() {
            sum += Tally::read(line).unwrap_or_default();
        }
        assert_eq!(sum.words(), "4 passed, 3 failed, 2 skipped");
    }

    #[test]
    fn the_last_line_has_its_form() {
        assert_eq!(
            Tally {
                passed: 7,
                failed: 0,
                skipped: 0
            }
            .words(),
            "7 passed, 0 failed"
        );
        assert_eq!(
            Tally {
                passed: 7,
                failed: 1,
                skipped: 2
            }
            .words(),
            "7 passed, 1 failed, 2 skipped"
        );
    }
}

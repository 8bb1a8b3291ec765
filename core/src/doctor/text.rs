//! Reports as text and as Markdown.

use super::report::{Outcome, by_severity};
use super::{Evidence, Family, Hub, Report, Severity};
use crate::okta::read_op;

/// Findings are worth no more lines than this of evidence each.
const MOST_EVIDENCE: usize = 5;

impl Report {
    /// For a terminal: the summary, the findings with evidence and remedy, what is not known.
    pub fn text(&self) -> String {
        let mut text = format!("{} -> {}\n{}\n", self.source, self.target, self.summary());
        for (ruling, evidence) in self.findings() {
            let rule = ruling.rule;
            text.push_str(&format!(
                "\n[{}] {} ({}, {})\n  {}\n",
                rule.severity.name(),
                rule.title,
                rule.family.title(),
                rule.id,
                rule.why
            ));
            for one in shown(evidence) {
                text.push_str(&format!("  seen: {one}\n"));
            }
            text.push_str(&format!("  remedy: {}\n", rule.remedy));
        }
        for (ruling, why) in self.unknown() {
            text.push_str(&format!(
                "\n[unknown] {} ({}, {})\n  {why}\n",
                ruling.rule.title,
                ruling.rule.family.title(),
                ruling.rule.id
            ));
        }
        text.push_str(&format!("\n{}\n", self.cost()));
        text
    }

    /// For a document.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "# {} to {}\n\n{}\n",
            self.source,
            self.target,
            self.summary()
        );
        text.push_str("\n| Family | State |\n|---|---|\n");
        for family in Family::ALL {
            text.push_str(&format!("| {} | {} |\n", family.title(), self.word(family)));
        }
        for (ruling, evidence) in self.findings() {
            let rule = ruling.rule;
            text.push_str(&format!(
                "\n## {}\n\n{} · {} · `{}`\n\n{}\n\n",
                rule.title,
                rule.severity.name(),
                rule.family.title(),
                rule.id,
                rule.why
            ));
            for one in shown(evidence) {
                text.push_str(&format!("- Seen: {}\n", plain(&one)));
            }
            text.push_str(&format!("- Remedy: {}\n", rule.remedy));
            text.push_str(&format!("- Source: {}\n", rule.source));
        }
        let unknown = self.unknown();
        if !unknown.is_empty() {
            text.push_str("\n## Not known\n\n");
        }
        for (ruling, why) in unknown {
            text.push_str(&format!(
                "- {} (`{}`): {}\n",
                ruling.rule.title,
                ruling.rule.id,
                plain(why)
            ));
        }
        text.push_str(&format!("\n{}\n", self.cost()));
        text
    }

    /// How many of what, in one line.
    pub fn summary(&self) -> String {
        let findings = self.findings().len();
        let each: Vec<String> = by_severity(self)
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {}", severity.name()))
            .collect();
        let each = match each.is_empty() {
            true => String::new(),
            false => format!(" ({})", each.join(", ")),
        };
        let good = self.count(|one| one.outcome == Outcome::Ok);
        let apart = self.count(|one| matches!(one.outcome, Outcome::DoesNotApply { .. }));
        format!(
            "{findings} findings{each}, {} unknown, {good} good, {apart} do not apply",
            self.unknown().len()
        )
    }

    /// What the examination cost the orgs, in one line.
    pub fn cost(&self) -> String {
        let [source, target] = self.calls;
        let all = source + target;
        let nearest = self.nearest().and_then(|one| {
            let share = one.share()?;
            Some(format!(
                "; most of a limit used: {}.{} % ({} of {} calls to {} in the {})",
                share / 10,
                share % 10,
                one.calls,
                one.limit,
                read_op(&one.op).map_or("", |op| op.path),
                one.side.name()
            ))
        });
        let partly = self.rulings.iter().find_map(|one| one.partly);
        let partly = partly.map_or(String::new(), |what| format!("; {what}"));
        format!(
            "{all} reads: {source} in the source, {target} in the target{}{partly}",
            nearest.unwrap_or_default()
        )
    }
}

impl Hub {
    /// For a terminal: spokes by families, what they share, then each spoke's findings.
    pub fn text(&self) -> String {
        let mut text = self.matrix("  ", "");
        for one in self.shared() {
            text.push_str(&format!(
                "\n[{}] shared by {}: {}\n  {}\n  remedy: {}\n",
                one.severity.name(),
                one.spokes.join(", "),
                one.value,
                one.why,
                one.remedy
            ));
        }
        for report in self.reports() {
            text.push_str(&format!("\n{}", report.text()));
        }
        text
    }

    /// For a document.
    pub fn markdown(&self) -> String {
        let rule = format!("|{}\n", "---|".repeat(Family::ALL.len() + 1));
        let matrix = self.matrix(" | ", "| ");
        let (head, rows) = matrix.split_once('\n').unwrap_or((&matrix, ""));
        let mut text = format!("# Spokes\n\n{head}\n{rule}{rows}");
        for one in self.shared() {
            text.push_str(&format!(
                "\n- **{}**, shared by {}: {}. {} {}\n",
                one.severity.name(),
                one.spokes.join(", "),
                plain(&one.value),
                one.why,
                one.remedy
            ));
        }
        for report in self.reports() {
            text.push_str(&format!("\n{}", report.markdown()));
        }
        text
    }

    fn matrix(&self, between: &str, edge: &str) -> String {
        let mut rows: Vec<Vec<&str>> = vec![
            std::iter::once("source")
                .chain(Family::ALL.map(Family::title))
                .collect(),
        ];
        for report in self.reports() {
            let words = Family::ALL.map(|family| report.word(family));
            rows.push(
                std::iter::once(report.source.as_str())
                    .chain(words)
                    .collect(),
            );
        }
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let mut text = String::new();
        for row in &rows {
            let cells: Vec<String> = row
                .iter()
                .enumerate()
                .map(|(column, cell)| format!("{cell:<wide$}", wide = width(column)))
                .collect();
            let line = format!("{edge}{}{}", cells.join(between), edge.trim_end());
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// Whether a spoke has a finding, or spokes share what they must not.
    pub fn is_ill(&self) -> bool {
        !self.shared().is_empty() || self.reports().any(|report| !report.findings().is_empty())
    }

    /// Whether something is not known of a spoke.
    pub fn is_unsure(&self) -> bool {
        self.reports().any(|report| !report.unknown().is_empty())
    }

    /// The worst that was found.
    pub fn worst(&self) -> Option<Severity> {
        let of_spokes = self.reports().flat_map(|report| report.findings());
        let of_spokes = of_spokes.map(|(ruling, _)| ruling.rule.severity);
        let shared = self.shared();
        of_spokes.chain(shared.iter().map(|one| one.severity)).min()
    }
}

pub(super) fn shown(evidence: &[Evidence]) -> Vec<String> {
    let mut lines: Vec<String> = evidence
        .iter()
        .take(MOST_EVIDENCE)
        .map(|one| {
            let place = [one.object.clone(), format!("`{}`", one.place)]
                .into_iter()
                .filter(|part| !["", "``"].contains(&part.as_str()))
                .fold(String::new(), |place, part| format!("{place} {part}"));
            format!(
                "{} ({}{place}, in the {})",
                one.seen,
                one.read,
                one.side.name()
            )
        })
        .collect();
    if evidence.len() > MOST_EVIDENCE {
        lines.push(format!("and {} more", evidence.len() - MOST_EVIDENCE));
    }
    lines
}

// Names of the orgs' objects must not become markup.
fn plain(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let escape = matches!(c, '<' | '>' | '|' | '*' | '[' | ']' | '\\');
            escape.then_some('\\').into_iter().chain([c])
        })
        .collect()
}

//! Users: what is wrong with an import file.

use crate::shown::{Block, Kind};
use crate::users_account::mark;
use org2org_core::users::CheckAccount;

/// The account in a sentence; then sums, columns and rows that are not as the target wants them.
pub fn shown(name: &str, told: &CheckAccount) -> (String, Vec<Block>) {
    let verdict = format!(
        "{}{name}: {} rows, {} sound, {} mended, {} refused",
        mark(told.is_clean()),
        told.rows,
        told.sound,
        told.mended,
        told.refused_rows
    );
    let mut blocks = vec![sums(told)];
    blocks.extend(columns(told));
    blocks.extend(findings(told));
    blocks.push(match (told.is_clean(), told.sound + told.mended) {
        (true, _) => Block::text(Kind::Good, "Sound: ", "upload the file as it is."),
        (false, 0) => Block::text(Kind::Note, "Nothing to download: ", "no row can be used."),
        (false, _) => Block::text(Kind::Download, "", "corrected"),
    });
    (verdict, blocks)
}

fn sums(told: &CheckAccount) -> Block {
    let rows = [
        ("✓ sound", told.sound),
        ("mended in the corrected copy", told.mended),
        ("refused: only a person can mend them", told.refused_rows),
        ("rows, counted twice", told.rows),
    ];
    let rows = rows.map(|(name, count)| vec![name.to_owned(), count.to_string()]);
    Block {
        kind: Kind::Sums,
        title: "Account".to_owned(),
        rows: rows.to_vec(),
        ..Block::default()
    }
}

fn columns(told: &CheckAccount) -> Option<Block> {
    let mut texts = Vec::new();
    for name in &told.unknown_columns {
        texts.push(format!(
            "`{name}` is unknown to the target; the corrected copy is without it"
        ));
    }
    for name in &told.renamed_columns {
        texts.push(format!(
            "`{name}` is spelt as the target spells it in the corrected copy"
        ));
    }
    for (name, count) in &told.partly_empty {
        texts.push(format!(
            "`{name}` is empty in {count} of {} rows; Okta wants it filled or empty throughout",
            told.rows
        ));
    }
    (!texts.is_empty()).then(|| Block::list("Columns", "", texts))
}

fn findings(told: &CheckAccount) -> Option<Block> {
    let findings = told.findings.iter();
    let rows: Vec<Vec<String>> = findings
        .map(|finding| vec![finding.line.to_string(), finding.what.to_string()])
        .collect();
    let title = format!("Rows to look at ({})", rows.len());
    let columns = &["Line", "What"];
    (!rows.is_empty()).then(|| Block::table(Kind::Table, title, "Rows to look at", columns, rows))
}

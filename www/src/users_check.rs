//! Users: what is wrong with an import file.

use crate::shown::{Block, Kind};
use crate::text;
use crate::users_account::mark;
use org2org_core::users::CheckAccount;

/// The account in a sentence; then sums, columns and rows that are not as the target wants them.
pub fn shown(name: &str, told: &CheckAccount) -> (String, Vec<Block>) {
    let done = text::users_check_done!(
        name = name,
        rows = told.rows,
        sound = told.sound,
        mended = told.mended,
        refused = told.refused_rows
    );
    let verdict = [mark(told.is_clean()), &done].concat();
    let mut blocks = vec![sums(told)];
    blocks.extend(columns(told));
    blocks.extend(findings(told));
    blocks.push(match (told.is_clean(), told.sound + told.mended) {
        (true, _) => Block::text(Kind::Good, text::USERS_SOUND, text::USERS_SOUND_THEN),
        (false, 0) => Block::text(Kind::Note, text::USERS_NOTHING, text::USERS_NONE_SOUND),
        (false, _) => Block::text(Kind::Download, "", "corrected"),
    });
    (verdict, blocks)
}

fn sums(told: &CheckAccount) -> Block {
    let sound = [mark(true), text::USERS_SUM_SOUND].concat();
    let rows = [
        (sound.as_str(), told.sound),
        (text::USERS_SUM_MENDED, told.mended),
        (text::USERS_SUM_LOST, told.refused_rows),
        (text::USERS_SUM_ROWS, told.rows),
    ];
    let rows = rows.map(|(name, count)| vec![name.to_owned(), count.to_string()]);
    Block {
        kind: Kind::Sums,
        title: text::USERS_ACCOUNT.to_owned(),
        rows: rows.to_vec(),
        ..Block::default()
    }
}

fn columns(told: &CheckAccount) -> Option<Block> {
    let mut texts = Vec::new();
    for name in &told.unknown_columns {
        texts.push(text::users_column_unknown!(name = name));
    }
    for name in &told.renamed_columns {
        texts.push(text::users_column_renamed!(name = name));
    }
    for (name, count) in &told.partly_empty {
        let rows = told.rows;
        texts.push(text::users_column_partly!(
            name = name,
            count = count,
            rows = rows
        ));
    }
    (!texts.is_empty()).then(|| Block::list(text::USERS_COLUMNS, "", texts))
}

fn findings(told: &CheckAccount) -> Option<Block> {
    let findings = told.findings.iter();
    let rows: Vec<Vec<String>> = findings
        .map(|finding| vec![finding.line.to_string(), finding.what.to_string()])
        .collect();
    let name = text::USERS_FINDINGS;
    let title = format!("{name} ({})", rows.len());
    let columns = &[text::COLUMN_LINE, text::COLUMN_WHAT];
    (!rows.is_empty()).then(|| Block::table(Kind::Table, title, name, columns, rows))
}

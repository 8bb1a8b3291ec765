//! Users: the account of a file as pieces of text, and where each name of an import came from.

use crate::shown::{Block, Kind};
use crate::text;
use org2org_core::explain::seen;
use org2org_core::users::{Account, Guess, ImportAccount, NAME_RULE, ViewAccount};

/// A report cut to active users.
pub fn active(name: &str, account: &Account) -> (String, Vec<Block>) {
    let told = text::users_active_done!(name = name, rows = account.rows, kept = account.kept);
    let verdict = [mark(account.kept > 0), &told].concat();
    let mut blocks = rows(account);
    offer(&mut blocks, account, "active", text::USERS_NONE_ACTIVE);
    (verdict, blocks)
}

/// A report made an import file.
pub fn import(name: &str, told: &ImportAccount) -> (String, Vec<Block>) {
    let account = &told.account;
    if told.blocked {
        let verdict = text::users_blocked!(name = name, rows = told.duplicates);
        let why = text::USERS_BLOCKED_WHY;
        let mut blocks = vec![Block::text(Kind::Note, text::USERS_BLOCKED_LEAD, why)];
        blocks.extend(rows(account));
        blocks.extend(names(told));
        return (verdict, blocks);
    }
    let done = text::users_import_done!(name = name, rows = account.rows, kept = account.kept);
    let verdict = [mark(account.kept > 0), &done].concat();
    let mut blocks = rows(account);
    blocks.extend(names(told));
    offer(&mut blocks, account, "import", text::USERS_NONE_IMPORT);
    (verdict, blocks)
}

/// A copy to look at.
pub fn copy(name: &str, told: &ViewAccount) -> (String, Vec<Block>) {
    let done = text::users_view_done!(name = name, rows = told.rows, cells = told.neutralised);
    let verdict = [mark(true), &done].concat();
    let blocks = vec![
        Block::text(Kind::Text, "", text::USERS_VIEW_ABOUT),
        Block::text(Kind::Download, "", "view"),
    ];
    (verdict, blocks)
}

/// The first kept rows, if there are any.
pub fn preview(columns: &[String], rows: &[Vec<String>], kept: u64) -> Option<Block> {
    if rows.is_empty() || kept == 0 {
        return None;
    }
    let shown = count(rows.len());
    let title = match kept {
        kept if kept > shown => text::users_first_rows!(shown = shown, kept = kept),
        _ => text::USERS_KEPT_ROWS.to_owned(),
    };
    let columns: Vec<String> = columns.iter().map(|name| seen(name)).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| seen(cell)).collect();
    let rows = rows.iter().map(cells).collect();
    let kind = Kind::Preview;
    Some(Block::table(
        kind,
        title,
        text::USERS_KEPT_ROWS,
        &columns,
        rows,
    ))
}

/// A sign before what is good.
pub fn mark(good: bool) -> &'static str {
    if good { "✓ " } else { "" }
}

fn offer(blocks: &mut Vec<Block>, account: &Account, ending: &str, none: &str) {
    if account.kept == 0 {
        return blocks.push(Block::text(Kind::Note, text::USERS_NOTHING, none));
    }
    if account.formula_cells > 0 {
        blocks.push(risk(account));
    }
    blocks.push(Block::text(Kind::Download, "", ending));
}

/// Everything about the rows.
fn rows(account: &Account) -> Vec<Block> {
    let mut blocks = vec![sums(account)];
    blocks.extend(refused(account));
    blocks.extend(notes(account));
    blocks
}

fn sums(account: &Account) -> Block {
    let mut rows = vec![([mark(true), text::USERS_SUM_KEPT].concat(), account.kept)];
    rows.extend(
        account
            .left_out
            .iter()
            .map(|(status, count)| (text::users_sum_left_out!(status = status.label()), *count)),
    );
    rows.push((text::USERS_SUM_REFUSED.to_owned(), account.refused_rows));
    rows.push((text::USERS_SUM_ROWS.to_owned(), account.rows));
    let rows = rows.into_iter().map(|(name, n)| vec![name, n.to_string()]);
    Block {
        kind: Kind::Sums,
        title: text::USERS_ACCOUNT.to_owned(),
        text: account.rows.max(1).to_string(),
        rows: rows.collect(),
        ..Block::default()
    }
}

fn refused(account: &Account) -> Vec<Block> {
    if account.refused_rows == 0 {
        return Vec::new();
    }
    let rows: Vec<Vec<String>> = account
        .refused
        .iter()
        .map(|refused| vec![refused.line.to_string(), refused.reason.to_string()])
        .collect();
    let mut blocks = vec![Block {
        title: more(text::USERS_REFUSED_ROWS, account.refused_rows, rows.len()),
        ..Block::text(Kind::Text, "", text::USERS_REFUSED_THEN)
    }];
    if !account.unknown_statuses.is_empty() {
        let words = account
            .unknown_statuses
            .iter()
            .map(|(word, count)| match count {
                1 => text::users_word_once!(word = word),
                count => text::users_word!(word = word, count = count),
            });
        blocks.push(Block::list("", text::USERS_WORDS, words.collect()));
    }
    let columns = &[text::COLUMN_LINE, text::COLUMN_REASON];
    let title = String::new();
    blocks.push(Block::table(
        Kind::Table,
        title,
        text::USERS_REFUSED_ROWS,
        columns,
        rows,
    ));
    blocks
}

fn notes(account: &Account) -> Option<Block> {
    let mut texts: Vec<String> = account
        .warnings
        .iter()
        .map(|note| text::users_place!(line = note.line, column = note.column, text = note.text))
        .collect();
    if account.blank_lines > 0 {
        texts.push(match account.blank_lines {
            1 => text::USERS_BLANK_LINE.to_owned(),
            lines => text::users_blank_lines!(count = lines),
        });
    }
    (!texts.is_empty()).then(|| Block::list(text::USERS_LOOK, "", texts))
}

/// Cells to look at before the file may be had.
fn risk(account: &Account) -> Block {
    let cells: Vec<Vec<String>> = account
        .formulas
        .iter()
        .map(|cell| {
            let (line, column) = (cell.line.to_string(), cell.column.to_string());
            vec![line, column, cell.header.clone(), cell.start.clone()]
        })
        .collect();
    let name = text::USERS_RISK;
    let title = more(name, account.formula_cells, cells.len());
    let columns = &[
        text::COLUMN_LINE,
        text::COLUMN_COLUMN,
        text::COLUMN_IN,
        text::COLUMN_START,
    ];
    Block {
        lead: text::USERS_RISK_LEAD.to_owned(),
        text: text::USERS_RISK_WHY.to_owned(),
        ..Block::table(Kind::Risk, title, name, columns, cells)
    }
}

/// What only an import has to tell.
fn names(told: &ImportAccount) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(group) = &told.group {
        let then = text::users_group_then!(group = seen(group));
        blocks.push(Block::text(Kind::Note, text::USERS_NEXT, then));
    }
    if told.joined > 0 {
        let joined = text::users_joined!(count = told.joined);
        blocks.push(Block::text(Kind::Text, "", joined));
    }
    if told.guessed == 0 {
        return blocks;
    }
    let guessed = text::users_guessed!(count = told.guessed);
    blocks.push(Block::text(Kind::Note, &guessed, NAME_RULE));
    if !told.doubts.is_empty() {
        let rows: Vec<Vec<String>> = told.doubts.iter().map(doubt).collect();
        let name = text::USERS_DOUBTS;
        let title = more(name, told.doubtful, rows.len());
        let columns = &[
            text::COLUMN_LINE,
            text::COLUMN_FIRST,
            text::COLUMN_LAST,
            text::COLUMN_WHY,
        ];
        blocks.push(Block::table(Kind::Table, title, name, columns, rows));
    }
    blocks
}

fn doubt(guess: &Guess) -> Vec<String> {
    let Guess {
        line,
        first,
        last,
        why,
    } = guess;
    vec![
        line.to_string(),
        first.clone(),
        last.clone(),
        why.to_string(),
    ]
}

/// A title that says how many are shown of how many.
fn more(title: &str, all: u64, shown: usize) -> String {
    match count(shown) {
        shown if shown < all => text::users_some_of!(title = title, shown = shown, all = all),
        _ => format!("{title} ({all})"),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

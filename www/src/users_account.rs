//! Users: the account of a file as pieces of text, and where each name of an import came from.

use crate::shown::{Block, Kind};
use org2org_core::explain::seen;
use org2org_core::users::{Account, Guess, ImportAccount, NAME_RULE, ViewAccount};

/// A report cut to active users.
pub fn active(name: &str, account: &Account) -> (String, Vec<Block>) {
    let verdict = format!(
        "{}{name}: {} rows, {} active users kept",
        mark(account.kept > 0),
        account.rows,
        account.kept
    );
    let mut blocks = rows(account);
    offer(
        &mut blocks,
        account,
        "active",
        "no row is of an active user.",
    );
    (verdict, blocks)
}

/// A report made an import file.
pub fn import(name: &str, told: &ImportAccount) -> (String, Vec<Block>) {
    let account = &told.account;
    if told.blocked {
        let verdict = format!(
            "Blocked: {name} repeats logins (rows: {}); choose what to do with them",
            told.duplicates
        );
        let why =
            "some rows repeat a login. Choose above what to do with them, or mend the report.";
        let mut blocks = vec![Block::text(Kind::Note, "Nothing to download yet: ", why)];
        blocks.extend(rows(account));
        blocks.extend(names(told));
        return (verdict, blocks);
    }
    let verdict = format!(
        "{}{name}: {} rows, {} users in the import file",
        mark(account.kept > 0),
        account.rows,
        account.kept
    );
    let mut blocks = rows(account);
    blocks.extend(names(told));
    let none = "no row makes a user; the reasons are above.";
    offer(&mut blocks, account, "import", none);
    (verdict, blocks)
}

/// A copy to look at.
pub fn copy(name: &str, told: &ViewAccount) -> (String, Vec<Block>) {
    let verdict = format!(
        "✓ {name}: {} rows copied, {} formulas made text",
        told.rows, told.neutralised
    );
    let about = "For people and spreadsheets. Its first cell says that it is not for import.";
    let blocks = vec![
        Block::text(Kind::Text, "", about),
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
        kept if kept > shown => format!("First {shown} of {kept} kept rows"),
        _ => "Kept rows".to_owned(),
    };
    let columns: Vec<String> = columns.iter().map(|name| seen(name)).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let cells = |row: &Vec<String>| row.iter().map(|cell| seen(cell)).collect();
    let rows = rows.iter().map(cells).collect();
    let kind = Kind::Preview;
    Some(Block::table(kind, title, "Kept rows", &columns, rows))
}

/// A sign before what is good.
pub fn mark(good: bool) -> &'static str {
    if good { "✓ " } else { "" }
}

fn offer(blocks: &mut Vec<Block>, account: &Account, ending: &str, none: &str) {
    if account.kept == 0 {
        return blocks.push(Block::text(Kind::Note, "Nothing to download: ", none));
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
    let mut rows = vec![("✓ kept: Active".to_owned(), account.kept)];
    rows.extend(
        account
            .left_out
            .iter()
            .map(|(status, count)| (format!("left out: {}", status.label()), *count)),
    );
    rows.push(("refused".to_owned(), account.refused_rows));
    rows.push(("rows, counted twice".to_owned(), account.rows));
    let rows = rows.into_iter().map(|(name, n)| vec![name, n.to_string()]);
    Block {
        kind: Kind::Sums,
        title: "Account".to_owned(),
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
    let what = "They are in no output. Mend these lines, or add these users by hand.";
    let mut blocks = vec![Block {
        title: more("Refused rows", account.refused_rows, rows.len()),
        ..Block::text(Kind::Text, "", what)
    }];
    if !account.unknown_statuses.is_empty() {
        let words = account
            .unknown_statuses
            .iter()
            .map(|(word, count)| match count {
                1 => format!("`{word}`: 1 row"),
                count => format!("`{word}`: {count} rows"),
            });
        let title = "Status words nobody knows:";
        blocks.push(Block::list("", title, words.collect()));
    }
    let columns = &["Line", "Reason"];
    let title = String::new();
    blocks.push(Block::table(
        Kind::Table,
        title,
        "Refused rows",
        columns,
        rows,
    ));
    blocks
}

fn notes(account: &Account) -> Option<Block> {
    let mut texts: Vec<String> = account
        .warnings
        .iter()
        .map(|note| format!("Line {}, column {}: {}", note.line, note.column, note.text))
        .collect();
    if account.blank_lines > 0 {
        texts.push(match account.blank_lines {
            1 => "1 blank line was passed over".to_owned(),
            lines => format!("{lines} blank lines were passed over"),
        });
    }
    (!texts.is_empty()).then(|| Block::list("Worth a look", "", texts))
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
    let name = "Cells a spreadsheet would run";
    let title = more(name, account.formula_cells, cells.len());
    let columns = &["Line", "Column", "In", "Starts with"];
    Block {
        lead: "Do not open the file in a spreadsheet. ".to_owned(),
        text: "Okta takes these cells as text, and they are unchanged; a spreadsheet may run them."
            .to_owned(),
        ..Block::table(Kind::Risk, title, name, columns, cells)
    }
}

/// What only an import has to tell.
fn names(told: &ImportAccount) -> Vec<Block> {
    let mut blocks = Vec::new();
    if let Some(group) = &told.group {
        let text = format!(
            "An import file carries no groups: put everybody into `{}` after the import.",
            seen(group)
        );
        blocks.push(Block::text(Kind::Note, "Next: ", text));
    }
    if told.joined > 0 {
        let text = format!("Names from the second file: {}.", told.joined);
        blocks.push(Block::text(Kind::Text, "", text));
    }
    if told.guessed == 0 {
        return blocks;
    }
    let guessed = format!("Names guessed: {}. ", told.guessed);
    blocks.push(Block::text(Kind::Note, &guessed, NAME_RULE));
    if !told.doubts.is_empty() {
        let rows: Vec<Vec<String>> = told.doubts.iter().map(doubt).collect();
        let name = "Names to look at";
        let title = more(name, told.doubtful, rows.len());
        let columns = &["Line", "First name", "Last name", "Why"];
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
        shown if shown < all => format!("{title} ({shown} of {all})"),
        _ => format!("{title} ({all})"),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

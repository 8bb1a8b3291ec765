use super::*;
use crate::explain::Explain;

mod any_bytes;
mod encodings;

const HEADER: &str = "User,Login,Status\n";

/// Every test reads by the fast lane and byte by byte, whole and in pieces, and all must agree.
fn active(bytes: &[u8]) -> Result<(Vec<u8>, Account), UsersError> {
    let whole = super::active(bytes);
    for byte_by_byte in [false, true] {
        for size in [bytes.len().max(1), 7, 1000] {
            let options = Options {
                byte_by_byte,
                ..Options::default()
            };
            let pieces = read(bytes, size, options);
            assert_eq!(pieces, whole, "{size} {byte_by_byte}");
        }
    }
    if let Ok((_, account)) = &whole {
        let left_out: u64 = account.left_out.values().sum();
        assert_eq!(account.kept + left_out + account.refused_rows, account.rows);
    }
    whole
}

fn read(bytes: &[u8], size: usize, options: Options) -> Result<(Vec<u8>, Account), UsersError> {
    let mut filter = Filter::new(options);
    let mut out = Vec::new();
    for chunk in bytes.chunks(size) {
        filter.push(chunk, &mut out)?;
    }
    let account = filter.finish(&mut out)?;
    Ok((out, account))
}

fn kept(rows: &str) -> (String, Account) {
    let (kept, account) = active(format!("{HEADER}{rows}").as_bytes()).unwrap();
    (String::from_utf8(kept).unwrap(), account)
}

fn error(text: impl AsRef<[u8]>) -> UsersError {
    active(text.as_ref()).unwrap_err()
}

fn message(text: &str) -> String {
    error(text).to_string()
}

#[test]
fn active_users_are_kept_byte_for_byte() {
    let (kept, account) = kept(
        "\"Doe, Ann\",ann@example.com,ACTIVE\r\n\
         Bob,bob@example.com,Suspended\n\
         \"Cy \"\"C\"\"\" ,cy@example.com,ACTIVE\n"
            .replace("\" ,", "\",")
            .as_str(),
    );
    assert_eq!(
        kept,
        format!(
            "{HEADER}\"Doe, Ann\",ann@example.com,ACTIVE\r\n\"Cy \"\"C\"\"\",cy@example.com,ACTIVE\n"
        )
    );
    assert_eq!((account.rows, account.kept), (3, 2));
    assert_eq!(
        account.to_string(),
        "3 rows: 2 active kept, 1 left out, 0 refused\n  left out, Suspended: 1\n"
    );
}

#[test]
fn words_of_api_and_console_are_the_same() {
    let words = [
        "ACTIVE",
        "active",
        " Active ",
        "STAGED",
        "Staged",
        "PROVISIONED",
        "Pending User Action",
        "RECOVERY",
        "Password reset",
        "PASSWORD_EXPIRED",
        "password-expired",
        "LOCKED_OUT",
        "Locked out",
        "SUSPENDED",
        "DEPROVISIONED",
        "Deactivated",
    ];
    let rows: String = words.iter().map(|word| format!("a,b,{word}\n")).collect();
    let (_, account) = kept(&rows);
    assert_eq!((account.kept, account.refused_rows), (3, 0));
    assert_eq!(account.left_out.len(), 7);
}

#[test]
fn unknown_words_are_listed_never_dropped() {
    let (_, account) = kept("a,b,Activ\na,b,Aktiv\na,b,Activ\na,b,\n,,ACTIVE\n");
    assert_eq!(
        account.to_string(),
        "5 rows: 0 active kept, 0 left out, 5 refused\n\
         \x20 refused, line 2: unknown status `Activ`\n\
         \x20 refused, line 3: unknown status `Aktiv`\n\
         \x20 refused, line 4: unknown status `Activ`\n\
         \x20 refused, line 5: no status\n\
         \x20 refused, line 6: no login\n\
         \x20 unknown status `Activ`: 2 rows\n\
         \x20 unknown status `Aktiv`: 1 row\n"
    );
}

#[test]
fn rows_of_another_length_are_refused_with_the_missing_columns() {
    let (kept, account) =
        kept("Doe, J,a@example.com,ACTIVE\nAnn,ann@example.com\nB,b@example.com,ACTIVE\nC,c");
    assert_eq!(kept, format!("{HEADER}B,b@example.com,ACTIVE\n"));
    let reasons: Vec<String> = account
        .refused
        .iter()
        .map(|refused| format!("{}: {}", refused.line, refused.reason))
        .collect();
    assert_eq!(
        reasons,
        [
            "2: 4 cells, header has 3; a comma without quotes?",
            "3: 2 cells, header has 3; missing: Status",
            "5: 2 cells, header has 3; missing: Status; the file stops here"
        ]
    );
}

#[test]
fn quotes_are_read_strictly_and_placed_as_an_editor_does() {
    assert_eq!(
        message("User,Login,Status\nA,a@x,\"ACTIVE\nB,b@x,ACTIVE\n"),
        "quote opened at line 2 column 7 is never closed"
    );
    assert_eq!(
        message("User,Login,Status\n\"A,a@x,ACTIVE\nB,b@x,ACTIVE\n"),
        "quote opened at line 2 column 1 is never closed"
    );
    assert_eq!(
        message("User,Login,Status\r\nÄ,\"x\ny\",ACTIVE\nÄ, \"b\",ACTIVE\n"),
        "blank before a quote at line 4 column 3"
    );
    assert_eq!(
        message("User,Login,Status\n\"A\"b,a@x,ACTIVE\n"),
        "`b` behind a closing quote at line 2 column 4"
    );
    let (kept, account) = kept("O\"Brien,o@x,ACTIVE\n");
    assert_eq!(kept, format!("{HEADER}O\"Brien,o@x,ACTIVE\n"));
    assert_eq!(
        (account.warnings[0].line, account.warnings[0].column),
        (2, 2)
    );
}

#[test]
fn separators_are_named() {
    for (text, name) in [
        ("User;Login;Status\na;b;ACTIVE\n", "semicolons"),
        ("\"User\";\"Login\";\"Status\"\n", "semicolons"),
        ("User\tLogin\tStatus\n", "tabs"),
        ("User|Login|Status", "vertical bars"),
    ] {
        assert_eq!(message(text), format!("cells are separated by {name}"));
    }
    let mut filter = Filter::new(Options {
        separator: Some(b';'),
        preview: 5,
        ..Options::default()
    });
    let mut out = Vec::new();
    filter
        .push(b"User;Login;Status\n\"A;B\";b@x;ACTIVE\n", &mut out)
        .unwrap();
    let account = filter.finish(&mut out).unwrap();
    assert_eq!(filter.preview(), [["A;B", "b@x", "ACTIVE"]]);
    assert!(account.warnings[0].text.contains("wants commas"));
    let mut filter = Filter::new(Options {
        separator: Some(b';'),
        ..Options::default()
    });
    let error = filter.push(HEADER.as_bytes(), &mut out).unwrap_err();
    assert_eq!(error.to_string(), "cells are separated by commas");
}

#[test]
fn headers_are_found_however_they_are_written() {
    for header in [
        "Status,LOGIN,x,",
        "user_status, login ,STATUS",
        "\u{feff}Login,Sta tus",
    ] {
        let (out, _) = active(format!("{header}\n").as_bytes()).unwrap();
        assert_eq!(out, format!("{header}\n").into_bytes());
    }
    assert_eq!(
        message("Login,User,login\n"),
        "columns 1 and 3 are both called `login`"
    );
    assert_eq!(
        message("Benutzer,Anmeldung,Status\n"),
        "line 1 has no column `Login`; found: `Benutzer, Anmeldung, Status`"
    );
}

#[test]
fn empty_blank_and_header_only_are_three_things() {
    assert_eq!(message(""), "the file is empty");
    assert_eq!(
        message(&"\n".repeat(10)),
        "the file has 10 blank lines and nothing else"
    );
    let (out, account) = kept("");
    assert_eq!((out.as_str(), account.rows), (HEADER, 0));
    let (_, account) = kept("\r\na,b,ACTIVE\n\n\nc,d,ACTIVE\n");
    assert_eq!((account.kept, account.blank_lines), (2, 3));
}

#[test]
fn every_line_end_ends_a_row_and_lines_are_those_of_an_editor() {
    let text = "User,Login,Status\rÄ,a@x,ACTIVE\r\nB,b@x,STAGED\n\r\"C\rc\r\nc\",c@x,ACTIVE\rD,d@x,nonsense\r";
    let (out, account) = active(text.as_bytes()).unwrap();
    let expected = "User,Login,Status\rÄ,a@x,ACTIVE\r\n\"C\rc\r\nc\",c@x,ACTIVE\r";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert_eq!((account.rows, account.blank_lines), (4, 1));
    assert_eq!(account.refused[0].line, 8);
    assert_eq!(
        message("User,Login,Status\ra,b,ACTIVE\r\r\na,b,\"ACTIVE\"x\r"),
        "`x` behind a closing quote at line 4 column 13"
    );
}

#[test]
fn long_rows_cross_blocks_and_every_place_of_a_block() {
    for length in 0..200 {
        let fill = "x".repeat(length);
        let rows = format!(
            "{fill},a@x,ACTIVE\r\n\"{fill}\"\"\",b@x,\"ACTIVE\"\n{fill},c@x,Staged\n\"{fill}\n\",d@x,ACTIVE\rü{fill},e@x,ACTIVE\n"
        );
        let (out, account) = kept(&rows);
        assert_eq!((account.kept, account.rows), (4, 5), "{length}");
        let left = rows.replace(&format!("{fill},c@x,Staged\n"), "");
        assert_eq!(out, format!("{HEADER}{left}"), "{length}");
        for (broken, column) in [
            (format!("{fill},\"\"x"), length + 4),
            (format!("{fill}, \"x\""), length + 2),
        ] {
            let text = format!("{HEADER}{rows}{broken},b,ACTIVE\n{rows}");
            let place = format!("line 8 column {column}");
            assert!(message(&text).ends_with(&place), "{}", message(&text));
        }
        let (_, account) = kept(&format!("{fill}\u{7},b,ACTIVE\n{rows}"));
        assert_eq!((account.kept, account.refused_rows), (4, 1));
    }
}

#[test]
fn a_pair_of_line_ends_may_be_parted_wherever_the_fast_lane_looks() {
    // A row in doubt makes it look less far, and farther again with every piece.
    let rows = "\"a\",b,STAGED,\r\n\r\n".repeat(700);
    for fill in 0..32 {
        let doubtful = format!("O\"Brien{},b,ACTIVE,\r\n", "x".repeat(fill));
        let text = format!("User,Login,Status,More\r\n{doubtful}{rows}");
        let (out, account) = active(text.as_bytes()).unwrap();
        assert_eq!((account.rows, account.kept), (701, 1), "{fill}");
        assert!(out.ends_with(doubtful.as_bytes()), "{fill}");
    }
}

#[test]
fn the_fast_lane_reads_status_words_as_the_slow_one_does() {
    let mut words = org2org_lane::Words::new(Status::code);
    let cells = [
        "ACTIVE",
        "STAGED",
        "\"Locked out\"",
        "\"ACTIVE\"",
        "nonsense",
        "Password reset",
    ];
    for _ in 0..2 {
        for cell in cells {
            let plain = cell.trim_matches('"');
            let code = words.learn(cell.as_bytes(), 0, cell.len());
            let status = code.and_then(|code| Status::ALL.get(usize::from(code)).copied());
            assert_eq!(status, Status::parse(plain), "{cell}");
        }
    }
}

#[test]
fn formulas_are_listed_and_kept_as_they_are() {
    let rows = "=cmd|x,a@x,ACTIVE\n\"  +1\",b@x,ACTIVE\n＝1,-c@x,ACTIVE\n=left,out,STAGED\n";
    let (out, account) = kept(rows);
    assert_eq!(
        out,
        format!("{HEADER}{}", rows.replace("=left,out,STAGED\n", ""))
    );
    let places: Vec<(usize, usize, &str)> = account
        .formulas
        .iter()
        .map(|formula| (formula.line, formula.column, formula.header.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            (2, 1, "User"),
            (3, 2, "User"),
            (4, 1, "User"),
            (4, 4, "Login")
        ]
    );
    assert_eq!(account.formulas[0].start, "=cmd|x");
}

#[test]
fn long_cells_and_control_characters_are_noticed() {
    let (out, account) = kept(&format!("\"{}\",b,ACTIVE\n", "x\n".repeat(500_000)));
    assert_eq!(out.len(), HEADER.len() + 1_000_000 + 12);
    assert_eq!(
        (account.warnings[0].line, account.warnings[0].column),
        (2, 2)
    );
    let (_, account) = kept("a\0b,c,ACTIVE\n");
    assert_eq!(
        account.refused[0].reason.to_string(),
        "control character U+0000 at column 2"
    );
}

#[test]
fn a_lost_quote_does_not_eat_the_memory() {
    let mut filter = Filter::new(Options::default());
    let mut out = Vec::new();
    filter
        .push(b"Login,Status\n\"a,ACTIVE\n", &mut out)
        .unwrap();
    let chunk = vec![b'x'; 1 << 20];
    let error = (0..64)
        .find_map(|_| filter.push(&chunk, &mut out).err())
        .unwrap();
    assert_eq!(
        error.to_string(),
        "quote opened at line 2 column 1 is never closed"
    );
    assert_eq!(filter.finish(&mut out), Err(error), "an error stays");
}

#[test]
fn a_last_row_without_line_end_is_flagged() {
    let (out, account) = kept("a,b,ACTIVE");
    assert_eq!(out, format!("{HEADER}a,b,ACTIVE"));
    assert!(account.warnings[0].text.contains("no line end"));
}

//! Import files, checks and copies.

use super::*;
use crate::explain::Explain;

/// Composition of the one letter that these tests need.
fn compose(text: &str) -> String {
    text.replace("o\u{308}", "ö").replace("O\u{308}", "Ö")
}

fn import_options() -> ImportOptions {
    ImportOptions {
        options: Options::default(),
        schema: Schema::from_template(b"login,firstName,lastName,email,displayName,userType\n")
            .unwrap(),
        names: None,
        login_suffix: String::new(),
        email_from_login: true,
        same: Vec::new(),
        group: None,
        duplicates: Duplicates::Block,
        compose,
    }
}

/// In one piece and in small ones, by the lane and byte by byte.
fn run<W: Work<Account: PartialEq + std::fmt::Debug>>(
    job: impl Fn(bool) -> Job<W>,
    text: &str,
) -> (String, W::Account) {
    let run = |byte_by_byte, size| {
        let (mut job, mut out) = (job(byte_by_byte), Vec::new());
        for chunk in text.as_bytes().chunks(size) {
            job.push(chunk, &mut out).unwrap();
        }
        let account = job.finish(&mut out).unwrap();
        (String::from_utf8(out).unwrap(), account)
    };
    let whole = run(false, usize::MAX);
    for (byte_by_byte, size) in [(true, usize::MAX), (false, 9), (true, 1)] {
        assert_eq!(run(byte_by_byte, size), whole);
    }
    whole
}

fn import(options: &ImportOptions, text: &str) -> (String, ImportAccount) {
    let job = |byte_by_byte| {
        let mut options = options.clone();
        options.options.byte_by_byte = byte_by_byte;
        Import::new(options).unwrap()
    };
    let (out, account) = run(job, text);
    let all = &account.account;
    let left_out: u64 = all.left_out.values().sum();
    assert_eq!(all.kept + left_out + all.refused_rows, all.rows);
    assert_eq!(out.lines().count() as u64, all.kept + 1, "{out}");
    // Names are told of who is in the file, and of nobody else.
    assert_eq!(account.joined + account.guessed, all.kept);
    let in_doubt = |line| account.doubts.iter().any(|guess| guess.line == line);
    assert!(!all.refused.iter().any(|refused| in_doubt(refused.line)));
    (out, account)
}

const REPORT: &str = "User,Login,Status\n\
    Ann Miller,ann@example.com,ACTIVE\n\
    \"van der Berg, Bo\",bo@example.com,Active\n\
    Cy de la Cruz,cy@example.com,ACTIVE\n\
    Dee,dee@example.com,ACTIVE\n\
    Eve Doe,eve@example.com,STAGED\n";

#[test]
fn an_import_file_has_the_header_of_the_target_and_a_row_per_user() {
    let (out, account) = import(&import_options(), REPORT);
    assert_eq!(
        out,
        "login,firstName,lastName,email,displayName,userType\n\
         ann@example.com,Ann,Miller,ann@example.com,Ann Miller,\n\
         bo@example.com,Bo,van der Berg,bo@example.com,\"van der Berg, Bo\",\n\
         cy@example.com,Cy,de la Cruz,cy@example.com,Cy de la Cruz,\n"
    );
    assert_eq!(
        (account.guessed, account.doubtful, account.blocked),
        (3, 1, false)
    );
    let told = account.to_string();
    for line in [
        "5 rows: 3 active kept, 1 left out, 1 refused",
        "refused, line 5: no first and last name can be told from `Dee`",
        "look at line 4: first `Cy`, last `de la Cruz` (a small word belongs to the last name)",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn a_second_file_knows_better_than_the_guess() {
    let names = b"Login,First Name,Last Name,E-mail,Email\nDEE@example.com,Dee Dee,Ramone,,dee@work.example\n";
    let options = ImportOptions {
        names: Some(Names::read(names, &Options::default()).unwrap()),
        same: vec![("User Type".to_owned(), "Partner".to_owned())],
        login_suffix: ".acme".to_owned(),
        ..import_options()
    };
    let (out, account) = import(&options, REPORT);
    assert!(
        out.contains("\ndee@example.com.acme,Dee Dee,Ramone,dee@work.example,Dee,Partner\n"),
        "{out}"
    );
    assert_eq!(
        (account.joined, account.guessed, account.account.kept),
        (1, 3, 4)
    );
    let lacking = Names::read(b"login,name\n", &Options::default()).unwrap_err();
    assert_eq!(
        lacking.to_string(),
        "line 1 has no column `firstName`; found: `login, name`"
    );
}

#[test]
fn logins_alike_in_case_or_form_block_until_chosen() {
    let report = "User,Login,Status\nA B,Bo\u{308}b@example.com,ACTIVE\nC D,x@example.com,STAGED\nE F,BÖB@example.com,ACTIVE\n";
    let (_, account) = import(&import_options(), report);
    assert!(account.blocked);
    assert_eq!(
        account.account.refused[0].reason,
        Reason::DuplicateLogin { first: 2 }
    );
    let options = ImportOptions {
        duplicates: Duplicates::KeepFirst,
        ..import_options()
    };
    let (out, account) = import(&options, report);
    assert_eq!(
        (account.blocked, account.duplicates, account.account.kept),
        (false, 1, 1)
    );
    assert!(out.contains("\nBo\u{308}b@example.com,"));
}

#[test]
fn what_the_target_would_not_take_is_refused_with_its_attribute() {
    let long = "x".repeat(51);
    let report = format!("User,Login,Status\nA {long},a@example.com,ACTIVE\nA B,ab,ACTIVE\n");
    let reasons = |account: ImportAccount| {
        account
            .account
            .refused
            .iter()
            .map(|row| row.reason.to_string())
            .collect::<Vec<_>>()
    };
    let (_, account) = import(&import_options(), &report);
    assert_eq!(
        reasons(account),
        [
            "`lastName` is longer than 50 characters",
            "`login` is shorter than 5 characters"
        ]
    );
    let options = ImportOptions {
        email_from_login: false,
        ..import_options()
    };
    let (_, account) = import(&options, "User,Login,Status\nA B,a@example.com,ACTIVE\n");
    assert_eq!(reasons(account), ["`email` is empty but required"]);
    let unknown = ImportOptions {
        same: vec![("shoeSize".to_owned(), "9".to_owned())],
        ..import_options()
    };
    assert!(
        Import::new(unknown)
            .err()
            .unwrap()
            .to_string()
            .contains("no attribute `shoeSize`")
    );
}

#[test]
fn names_are_split_by_the_rule() {
    for (display, expected) in [
        ("Ann Miller", Some(("Ann", "Miller", None))),
        ("Miller, Ann", Some(("Ann", "Miller", None))),
        ("Smith, Jr.", Some(("Jr.", "Smith", Some(Doubt::Title)))),
        (
            "Ann Mary Miller",
            Some(("Ann Mary", "Miller", Some(Doubt::MoreWords))),
        ),
        (
            "Ludwig van Beethoven",
            Some(("Ludwig", "van Beethoven", Some(Doubt::Particle))),
        ),
        ("Van Morrison", Some(("Van", "Morrison", None))),
        (
            "Dr. Ann Miller",
            Some(("Dr. Ann", "Miller", Some(Doubt::Title))),
        ),
        ("Cher", None),
        ("", None),
        (" , ", None),
        ("a, b, c", None),
        ("山田 太郎", Some(("山田", "太郎", None))),
    ] {
        let expected = expected.map(|(first, last, doubt)| Split {
            first: first.to_owned(),
            last: last.to_owned(),
            doubt,
        });
        assert_eq!(split(display), expected, "{display}");
    }
}

const SCHEMA: &str = r#"{"definitions":{
    "base":{"properties":{
        "login":{"type":"string","minLength":5,"maxLength":100,"required":true},
        "firstName":{"type":"string","minLength":1,"maxLength":50},
        "lastName":{"type":"string","minLength":1,"maxLength":50},
        "email":{"type":"string","format":"email","required":true},
        "title":{"type":"string"}},
        "required":["login","firstName","lastName","email"]},
    "custom":{"properties":{"badge":{"type":"integer"},"site":{"type":"string","enum":["North","South"]}},"required":[]}}}"#;

fn check(users: &str, text: &str) -> (String, CheckAccount) {
    let options = CheckOptions {
        options: Options::default(),
        schema: Schema::from_json(SCHEMA).unwrap(),
        existing: Existing::from_json(users, compose).unwrap(),
        compose,
    };
    run(|_| Check::new(options.clone()), text)
}

#[test]
fn an_import_file_is_checked_row_by_row_and_a_corrected_copy_made() {
    let users = r#"[{"status":"DEPROVISIONED","profile":{"login":"Old@example.com"}}]
        [{"status":"ACTIVE","profile":{"login":"taken@example.com"}}]"#;
    let (out, account) = check(
        users,
        "LOGIN,firstName,lastName,email,shoe,badge,site\n\
         a@example.com,Ann,Miller,a@example.com,9,1,North\n\
         \" b@example.com \",Bo,Berg,b@example.com,9,,South\n\
         old@example.com,Old,Man,old@example.com,9,1,North\n\
         c@example.com,Cy,,TAKEN@example.com,9,x,West\n\
         A@example.com,Ann,Again,other@example.com,9,1,North\n\
         d@example.com,Dee,Doe\n",
    );
    assert_eq!(
        out,
        "login,firstName,lastName,email,badge,site\n\
         a@example.com,Ann,Miller,a@example.com,1,North\n\
         b@example.com,Bo,Berg,b@example.com,,South\n"
    );
    assert_eq!(
        account.to_string(),
        "6 rows: 1 sound, 1 mended, 4 refused\n\
         \x20 column `shoe` is unknown to the target and left out of the corrected copy\n\
         \x20 column `LOGIN` is spelt as the target does in the corrected copy\n\
         \x20 column `badge` is empty in 1 rows; Okta wants it filled or empty throughout\n\
         \x20 line 3: blanks around `login`, mended\n\
         \x20 line 4: `login` a user with this login exists (DEPROVISIONED)\n\
         \x20 line 5: `lastName` is empty but required\n\
         \x20 line 5: `badge` is no number\n\
         \x20 line 5: `site` is none of the values that the schema lists\n\
         \x20 line 5: `email` is the login of another user\n\
         \x20 line 6: the login of line 2 again\n\
         \x20 line 7: 3 cells, header has 7\n"
    );
    let (again, account) = check(users, &out);
    assert_eq!(
        (again, account.is_clean()),
        (out, true),
        "the copy is clean"
    );
}

#[test]
fn headers_and_schemas_that_cannot_be_are_named() {
    let options = CheckOptions {
        options: Options::default(),
        schema: Schema::default(),
        existing: Existing::default(),
        compose,
    };
    let mut job = Check::new(options);
    let error = job
        .push(b"login,firstName,email\n", &mut Vec::new())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1 has no column `lastName`; found: `login, firstName, email`"
    );
    for text in ["", "[]", "{\"definitions\":{}}"] {
        assert_eq!(Schema::from_json(text).unwrap_err().code(), "users-schema");
    }
    assert_eq!(
        Schema::from_template(b"a,b\n").unwrap_err().code(),
        "users-schema"
    );
    assert_eq!(
        Existing::from_json("[{}]", compose).unwrap_err().code(),
        "users-list"
    );
    assert_eq!(Schema::default().attributes().len(), 31);
}

#[test]
fn a_copy_to_look_at_runs_nothing_and_says_what_it_is() {
    let (out, account) = run(
        |_| ViewCopy::new(&Options::default()),
        "Login,Note\na@x,=1+1\nb@x,\"  @sum\"\nc@x,＝x\nd@x,\"say \"\"hi\"\"\"\n\"\t-1\",\"\n+1\"\ne@x,\0=1\n",
    );
    assert_eq!((account.rows, account.neutralised), (6, 6));
    assert_eq!(
        out,
        "\u{feff}\"NOT FOR IMPORT\",\"Login\",\"Note\"\r\n\
         \"\",\"a@x\",\"'=1+1\"\r\n\
         \"\",\"b@x\",\"'  @sum\"\r\n\
         \"\",\"c@x\",\"'＝x\"\r\n\
         \"\",\"d@x\",\"say \"\"hi\"\"\"\r\n\
         \"\",\"'\t-1\",\"'\n+1\"\r\n\
         \"\",\"e@x\",\"'\0=1\"\r\n"
    );
}

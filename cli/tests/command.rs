//! The command as a person meets it: what it prints where, and how it ends.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const SSO: &str = "https://acme.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h9/sso/saml";
const LINK: &str = "https://hub.okta.com/home/bookmark/0oa1a2b3c4d5e6f7g8h9/2557";
const REPORT: &str = "User,Login,Status\nAnn,ann@example.com,ACTIVE\nBob,bob@example.com,STAGED\n";

struct Ran {
    out: String,
    err: String,
    code: Option<i32>,
}

fn run(arguments: &[&str], input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_org2org"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // The command may refuse before it has read everything.
    let _ = child
        .stdin
        .take()
        .expect("is piped")
        .write_all(input.as_bytes());
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().expect("it ends");
    Ran {
        out: String::from_utf8(stdout).expect("UTF-8"),
        err: String::from_utf8(stderr).expect("UTF-8"),
        code: status.code(),
    }
}

#[test]
fn a_bookmark_is_the_only_thing_on_standard_output() {
    let ran = run(
        &["bookmark", "build", "--sso-url", SSO, "--embed-link", LINK],
        "",
    );
    assert_eq!(
        (ran.out, ran.err, ran.code),
        (format!("{SSO}?RelayState={LINK}\n"), String::new(), Some(0))
    );
    let admin = LINK.replace("hub", "hub-admin");
    let ran = run(
        &[
            "bookmark",
            "build",
            "--sso-url",
            SSO,
            "--embed-link",
            &admin,
            "--format",
            "json",
        ],
        "",
    );
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(json["parts"]["link"]["org"], "https://hub.okta.com");
    assert!(
        ran.err
            .starts_with("note: embed link: `hub-admin.okta.com` is the admin host")
    );
}

#[test]
fn a_refusal_has_code_place_and_hint() {
    let ran = run(
        &[
            "bookmark",
            "build",
            "--sso-url",
            SSO,
            "--embed-link",
            "https://hub.okta.com.evil.com/",
        ],
        "",
    );
    assert_eq!((ran.out.as_str(), ran.code), ("", Some(1)));
    assert!(
        ran.err
            .starts_with("error[org-lookalike]: embed link: host `hub.okta.com.evil.com`"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("\n  hint: "));
}

#[test]
fn explaining_finds_or_does_not() {
    let ran = run(
        &["bookmark", "explain", &format!("{SSO}?RelayState={LINK}")],
        "",
    );
    assert!(
        ran.out
            .contains("A click ends in the app `bookmark` of `hub.okta.com`")
    );
    assert_eq!(ran.code, Some(0));
    let ran = run(&["bookmark", "explain", SSO, "--format", "json"], "");
    assert!(ran.out.contains("bookmark-no-relay-state"));
    assert_eq!(ran.code, Some(1));
}

#[test]
fn active_users_go_out_and_the_account_goes_beside() {
    let ran = run(&["users", "active", "-"], REPORT);
    assert_eq!(ran.out, REPORT.replace("Bob,bob@example.com,STAGED\n", ""));
    assert!(
        ran.err
            .starts_with("2 rows: 1 active kept, 1 left out, 0 refused")
    );
    assert_eq!(ran.code, Some(0));
    let ran = run(
        &["users", "active", "-", "--format", "json"],
        &format!("{REPORT}C,c,Aktiv\n"),
    );
    let account: serde_json::Value = serde_json::from_str(&ran.err).expect("JSON");
    assert_eq!(
        (&account["kept"], ran.code),
        (&serde_json::json!(1), Some(1))
    );
}

#[test]
fn half_a_file_is_never_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("users.csv");
    let name = file.to_str().expect("UTF-8");
    let broken = format!("{REPORT}\"C,c@example.com,ACTIVE\n");
    let ran = run(&["users", "active", "-"], &broken);
    assert_eq!((ran.out.as_str(), ran.code), ("", Some(1)));
    assert!(ran.err.contains("quote opened at line 4 column 1"));
    let ran = run(&["users", "active", "-", "-o", name], &broken);
    assert_eq!(ran.code, Some(1));
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 0);
}

#[test]
fn an_existing_file_is_replaced_only_by_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("users.csv");
    let name = file.to_str().expect("UTF-8");
    fs::write(&file, "mine").expect("writable");
    let ran = run(&["users", "active", "-", "-o", name], REPORT);
    assert_eq!(
        (fs::read_to_string(&file).expect("there").as_str(), ran.code),
        ("mine", Some(3))
    );
    let ran = run(&["users", "active", "-", "-o", name, "--force"], REPORT);
    assert_eq!((ran.out.as_str(), ran.code), ("", Some(0)));
    assert!(
        fs::read_to_string(&file)
            .expect("there")
            .contains("ann@example.com")
    );
}

#[test]
fn keys_become_a_jwks_and_private_keys_are_never_repeated() {
    let n = format!("w{}Q", "A".repeat(340));
    let key = format!(
        r#"[{{"kty":"RSA","e":"AQAB","kid":"a","created":"x","n":"{n}"}},{{"kty":"oct"}}]"#
    );
    let ran = run(&["jwks", "format", "-"], &key);
    let jwks: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(jwks["keys"][0]["use"], "sig");
    assert!(
        ran.err.contains("2 keys: 1 accepted, 1 refused"),
        "{}",
        ran.err
    );
    assert_eq!(ran.code, Some(1));
    let ran = run(
        &["jwks", "format", "-"],
        r#"{"kty":"RSA","d":"Q0FOQVJZQ0FOQVJZ"}"#,
    );
    assert_eq!((ran.out.as_str(), ran.code), ("", Some(1)));
    assert!(ran.err.starts_with("error[jwks-private]") && !ran.err.contains("Q0FO"));
}

#[test]
fn steps_come_in_three_forms() {
    let text = run(&["steps"], "");
    assert!(text.out.contains("  1. [source org] "), "{}", text.out);
    let json = run(&["steps", "federation", "--format", "json"], "");
    let list: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert!(
        run(&["steps", "--format", "markdown"], "")
            .out
            .contains("- [ ] ")
    );
    let ran = run(&["steps", "nonsense"], "");
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("federation"));
}

#[test]
fn missing_files_and_wrong_words_have_their_codes() {
    let ran = run(&["jwks", "format", "no such file"], "");
    assert_eq!(ran.code, Some(3));
    assert!(
        ran.err
            .starts_with("error[file]: `no such file` cannot be read")
    );
    assert_eq!(run(&["bookmark", "built"], "").code, Some(2));
    assert_eq!(run(&[], "").code, Some(2));
    assert_eq!(run(&["--help"], "").code, Some(0));
}

#[test]
fn a_reader_who_leaves_is_no_trouble() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_org2org"))
        .args(["users", "active", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let rows = "a,a@example.com,ACTIVE\n".repeat(100_000);
    let mut stdin = child.stdin.take().expect("is piped");
    stdin
        .write_all(format!("User,Login,Status\n{rows}").as_bytes())
        .expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{err}");
    assert!(!err.contains("panicked") && !err.contains("error"), "{err}");
}

#[test]
fn an_import_file_is_made_checked_and_copied_in_one_pipe() {
    let report =
        "User,Login,Status\nAnn Lee,ann@example.com,ACTIVE\n=Bo Ek,bo@example.com,Active\n";
    let made = run(
        &[
            "users",
            "import",
            "-",
            "--email-from-login",
            "--user-type",
            "Partner",
            "--group",
            "Acme",
        ],
        report,
    );
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert!(
        made.err.contains("names guessed: 2") && made.err.contains("group `Acme`"),
        "{}",
        made.err
    );
    let mut lines = made.out.lines();
    assert!(
        lines
            .next()
            .is_some_and(|header| header.starts_with("login,firstName,lastName,"))
    );
    assert!(lines.next().is_some_and(
        |row| row.starts_with("ann@example.com,Ann,Lee,") && row.contains(",Partner,")
    ));

    let folder = tempfile::tempdir().expect("a folder");
    let users = folder.path().join("users.json");
    fs::write(
        &users,
        r#"[{"status":"ACTIVE","profile":{"login":"ANN@example.com"}}]"#,
    )
    .expect("written");
    let copy = folder.path().join("corrected.csv");
    let (users, copy) = (
        users.to_str().expect("UTF-8"),
        copy.to_str().expect("UTF-8"),
    );
    let checked = run(
        &[
            "users", "check", "-", "--users", users, "-o", copy, "--format", "json",
        ],
        &made.out,
    );
    assert_eq!(checked.code, Some(1), "{}", checked.err);
    let found: serde_json::Value = serde_json::from_str(&checked.out).expect("JSON");
    assert_eq!(found["findings"][0]["flaw"], "login-taken");
    assert_eq!(
        (&found["sound"], &found["refused_rows"]),
        (&1.into(), &1.into())
    );
    let corrected = fs::read_to_string(copy).expect("it is there");
    assert_eq!(corrected.lines().count(), 2);
    assert_eq!(run(&["users", "check", "-"], &corrected).code, Some(0));

    let viewed = run(&["users", "view", "-"], &made.out);
    assert_eq!(viewed.code, Some(0));
    assert!(
        viewed.out.starts_with("\u{feff}\"NOT FOR IMPORT\",") && viewed.out.contains("\"'=Bo\""),
        "{}",
        viewed.out
    );
}

#[test]
fn repeated_logins_write_nothing_until_chosen() {
    let report = "User,Login,Status\nA B,a@example.com,ACTIVE\nC D,A@example.com,ACTIVE\n";
    let words = ["users", "import", "-", "--email-from-login"];
    let blocked = run(&words, report);
    assert_eq!((blocked.out.as_str(), blocked.code), ("", Some(1)));
    assert!(
        blocked.err.contains("--duplicates keep-first"),
        "{}",
        blocked.err
    );
    let chosen = run(
        &[&words[..], &["--duplicates", "keep-first"]].concat(),
        report,
    );
    assert_eq!((chosen.out.lines().count(), chosen.code), (2, Some(1)));
}

#[test]
fn other_encodings_are_named_and_converted_on_demand() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.csv");
    let units = "User,Login,Status\nAndré,a@example.com,ACTIVE\n".encode_utf16();
    fs::write(&path, units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()).expect("written");
    let name = path.to_str().expect("UTF-8");
    let refused = run(&["users", "active", name], "");
    assert_eq!((refused.out.as_str(), refused.code), ("", Some(1)));
    assert!(
        refused.err.contains("the file is UTF-16LE, expected UTF-8"),
        "{}",
        refused.err
    );
    let converted = run(&["users", "active", name, "--encoding", "utf-16le"], "");
    assert_eq!(
        converted.out,
        "User,Login,Status\nAndré,a@example.com,ACTIVE\n"
    );
    assert_eq!(
        run(&["users", "active", name, "--encoding", "latin"], "").code,
        Some(2)
    );
}

#[test]
fn the_manual_and_the_completions_know_every_word() {
    let help = run(&["--help"], "").out;
    let words: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|word| {
            word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-')
        })
        .filter(|word| *word != "help")
        .collect();
    assert!(
        words.contains(&"doctor") && words.contains(&"test-user"),
        "{help}"
    );
    let man = run(&["man"], "");
    assert_eq!((man.err.as_str(), man.code), ("", Some(0)));
    let man = man.out.replace("\\-", "-");
    for word in &words {
        assert!(man.contains(&format!("org2org-{word}")), "{word}");
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = run(&["completions", shell], "");
        assert_eq!((ran.err.as_str(), ran.code), ("", Some(0)), "{shell}");
        for word in &words {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn the_lifecycle_follows_the_settings() {
    let off = run(&["lifecycle"], "");
    assert_eq!((off.err.as_str(), off.code), ("", Some(0)));
    assert!(!off.out.contains("is deactivated.\n"), "{}", off.out);
    assert!(off.out.contains("unknown: no document of Okta's says"));
    let push = ["lifecycle", "--push", "active_without_pass", "--deactivate"];
    let on = run(&push, "");
    assert!(on.out.contains("who gets an activation mail"), "{}", on.out);
    assert!(on.out.contains("The account is deactivated."), "{}", on.out);
    let json = run(&[&push[..], &["--format", "json"]].concat(), "").out;
    let rows: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(7));
    let odd = run(&["lifecycle", "--push", "active"], "");
    assert_eq!(odd.code, Some(2));
    assert!(odd.err.contains("pending_without_pass"), "{}", odd.err);
    assert_eq!(run(&["lifecycle", "--deactivate"], "").code, Some(2));
}

#[test]
fn a_paper_is_made_of_a_journal_and_says_what_is_wrong_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let wish = folder.path().join("wish.toml");
    let (wish, journal) = (wish.to_str().unwrap(), folder.path().join("wish.journal"));
    let orgs = [
        "--wish",
        wish,
        "--source",
        "acme.okta.com",
        "--target",
        "hub.okta.com",
    ];
    let paper = |kind: &str, more: &[&str]| run(&[&["report", kind], &orgs[..], more].concat(), "");
    assert_eq!(
        paper("evidence", &[]).code,
        Some(3),
        "there is no journal yet"
    );

    fs::write(&journal, "").unwrap();
    let empty = paper("evidence", &[]);
    assert_eq!(empty.code, Some(0));
    assert!(
        empty
            .out
            .starts_with("# Evidence: acme.okta.com and hub.okta.com\n\nNothing was written.")
    );

    let entry =
        r#"{"seq":0,"at":1,"key":"source-group","event":{"kind":"undone"},"prev":"","hash":"x"}"#;
    fs::write(&journal, format!("{entry}\n{{\"torn")).unwrap();
    for (kind, form, begins) in [
        ("change-notice", "html", "<!DOCTYPE html>"),
        ("runbook", "json", "{"),
        ("evidence", "markdown", "# Evidence"),
    ] {
        let ran = paper(kind, &["--format", form]);
        assert_eq!(ran.code, Some(1), "{kind}: {}", ran.err);
        assert!(
            ran.out.starts_with(begins) && ran.out.contains("This journal is damaged"),
            "{}",
            ran.out
        );
    }

    fs::write(&journal, "no entry\n").unwrap();
    let foreign = paper("runbook", &[]);
    assert_eq!((foreign.code, foreign.out.as_str()), (Some(1), ""));
    assert!(foreign.err.contains("error["), "{}", foreign.err);
}

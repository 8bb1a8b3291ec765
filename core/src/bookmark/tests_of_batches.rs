//! Lists of addresses as people have them, and every line of them accounted for.

use super::*;
use proptest::prelude::*;

const ACME: &str = "https://acme.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h9/sso/saml";
const BETA: &str = "https://beta.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h8/sso/saml";
const LINK: &str = "https://hub.okta.com/home/bookmark/0oa1a2b3c4d5e6f7g8h9/2557";
const OTHER: &str = "https://hub.okta.com/home/expenses/0oa1a2b3c4d5e6f7g8h8/42";

fn labels(links: &str) -> Vec<(String, String)> {
    let batch = Batch::build(ACME, links);
    assert_eq!(batch.refused, [], "{links}");
    let pair = |entry: Entry| {
        let parts = read(&entry.url).unwrap();
        (entry.label, parts.link.url)
    };
    batch.bookmarks.into_iter().map(pair).collect()
}

#[test]
fn every_source_gets_every_app() {
    let batch = Batch::build(
        &format!("{ACME}\n{BETA}\n"),
        &format!("{LINK}\r\n\r\n{OTHER}"),
    );
    let urls: Vec<&str> = batch
        .bookmarks
        .iter()
        .map(|entry| entry.url.as_str())
        .collect();
    let url = |sso: &str, link: &str| build(sso, link).unwrap().url;
    assert_eq!(
        urls,
        [
            url(ACME, LINK),
            url(ACME, OTHER),
            url(BETA, LINK),
            url(BETA, OTHER)
        ]
    );
    assert_eq!((batch.sources, batch.links, batch.refused.len()), (2, 2, 0));
    assert_eq!(batch.bookmarks[1].label, "expenses");
    assert_eq!(batch.bookmarks[2].source, "beta.okta.com");
}

#[test]
fn lists_are_taken_as_people_have_them() {
    let expected = [
        ("Travel, and \"more\"".to_owned(), LINK.to_owned()),
        ("Expenses".to_owned(), OTHER.to_owned()),
    ];
    for links in [
        format!("label,url\n\"Travel, and \"\"more\"\"\",{LINK}\nExpenses,{OTHER}\n"),
        format!("url,label\n{LINK},\"Travel, and \"\"more\"\"\"\n{OTHER},Expenses"),
        format!("App\tLink\nTravel, and \"more\"\t{LINK}\nExpenses\t{OTHER}"),
        format!("\u{feff}\"Travel, and \"\"more\"\"\";\"{LINK}\"\n;Expenses;{OTHER}"),
    ] {
        assert_eq!(labels(&links), expected, "{links}");
    }
    let query = format!("{LINK}?a=1,2;3&b=\"x\"");
    assert_eq!(labels(&query), [("bookmark".to_owned(), query.clone())]);
}

#[test]
fn every_line_is_accounted_for() {
    let links = format!(
        "{LINK}\nhttps://hub.okta.com.evil.com/home/x/1/2\n{LINK}\nhello\n{}",
        LINK.replace("hub", "acme")
    );
    let batch = Batch::build(ACME, &links);
    let seen: Vec<(usize, &str)> = batch
        .refused
        .iter()
        .map(|refused| (refused.line, refused.code))
        .collect();
    assert_eq!(
        seen,
        [
            (2, "org-lookalike"),
            (3, "bookmark-twice"),
            (4, "org-not-url"),
            (5, "bookmark-same-org")
        ]
    );
    assert!(
        batch
            .refused
            .iter()
            .all(|refused| refused.list == "embed link" && !refused.hint.is_empty())
    );
    assert_eq!(batch.bookmarks.len(), 1);
    let lone = Batch::build("hello", "hello");
    assert_eq!(lone.refused.len(), 2);
    let many: String = (0..200).map(|at| format!("{LINK}{at}\n")).collect();
    let sources: String = (100..200)
        .map(|at| format!("{}\n", ACME.replace("7g8h9", &format!("7g{at}"))))
        .collect();
    let batch = Batch::build(&sources, &many);
    assert_eq!(
        (batch.bookmarks.len(), batch.refused[0].code),
        (0, "bookmark-too-many"),
        "{:?}",
        &batch.refused[..1]
    );
}

#[test]
fn a_private_key_in_a_list_is_refused_whole_and_not_repeated() {
    let key =
        "-----BEGIN PRIVATE KEY-----\nMIICANARYCANARY\nCANARYCANARY\n-----END PRIVATE KEY-----\n";
    for (sources, links) in [(key, LINK), (ACME, key)] {
        let batch = Batch::build(sources, links);
        assert!(batch.secret && batch.bookmarks.is_empty());
        assert_eq!(batch.refused[0].code, "jwks-private");
        assert!(!format!("{batch:?}").contains("CANARY"));
    }
}

#[test]
fn a_file_of_all_reads_back_and_runs_nothing() {
    let links = format!("label,url\n=1+1,{LINK}\n\"a \"\"b\"\"\",{OTHER}\n");
    let batch = Batch::build(ACME, &links);
    let csv = batch.csv();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&rows[0][0], "'=1+1");
    assert_eq!(&rows[1][0], "a \"b\"");
    assert_eq!(&rows[0][3], batch.bookmarks[0].url);
    let json: serde_json::Value = serde_json::from_str(&batch.json()).unwrap();
    assert_eq!(json[0]["label"], "=1+1");
    assert_eq!(json[1]["url"], batch.bookmarks[1].url);
}

proptest! {
    #[test]
    fn every_filled_line_is_built_or_refused(lines in proptest::collection::vec(prop_oneof![
        Just(LINK.to_owned()), Just(OTHER.to_owned()), Just(format!("x,{LINK}?a")), "[a-z\",;:/.\t]{0,30}", Just(String::new()),
    ], 0..12)) {
        let text = lines.join("\n");
        let batch = Batch::build(ACME, &text);
        let filled = text.lines().filter(|line| !line.trim().is_empty()).count();
        let told = batch.bookmarks.len() + batch.refused.len();
        // A first line without an address may be the heading of a table.
        prop_assert!(told == filled || told + 1 == filled, "{told} of {filled}");
        for entry in &batch.bookmarks {
            prop_assert!(read(&entry.url).is_ok());
        }
    }
}

#[test]
fn as_many_as_a_file_may_hold_are_built_and_one_more_is_not() {
    let sources = |count: usize| {
        let one = |at: usize| ACME.replace("exk1a2b3c4d5e6f7g8h9", &format!("exk{at:017}"));
        (0..count).map(one).collect::<Vec<_>>().join("\n")
    };
    let links = |count: usize| {
        let one = |at: usize| LINK.replace("2557", &at.to_string());
        (0..count).map(one).collect::<Vec<_>>().join("\n")
    };
    let full = Batch::build(&sources(100), &links(100));
    assert_eq!((full.bookmarks.len(), full.refused.len()), (10_000, 0));
    let over = Batch::build(&sources(73), &links(137));
    assert_eq!(over.bookmarks.len(), 0);
    assert_eq!(over.refused[0].code, "bookmark-too-many");
}

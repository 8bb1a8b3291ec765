use super::*;
use crate::okta::Call;
use serde_json::json;

fn org(host: &str) -> OrgUrl {
    OrgUrl::parse(host).unwrap()
}

/// A group made and proven, a person put into it and proven, a name that wants to be more, and a write without an answer.
fn journal() -> Journal {
    let mut journal = Journal::default();
    let intent =
        |op: &str, params: &[(&str, &str)], body: Option<serde_json::Value>| Event::Intent {
            purpose: Purpose::Apply,
            call: Call {
                op: op.to_owned(),
                params: params
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                query_raw: None,
                body,
            },
            changes: vec![],
        };
    let accepted = |intent, id: Option<&str>| Event::Outcome {
        intent,
        outcome: Outcome::Accepted {
            id: id.map(str::to_owned),
        },
    };
    let proof = || Event::Proof {
        id: None,
        fingerprint: "f00d".to_owned(),
    };
    let group = json!({"profile": {"name": "<script>alert(1)</script> | **x**"}});
    let (made, put, lost) = (
        "source-group",
        "group-member/00u0000000000000abcd",
        "org2org-app",
    );
    journal.record(
        1_700_000_000_000,
        made,
        intent("groups.create", &[], Some(group)),
    );
    journal.record(1_700_000_001_000, made, accepted(0, Some("00g1")));
    journal.record(1_700_000_002_000, made, proof());
    let person = [("group", "00g1"), ("user", "00u0000000000000abcd")];
    journal.record(1_700_000_003_000, put, intent("groups.add", &person, None));
    journal.record(1_700_000_004_000, put, accepted(3, None));
    journal.record(1_700_000_005_000, lost, intent("apps.create", &[], None));
    journal
}

fn forms(paper: Paper, whole: bool, journal: &Journal) -> [String; 3] {
    let (source, target) = (org("acme.okta.com"), org("hub.okta.com"));
    let matter = Matter {
        source: &source,
        target: &target,
        journal,
        whole,
    };
    let document = write(paper, &matter);
    [
        document.html(),
        document.markdown(),
        document.json().to_string(),
    ]
}

const PAPERS: [Paper; 3] = [Paper::ChangeNotice, Paper::Evidence, Paper::Runbook];

#[test]
fn a_paper_leaves_values_and_people_out_unless_they_are_asked_for() {
    let journal = journal();
    for paper in PAPERS {
        for form in forms(paper, false, &journal) {
            assert!(!form.contains("alert(1)"), "{paper:?}: {form}");
            assert!(!form.contains("00u0000000000000abcd"), "{paper:?}: {form}");
            assert!(form.contains("acme.okta.com") && form.contains("hub.okta.com"));
        }
    }
    let [_, _, evidence] = forms(Paper::Evidence, true, &journal);
    assert!(evidence.contains("alert(1)") && evidence.contains("00u0000000000000abcd"));
}

#[test]
fn a_name_cannot_become_part_of_a_paper() {
    let [html, markdown, _] = forms(Paper::Evidence, true, &journal());
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    assert!(markdown.contains("\\<script\\>") && markdown.contains("\\*\\*x\\*\\*"));
    for row in markdown.lines().filter(|line| line.starts_with('|')) {
        let cells = row.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 8, "{row}");
    }
    let body = html.split_once("<body>").unwrap().1.replace("</html>", "");
    assert!(roxmltree::Document::parse(&format!("<body>{body}")).is_ok());
}

#[test]
fn a_write_without_proof_is_never_told_as_done() {
    let journal = journal();
    let [_, _, text] = forms(Paper::Evidence, false, &journal);
    for words in [
        "proven by a read",
        "accepted, not proven yet",
        "unknown: no answer is recorded",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(text.contains("3 writes, of which 1 are proven"));
}

#[test]
fn a_damaged_journal_says_so_first() {
    let mut journal = journal();
    for paper in PAPERS {
        assert!(!forms(paper, false, &journal)[1].contains("damaged"));
    }
    journal.entries[1].at += 1;
    for paper in PAPERS {
        let [_, markdown, _] = forms(paper, false, &journal);
        let warned = markdown.lines().nth(2).unwrap();
        assert!(
            warned.starts_with("This journal is damaged"),
            "{paper:?}: {warned}"
        );
    }
}

#[test]
fn every_event_type_belongs_to_an_operation() {
    let operations =
        serde_json::from_str::<serde_json::Value>(&crate::okta::operations_json()).unwrap();
    let named = operations.as_object().unwrap().keys();
    let told = named.filter(|op| events::event_type(op).is_some()).count();
    assert_eq!(told, 24, "an operation of the table was renamed");
}

#[test]
fn moments_are_those_of_the_calendar() {
    for (at, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_400_000, "2000-02-29T00:00:00Z"),
        (1_700_000_000_000, "2023-11-14T22:13:20Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00Z"),
    ] {
        assert_eq!(moment(at), text);
    }
}

#[test]
fn ids_of_people_are_left_out_and_nothing_else_is() {
    assert_eq!(
        without_people("/users/00u1abcdefghij/x 00u"),
        "/users/⟨person⟩/x 00u"
    );
    assert_eq!(
        without_people("a00u1abcdefghij 00g1abcdefghij"),
        "a00u1abcdefghij 00g1abcdefghij"
    );
}

#[test]
fn a_journal_is_read_as_it_was_written() {
    let journal = journal();
    let text = serde_json::to_string(&journal).unwrap();
    assert_eq!(Journal::read(&text).unwrap(), journal);
    assert!(Journal::read("[{\"seq\": 0}]").is_err());
}

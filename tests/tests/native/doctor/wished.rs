//! The report beside a wish: what is as asked is not told, what is not is told with what mends it.

use super::cases;
use org2org_core::doctor::{MendedBy, Wished};
use org2org_core::run::{Method, Push, Side};
use org2org_tests::{Bench, Clinic, End};
use serde_json::{Value, json};

/// A rule, and what a wish says that wants what it finds.
type Want = (&'static str, fn(&mut Push));

const COMMAND: &str = "org2org apply wish.toml";

/// The doctor's report, and the wish of the bench's run with every row probed.
fn beside_the_wish(mut clinic: Clinic) -> Wished {
    let report = clinic.examine();
    assert_eq!(clinic.bench.check(), End::Rests);
    let run = &clinic.bench.run;
    let plan = run.plan().expect("every row was probed");
    Wished::of(&report, run.wish(), &run.timeline(), plan)
}

#[test]
fn a_bare_pair_has_every_row_of_the_wish_to_do() {
    let bench = Bench::fresh();
    let now = bench.now;
    let wished = beside_the_wish(Clinic::of(bench, now));
    assert!(wished.is_ill() && !wished.is_unsure());
    let text = wished.text(COMMAND);
    let told = format!("rows that are not as asked: {}\n", wished.gaps.len());
    assert!(text.starts_with(&format!("By the wish, {told}")), "{text}");
    let made = format!("mended by org2org-app: {COMMAND}");
    assert!(text.contains(&made), "{text}");
    assert!(
        text.contains("by hand, in HUB, Identity provider: "),
        "{text}"
    );
    let json = wished.json(COMMAND);
    assert_eq!(json["command"], COMMAND);
    assert_eq!(json["plan"], json!(wished.plan));
    let gaps = json["gaps"].as_array().expect("a list");
    assert_eq!(gaps.len(), wished.gaps.len());
    for gap in gaps {
        let org = gap["org"].as_str().expect("a name");
        assert!(["ACME", "HUB"].contains(&org), "{gap}");
        let mended = gap["mend"]["by"].as_str().expect("a name");
        assert!(["plan", "person"].contains(&mended), "{gap}");
    }
}

#[test]
fn what_is_as_wished_is_no_gap_and_what_went_astray_is_one() {
    // Push is on in the healthy pair, and this wish asks for federation and bookmarks alone.
    let settled = beside_the_wish(Clinic::healthy());
    let open: Vec<&str> = settled.gaps.iter().map(|gap| gap.row.as_str()).collect();
    assert_eq!(open, ["provisioning-off"]);
    assert!(settled.plan.is_none());
    assert_eq!(settled.json(COMMAND)["command"], Value::Null);

    let mut astray = Clinic::healthy();
    let idps = astray.get(Side::Target, "/api/v1/idps");
    let mut ours = idps.as_array().expect("a list").iter();
    let ours = ours.find(|idp| idp["name"] != "Contractors");
    let id = ours.expect("one of ours")["id"].as_str().expect("an id");
    let path = format!("/api/v1/idps/{id}/lifecycle/deactivate");
    astray.call(Side::Target, "POST", &path, Value::Null);
    let wished = beside_the_wish(astray);
    assert!(wished.is_ill());
    let gone = wished
        .gaps
        .iter()
        .find(|gap| gap.procedure == "federation" && gap.org == "HUB");
    let gone = gone.unwrap_or_else(|| panic!("{:#?}", wished.gaps));
    assert_eq!(gone.title, "Create the identity provider");
}

#[test]
fn a_finding_is_as_wished_only_where_the_wish_says_so() {
    let wants: [Want; 2] = [
        ("unassigning-deactivates", |push| push.deactivate = true),
        ("rotation-by-hand", |push| push.method = Method::OauthManual),
    ];
    for (rule, want) in wants {
        for wanted in [false, true] {
            let mut clinic = Clinic::healthy();
            let (_, make) = cases().find(|(id, _)| *id == rule).expect("a fixture");
            make(&mut clinic);
            clinic.bench.wish(|wish| {
                let push = wish.push.get_or_insert_default();
                (push.deactivate, push.method) = (false, Method::OauthAuto);
                if wanted {
                    want(push);
                }
            });
            let wished = beside_the_wish(clinic);
            let found = wished.findings.iter().find(|one| one.rule.id == rule);
            let mend = &found.expect("it is found").mend;
            let nothing = matches!(mend, MendedBy::Nothing { .. });
            assert_eq!(nothing, wanted, "{rule}: {mend:?}");
            assert_eq!(wished.text(COMMAND).contains("as wished: push."), wanted);
        }
    }
}

//! Beside the tools of the page: reads what the paired orgs have for them, and fills it in when asked.

use std::rc::Rc;

use org2org_core::offers::{self, Offer, Slot};
use org2org_core::okta::{Answer, Probe, app_keys, apps, org};
use org2org_core::run::{Pair, Reply, Side};
use org2org_ui::{Offering, PairCard, Wanted};

use crate::browser;
use crate::relay::Relay;
use crate::store::{self, Stored};

/// Fields of the page for the orgs themselves.
const ORGS: [(&str, Side); 2] = [("list-source", Side::Source), ("list-target", Side::Target)];

/// The fields that a value goes to, and the tool they stand in.
fn fields(slot: Slot) -> (&'static str, &'static [&'static str]) {
    match slot {
        Slot::Keys => ("#keys", &["keys-text"]),
        Slot::Link => ("#bookmark", &["embed-link"]),
        Slot::Links => ("#bookmark", &["batch-links"]),
        Slot::SignOn => ("#bookmark", &["sso-url", "batch-sources"]),
    }
}

/// Shows the offers in the element `offers`.
pub fn show() {
    crate::mount("offers", || {
        let relay = Rc::new(Relay::default());
        let (asked, made) = (Rc::new(std::cell::Cell::new(None)), relay.clone());
        let kept = asked.clone();
        let offering = Offering::new(move |wanted| {
            let Some(offering) = kept.get() else { return };
            match wanted {
                Wanted::Fill(offer) => fill(offering, &offer),
                Wanted::Read => {
                    let relay = made.clone();
                    browser::spawn(async move { read(offering, &relay).await });
                }
            }
        });
        asked.set(Some(offering));
        browser::spawn(async move { look_up(offering).await });
        org2org_ui::offers(offering)
    });
}

async fn pair() -> Option<Pair> {
    match store::load().await {
        Stored::Pair(pair) => Some(*pair),
        Stored::Run(run) => Some(run.pair),
        // One of its orgs is another admin's: there is nothing to read there.
        Stored::Damaged | Stored::Half(..) | Stored::Nothing => None,
    }
}

async fn look_up(offering: Offering) {
    let Some(pair) = pair().await else { return };
    offering.pair.set(Some(PairCard::of(&pair)));
    // What a person has typed there counts more.
    if ORGS.iter().all(|(field, _)| browser::field_is_empty(field)) {
        for (field, side) in ORGS {
            browser::fill(field, pair.org(side).url.host());
        }
    }
}

fn fill(offering: Offering, offer: &Offer) {
    let (tool, fields) = fields(offer.slot);
    for field in fields {
        browser::fill(field, &offer.value);
    }
    browser::go_to(tool);
    offering.status.set("Filled in below.".to_owned());
}

async fn read(offering: Offering, relay: &Relay) {
    offering.reading.set(true);
    offering.status.set("Reading both orgs…".to_owned());
    // Read anew: the pair may have changed in the panel meanwhile.
    let said = match pair().await {
        None => "No two orgs are paired any more. Pair them in the panel.".to_owned(),
        Some(pair) => {
            offering.pair.set(Some(PairCard::of(&pair)));
            let (mut all, mut missing) = (Vec::new(), Vec::new());
            for found in [source(relay, &pair).await, target(relay, &pair).await] {
                match found {
                    Ok(offers) => all.extend(offers),
                    Err(why) => missing.push(why),
                }
            }
            let said = said(all.len(), &missing);
            offering.offers.set(Rc::new(all));
            said
        }
    };
    offering.status.set(said);
    offering.reading.set(false);
}

fn said(found: usize, missing: &[String]) -> String {
    match (found, missing) {
        (0, []) => "Both orgs were read; neither has a value for these tools.".to_owned(),
        (_, []) => "Both orgs were read.".to_owned(),
        (_, missing) => missing.join(" "),
    }
}

/// A name may lead to another org since it was paired.
async fn is_same(relay: &Relay, pair: &Pair, side: Side) -> Result<(), String> {
    let known = answer(relay, pair, side, org::well_known()).await?;
    let org = pair.org(side);
    match known.text("/id") == Ok(&org.id) {
        true => Ok(()),
        false => Err([
            &org.name,
            " was not read: another org answers at ",
            org.url.host(),
            " now. Pair them anew in the panel.",
        ]
        .concat()),
    }
}

async fn source(relay: &Relay, pair: &Pair) -> Result<Vec<Offer>, String> {
    is_same(relay, pair, Side::Source).await?;
    let list = answer(relay, pair, Side::Source, apps::named("okta_org2org")).await?;
    let mut found = Vec::new();
    for (id, label) in offers::org2org_apps(&list, &pair.target.url) {
        let metadata = answer(relay, pair, Side::Source, apps::metadata(&id)).await?;
        found.extend(offers::sign_on(&metadata, &pair.source.url, &label));
        let credentials = answer(relay, pair, Side::Source, app_keys::of(&id)).await?;
        found.push(offers::keys(&credentials, &label));
    }
    Ok(found)
}

async fn target(relay: &Relay, pair: &Pair) -> Result<Vec<Offer>, String> {
    is_same(relay, pair, Side::Target).await?;
    let list = answer(relay, pair, Side::Target, apps::active()).await?;
    Ok(offers::links(&list, &pair.target.url))
}

/// A whole answer of an org, page by page, or in a sentence why there is none.
async fn answer(relay: &Relay, pair: &Pair, side: Side, probe: Probe) -> Result<Answer, String> {
    let org = pair.org(side);
    let because = |why: &str| {
        [
            &org.name,
            " was not read: ",
            why,
            ". Sign in to its Admin Console in a tab, then read again.",
        ]
        .concat()
    };
    let (Some(op), Some(mut call)) = (probe.op, probe.call()) else {
        return Ok(Answer::empty());
    };
    let mut earlier = Vec::new();
    loop {
        let response = match relay.send(&org.url, &call, false).await {
            Reply::Response(response) => response,
            Reply::Failed(failure) => return Err(because(failure.text())),
            _ => return Err(because("there is no answer")),
        };
        if response.is_page() || response.status != 200 {
            let status = ["it answered with status ", &response.status.to_string()].concat();
            return Err(because(&status));
        }
        let next = response.next_query();
        let whole = Answer::check(&response, &op.shape, std::mem::take(&mut earlier))
            .map_err(|why| because(&why))?;
        match next {
            Some(query) => {
                earlier = whole.items().to_vec();
                call.query_raw = Some(query);
            }
            None => return Ok(whole.on_org_host(&org.url)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_field_that_is_filled_stands_in_its_tool() {
        let page = include_str!("../../www/static/index.html");
        let own = ORGS.map(|(field, _)| ("#checklist", field));
        let slots = [Slot::Keys, Slot::Link, Slot::Links, Slot::SignOn].map(fields);
        let filled = slots
            .iter()
            .flat_map(|(tool, fields)| fields.iter().map(|field| (*tool, *field)));
        for (tool, field) in filled.chain(own) {
            let section = page
                .split("<section ")
                .find(|part| part.starts_with(&format!("id=\"{}\"", &tool[1..])))
                .unwrap();
            assert!(section.contains(&format!("id=\"{field}\"")), "{field}");
        }
    }

    #[test]
    fn what_was_not_read_is_said() {
        assert!(said(0, &[]).contains("neither"));
        assert_eq!(
            said(3, &["HUB was not read: x.".to_owned()]),
            "HUB was not read: x."
        );
    }
}

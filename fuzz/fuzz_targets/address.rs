//! Any text as an address: what core takes for an org's, a browser takes for the same org's, and a link it takes comes back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use org2org_core::bookmark::{Batch, build, explain, read};
use org2org_core::org::Place;
use url::Url;

const SSO: &str = "https://acme.okta.com/app/okta_org2org/exk1a2b3c4d5e6f7g8h9/sso/saml";
const LINK: &str = "https://hub.okta.com/home/bookmark/0oa1a2b3c4d5e6f7g8h9/2557";

fuzz_target!(|text: &str| {
    for address in [text.to_owned(), format!("https://{text}"), format!("https://hub.okta.com{text}")] {
        assert!(!explain(&address).to_string().is_empty());
        if let Ok(place) = Place::read(&address) {
            let url = Url::parse(&address).expect("a browser reads it");
            let host = if place.admin { place.org.admin_host() } else { place.org.host() };
            assert_eq!((url.scheme(), url.host_str(), url.username()), ("https", Some(host), ""));
        }
    }
    let link = format!("{LINK}?{text}");
    if let Ok(bookmark) = build(SSO, &link) {
        let url = Url::parse(&bookmark.url).expect("a browser reads it");
        let relayed = url.query_pairs().next().map(|(_, value)| value.into_owned());
        assert_eq!(relayed.as_ref(), Some(&bookmark.parts.link.url));
        assert_eq!(read(&bookmark.url).as_ref(), Ok(&bookmark.parts));
    }
    let _ = Batch::build(SSO, text).csv();
});

//! What the keys tool found, as it is shown.

use crate::text;
use crate::trouble::{Trouble, marked};
use org2org_core::jwks::{Comparison, Formatted, KeyReport};
use sycamore::prelude::*;

pub fn result_view(result: Result<Formatted, Trouble>) -> View {
    let formatted = match result {
        Ok(formatted) => formatted,
        Err(trouble) => return trouble.view(),
    };
    let (kept, refused) = (formatted.keys.len(), formatted.refused.len());
    let sum = text::keys_sum!(count = formatted.count, kept = kept, refused = refused);
    let (class, sign) = match (kept, refused) {
        (_, 0) => ("good", "✓ "),
        _ => ("note", "! "),
    };
    let refusals: Vec<View> = formatted
        .refused
        .iter()
        .map(|refusal| {
            Trouble {
                code: refusal.code.to_owned(),
                what: format!("{}: {}", refusal.path, refusal.why),
                hint: refusal.hint.clone(),
            }
            .view()
        })
        .collect();
    let notes: Vec<View> = formatted
        .notes
        .iter()
        .map(|note| {
            let text = marked(format!("{} {}", note.path, note.text).trim());
            view! { li { (text) } }
        })
        .collect();
    let notes = match notes.is_empty() {
        true => View::new(),
        false => view! { h3 { (text::KEYS_CHANGED) } ul { (notes) } },
    };
    let jwks = match formatted.jwks.clone() {
        Some(jwks) => {
            view! { h3 { (text::KEYS_JWKS) } pre(tabindex="0", role="region", aria-label=text::KEYS_JWKS) { (jwks) } }
        }
        None => View::new(),
    };
    let keys = keys_view(&formatted);
    view! { p(class=class) { b { (sign) } (sum) } (refusals) (keys) (notes) (jwks) }
}

fn keys_view(formatted: &Formatted) -> View {
    if formatted.keys.is_empty() {
        return View::new();
    }
    let rows: Vec<View> = formatted
        .keys
        .iter()
        .map(|key| {
            let kid = key
                .kid
                .clone()
                .unwrap_or_else(|| text::KEYS_NONE.to_owned());
            let kind = format!("{} {}", key.kty, key.size);
            let (print, algorithms) = (key.thumbprint.clone(), key.algorithms.join(", "));
            let (certificate, ends) = (certificate_view(key), end_of(key));
            let places: Vec<&str> = key.places.iter().map(|place| place.title()).collect();
            let places = text::keys_places!(places = places.join("; "));
            view! {
                tr {
                    td(class="wide mono") { (kid) } td { (kind) } td(class="wide") { (algorithms) }
                    td(class="wide") { (ends) }
                }
                tr(class="more") {
                    td(class="wide", colspan="4") {
                        (text::KEYS_THUMBPRINT) " " span(class="mono") { (print) } (certificate) br() (places)
                    }
                }
            }
        })
        .collect();
    view! {
        div(class="scroll", tabindex="0", role="region", aria-label=text::KEYS_REGION) {
            table {
                thead { tr {
                    th(scope="col") { (text::COLUMN_KID) } th(scope="col") { (text::COLUMN_KIND) }
                    th(scope="col") { (text::COLUMN_SIGNS) }
                    th(scope="col") { (text::COLUMN_ENDS) }
                } }
                tbody { (rows) }
            }
        }
    }
}

fn certificate_view(key: &KeyReport) -> View {
    let Some(certificate) = &key.certificate else {
        return View::new();
    };
    let certificate = text::keys_certificate!(
        subject = certificate.subject,
        issuer = certificate.issuer,
        begins = certificate.begins,
        ends = certificate.ends,
        fingerprint = certificate.fingerprint
    );
    view! { br() (certificate) }
}

fn end_of(key: &KeyReport) -> String {
    let ends = match (&key.expires, &key.certificate) {
        (Some(expires), _) => expires.clone(),
        (None, Some(certificate)) => certificate.ends.clone(),
        (None, None) => return text::KEYS_END_UNKNOWN.to_owned(),
    };
    match key.expiry {
        Some(expiry) => format!("{ends}, {expiry}"),
        None => ends,
    }
}

/// What the wanted keys change about the live ones; nothing while one of the sets is missing.
pub fn comparison_view(live: &Formatted, wanted: &Formatted) -> View {
    let comparison = Comparison::of(live, wanted);
    let (class, sign, title) = match comparison.is_same() {
        true => ("good", "✓ ", text::KEYS_SAME),
        false => ("note", "! ", text::KEYS_DIFFER),
    };
    let lines: Vec<View> = comparison
        .to_string()
        .lines()
        .map(|line| {
            let text = marked(line);
            view! { li { (text) } }
        })
        .collect();
    view! { h3 { (text::KEYS_COMPARED) } p(class=class) { b { (sign) (title) } } ul { (lines) } }
}

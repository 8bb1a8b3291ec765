//! What the keys tool found, as it is shown.

use crate::trouble::{Trouble, marked};
use org2org_core::jwks::{Comparison, Formatted, KeyReport};
use sycamore::prelude::*;

pub fn result_view(result: Result<Formatted, Trouble>) -> View {
    let formatted = match result {
        Ok(formatted) => formatted,
        Err(trouble) => return trouble.view(),
    };
    let (kept, refused) = (formatted.keys.len(), formatted.refused.len());
    let sum = format!(
        "{} keys: {kept} accepted, {refused} refused.",
        formatted.count
    );
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
        false => view! { h3 { "Changed openly" } ul { (notes) } },
    };
    let jwks = match formatted.jwks.clone() {
        Some(jwks) => {
            view! { h3 { "JWKS" } pre(tabindex="0", role="region", aria-label="JWKS") { (jwks) } }
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
            let kid = key.kid.clone().unwrap_or_else(|| "none".to_owned());
            let kind = format!("{} {}", key.kty, key.size);
            let (print, algorithms) = (key.thumbprint.clone(), key.algorithms.join(", "));
            let (certificate, ends) = (certificate_of(key), end_of(key));
            let places: Vec<&str> = key.places.iter().map(|place| place.title()).collect();
            let places = places.join("; ");
            view! {
                tr {
                    td(class="wide mono") { (kid) } td { (kind) } td(class="wide mono") { (print) } td(class="wide") { (algorithms) }
                    td(class="wide") { (certificate) } td { (ends) } td(class="wide") { (places) }
                }
            }
        })
        .collect();
    view! {
        div(class="scroll", tabindex="0", role="region", aria-label="Accepted keys") {
            table {
                thead { tr {
                    th(scope="col") { "Key id" } th(scope="col") { "Kind" }
                    th(scope="col") { "Thumbprint (RFC 7638)" } th(scope="col") { "Signs with" }
                    th(scope="col") { "Certificate" } th(scope="col") { "Ends" } th(scope="col") { "Goes to" }
                } }
                tbody { (rows) }
            }
        }
    }
}

fn certificate_of(key: &KeyReport) -> String {
    let Some(certificate) = &key.certificate else {
        return "none".to_owned();
    };
    format!(
        "{}; issued by {}; {} to {}; SHA-256 {}",
        certificate.subject,
        certificate.issuer,
        certificate.begins,
        certificate.ends,
        certificate.fingerprint
    )
}

fn end_of(key: &KeyReport) -> String {
    let ends = match (&key.expires, &key.certificate) {
        (Some(expires), _) => expires.clone(),
        (None, Some(certificate)) => certificate.ends.clone(),
        (None, None) => return "not told".to_owned(),
    };
    match key.expiry {
        Some(expiry) => format!("{ends}, {expiry}"),
        None => ends,
    }
}

/// What the wanted keys change about the live ones; nothing while one of the sets is missing.
pub fn comparison_view(live: &Formatted, wanted: &Formatted) -> View {
    let comparison = Comparison::of(live, wanted);
    let (class, title) = match comparison.is_same() {
        true => ("good", "✓ Both sets hold the same keys under the same ids."),
        false => ("note", "! The sets differ."),
    };
    let lines: Vec<View> = comparison
        .to_string()
        .lines()
        .map(|line| {
            let text = marked(line);
            view! { li { (text) } }
        })
        .collect();
    view! { h3 { "Compared with the keys in use" } p(class=class) { b { (title) } } ul { (lines) } }
}

//! Keys on their way through, and the account of all of them.

use super::der::{self, Kind};
use super::json::Json;
use super::key::{self, Key};
use super::{
    Expiry, Formatted, IdpCertificate, KeyError, KeyPlace, KeyReport, Note, Options, Refusal,
};
use super::{certificate, expiry, pem};
use crate::explain::{Explain, seen};

/// Keys on their way through: every one read ends in `keys` or in `refused`.
pub(super) struct Account<'a> {
    options: &'a Options,
    count: usize,
    keys: Vec<(KeyReport, Key)>,
    refused: Vec<Refusal>,
    pub(super) notes: Vec<Note>,
}

impl<'a> Account<'a> {
    pub(super) fn new(options: &'a Options, count: usize) -> Self {
        Self {
            options,
            count,
            keys: Vec::new(),
            refused: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, path: String, value: &Json) {
        // The key of an identity provider is sent as its certificate alone.
        let completed = certificate::complete(value);
        let read = match &completed {
            None => Key::read(value),
            Some(jwk) => jwk.clone().and_then(|jwk| Key::read(&jwk)),
        };
        if completed.is_some() && read.is_ok() {
            self.note(&path, Kind::Certificate.note().to_owned());
        }
        match read {
            Ok((key, notes)) => {
                self.notes.extend(notes.into_iter().map(|text| Note {
                    path: path.clone(),
                    text,
                }));
                let report = self.report(path, &key);
                self.keys.push((report, key));
            }
            Err(error) => {
                let kid = match value.member("kid") {
                    Some(Json::Text(kid)) => Some(seen(kid)),
                    _ => None,
                };
                self.refuse(path, kid, &error);
            }
        }
    }

    fn report(&mut self, path: String, key: &Key) -> KeyReport {
        let thumbprint = key.thumbprint();
        let certificate = key.certificate().and_then(|der| der::certificate(&der));
        if key.certificate().is_some() && certificate.is_none() {
            self.note(
                &path,
                "its certificate cannot be read, only the key was looked at".to_owned(),
            );
        }
        let ends = [
            key.expires.as_deref().and_then(expiry::seconds),
            certificate.as_ref().map(|certificate| certificate.ends_at),
        ];
        let expiry = ends.into_iter().flatten().min().zip(self.options.now);
        let expiry = expiry.map(|(end, now)| Expiry::of(end, now));
        if let Some(expiry @ (Expiry::Past { .. } | Expiry::Soon { .. })) = expiry {
            self.note(&path, format!("this key {expiry}: plan its rotation"));
        }
        let mut places = vec![KeyPlace::ServiceApp];
        if certificate.is_some() {
            places.push(KeyPlace::IdpCertificate);
        }
        KeyReport {
            algorithms: key.algorithms(),
            expiry,
            certificate,
            places,
            path,
            kid: key.kid.clone(),
            kty: key.kty(),
            size: key.size(),
            usage: "sig",
            live: self.options.live.contains(&thumbprint),
            thumbprint,
            expires: key.expires.clone(),
        }
    }

    fn note(&mut self, path: &str, text: String) {
        let path = path.to_owned();
        self.notes.push(Note { path, text });
    }

    pub(super) fn refuse(&mut self, path: String, kid: Option<String>, error: &KeyError) {
        self.refused.push(Refusal {
            path,
            kid,
            code: error.code(),
            why: error.to_string(),
            hint: error.hint(),
        });
    }

    /// Okta wants a `kid` in every key of several, and each only once.
    pub(super) fn settle_kids(&mut self) {
        if self.options.kid_from_thumbprint {
            self.fill_kids();
        }
        let kids: Vec<(Option<String>, String)> = self
            .keys
            .iter()
            .map(|(report, _)| (report.kid.clone(), report.thumbprint.clone()))
            .collect();
        for (at, (report, key)) in std::mem::take(&mut self.keys).into_iter().enumerate() {
            match self.kid_error(&kids, at) {
                Some(error) => self.refuse(report.path, report.kid.as_deref().map(seen), &error),
                None => self.keys.push((report, key)),
            }
        }
    }

    fn fill_kids(&mut self) {
        for (report, key) in &mut self.keys {
            if key.kid.is_none() {
                key.kid = Some(report.thumbprint.clone());
                report.kid = key.kid.clone();
                self.notes.push(Note {
                    path: report.path.clone(),
                    text: "`kid` was missing and is the key's thumbprint now".to_owned(),
                });
            }
        }
    }

    fn kid_error(&self, kids: &[(Option<String>, String)], at: usize) -> Option<KeyError> {
        let (kid, thumbprint) = kids.get(at)?;
        let before = kids.get(..at)?;
        if before.iter().any(|(_, seen)| seen == thumbprint) {
            return Some(KeyError::SameKey);
        }
        let Some(kid) = kid else {
            return (self.count > 1).then(|| KeyError::KidMissing {
                thumbprint: thumbprint.clone(),
            });
        };
        // Which of two different keys is meant cannot be known, so both are left out.
        let clash = |(seen, print): &(Option<String>, String)| {
            seen.as_ref() == Some(kid) && print != thumbprint
        };
        kids.iter()
            .any(clash)
            .then(|| KeyError::KidTwice { kid: seen(kid) })
    }

    pub(super) fn finish(mut self) -> Formatted {
        self.refused.sort_by_key(|refusal| index_of(&refusal.path));
        for (report, _) in self.keys.iter().filter(|(report, _)| report.live) {
            self.notes.push(Note {
                path: report.path.clone(),
                text: "this key is already in use there; adding it changes nothing".to_owned(),
            });
        }
        let (keys, public): (Vec<KeyReport>, Vec<Key>) = self.keys.into_iter().unzip();
        Formatted {
            certificates: keys
                .iter()
                .zip(&public)
                .filter_map(idp_certificate)
                .collect(),
            jwks: (!keys.is_empty()).then(|| key::write(&public)),
            count: self.count,
            keys,
            refused: self.refused,
            notes: self.notes,
        }
    }
}

/// Only a certificate that could be read is offered to an identity provider.
fn idp_certificate((report, key): (&KeyReport, &Key)) -> Option<IdpCertificate> {
    report.certificate.as_ref()?;
    let base64 = key.first_certificate()?;
    Some(IdpCertificate {
        path: report.path.clone(),
        kid: report.kid.clone(),
        pem: pem::write("CERTIFICATE", base64),
        body: format!("{{\"x5c\":[\"{base64}\"]}}"),
    })
}

fn index_of(path: &str) -> usize {
    let digits = path.rsplit('[').next().unwrap_or_default();
    digits.trim_end_matches(']').parse().unwrap_or_default()
}

//! What one admin keeps of a hand-off: their key, and which files it made and took. The key is
//! good for this hand-off alone and opens nothing at Okta; who has it can write in its name.

use std::fs;
use std::io::Write;
use std::path::Path;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use org2org_core::explain::seen;
use org2org_core::handoff::{self, Handoff, HandoffError, Sealed, Trail};
use serde::{Deserialize, Serialize};

use crate::file::{Draft, name, read_at_most, unwritable};
use crate::outcome::{Exit, Outcome, Trouble};

/// Far above what a link with ten thousand people needs.
const LARGEST: u64 = 16 * 1024 * 1024;

/// See the module.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Ed25519, PKCS #8, hex.
    key: String,
    /// Which files were made and taken.
    pub trail: Trail,
}

impl Keep {
    /// What is kept there; a new key where nothing is.
    pub fn open(path: &Path) -> Outcome<Keep> {
        if !path.exists() {
            let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
            let made = made.map_err(|_| no_key(path, "no key could be made"))?;
            return Ok(Keep {
                key: made.as_ref().iter().map(|b| format!("{b:02x}")).collect(),
                trail: Trail::default(),
            });
        }
        let text = read_at_most(path, LARGEST)?;
        if fs::metadata(path).is_ok_and(|metadata| super::super::credentials::is_open(&metadata)) {
            return Err(no_key(path, "others may read it"));
        }
        let keep: Keep =
            serde_json::from_slice(&text).map_err(|_| no_key(path, "it holds no key of ours"))?;
        keep.pair(path)?;
        Ok(keep)
    }

    /// Stores it, for its owner alone.
    pub fn store(&self, path: &Path) -> Outcome<()> {
        let text = serde_json::to_string(self).map_err(|_| no_key(path, "it cannot be written"))?;
        let mut draft = Draft::start(path, true)?;
        let written = draft.file().write_all(text.as_bytes());
        written.map_err(|error| unwritable(path, &error))?;
        draft.finish()
    }

    /// The public key.
    pub fn public(&self, path: &Path) -> Outcome<[u8; 32]> {
        let pair = self.pair(path)?;
        let public = pair.public_key().as_ref().try_into();
        public.map_err(|_| no_key(path, "it holds a key of another kind"))
    }

    /// The file for the other admin.
    pub fn sealed(&self, path: &Path, handoff: &Handoff) -> Outcome<String> {
        let text = handoff.text(&self.public(path)?);
        let signature = self.pair(path)?.sign(text.as_bytes());
        let signature = signature.as_ref().try_into();
        let signature = signature.map_err(|_| no_key(path, "it does not sign"))?;
        Ok(handoff::seal(&text, signature))
    }

    fn pair(&self, path: &Path) -> Outcome<Ed25519KeyPair> {
        let digits = |at: usize| u8::from_str_radix(self.key.get(at..at + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..self.key.len()).step_by(2).map(digits).collect();
        let pair = bytes.and_then(|bytes| Ed25519KeyPair::from_pkcs8(&bytes).ok());
        pair.ok_or_else(|| no_key(path, "it holds no key of ours"))
    }
}

fn no_key(path: &Path, why: &str) -> Trouble {
    Trouble {
        code: "handoff-key".to_owned(),
        what: format!("{}: {why}", seen(&path.display().to_string())),
        hint: "Name the file that `handoff make` or `apply` wrote with --keep, readable by you alone (chmod 600); or a new name, and have your new digits compared.".to_owned(),
        exit: Exit::Usage,
    }
}

/// A file from the other admin, its signature found good: the text, its parts and what it says.
pub fn opened(path: &Path) -> Outcome<(String, Sealed, Handoff)> {
    let bytes = read_at_most(path, LARGEST)?;
    let text = String::from_utf8(bytes).map_err(|_| HandoffError::Form {
        why: format!("{} is no UTF-8", name(path)),
    })?;
    let sealed = Sealed::read(&text)?;
    let key = UnparsedPublicKey::new(&ED25519, sealed.key);
    let valid = key.verify(sealed.signed.as_bytes(), &sealed.signature);
    let handoff = sealed.open(valid.is_ok())?;
    Ok((text, sealed, handoff))
}

//! The keys that sign hand-offs: made, kept and used by the browser (`seal.js`), which gives their
//! private halves to nobody.

use js_sys::Array;
#[cfg(feature = "all")]
use js_sys::Uint8Array;
use org2org_core::run::Pair;
use wasm_bindgen::prelude::*;

use super::{Promise, Refused, settle};

#[cfg_attr(not(test), wasm_bindgen(raw_module = "./seal.js"))]
#[cfg_attr(test, wasm_bindgen)]
extern "C" {
    #[cfg(feature = "all")]
    #[wasm_bindgen(catch, js_name = publicKey)]
    fn seal_public(name: &str, makes: bool) -> Result<Promise, JsValue>;
    #[cfg(feature = "all")]
    #[wasm_bindgen(catch, js_name = sign)]
    fn seal_sign(name: &str, text: &str) -> Result<Promise, JsValue>;
    #[cfg(feature = "all")]
    #[wasm_bindgen(catch, js_name = verify)]
    fn seal_verify(
        key: &Uint8Array,
        text: &str,
        signature: &Uint8Array,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_name = keepOnly)]
    fn seal_keep_only(names: &Array) -> Result<Promise, JsValue>;
}

/// What the key of a pair is kept under.
pub fn key_name(pair: &Pair) -> String {
    [pair.source.url.host(), " ", pair.target.url.host()].concat()
}

/// The public key of this pair of orgs; made if there is none.
#[cfg(feature = "all")]
pub async fn public_key(name: &str) -> Result<[u8; 32], Refused> {
    bytes(settle(seal_public(name, true)).await?)
}

/// The public key of this pair of orgs, if there is one.
#[cfg(feature = "all")]
pub async fn known_key(name: &str) -> Result<Option<[u8; 32]>, Refused> {
    Ok(bytes(settle(seal_public(name, false)).await?).ok())
}

/// Its signature over a text.
#[cfg(feature = "all")]
pub async fn sign(name: &str, text: &str) -> Result<[u8; 64], Refused> {
    bytes(settle(seal_sign(name, text)).await?)
}

/// Whether a signature over a text is good by a public key.
#[cfg(feature = "all")]
pub async fn verify(key: &[u8; 32], text: &str, signature: &[u8; 64]) -> Result<bool, Refused> {
    let (key, signature) = (Uint8Array::from(&key[..]), Uint8Array::from(&signature[..]));
    let answer = settle(seal_verify(&key, text, &signature)).await?;
    Ok(answer == JsValue::TRUE)
}

/// Forgets every key but those of these pairs of orgs.
pub async fn keep_only(names: &[String]) -> Result<(), Refused> {
    let names: Array = names.iter().map(|name| JsValue::from_str(name)).collect();
    settle(seal_keep_only(&names)).await.map(drop)
}

#[cfg(feature = "all")]
fn bytes<const N: usize>(value: JsValue) -> Result<[u8; N], Refused> {
    let bytes = Uint8Array::new(&value).to_vec();
    bytes
        .try_into()
        .map_err(|_| "it gave a key of another kind".to_owned())
}

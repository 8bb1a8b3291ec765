//! Identifiers in Okta's formats, the same for the same seed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A seeded source of identifiers. Ids of one kind sort in the order they were made, as Okta's mostly do.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    state: u64,
    counter: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        let mut ids = Self {
            state: seed ^ 0x6f72_6732_6f72_6701,
            counter: 0,
        };
        ids.counter = 62_u64.pow(7) / 2 + ids.random() % 1_000_000_000;
        ids
    }

    /// A 20-character id: the kind's three-character prefix, then 17 of `[0-9A-Za-z]`.
    pub(crate) fn fresh(&mut self, prefix: &str) -> String {
        self.counter += 1 + self.random() % 97;
        let mut tail = self.letters(20 - 8 - 3 - prefix.len(), BASE62);
        tail.push_str("5d7");
        format!("{prefix}{}{tail}", base62(self.counter, 8))
    }

    /// A source of its own that starts here, so that what draws from it changes no later id of this one.
    pub(crate) fn fork(&self, salt: u64) -> Self {
        let mut fork = self.clone();
        fork.state ^= 0x666f_726b ^ (salt << 32);
        fork
    }

    pub(crate) fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn letters(&mut self, count: usize, alphabet: &[u8]) -> String {
        (0..count)
            .map(|_| {
                char::from(alphabet[usize::try_from(self.random()).unwrap_or(0) % alphabet.len()])
            })
            .collect()
    }

    /// The tail of an IdP's audience: `sp` and 18 lower-case letters.
    pub(crate) fn service_provider(&mut self) -> String {
        format!("sp{}", self.letters(18, b"abcdefghijklmnopqrstuvwxyz"))
    }

    /// A random UUID, the form of an IdP key id.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.random(), self.random());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | ((low >> 48) & 0x3fff),
            low & 0xffff_ffff_ffff
        )
    }

    /// 43 characters of base64url, the form of an app key id and of session secrets.
    pub(crate) fn secret(&mut self) -> String {
        let bytes: Vec<u8> = (0..4).flat_map(|_| self.random().to_be_bytes()).collect();
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

fn base62(mut number: u64, width: usize) -> String {
    let mut digits = vec![b'0'; width];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[usize::try_from(number % 62).unwrap_or(0)];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_twenty_characters_and_sort_by_age() {
        let mut ids = Ids::new(7);
        let made: Vec<String> = (0..200).map(|_| ids.fresh("0oa")).collect();
        assert!(
            made.iter()
                .all(|id| id.len() == 20 && id.bytes().all(|b| b.is_ascii_alphanumeric()))
        );
        assert!(made.is_sorted());
        assert_eq!(Ids::new(7).fresh("00u"), Ids::new(7).fresh("00u"));
        assert_eq!(ids.secret().len(), 43);
        assert_eq!(ids.uuid().len(), 36);
    }
}

//! Where the lab answers otherwise than recorded, each with its reason. The only place for them.

use super::likeness::Unlike;
use crate::conformance::fits;
use crate::exchange::Exchange;

/// A difference that is meant. `*` stands for any text.
#[derive(Debug)]
pub struct Explained {
    /// Name of the recording.
    pub recording: &'static str,
    /// Method and path, as recorded.
    pub call: &'static str,
    /// The place and what is there.
    pub what: &'static str,
    /// Why.
    pub evidence: &'static str,
}

impl Explained {
    pub(super) fn explains(&self, recording: &str, exchange: &Exchange, found: &Unlike) -> bool {
        let call = format!("{} {}", exchange.method, exchange.path);
        fits(self.recording, recording)
            && fits(self.call, &call)
            && fits(self.what, &found.to_string())
    }
}

/// All of them.
pub const EXPLAINED: &[Explained] = &[];

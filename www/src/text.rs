//! What the interface says, out of `messages/en.txt`: a constant for a text, a macro for one with holes.

include!(concat!(env!("OUT_DIR"), "/text.rs"));

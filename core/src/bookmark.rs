//! bookmark

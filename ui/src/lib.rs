//! The views that the extension and the page share.

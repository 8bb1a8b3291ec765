//! Popup and side panel of the browser extension.

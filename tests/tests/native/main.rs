//! Everything that runs without a browser, in one program.

mod stories;

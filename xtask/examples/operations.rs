//! Prints `operations.js`: the table from which the relay in a tab expands named operations.

fn main() {
    let table = org2org_core::okta::operations_json();
    println!(
        "// Generated from core/src/okta by `cargo xtask build`.\nglobalThis.org2orgOperations = {table};"
    );
}

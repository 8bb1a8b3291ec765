//! Prints `checklists.json`: every procedure as the page lists it, apart from the program that could do it.

fn main() {
    println!("{}", org2org_core::procedures::checklist::file());
}

//! What a world starts with.

use org2org_lab::{Options, World};

use crate::org::NOW;

#[test]
fn the_same_seed_gives_the_same_world() {
    let (one, two) = (
        World::new(&Options::default()),
        World::new(&Options::default()),
    );
    assert_eq!(one.dump(), two.dump());
    assert_eq!(one.sites(), two.sites());
    let mut moved = one.clone();
    moved.session("acme", "admin@acme.example.com", NOW);
    assert_eq!(moved.dump(), one.dump());
    let other = World::new(&Options {
        seed: 2,
        ..Options::default()
    });
    assert_ne!(other.dump(), one.dump());
}

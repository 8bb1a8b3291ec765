//! What an admin does, from one end to the other.

use org2org_tests::{Bench, End};

#[test]
fn connects_two_fresh_orgs_and_takes_it_back() {
    let mut bench = Bench::fresh();
    let before = bench.world.dump();
    assert_eq!(bench.drive(), End::Rests);
    assert_eq!(bench.writes(), 0, "a check writes nothing");
    println!("{}", bench.run.plan().unwrap().text());
    assert_eq!(bench.apply(), End::Rests);
    for (k, s) in bench.states() {
        println!("{k}: {s}");
    }
    assert!(bench.run.is_proven(), "{:#?}", bench.states());
    let writes = bench.writes();
    assert!(bench.run.plan().unwrap().items.is_empty());
    bench.check();
    assert!(bench.run.plan().unwrap().items.is_empty());
    bench.apply();
    assert_eq!(bench.writes(), writes, "a second apply writes nothing");
    println!("undo: {}", bench.run.plan_undo().unwrap().text());
    bench.undo();
    println!("left: {:?}", bench.run.left());
    assert_eq!(bench.world.dump(), before);
}

//! A run that is closed after one of its answers, and opened again.

use org2org_tests::{Bench, End};

/// Agrees to the plan that a fresh bench shows.
fn agreed<T>(fresh: impl Fn() -> (Bench, T)) -> (Bench, T) {
    let (mut bench, more) = fresh();
    bench.drive();
    bench.agree();
    (bench, more)
}

/// Closes the apply of a fresh bench after each answer in turn (outside of `--deep` after every so-manyth), opens it again,
/// finishes it, and has what became of it looked at; the number says after which answer it was closed.
pub fn after_each_answer<T>(
    sample: usize,
    fresh: impl Fn() -> (Bench, T),
    look: impl Fn(&mut Bench, T, usize),
) {
    let mut answers = 0;
    agreed(&fresh).0.drive_until(|_| {
        answers += 1;
        false
    });
    for stop in (1..=answers).step_by(if super::deep() { 1 } else { sample }) {
        let (mut bench, more) = agreed(&fresh);
        let mut seen = 0;
        bench.drive_until(|_| {
            seen += 1;
            seen == stop
        });
        bench.reopen();
        assert_eq!(bench.drive(), End::Rests, "stopped after answer {stop}");
        bench.apply();
        assert!(
            bench.run.is_proven(),
            "stopped after answer {stop}: {:#?}",
            bench.states()
        );
        look(&mut bench, more, stop);
    }
}

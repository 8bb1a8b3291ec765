//! Any bytes as an import file: the corrected copy of it is clean, and nothing in a copy to look at runs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use org2org_core::users::{Check, CheckOptions, Existing, Job, Options, Schema, UsersError, ViewCopy, Work};

fuzz_target!(|bytes: &[u8]| {
    let text = [b"login,firstName,lastName,email\n", bytes].concat();
    if let Ok((copy, account)) = run(check(), &text) {
        assert_eq!(account.sound + account.mended + account.refused_rows, account.rows);
        let (again, second) = run(check(), &copy).expect("the copy can be read");
        assert_eq!(again, copy);
        assert_eq!((second.sound, second.is_clean()), (second.rows, true), "{second}");
    }
    if let Ok((copy, _)) = run(ViewCopy::new(&Options::default()), &text) {
        let (_, second) = run(ViewCopy::new(&Options::default()), &copy).expect("the copy can be read");
        assert_eq!(second.neutralised, 0);
    }
});

fn check() -> Check {
    Check::new(CheckOptions {
        options: Options::default(),
        schema: Schema::default(),
        existing: Existing::default(),
        compose: str::to_owned,
    })
}

fn run<W: Work>(mut job: Job<W>, text: &[u8]) -> Result<(Vec<u8>, W::Account), UsersError> {
    let mut out = Vec::new();
    job.push(text, &mut out)?;
    let account = job.finish(&mut out)?;
    Ok((out, account))
}

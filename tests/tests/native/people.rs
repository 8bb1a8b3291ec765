//! People who come in the middle of a story, and what became of them.

use org2org_core::run::{Member, Side};
use org2org_tests::Bench;
use serde_json::{Value, json};

/// An account by its login.
pub fn user(bench: &mut Bench, side: Side, login: &str) -> Value {
    bench.meanwhile(side, "GET", &format!("/api/v1/users/{login}"), &Value::Null)
}

/// What the target says of a person's account.
pub fn status(bench: &mut Bench, login: &str) -> Value {
    user(bench, Side::Target, login)["status"].clone()
}

/// Somebody new in the source, in no group of the wish.
pub fn stranger(bench: &mut Bench, login: &str) -> Member {
    let profile = json!({"login": login, "email": login, "firstName": "N", "lastName": "E"});
    let made = bench.meanwhile(
        Side::Source,
        "POST",
        "/api/v1/users?activate=true",
        &json!({"profile": profile}),
    );
    Member {
        id: made["id"].as_str().unwrap().to_owned(),
        name: login.to_owned(),
    }
}

/// Somebody new in the source, and in the first group of the wish.
pub fn newcomer(bench: &mut Bench, login: &str) {
    let made = stranger(bench, login);
    let group = bench.run.wish().groups[0].id.clone();
    let path = format!("/api/v1/groups/{group}/users/{}", made.id);
    bench.meanwhile(Side::Source, "PUT", &path, &Value::Null);
}

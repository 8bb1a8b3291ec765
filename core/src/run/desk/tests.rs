use super::*;
use crate::okta::users;
use crate::org::OrgUrl;
use crate::run::Org as PinnedOrg;

const MANY: usize = 12_000;

fn pair() -> Pair {
    let org = |host: &str, id: &str, actor: &str| PinnedOrg {
        url: OrgUrl::parse(host).unwrap(),
        id: id.into(),
        name: "An org".into(),
        actor: actor.into(),
        login: "admin@example.com".into(),
    };
    Pair {
        source: org(
            "https://acme.okta.com",
            "00oacmeacmeacmeacme1",
            "00uacmeacmeacmeacme1",
        ),
        target: org(
            "https://hub.okta.com",
            "00ohubhubhubhubhubh1",
            "00uhubhubhubhubhubh1",
        ),
    }
}

fn person(number: usize) -> String {
    format!("00u{number:017}")
}

/// The read of one person, put on the desk as a row does.
fn look_up(desk: &mut Desk, number: usize) -> u64 {
    let probe = users::read(&person(number));
    desk.read(Side::Target, probe.op.unwrap(), probe.call().unwrap(), 0)
}

/// Answers everything that is asked until nothing is; gives what came back by ticket.
fn answer_all(desk: &mut Desk, pair: &Pair) -> Map<u64, Arc<Answer>> {
    let mut came = Map::new();
    desk.pump(0);
    loop {
        let asks = desk.asks();
        if asks.is_empty() {
            return came;
        }
        for ask in asks {
            let What::Send { side, call, .. } = ask.what else {
                panic!("only calls are asked for");
            };
            let org = pair.org(side);
            let id = match call.params.get("user").map(String::as_str) {
                Some("me") => &org.actor,
                Some(user) => user,
                None => &org.id,
            };
            let response = Response {
                status: 200,
                headers: Map::from([("content-type".to_owned(), "application/json".to_owned())]),
                body: format!(
                    r#"{{"id":"{id}","status":"ACTIVE","profile":{{"login":"{id}@acme.example.com"}}}}"#
                ),
                ..Response::default()
            };
            if let Some((ticket, Came::Read(answer))) =
                desk.answer(ask.id, Reply::Response(response), pair, 0)
            {
                came.insert(ticket, answer.unwrap());
            }
            desk.pump(0);
        }
    }
}

/// Each of many reads is asked for once, whoever waits for it; what is answered as before is
/// the answer of before. With a look at every other read for each, this would take minutes.
#[test]
fn many_reads_are_found_by_their_calls() {
    let begun = std::time::Instant::now();
    let (mut desk, pair) = (Desk::default(), pair());
    desk.pace.off = true;
    let mut rounds: Vec<Vec<Arc<Answer>>> = Vec::new();
    for _ in 0..2 {
        let tickets: Vec<u64> = (0..MANY).map(|number| look_up(&mut desk, number)).collect();
        let again: Vec<u64> = (0..MANY).map(|number| look_up(&mut desk, number)).collect();
        assert_eq!(tickets, again, "a read that waits is shared");
        let came = answer_all(&mut desk, &pair);
        assert!(desk.is_idle());
        assert_eq!(came.len(), MANY);
        let answers = tickets
            .iter()
            .map(|ticket| came.get(ticket).unwrap().clone());
        rounds.push(answers.collect());
    }
    for (number, (first, second)) in rounds[0].iter().zip(&rounds[1]).enumerate() {
        assert_eq!(first.text("/id"), Ok(person(number).as_str()));
        assert!(
            Arc::ptr_eq(first, second),
            "what was said before is not read again"
        );
    }
    println!(
        "{MANY} reads, twice, in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
}

/// Two calls of one key are still two calls.
#[test]
fn calls_of_one_key_are_told_apart() {
    let (mut desk, pair) = (Desk::default(), pair());
    desk.pace.off = true;
    let first = look_up(&mut desk, 1);
    let call = users::read(&person(2)).call().unwrap();
    desk.reads.insert(key(Side::Target, &call), first);
    assert_ne!(look_up(&mut desk, 2), first);
    let came = answer_all(&mut desk, &pair);
    assert_eq!(came.len(), 2);
}

/// The one wait that is asked for.
fn wait(desk: &Desk) -> (u64, u64) {
    match desk.asks().as_slice() {
        [
            Ask {
                id,
                what: What::Wait { until },
            },
        ] => (*id, *until),
        other => panic!("{other:?}"),
    }
}

#[test]
fn time_does_not_go_back() {
    let mut desk = Desk::default();
    assert_eq!(desk.time(0, 5_000), 5_000);
    desk.wake(6_000);
    assert_eq!(desk.time(5_000, 1_000), 5_000, "set back by four seconds");
    assert_eq!(wait(&desk).1, 2_000, "by the driver's clock");
    assert_eq!(desk.time(5_000, 1_500), 5_500);
    assert_eq!(desk.time(5_500, 0), 5_500);
    assert_eq!(desk.time(5_500, u64::MAX), u64::MAX);
}

#[test]
fn a_wait_that_ended_too_early_is_asked_for_anew() {
    let (mut desk, pair) = (Desk::default(), pair());
    let ticket = look_up(&mut desk, 1);
    desk.put_off(ticket, 100);
    desk.org(Side::Target).identity = Identity::Good;
    desk.pump(0);
    let (first, _) = wait(&desk);
    desk.answer(first, Reply::Waited, &pair, 99);
    desk.pump(99);
    let (again, until) = wait(&desk);
    assert_eq!(until, 100);
    assert_ne!(
        again, first,
        "a driver that has begun it does not begin it again"
    );
    desk.answer(again, Reply::Waited, &pair, 100);
    desk.pump(100);
    assert!(matches!(
        desk.asks().as_slice(),
        [Ask {
            what: What::Send { .. },
            ..
        }]
    ));
}

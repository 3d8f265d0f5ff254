//! Many at once: requests that meet share their commits over the real server, repeats that meet are carried out once,
//! and a process that is killed in between keeps what it acknowledged.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use alcove::app::idempotency::Once;
use alcove::app::record::RecordWrite;
use alcove::config::Limits;
use alcove::domain::id::{RecordId, SpaceId};
use alcove::domain::record::Change;
use alcove::domain::role::Role;
use alcove::domain::text::b64u;
use alcove::http::api;
use alcove::store::{Reads as _, StoreError, WriteTx};
use poem::{EndpointExt as _, Route};
use serde_json::json;

use crate::support::Site;
use crate::world::sign::Keys;
use crate::world::{World, actor, code, record, sealed};

const CALLERS: u64 = 16;
const CALLS: u64 = 12;

fn id(n: u64) -> RecordId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    RecordId::from_bytes(bytes)
}

/// Every change has the next number, and so has every audit entry.
fn whole(world: &World, space: SpaceId) -> BTreeSet<RecordId> {
    let changes: Result<Vec<Change>, StoreError> = world.store.read(|tx| tx.scan(&space));
    let changes = changes.unwrap();
    let numbers: Vec<u64> = changes.iter().map(|change| change.seq).collect();
    assert_eq!(numbers, (1..=changes.len() as u64).collect::<Vec<_>>());
    let entries: Vec<u64> = world.log().iter().map(|entry| entry.n).collect();
    assert_eq!(entries, (1..=entries.len() as u64).collect::<Vec<_>>());
    changes.into_iter().map(|change| change.record).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_writers_each_gets_what_they_wrote() {
    let (world, owner, entered) = World::founded();
    world.add(&owner, Role::Owner);
    let (_, chain) = world.client(&owner, 2);
    let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
    let site = Site::start(Limits { requests_burst: 10_000, ..Limits::default() }, routes).await;
    let notices = world.app.listen();
    let mut calls = Vec::new();
    for caller in 0..CALLERS {
        let (trust, space) = (site.trust.clone(), chain.space);
        let cookie = format!("__Host-alcove={}", entered.token.reveal());
        calls.push(tokio::spawn(async move {
            for n in 0..CALLS {
                let body = json!({
                    "record": id(caller * 100 + n).to_string(), "rev": 1, "prev": null, "epoch": 1, "dev_seq": 1,
                    "open": null, "deleted": false, "body": b64u(&sealed(&format!("{caller} {n}"), 600)),
                });
                let headers = format!(
                    "Content-Type: application/json\r\nAlcove-Client: 1\r\nOrigin: {}\r\nCookie: {cookie}\r\n",
                    trust.origin()
                );
                let path = format!("{}/spaces/{space}/records", api::BASE);
                let answer = trust.ask("POST", &path, &headers, body.to_string().as_bytes()).await;
                assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
                assert_eq!(answer.json()["record"], body["record"]);
            }
        }));
    }
    for call in calls {
        call.await.unwrap();
    }
    let expected: BTreeSet<_> = (0..CALLERS).flat_map(|caller| (0..CALLS).map(move |n| id(caller * 100 + n))).collect();
    assert_eq!(whole(&world, chain.space), expected);
    assert_eq!(notices.len() as u64, CALLERS * CALLS, "one notice for each, after its commit");
}

#[test]
fn two_equal_requests_in_one_group_are_carried_out_once() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 2);
    let acts = actor(&coach, Role::Owner);
    let once = Once::new("key-1", "POST /records", [1; 32]).unwrap();
    let other = Once::new("key-1", "POST /records", [2; 32]).unwrap();
    let (go, wait) = mpsc::channel::<()>();
    let (inside, has_turn) = mpsc::channel::<()>();
    let entries = world.log().len();
    thread::scope(|scope| {
        let store = &world.store;
        let blocking = move |_: &mut WriteTx| {
            inside.send(()).unwrap();
            wait.recv().unwrap();
            Ok::<_, StoreError>(())
        };
        let first = scope.spawn(move || store.write(blocking).map(drop));
        has_turn.recv().unwrap();
        let mut running = Vec::new();
        for (ahead, once) in [&once, &once, &other].into_iter().enumerate() {
            let (world, acts, space) = (&world, &acts, chain.space);
            running.push(scope.spawn(move || world.app.write_record(acts, Some(once), space, &record(5, 1, "once"))));
            while world.store.writers_waiting() <= ahead {
                thread::sleep(Duration::from_millis(1));
            }
        }
        go.send(()).unwrap();
        first.join().unwrap().unwrap();
        let mut ended = running.into_iter().map(|one| one.join().unwrap());
        let (first, again) = (ended.next().unwrap().unwrap(), ended.next().unwrap().unwrap());
        assert_eq!(first, again);
        assert_eq!(code(ended.next().unwrap()), "idempotency-mismatch");
    });
    assert_eq!(world.log().len(), entries + 1);
}

/// Set for the process that is killed.
const INSIDE: &str = "ALCOVE_TEST_KILLED";
const SPACE: &str = "ALCOVE_TEST_KILLED_SPACE";
const KILLS: usize = 3;

#[test]
fn a_killed_process_keeps_what_it_acknowledged() {
    if let Some(dir) = std::env::var_os(INSIDE) {
        return write_until_killed(Path::new(&dir));
    }
    let dir = tempfile::tempdir().unwrap();
    let (world, coach) = World::at(dir.path()).owned();
    let (_, chain) = world.client(&coach, 1);
    drop(world);
    let mut acknowledged = BTreeSet::new();
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "crowds::a_killed_process_keeps_what_it_acknowledged"])
            .env(INSIDE, dir.path())
            .env(SPACE, chain.space.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let before = acknowledged.len();
        while acknowledged.len() < before + 40 + kill * 13 {
            let line = lines.next().expect("it writes until it is killed").unwrap();
            acknowledged.extend(line.strip_prefix("record ").and_then(|n| n.parse::<u64>().ok()).map(id));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged
            .extend(lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("record ")?.parse().ok()).map(id));
        let world = World::at(dir.path());
        assert!(whole(&world, chain.space).is_superset(&acknowledged), "after kill {kill}");
    }
}

fn write_until_killed(dir: &Path) {
    let world = World::at(dir);
    let coach = Keys::of(1);
    let space: SpaceId = std::env::var(SPACE).unwrap().parse().unwrap();
    let first = world.log().len() as u64 * 1000;
    thread::scope(|scope| {
        for writer in 0..8 {
            let (world, acts) = (&world, actor(&coach, Role::Owner));
            scope.spawn(move || {
                for n in (first + writer..).step_by(8) {
                    let write = RecordWrite { record: id(n), ..record(1, 1, "killed") };
                    world.app.write_record(&acts, None, space, &write).unwrap();
                    // One write to the pipe, so that lines of several writers do not mix.
                    std::io::stdout().write_all(format!("record {n}\n").as_bytes()).unwrap();
                }
            });
        }
    });
}

//! What the appliance costs: size, start, idle memory, requests, sign-ins, backups. `cargo bench` prints a table.
//!
//! Numbers of a busy machine say little: it prints the load, medians, and the goals beside them. It is no test, and
//! `cargo test` does not run it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made ends with a panic")]
#![allow(clippy::print_stdout, reason = "the table is what this is for")]

mod caller;
mod coming_in;
mod passkey;
mod running;
mod session;
#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../it/support/mod.rs"]
mod support;
mod table;
#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../it/world/mod.rs"]
mod world;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::Value;

use caller::{Caller, rate_per_s};
use running::{Running, seed};
use session::{sign_in, upload};
use table::{Table, median};

/// Each may be tried five times at once before anybody has to wait, and fifty come in at once.
const CLIENTS: usize = 13;
const STARTS: usize = 10;
const RATE_RUNS: usize = 3;
const RATE_FOR: Duration = Duration::from_secs(3);
const CONNECTIONS: usize = 16;
const BACKUPS: usize = 3;
const FILE_BYTES: usize = 256 << 20;
const IDLE: Duration = Duration::from_secs(5);
/// After work: freed memory goes back to the system with the work of the next minute.
const REST: Duration = Duration::from_secs(65);

#[tokio::main]
async fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("This measures; run it with `cargo bench`.");
        return;
    }
    let mut table = Table::new();
    let program = fs::metadata(env!("CARGO_BIN_EXE_alcove")).unwrap().len();
    table.row("program, kB", program / 1000, Some(25_000));
    let home = tempfile::tempdir().unwrap();
    let desk = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let running = Running::start(home.path()).await;
    table.row("very first start to first answer, keys made, ms", millis(began.elapsed()), None);
    let seeded = seed(&running, desk.path(), CLIENTS);
    tokio::time::sleep(IDLE).await;
    memory(&mut table, &running, "idle after seeding");
    let cookie = sign_in(&running, &seeded).await;
    requests(&mut table, &running, &seeded, &cookie).await;
    coming_in::measure(&mut table, &running, &seeded).await;
    upload(&running, &seeded, &cookie, FILE_BYTES).await;
    memory(&mut table, &running, "right after an upload");
    backups(&mut table, &running, desk.path());
    tokio::time::sleep(REST).await;
    memory(&mut table, &running, "idle after all that");
    running.stop();
    starts(&mut table, home.path()).await;
    table.print();
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap()
}

/// Resident memory, and how much of it is the program's own rather than pages of its file.
fn memory(table: &mut Table, running: &Running, when: &str) {
    let goal = when.starts_with("idle").then_some(40 * 1024);
    table.row(&format!("resident, {when}, KiB"), running.status_kib("VmRSS"), goal);
    table.row("  of it its own", running.status_kib("RssAnon"), None);
}

async fn requests(table: &mut Table, running: &Running, seeded: &Value, cookie: &str) {
    let shared = seeded["clients"][0]["shared"].as_str().unwrap();
    let mut caller = Caller::new(&running.trust, cookie).await;
    let all = format!("/api/v1/spaces/{shared}/changes?since=0");
    let head = caller.get_json(&all).await["head"].as_u64().unwrap();
    let none = format!("/api/v1/spaces/{shared}/changes?since={head}");
    for (name, path) in [("/healthz", "/healthz"), ("sync, nothing new", &none), ("sync, everything again", &all)] {
        let mut rates = Vec::new();
        for _ in 0..RATE_RUNS {
            rates.push(rate_per_s(&running.trust, cookie, path, CONNECTIONS, RATE_FOR).await);
        }
        table.row(&format!("requests/s, {name}, {CONNECTIONS} connections"), median(rates), None);
    }
    memory(table, running, "right after requests");
}

fn backups(table: &mut Table, running: &Running, desk: &Path) {
    let (mut made, mut proven) = (Vec::new(), Vec::new());
    for _ in 0..BACKUPS {
        let report = running.back_up(desk);
        let rate = |name: &str| report["size_bytes"].as_u64().unwrap() / 1000 / report[name].as_u64().unwrap().max(1);
        made.push(rate("made_in_ms"));
        proven.push(rate("proven_in_ms"));
    }
    table.row("backup made, MB/s", median(made), None);
    table.row("backup proven by restoring it, MB/s", median(proven), None);
    memory(table, running, "right after backups");
}

/// Starts again and again with the data that is there.
async fn starts(table: &mut Table, home: &Path) {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        let running = Running::start(home).await;
        times.push(millis(began.elapsed()));
        running.stop();
    }
    table.row("start to first answer, warm, ms", median(times), Some(100));
    let running = Running::start(home).await;
    tokio::time::sleep(IDLE).await;
    memory(table, &running, "idle after a start");
    running.stop();
}

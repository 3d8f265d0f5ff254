//! What the encrypted file costs: ours beside plain redb, `SQLCipher` and `SQLite`, all in one run, each in a process
//! of its own, slice by slice in turns. `cargo bench --bench store` prints the table with the goals; README.md beside this
//! explains it. It is no test, and `cargo test` neither runs it nor builds its peers.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measurement that cannot be made ends with a panic")]
#![allow(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "store/contenders.rs"]
mod contenders;
#[path = "store/contest.rs"]
mod contest;
#[path = "store/racer.rs"]
mod racer;
#[path = "store/results.rs"]
mod results;

use std::{env, path::Path};

use racer::{Entrant, Racer};
use results::{Measure, Results, hundredths, load};

const ROUNDS: usize = 3;
/// Milliseconds for each GB of the file.
const OPEN_MS_PER_GB_MAX: u64 = 2500;

/// What each does, and in how many slices: what else the machine does then meets everybody alike.
const PHASES: [(&str, usize); 9] = [
    ("bulk", 1),
    ("size", 1),
    ("one", 10),
    ("audited", 10),
    ("many", 10),
    ("warm", 1),
    ("read", 7),
    ("scan", 3),
    ("memory", 1),
];

const fn time(order: &'static str, name: &'static str, goals: [Option<u64>; 2]) -> Measure {
    Measure { order, name, unit: "ms", scale: 1000, goals, fixed: 0 }
}

const MEASURES: [Measure; 10] = [
    time("bulk", "bulk insert of all records", [Some(120), Some(65)]),
    time("one", "200 small durable commits, one writer", [Some(125), Some(200)]),
    time("audited", "  ours through the store, an audit entry each", [None, None]),
    time("many", "480 small durable commits, 16 writers", [None, Some(80)]),
    time("read", "20,000 point reads, system-warm", [Some(200), Some(50)]),
    time("scan", "range scan of all records", [Some(200), Some(40)]),
    Measure { order: "size", name: "files", unit: "kB", scale: 1000, goals: [Some(102), None], fixed: 1 << 20 },
    Measure { order: "memory", name: "resident memory", unit: "MiB", scale: 1024, goals: [None, None], fixed: 0 },
    time("open", "open after a crash amid writes", [None, None]),
    time("rested", "open after a crash at rest", [None, None]),
];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [_, "contend", "ours", dir] => contest::serve::<contenders::Ours>(Path::new(dir)),
        [_, "contend", "redb", dir] => contest::serve::<contenders::Plain>(Path::new(dir)),
        arguments if arguments.contains(&"--bench") => run(),
        _ => println!("This measures; run it with `cargo bench --bench store`."),
    }
}

fn run() {
    let own = env::current_exe().unwrap();
    let mut entrants: Vec<Entrant> = ["ours", "redb"].map(|name| Entrant { name, program: own.clone() }).into();
    entrants.extend(racer::peers());
    let rounds = env::var("ALCOVE_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    println!("{} records of {} bytes, {rounds} rounds, load {}", contest::records(), contest::RECORD_BYTES, load());
    let mut results = Results::default();
    for number in 0..rounds {
        // Nobody is always first.
        entrants.rotate_left(usize::from(number > 0));
        round(&entrants, &mut results);
        println!("round {} of {rounds} done, load {}", number + 1, load());
    }
    let missed = results.print(&MEASURES, &["ours", "redb", "sqlcipher", "sqlite"]);
    let slow = [("open", "amid writes"), ("rested", "at rest")].map(|(order, when)| is_slow(&results, order, when));
    println!("goals missed: {}", missed + slow.into_iter().filter(|slow| *slow).count());
}

/// Prints how long an opening takes for each GB, and says whether ours is slower than the goal.
fn is_slow(results: &Results, order: &'static str, when: &str) -> bool {
    let per_gb = |name| Some(results.median(order, name)? * 1_000_000 / results.median("size", name)?);
    let (ours, redb) = (per_gb("ours").unwrap(), per_gb("redb").unwrap());
    let slow = ours > OPEN_MS_PER_GB_MAX;
    println!(
        "open after a crash {when}, seconds per GB: ours {} (goal {}) {}, redb {}",
        hundredths(ours / 10),
        hundredths(OPEN_MS_PER_GB_MAX / 10),
        if slow { "MISSED" } else { "ok" },
        hundredths(redb / 10)
    );
    slow
}

/// Every slice by everybody, one after the other, before the next slice.
fn round(entrants: &[Entrant], results: &mut Results) {
    let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let dir = |entrant: &Entrant| scratch.path().join(entrant.name);
    let mut racers: Vec<Racer> = entrants.iter().map(|entrant| Racer::start(entrant, &dir(entrant))).collect();
    for racer in &mut racers {
        racer.ask("make");
    }
    for (order, times) in PHASES {
        for _ in 0..times {
            for (entrant, racer) in entrants.iter().zip(&mut racers) {
                results.note(order, entrant.name, racer.ask(order));
            }
        }
    }
    for (entrant, racer) in entrants.iter().zip(racers) {
        racer.kill();
        let mut racer = Racer::start(entrant, &dir(entrant));
        results.note("open", entrant.name, racer.ask("open"));
        racer.ask("scan");
        racer.ask("rest");
        racer.kill();
        let mut racer = Racer::start(entrant, &dir(entrant));
        results.note("rested", entrant.name, racer.ask("open"));
        racer.ask("scan");
    }
}

//! The long runs of the store's tests, with full counts: `cargo bench --bench long_store -- NAME…`, see
//! tests/it/store/README.md. Without a name it says what there is, so that `cargo bench` still only measures.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a run that cannot be made ends with a panic")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tally is what this is for")]

#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../../it/machine/mod.rs"]
mod machine;
mod mutants;
#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../../it/store/mod.rs"]
mod store;
#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../../it/support/mod.rs"]
mod support;
#[allow(dead_code, unused_imports, reason = "the tests use more of it")]
#[path = "../../it/world/mod.rs"]
mod world;

use std::{
    fmt::Display,
    process::{Command, ExitCode},
    time::Instant,
};

use machine::{faults, kills};
use store::{explorer, nonces, sampled, tamper};

/// Name, count and what is counted, the run.
type Run = (&'static str, &'static str, fn() -> bool);

const RUNS: [Run; 6] = [
    ("power-loss", "ALCOVE_POWER_LOSS_IMAGES, 120000: images of what a disk may hold", power_loss),
    ("tamper", "ALCOVE_TAMPERED_FILES, 5000: files that somebody changed", tampered),
    ("nonces", "ALCOVE_NONCES, 10000000: sealed blocks", nonces_repeat),
    ("kills", "ALCOVE_KILLS, 500: kill -9 while a device works", killed),
    ("faults", "ALCOVE_FAULTS, all: errors of the disk at system calls", faulty),
    ("mutants", "ALCOVE_MUTANT, all: mistakes in the source that the tests must notice", mutants::all_fail),
];

fn main() -> ExitCode {
    if std::env::var_os(tamper::INSIDE).is_some() {
        tamper::open_what_comes();
        return ExitCode::SUCCESS;
    }
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let known = |name: &String| RUNS.iter().any(|(run, ..)| run == name);
    if asked.is_empty() || !asked.iter().all(|name| name == "all" || known(name)) {
        println!("Long runs of the store's tests; name some after `--`, or `all`. ALCOVE_SEED repeats one.");
        for (name, what, _) in RUNS {
            println!("  {name:<12}{what}");
        }
        return if asked.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let is_asked = |name: &str| asked.iter().any(|asked| asked == name || asked == "all");
    let mut well = true;
    for (name, _, run) in RUNS.iter().filter(|(name, ..)| is_asked(name)) {
        println!("== {name}");
        let began = Instant::now();
        let passed = run();
        println!("== {name}: {} after {} s", if passed { "passed" } else { "FAILED" }, began.elapsed().as_secs());
        well &= passed;
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(seed: u64, tally: &impl Display, failures: &[String]) -> bool {
    println!("{tally}");
    for failure in failures {
        println!("  ALCOVE_SEED={seed}: {failure}");
    }
    failures.is_empty()
}

fn power_loss() -> bool {
    let (seed, images) = sampled("ALCOVE_POWER_LOSS_IMAGES", 120_000);
    let tally = explorer::explore_together(seed, images);
    let lacking = tally.lacking();
    if !lacking.is_empty() {
        println!("  no history had {lacking:?}");
    }
    told(seed, &tally, &tally.failures) && lacking.is_empty()
}

fn tampered() -> bool {
    let (seed, count) = sampled("ALCOVE_TAMPERED_FILES", 5000);
    let again = || Command::new(std::env::current_exe().unwrap());
    let tally = tamper::tamper(seed, usize::try_from(count).unwrap(), again);
    told(seed, &tally, &tally.failures)
}

fn nonces_repeat() -> bool {
    let (_, count) = sampled("ALCOVE_NONCES", 10_000_000);
    let (seen, repeated) = nonces::repeats(count);
    println!("  {seen} nonces, {repeated} of them repeated");
    repeated == 0 && seen as u64 >= count
}

fn killed() -> bool {
    let (seed, count) = sampled("ALCOVE_KILLS", 500);
    let tally = kills::kill_again_and_again(seed, usize::try_from(count).unwrap());
    told(seed, &tally, &tally.failures)
}

fn faulty() -> bool {
    let (seed, count) = sampled("ALCOVE_FAULTS", 0);
    let tally = faults::fail_each_call(seed, usize::try_from(count).ok().filter(|count| *count > 0));
    told(seed, &tally, &tally.failures)
}

//! Kill -9, again and again, while a device works: after each start everything that was acknowledged is there, and the
//! audit log is one chain that only ever grew.

use std::{
    fmt,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use super::{
    line::Line,
    practice::{Practice, Running},
    work::Acknowledged,
};
use crate::{
    store::{sampled, sim_disk::Rng},
    support::alcove,
};

/// What was tried and what came of it.
#[derive(Debug, Default)]
pub struct Tally {
    kills: usize,
    during_start: usize,
    acknowledged: usize,
    files: usize,
    audit_entries: u64,
    pub failures: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, during_start, acknowledged, files, audit_entries, failures } = self;
        writeln!(f, "  {kills} kills, {during_start} of them during a start; {acknowledged} writes acknowledged,")?;
        write!(f, "  {files} of them files; {audit_entries} audit entries; {} failures", failures.len())
    }
}

/// Kills so often.
pub fn kill_again_and_again(seed: u64, kills: usize) -> Tally {
    let (mut rng, mut tally, mut known) = (Rng::new(seed), Tally::default(), Acknowledged::default());
    let mut practice = Practice::found();
    let mut audited = 0;
    while tally.kills < kills && tally.failures.is_empty() {
        if rng.percent(20) {
            kill_during_start(&practice, &mut rng);
            tally.kills += 1;
            tally.during_start += 1;
        }
        let running = practice.serve();
        let life = Duration::from_millis(20 + rng.next() % 500);
        tally.failures.extend(one_life(&running, life, &mut known, &mut rng));
        practice = running.kill();
        tally.kills += 1;
        if tally.kills % 25 == 24 {
            match practice.audit_size() {
                Ok(size) if size >= audited => audited = size,
                other => tally.failures.push(format!("the audit log after {audited}: {other:?}")),
            }
        }
    }
    tally.failures.extend(check_everything(practice, &known, &mut rng, &mut tally.audit_entries));
    (tally.acknowledged, tally.files) = (known.count(), known.files.len());
    tally
}

/// Looks for what was acknowledged earlier, then works until the server is killed.
fn one_life(running: &Running, span: Duration, known: &mut Acknowledged, rng: &mut Rng) -> Vec<String> {
    let space = running.space.to_string();
    let mut line = match Line::to(&running.process.trust, &running.cookie) {
        Ok(line) => line,
        Err(error) => return vec![format!("nobody answers: {error}")],
    };
    match known.missing(&mut line, &space, false, rng) {
        Ok(missing) if missing.is_empty() => {}
        Ok(missing) => return missing,
        Err(error) => return vec![format!("looking fails: {error}")],
    }
    let id = running.process.id().to_string();
    let killer = thread::spawn(move || {
        thread::sleep(span);
        let killed = std::process::Command::new("kill").args(["-s", "KILL", &id]).stderr(Stdio::null()).status();
        killed.unwrap().success()
    });
    let began = Instant::now();
    let mut failures = Vec::new();
    while let Ok(outcome) = known.work(&mut line, &space, rng) {
        failures.extend(outcome.err().map(|refused| format!("refused without a reason: {refused}")));
        if began.elapsed() > span + Duration::from_secs(20) {
            failures.push("the server outlived its kill".to_owned());
            break;
        }
    }
    assert!(killer.join().unwrap());
    failures
}

/// A start that never gets far.
fn kill_during_start(practice: &Practice, rng: &mut Rng) {
    let mut command = alcove(practice.home(), &practice.data_dir());
    command.args(["--json", "serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    thread::sleep(Duration::from_millis(rng.next() % 250));
    drop(child.kill());
    child.wait().unwrap();
}

fn check_everything(practice: Practice, known: &Acknowledged, rng: &mut Rng, audited: &mut u64) -> Vec<String> {
    match practice.audit_size() {
        Ok(size) => *audited = size,
        Err(error) => return vec![error],
    }
    let running = practice.serve();
    let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
    known.missing(&mut line, &running.space.to_string(), true, rng).unwrap_or_else(|error| vec![error.to_string()])
}

#[test]
fn a_killed_server_has_everything_that_it_acknowledged() {
    let (seed, kills) = sampled("ALCOVE_KILLS", 5);
    let tally = kill_again_and_again(seed, usize::try_from(kills).unwrap());
    println!("{tally}");
    assert!(tally.failures.is_empty(), "ALCOVE_SEED={seed}: {:#?}", tally.failures);
    assert!(tally.acknowledged > 0, "nothing was acknowledged");
}

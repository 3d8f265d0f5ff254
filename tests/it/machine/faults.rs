//! The disk reports errors, at each system call in turn, once or from then on (strace puts them in): whatever was
//! acknowledged stays, refusals are named, reading goes on, and the server recovers or ends with a sentence.

use std::{
    collections::BTreeMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use super::{
    changing_keys::{CHANGES, KnownKeys},
    line::Line,
    practice::{Practice, Running},
    work::Acknowledged,
};
use crate::{
    store::{sampled, sim_disk::Rng},
    support::{alcove, need},
};

/// The calls that a disk can fail.
const CALLS: [&str; 12] = [
    "fsync",
    "fdatasync",
    "pwrite64",
    "write",
    "ftruncate",
    "fallocate",
    "openat",
    "mkdir",
    "rename",
    "renameat",
    "linkat",
    "unlink",
];
const ERRORS: [&str; 2] = ["EIO", "ENOSPC"];
/// The audit log of tests/fixtures/1 is at least as long.
const AUDITED_IN_FIRST_FORMAT: u64 = 59;
/// A failed file is opened anew at most once a second.
const RECOVERS_IN: Duration = Duration::from_secs(8);

/// What a server lives through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    /// It makes everything that it needs.
    FirstStart,
    /// It keeps a restore point and brings a file of the first format up to date.
    Upgrade,
    /// It works, and is backed up.
    #[default]
    Work,
    /// Its keys change meanwhile.
    Keys,
}

impl Kind {
    fn machine(self, founded: &Practice) -> Practice {
        match self {
            Self::FirstStart => Practice::nothing(),
            Self::Upgrade => Practice::of_first_format(),
            Self::Work | Self::Keys => founded.copied(),
        }
    }

    /// How long the audit log is before anything happens.
    fn audited(self) -> u64 {
        if self == Self::Upgrade { AUDITED_IN_FIRST_FORMAT } else { 0 }
    }
}

/// An error that the system will report.
#[derive(Clone, Copy, Debug)]
struct Fault {
    call: &'static str,
    error: &'static str,
    nth: u32,
    /// From then on, not once.
    lasting: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plus = if self.lasting { "+" } else { "" };
        write!(f, "inject={}:error={}:when={}{plus}", self.call, self.error, self.nth)
    }
}

impl Fault {
    /// Not a disk's alone: logs and the runtime's own signals go through it, and without them the program may die. It
    /// must not lose anything, though.
    fn may_kill(self) -> bool {
        matches!(self.call, "write" | "openat")
    }
}

/// What was tried and what came of it.
#[derive(Debug, Default)]
pub struct Tally {
    /// For each call: faults, of them those that kept the server from starting, refusals.
    rows: BTreeMap<&'static str, [usize; 3]>,
    pub failures: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (call, [faults, no_start, refused]) in &self.rows {
            writeln!(f, "  {call:<12}{faults:>6} faults {no_start:>6} kept it from starting {refused:>6} refusals")?;
        }
        let faults: usize = self.rows.values().map(|row| row[0]).sum();
        write!(f, "  total {faults} faults, {} failures", self.failures.len())
    }
}

/// Each call of a first start, of an upgrade, of a day's work and of a day with new keys fails in turn, or a sample of them.
pub fn fail_each_call(seed: u64, sample: Option<usize>) -> Tally {
    need("strace", "strace");
    let mut rng = Rng::new(seed);
    let mut tally = Tally::default();
    let founded = Practice::found();
    let mut faults: Vec<(Kind, Fault)> = Vec::new();
    for kind in [Kind::FirstStart, Kind::Upgrade, Kind::Work, Kind::Keys] {
        let counts = calls_without_faults(kind, &founded, &mut rng);
        assert!(counts.get("fdatasync").is_some_and(|count| *count > 2), "strace sees nothing: {counts:?}");
        for (call, count) in counts {
            let each = (1..=count).flat_map(|nth| ERRORS.map(|error| (nth, error)));
            let each = each.flat_map(|(nth, error)| [false, true].map(|lasting| Fault { call, error, nth, lasting }));
            faults.extend(each.map(|fault| (kind, fault)));
        }
    }
    println!("  {} faults are possible", faults.len());
    // Mixed, so that the tally so far stands for all.
    for at in (1..faults.len()).rev() {
        faults.swap(at, rng.below(at + 1));
    }
    faults.truncate(sample.unwrap_or(usize::MAX));
    for (at, (kind, fault)) in faults.into_iter().enumerate() {
        if at > 0 && at % 100 == 0 {
            println!("  {at} faults so far, {} failures", tally.failures.len());
        }
        let row = tally.rows.entry(fault.call).or_default();
        row[0] += 1;
        let machine = kind.machine(&founded);
        let mut day = Day { kind, ..Day::default() };
        day.live(machine, Some(fault), &mut rng);
        row[1] += usize::from(day.never_started);
        row[2] += day.refused;
        tally.failures.extend(day.failures.iter().map(|why| format!("{kind:?}, {fault}: {why}")));
        if tally.failures.len() > 20 {
            break;
        }
    }
    tally
}

/// The most calls that one thread makes: strace counts for each thread.
fn calls_without_faults(kind: Kind, founded: &Practice, rng: &mut Rng) -> BTreeMap<&'static str, u32> {
    let machine = kind.machine(founded);
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut day = Day { kind, log: Some(log.path().to_owned()), ..Day::default() };
    day.live(machine, None, rng);
    assert!(day.failures.is_empty() && day.refused == 0, "without a fault: {:#?}", day.failures);
    let text = fs::read_to_string(log.path()).unwrap();
    let mut counts: BTreeMap<(&str, &'static str), u32> = BTreeMap::new();
    for line in text.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let called = rest.trim_start().split('(').next().unwrap_or_default();
        if let Some(call) = CALLS.iter().find(|call| **call == called) {
            *counts.entry((thread, call)).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((_, call), count) in counts {
        let seen = most.entry(call).or_insert(0);
        *seen = count.max(*seen);
    }
    most
}

/// One day of a server under strace, and the start after it.
#[derive(Default)]
struct Day {
    kind: Kind,
    log: Option<PathBuf>,
    never_started: bool,
    refused: usize,
    failures: Vec<String>,
}

impl Day {
    fn live(&mut self, machine: Practice, fault: Option<Fault>, rng: &mut Rng) {
        let log = self.log.clone().unwrap_or("/dev/null".into());
        let (mut known, mut keys) = (Acknowledged::default(), KnownKeys::default());
        let machine = match machine.serve_by(|home, data| under_strace(home, data, fault, &log)) {
            Ok(running) => {
                match self.kind {
                    Kind::FirstStart | Kind::Upgrade => {}
                    Kind::Work => self.work(&running, fault, &mut known, rng),
                    Kind::Keys => {
                        for change in CHANGES {
                            keys.change(change, &running);
                        }
                        let silent = keys.silent.take().filter(|_| !fault.is_some_and(Fault::may_kill));
                        self.failures.extend(silent.map(|what| format!("nobody answers: {what}")));
                        self.work(&running, fault, &mut known, rng);
                        self.refused += keys.refused;
                    }
                }
                self.look_at_logs(&running.process.logs(), fault);
                running.kill()
            }
            Err((machine, said)) => {
                self.never_started = true;
                let named = said.lines().any(|line| line.contains("{\"error\":\""));
                let killed = fault.is_some_and(Fault::may_kill);
                if !killed && (said.contains("panicked") || !named) {
                    self.failures.push(format!("it does not say why it does not start: {said:?}"));
                }
                machine
            }
        };
        match machine.serve_by(alcove) {
            Ok(running) => {
                let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
                let missing = known.missing(&mut line, &running.space.to_string(), true, rng);
                self.failures.extend(missing.unwrap_or_else(|error| vec![error.to_string()]));
                let wrong = keys.wrong(&running);
                self.failures.extend(wrong);
                self.failures.append(&mut keys.failures);
                match running.kill().audit_size() {
                    Ok(size) if size >= self.kind.audited() => {}
                    Ok(size) => self.failures.push(format!("only {size} audit entries are left")),
                    Err(why) => self.failures.push(why),
                }
            }
            Err((_, said)) => self.failures.push(format!("it does not start afterwards: {said}")),
        }
    }

    /// Writes, uploads, backs up, reads; what is refused must be refused by name, and reading must go on.
    fn work(&mut self, running: &Running, fault: Option<Fault>, known: &mut Acknowledged, rng: &mut Rng) {
        let space = running.space.to_string();
        let mut line = match Line::to(&running.process.trust, &running.cookie) {
            Ok(line) => line,
            Err(error) => return self.gone(0, &error, running, fault),
        };
        for step in 0..6 {
            let done = match step {
                2 => known.upload(&mut line, &space, rng),
                3 => {
                    back_up(running);
                    continue;
                }
                _ => known.write(&mut line, &space, rng),
            };
            match done {
                Err(error) => return self.gone(step, &error, running, fault),
                Ok(Ok(())) => {}
                Ok(Err(problem)) => {
                    self.refused += 1;
                    self.check_refusal(step, &problem, fault, &mut line);
                }
            }
        }
        let lasting = fault.is_some_and(|fault| fault.lasting);
        if !lasting {
            let began = Instant::now();
            while let Ok(Err(problem)) = known.write(&mut line, &space, rng) {
                if began.elapsed() > RECOVERS_IN {
                    return self.failures.push(format!("it does not recover: {problem}"));
                }
                thread::sleep(Duration::from_millis(300));
            }
        }
    }

    /// The server ended. It may, if it says why.
    fn gone(&mut self, step: usize, error: &io::Error, running: &Running, fault: Option<Fault>) {
        let logs = String::from_utf8_lossy(&running.process.logs()).into_owned();
        if !logs.contains("error") && !fault.is_some_and(Fault::may_kill) {
            self.failures.push(format!("step {step}: the server is gone without a word: {error}: {logs}"));
        }
    }

    /// Where not even a sync returns, nobody knows what is durable, and nothing may be shown.
    fn check_refusal(&mut self, step: usize, problem: &str, fault: Option<Fault>, line: &mut Line) {
        // No disk fails the runtime's signal to itself. Tokio panics then: one request ends so, with its connection.
        if problem == "500 internal" && fault.is_some_and(Fault::may_kill) {
            return;
        }
        if problem != "503 disk-failing" && problem != "507 disk-full" {
            self.failures.push(format!("step {step} is refused with {problem}"));
        }
        if fault.is_some_and(|fault| matches!(fault.call, "fsync" | "fdatasync")) {
            return;
        }
        for path in ["/me", "/practice", "/clients"] {
            match line.get(path) {
                Ok(reply) if reply.is_well() => {}
                Ok(reply) => self.failures.push(format!("step {step}: {path} is not read: {}", reply.problem())),
                Err(error) => self.failures.push(format!("step {step}: {path} is not read: {error}")),
            }
        }
    }

    fn look_at_logs(&mut self, logs: &[u8], fault: Option<Fault>) {
        let logs = String::from_utf8_lossy(logs);
        if logs.contains("panic") && !fault.is_some_and(Fault::may_kill) {
            self.failures.push(format!("a panic: {logs}"));
        }
    }
}

/// Whether it is made or not is for the report of the backup; it must not hurt the practice.
fn back_up(running: &Running) {
    let to = running.process.home().join("backups");
    drop(fs::create_dir(&to));
    running.process.command(&["--json", "backup", "now", "--to", to.to_str().unwrap()]);
}

/// The program with strace beside it, so that a signal reaches the program.
fn under_strace(home: &Path, data: &Path, fault: Option<Fault>, log: &Path) -> Command {
    let plain = alcove(home, data);
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "-qq", "--seccomp-bpf", "-o"]).arg(log);
    strace.arg("-e").arg(format!("trace={}", CALLS.join(",")));
    if let Some(fault) = fault {
        strace.arg("-e").arg(fault.to_string());
    }
    strace.arg("--").arg(plain.get_program()).args(plain.get_args());
    strace.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    strace.env("HOME", home).env("TMPDIR", home);
    strace
}

#[test]
fn a_disk_that_fails_at_any_call_loses_nothing() {
    let (seed, count) = sampled("ALCOVE_FAULTS", 12);
    let tally = fail_each_call(seed, Some(usize::try_from(count).unwrap()));
    println!("{tally}");
    assert!(tally.failures.is_empty(), "ALCOVE_SEED={seed}: {:#?}", tally.failures);
}

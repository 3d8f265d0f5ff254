//! Ends that the program decides on itself: a file that cannot be opened anew, and keys that something still holds.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{
    line::Line,
    practice::{Practice, Running},
    work::Acknowledged,
};
use crate::{
    store::sim_disk::Rng,
    support::{alcove, need},
};

/// How long it may take until the program gives a failing disk up, under strace and beside other tests.
const GIVES_UP_IN: Duration = Duration::from_secs(90);

/// The drain, the patience after it, and as much again.
const LOCKS_IN: Duration = Duration::from_secs(100);

/// The program under strace with a fault of its own choice.
fn under_strace(home: &Path, data: &Path, options: &[&str]) -> Command {
    need("strace", "strace");
    let plain = alcove(home, data);
    let mut strace = Command::new("strace");
    strace.args(["-D", "-f", "-qq", "-o", "/dev/null"]).args(options);
    strace.arg("--").arg(plain.get_program()).args(plain.get_args());
    strace.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", home).env("TMPDIR", home);
    strace
}

fn served(practice: Practice, options: &[&str]) -> Running {
    let running = practice.serve_by(|home, data| under_strace(home, data, options));
    running.unwrap_or_else(|(_, said)| panic!("it does not start: {said}"))
}

/// The exit code, and how long it took.
fn ends(running: &mut Running, within: Duration) -> (Option<i32>, Duration) {
    let began = Instant::now();
    while began.elapsed() < within {
        if let Some(exit) = running.process.ended() {
            return (exit.code(), began.elapsed());
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("it does not end: {}", String::from_utf8_lossy(&running.process.logs()));
}

fn logs(running: &Running) -> String {
    String::from_utf8_lossy(&running.process.logs()).into_owned()
}

/// Each sync of the file fails from the fortieth on that one thread makes: the start is well, and so are some writes.
#[test]
fn ten_reopenings_in_vain_end_the_process_with_a_sentence_and_lose_nothing() {
    let fault = ["-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=40+"];
    let mut running = served(Practice::found(), &fault);
    let space = running.space.to_string();
    let (mut rng, mut known) = (Rng::new(5), Acknowledged::default());
    let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
    let refused = (0..500).find_map(|_| known.write(&mut line, &space, &mut rng).unwrap().err());
    assert_eq!(refused.as_deref(), Some("503 disk-failing"));
    assert!(known.count() > 0, "nothing was acknowledged before");
    let (exit, took) = ends(&mut running, GIVES_UP_IN);
    let said = logs(&running);
    assert_eq!(exit, Some(1), "{said}");
    assert!(said.contains("could not be opened anew 10 times: check the disk, then start again"), "{said}");
    assert!(took > Duration::from_secs(8), "it gave up after {took:?}");
    let running = running.kill().serve();
    let mut line = Line::to(&running.process.trust, &running.cookie).unwrap();
    assert_eq!(known.missing(&mut line, &space, true, &mut rng).unwrap(), Vec::<String>::new());
}

/// A backup that a slow disk holds up works with the data still; a lock must not wait for it with the keys in memory.
#[test]
fn a_lock_that_something_outlasts_ends_the_process_and_the_keys_with_it() {
    let practice = Practice::found();
    let to = practice.home().join("backups");
    fs::create_dir(&to).unwrap();
    let path = to.to_str().unwrap().to_owned();
    let delay = "inject=fsync:delay_enter=150000000";
    let mut running = served(practice, &["-P", &path, "-e", "trace=fsync", "-e", delay]);
    let mut backup = backing_up(&running, &path);
    wait_for_a_file_in(&to, &mut backup);
    let mut lock = alcove(running.process.home(), running.process.data_dir());
    let mut lock = lock.args(["-q", "seal", "lock"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until(LOCKS_IN, || logs(&running).contains("something still works with its data: the process ends"));
    // strace holds the thread that it delays, even against the end of its process; all others are gone.
    let id = running.process.id();
    until(LOCKS_IN, || status(id, "State").is_none_or(|state| state.starts_with('Z')));
    let tracers = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten();
    let tracers = tracers.filter_map(|task| status(task.ok()?.file_name().to_str()?.parse().ok()?, "TracerPid"));
    for tracer in tracers.filter(|tracer| tracer != "0").collect::<BTreeSet<_>>() {
        drop(Command::new("kill").args(["-s", "KILL", &tracer]).status());
    }
    assert_eq!(ends(&mut running, LOCKS_IN).0, Some(1));
    backup.wait().unwrap();
    lock.wait().unwrap();
    running.kill().serve();
}

/// What the system says of a process or a thread.
fn status(id: u32, what: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'))?;
    Some(line.trim().to_owned())
}

fn until(within: Duration, is_it: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_it() {
        assert!(began.elapsed() < within, "it does not come");
        thread::sleep(Duration::from_millis(100));
    }
}

fn backing_up(running: &Running, to: &str) -> Child {
    let mut command = alcove(running.process.home(), running.process.data_dir());
    command.args(["--json", "backup", "now", "--to", to]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Once it is written, what follows is the sync of its directory, which never comes to its end.
fn wait_for_a_file_in(dir: &Path, backup: &mut Child) {
    for _ in 0..300 {
        if fs::read_dir(dir).unwrap().any(|entry| entry.unwrap().path().extension().is_some_and(|end| end == "age")) {
            thread::sleep(Duration::from_millis(300));
            assert!(backup.try_wait().unwrap().is_none(), "the backup was not held up");
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("there is no backup");
}

//! Kill -9, again and again, while a device works: after each start everything that was acknowledged is there, and the
//! audit log is one chain that only ever grew.

use std::{
    fmt,
    path::PathBuf,
    process::{Child, Stdio},
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
    chores: usize,
    chores_done: usize,
    acknowledged: usize,
    files: usize,
    audit_entries: u64,
    pub failures: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, during_start, chores, chores_done, acknowledged, files, audit_entries, failures } = self;
        writeln!(f, "  {kills} kills, {during_start} of them during a start; {acknowledged} writes acknowledged,")?;
        writeln!(
            f,
            "  {chores} new kits, new data keys and backups under way, {chores_done} of them done before the kill;"
        )?;
        write!(f, "  {files} of them files; {audit_entries} audit entries; {} failures", failures.len())
    }
}

/// Kills so often.
pub fn kill_again_and_again(seed: u64, kills: usize) -> Tally {
    let (mut rng, mut tally, mut known) = (Rng::new(seed), Tally::default(), Acknowledged::default());
    let mut practice = Practice::found();
    let (mut audited, mut kits) = (0, Kits::default());
    while tally.kills < kills && tally.failures.is_empty() {
        if rng.percent(20) {
            kill_during_start(&practice, &mut rng);
            tally.kills += 1;
            tally.during_start += 1;
        }
        let running = practice.serve();
        tally.failures.extend(kits.wrong(&running));
        let span = Duration::from_millis(20 + rng.next() % 500);
        let chore = rng.percent(20).then(|| Chore::begin(&running, tally.kills, &mut rng));
        let span = if chore.is_some() { span * 3 } else { span };
        tally.failures.extend(one_life(&running, span, &mut known, &mut rng));
        practice = running.kill();
        if let Some(chore) = chore {
            tally.chores += 1;
            tally.chores_done += usize::from(chore.end(&mut kits));
        }
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

/// A command of the operator beside the device's work: a new restore kit, which changes the file's slots, a new data
/// key, or a backup.
struct Chore {
    child: Child,
    kit: Option<PathBuf>,
}

impl Chore {
    fn begin(running: &Running, n: usize, rng: &mut Rng) -> Self {
        let home = running.process.home();
        let mut command = alcove(home, running.process.data_dir());
        let kit = rng.percent(50).then(|| home.join(format!("kit-{n}")));
        match &kit {
            None if rng.percent(50) => command.args(["--json", "key", "rotate"]),
            Some(kit) => command.args(["--json", "kit", "rotate", "--yes", "--out"]).arg(kit),
            None => command.args(["--json", "backup", "now", "--to"]).arg(home),
        };
        Self { child: command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap(), kit }
    }

    /// Whether it was acknowledged before the server was killed.
    fn end(mut self, kits: &mut Kits) -> bool {
        let done = self.child.wait().unwrap().success();
        if let Some(kit) = self.kit {
            kits.tried(kit, done);
        }
        done
    }
}

/// Which kit opens the practice.
#[derive(Debug, Default)]
pub(super) struct Kits {
    acknowledged: Option<PathBuf>,
    /// Its making was cut short.
    in_doubt: Option<PathBuf>,
}

impl Kits {
    /// One was made, or perhaps.
    pub fn tried(&mut self, kit: PathBuf, done: bool) {
        if done {
            *self = Self { acknowledged: Some(kit), in_doubt: None };
        } else {
            self.in_doubt = Some(kit);
        }
    }

    /// One of the two opens it; from then on it is known which.
    pub fn wrong(&mut self, running: &Running) -> Option<String> {
        let opens = |kit: &PathBuf| {
            let checked = running.process.command(&["--json", "kit", "verify", "--kit", kit.to_str().unwrap()]);
            checked.status.success()
        };
        if let Some(new) = self.in_doubt.take().filter(|kit| kit.exists() && opens(kit)) {
            self.acknowledged = Some(new);
            return None;
        }
        let old = self.acknowledged.as_ref()?;
        (!opens(old)).then(|| format!("the kit {} was acknowledged and does not open the practice", old.display()))
    }
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

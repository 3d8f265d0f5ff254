//! Somebody changes the closed file: what opens afterwards holds the same data, or nothing opens and the error has a
//! name. Never wrong data, never a panic, an abort or a hang; a child process opens, so that none of these can hide.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use alcove::{
    clock::Clock,
    crypto::HybridIdentity,
    domain::text::b64u,
    store::{SlotKind, SlotSecret, Store, StoreError, Unlock, block::layout, dump::RawRow, engine::FILE_NAME},
};
use aws_lc_rs::digest::{Context, SHA256};

use super::{keyfile, sampled, sim_disk::Rng};

/// Set for the child that opens.
pub const INSIDE: &str = "ALCOVE_TEST_OPENS_TAMPERED";
const TEST: &str = "store::tamper::a_changed_file_gives_the_same_data_or_an_error";
const ANSWER: &str = "@answer ";
const PATIENCE: Duration = Duration::from_mins(1);
/// A child opens so many before another takes over.
const PER_CHILD: usize = 200;
const PAGE: usize = layout::BLOCK_BYTES;

/// What is done to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Flip,
    Overwrite,
    Swap,
    Zero,
    Cut,
    Extend,
    OldPages,
    OldGroup,
    OldSuperblock,
    OldFile,
}

const CHANGES: [Change; 10] = [
    Change::Flip,
    Change::Overwrite,
    Change::Swap,
    Change::Zero,
    Change::Cut,
    Change::Extend,
    Change::OldPages,
    Change::OldGroup,
    Change::OldSuperblock,
    Change::OldFile,
];

impl Change {
    /// An old part that is whole authenticates: reading everything finds it, as each backup does.
    fn needs_check(self) -> bool {
        matches!(self, Self::OldPages | Self::OldGroup)
    }

    fn make(self, now: &[u8], old: &[u8], rng: &mut Rng) -> Vec<u8> {
        let mut image = now.to_vec();
        let pages = image.len() / PAGE;
        match self {
            Self::Flip => image[place(now, rng)] ^= 1 << rng.below(8),
            Self::Overwrite => {
                let (at, bytes) = (place(now, rng), 1 + rng.below(3 * PAGE));
                let end = (at + bytes).min(image.len());
                let garbage = rng.bytes(end - at);
                image[at..end].copy_from_slice(&garbage);
            }
            Self::Swap => {
                let (one, other) = (8 + rng.below(pages - 8), 8 + rng.below(pages - 8));
                image.copy_within(one * PAGE..(one + 1) * PAGE, other * PAGE);
                image[one * PAGE..(one + 1) * PAGE].copy_from_slice(&now[other * PAGE..(other + 1) * PAGE]);
            }
            Self::Zero => {
                let at = place(now, rng) / PAGE * PAGE;
                let end = (at + PAGE * (1 + rng.below(6))).min(image.len());
                image[at..end].fill(0);
            }
            Self::Cut => image.truncate(rng.below(now.len())),
            Self::Extend => {
                let bytes = 1 + rng.below(700_000);
                image.extend(if rng.percent(50) { vec![0; bytes] } else { rng.bytes(bytes) });
            }
            Self::OldPages => {
                let from = usize::try_from(layout::GROUPS_AT).unwrap() / PAGE;
                for page in (from..pages.min(old.len() / PAGE)).filter(|_| rng.percent(20)) {
                    image[page * PAGE..(page + 1) * PAGE].copy_from_slice(&old[page * PAGE..(page + 1) * PAGE]);
                }
            }
            Self::OldGroup => {
                let bytes = old.len().min(now.len()) as u64 - layout::GROUPS_AT;
                let groups = bytes / ((layout::GROUP_BLOCKS + 2) * layout::BLOCK);
                let group = rng.next() % groups.max(1);
                let [from, to] = [group, group + 1].map(|group| usize::try_from(layout::tags_at(group)).unwrap());
                let to = to.min(image.len()).min(old.len());
                image[from..to].copy_from_slice(&old[from..to]);
            }
            Self::OldSuperblock => {
                let from = rng.below(2) * layout::SUPERBLOCK_BYTES;
                let copy = from..from + layout::SUPERBLOCK_BYTES;
                image[copy.clone()].copy_from_slice(&old[copy]);
            }
            Self::OldFile => image = old.to_vec(),
        }
        image
    }
}

/// Anywhere; half of the time where something other than zeros lies, so that the ring and superblocks get their share.
fn place(image: &[u8], rng: &mut Rng) -> usize {
    let (some, low) = (rng.percent(50), rng.percent(30));
    let end = if low { usize::try_from(layout::GROUPS_AT).unwrap() } else { image.len() };
    loop {
        let at = rng.below(end);
        if !some || image[at] != 0 {
            return at;
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// For each change: tried, refused by name, the same data, an older whole state.
    rows: BTreeMap<Change, [usize; 4]>,
    pub failures: Vec<String>,
}

impl Tally {
    fn count(&mut self, change: Change, outcome: usize) {
        let row = self.rows.entry(change).or_default();
        row[0] += 1;
        row[outcome] += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (change, [tried, refused, same, older]) in &self.rows {
            let name = format!("{change:?}");
            writeln!(
                f,
                "  {name:<14}{tried:>7} tried {refused:>7} refused {same:>7} the same {older:>5} an older state"
            )?;
        }
        let tried: usize = self.rows.values().map(|row| row[0]).sum();
        write!(f, "  total {tried} changed files, {} failures", self.failures.len())
    }
}

/// Changes the file so many times. `child` makes the command that runs [`open_what_comes`].
pub fn tamper(seed: u64, count: usize, child: impl Fn() -> Command) -> Tally {
    let mut rng = Rng::new(seed);
    let mut tally = Tally::default();
    let sample = Sample::make(&mut rng);
    let mut opener = Opener::start(child());
    for n in 0..count {
        if n % PER_CHILD == PER_CHILD - 1 {
            tally.failures.extend(opener.end());
            opener = Opener::start(child());
        }
        let change = CHANGES[n % CHANGES.len()];
        let (nth, old) = &sample.older[rng.below(sample.older.len())];
        fs::write(sample.dir.path().join(FILE_NAME), change.make(&sample.now, old, &mut rng)).unwrap();
        let answer = opener.ask(sample.dir.path(), change.needs_check());
        let newest = sample.states.len() - 1;
        let state = answer.as_deref().map(|answer| sample.states.iter().rposition(|state| state == answer));
        match state {
            None => {
                tally.failures.push(format!("{change:?} number {n}: no answer. {:?}", opener.end()));
                opener = Opener::start(child());
            }
            // Its whole old self, or the ring's newest records gone as after a power failure: the anchor reports it.
            Some(Some(state)) if state == *nth && change == Change::OldFile => tally.count(change, 3),
            Some(Some(state)) if state == newest => tally.count(change, 2),
            Some(Some(_)) if may_go_back(change) => tally.count(change, 3),
            Some(None) if answer.as_deref().is_some_and(|answer| answer.starts_with("refused: ")) => {
                tally.count(change, 1);
            }
            Some(state) => {
                tally.failures.push(format!("{change:?} number {n}: wrong data, state {state:?}: {answer:?}"));
            }
        }
        if tally.failures.len() > 5 {
            break;
        }
    }
    tally.failures.extend(opener.end());
    tally
}

/// Several records destroyed at once look like records that never arrived.
fn may_go_back(change: Change) -> bool {
    matches!(change, Change::Overwrite | Change::Zero)
}

/// A file, its earlier selves, and what each held.
struct Sample {
    dir: tempfile::TempDir,
    now: Vec<u8>,
    /// States by number, as of [`digest`].
    states: Vec<String>,
    older: Vec<(usize, Vec<u8>)>,
}

impl Sample {
    fn make(rng: &mut Rng) -> Self {
        // Memory if there is some: the file is synced at each opening.
        let shm = Path::new("/dev/shm");
        let dir = if shm.is_dir() { tempfile::tempdir_in(shm) } else { tempfile::tempdir() }.unwrap();
        let store = Store::create(dir.path(), &[SlotSecret::Keyfile(keyfile())], Clock::default()).unwrap();
        let path = dir.path().join(FILE_NAME);
        let (mut states, mut older) = (Vec::new(), Vec::new());
        for commit in 0..40_u8 {
            let rows = (0..=rng.below(12)).map(|_| {
                let (key, size) = (vec![u8::try_from(rng.below(90)).unwrap()], 40 + rng.below(9000));
                let value = [vec![1, commit], rng.bytes(size)].concat();
                Ok::<_, StoreError>(RawRow { table: format!("table {}", rng.below(3)), key, value })
            });
            store.load_raw(rows.collect::<Vec<_>>()).unwrap();
            if commit % 10 == 5 {
                let kit = HybridIdentity::generate().unwrap().to_recipient().unwrap();
                store.engine().add_slot(&SlotSecret::RestoreKit(Box::new(kit))).unwrap();
            }
            states.push(digest(&store).unwrap());
            if commit % 7 == 3 {
                older.push((states.len() - 1, fs::read(&path).unwrap()));
            }
        }
        store.engine().remove_slot(SlotKind::RestoreKit).unwrap();
        drop(store);
        Self { now: fs::read(&path).unwrap(), dir, states, older }
    }
}

/// All tables with all rows, as one hash.
fn digest(store: &Store) -> Result<String, StoreError> {
    let mut hash = Context::new(&SHA256);
    let mut add = |bytes: &[u8]| {
        hash.update(&(bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    store.read(|tx| {
        for table in tx.tables()? {
            add(table.as_bytes());
            tx.each_raw(&table, |key, value| {
                add(key);
                add(value);
                Ok::<_, StoreError>(())
            })?;
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(b64u(hash.finish().as_ref()))
}

/// The child: opens each directory that it is told, and says what is there.
pub fn open_what_comes() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (check, dir) = line.split_once(' ').unwrap();
        let answer = opened(Path::new(dir), check == "check").unwrap_or_else(|error| format!("refused: {error}"));
        println!("\n{ANSWER}{}", answer.replace('\n', " "));
    }
}

fn opened(dir: &Path, check: bool) -> Result<String, StoreError> {
    let (store, _) = Store::open(dir, &Unlock::Keyfile(keyfile()), Clock::default())?;
    if check && !store.engine().check_integrity()? {
        return Ok("refused: the check found something".to_owned());
    }
    digest(&store)
}

struct Opener {
    child: Child,
    orders: Option<ChildStdin>,
    answers: Receiver<String>,
    said: thread::JoinHandle<String>,
}

impl Opener {
    fn start(mut command: Command) -> Self {
        command.env(INSIDE, "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (orders, output, mut errors) =
            (child.stdin.take(), child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (tell, answers) = channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(answer) = line.strip_prefix(ANSWER) {
                    drop(tell.send(answer.to_owned()));
                }
            }
        });
        let said = thread::spawn(move || {
            let mut said = String::new();
            drop(errors.read_to_string(&mut said));
            said
        });
        Self { child, orders, answers, said }
    }

    /// Nothing if it dies or hangs.
    fn ask(&mut self, dir: &Path, check: bool) -> Option<String> {
        let order = if check { "check" } else { "open" };
        writeln!(self.orders.as_mut()?, "{order} {}", PathBuf::from(dir).display()).ok()?;
        self.answers.recv_timeout(PATIENCE).ok()
    }

    /// What was wrong with it.
    fn end(mut self) -> Option<String> {
        drop(self.orders.take());
        for _ in 0..100 {
            if self.child.try_wait().unwrap().is_some() {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        drop(self.child.kill());
        let status = self.child.wait().unwrap();
        let said = self.said.join().unwrap();
        let bad = !status.success() || said.contains("panicked");
        bad.then(|| format!("the child ended with {status}: {said}"))
    }
}

#[test]
fn a_changed_file_gives_the_same_data_or_an_error() {
    if std::env::var_os(INSIDE).is_some() {
        return open_what_comes();
    }
    let (seed, count) = sampled("ALCOVE_TAMPERED_FILES", 300);
    let tally = tamper(seed, usize::try_from(count).unwrap(), || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "--nocapture", TEST]);
        child
    });
    println!("{tally}");
    assert!(tally.failures.is_empty(), "ALCOVE_SEED={seed}: {:#?}", tally.failures);
}

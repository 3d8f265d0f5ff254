//! The work that every contender does, and the lines by which it is told to: shared with `compare`, so that all of them
//! do the same. One contender is one process, so that memory and crashes are its own.

use std::{
    io::BufRead as _,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Instant,
};

/// Bytes of a record, and of the memory that each contender may use for its cache.
pub const RECORD_BYTES: usize = 1024;
pub const CACHE_BYTES: usize = 64 << 20;
const RECORDS_PER_COMMIT: u64 = 10_000;
const COMMITS: u64 = 200;
const WRITERS: u64 = 16;
const COMMITS_OF_ALL: u64 = 480;
const WARM_UP: u64 = 50_000;
const READS: u64 = 20_000;

/// How many records the bulk insert makes; fewer for a quick look.
pub fn records() -> u64 {
    std::env::var("ALCOVE_BENCH_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(200_000)
}

/// A store of records by number. Every write is durable when it returns.
pub trait Contender: Sync + Sized {
    /// A new one in an empty directory.
    fn make(dir: &Path) -> Self;
    /// What is there, after a crash.
    fn open(dir: &Path) -> Self;
    /// Writes these in one transaction.
    fn write(&self, records: &mut dyn Iterator<Item = (u64, Vec<u8>)>);
    /// The same, as many threads at once do it: the best way that the contender has for that.
    fn write_in_company(&self, records: &mut dyn Iterator<Item = (u64, Vec<u8>)>) {
        self.write(records);
    }
    /// What it does by itself when nobody has written for a while.
    fn rest(&self) {}
    /// Reads these in one transaction; the sum of their first bytes.
    fn read(&self, numbers: &mut dyn Iterator<Item = u64>) -> u64;
    /// Reads all in order; how many there are and the sum of their first bytes.
    fn scan(&self) -> (u64, u64);
}

/// Xorshift: the same records and choices for everybody.
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 8
    }

    fn record(&mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(RECORD_BYTES);
        while bytes.len() < RECORD_BYTES {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes
    }
}

/// Does what each line asks for and answers with a number: microseconds, bytes or KiB.
pub fn serve<C: Contender>(dir: &Path) {
    let (mut contender, next) = (None::<C>, AtomicU64::new(records()));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let answer = match (line.as_str(), &contender) {
            ("make", _) => timed(|| contender = Some(C::make(dir))),
            ("open", _) => timed(|| contender = Some(C::open(dir))),
            ("bulk", Some(contender)) => timed(|| bulk(contender)),
            ("one", Some(contender)) => timed(|| small(COMMITS, &next, |records| contender.write(records))),
            ("audited", Some(contender)) => {
                timed(|| small(COMMITS, &next, |records| contender.write_in_company(records)))
            }
            ("warm", Some(contender)) => contender.read(&mut numbers(3, WARM_UP)),
            ("rest", Some(contender)) => timed(|| contender.rest()),
            ("many", Some(contender)) => timed(|| many(contender, &next)),
            ("read", Some(contender)) => {
                let mut numbers = numbers(next.fetch_add(1, Ordering::Relaxed), READS);
                timed(|| assert!(contender.read(&mut numbers) > 0))
            }
            ("scan", Some(contender)) => timed(|| assert!(contender.scan().0 >= records())),
            ("size", _) => size_bytes(dir),
            ("memory", _) => resident_kib(),
            (line, _) => panic!("{line}?"),
        };
        println!("{answer}");
    }
}

fn timed(work: impl FnOnce()) -> u64 {
    let began = Instant::now();
    work();
    u64::try_from(began.elapsed().as_micros()).unwrap()
}

fn bulk(contender: &impl Contender) {
    let mut rng = Rng::new(1);
    for first in (0..records()).step_by(usize::try_from(RECORDS_PER_COMMIT).unwrap()) {
        let last = (first + RECORDS_PER_COMMIT).min(records());
        contender.write(&mut (first..last).map(|number| (number, rng.record())));
    }
}

/// Each commit adds a record and replaces one.
fn small(commits: u64, next: &AtomicU64, write: impl Fn(&mut dyn Iterator<Item = (u64, Vec<u8>)>)) {
    let mut rng = Rng::new(next.fetch_add(1, Ordering::Relaxed));
    for _ in 0..commits {
        let added = (next.fetch_add(1, Ordering::Relaxed), rng.record());
        let replaced = (rng.next() % records(), rng.record());
        write(&mut [added, replaced].into_iter());
    }
}

fn many(contender: &impl Contender, next: &AtomicU64) {
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            let write = |records: &mut dyn Iterator<Item = (u64, Vec<u8>)>| contender.write_in_company(records);
            scope.spawn(move || small(COMMITS_OF_ALL / WRITERS, next, write));
        }
    });
}

fn numbers(seed: u64, count: u64) -> impl Iterator<Item = u64> {
    let mut rng = Rng::new(seed);
    (0..count).map(|_| rng.next() % records()).collect::<Vec<_>>().into_iter()
}

fn size_bytes(dir: &Path) -> u64 {
    let files = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().metadata().unwrap());
    files.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum()
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

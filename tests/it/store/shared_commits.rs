//! Group commits on a disk that can be held, broken and unplugged: whoever got an answer is on the disk, whoever got
//! none is there whole or not at all, and nobody gets one too early.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use alcove::{
    clock::Clock,
    domain::audit::Event,
    policy::{Actor, ActorKind, Permit, Right},
    store::{
        Reads, Row, RowError, Store, StoreError, WriteTx, audit::AuditHead, audit::StoredEntry, block::Disk,
        decode_body, encode_body,
    },
};
use proptest::{collection::vec, prelude::*};

use super::{
    create, open,
    sim_disk::{LOSSES, Op, Replay, Rng, SimDisk},
};

/// A row that says whose it is; `twin` rows are written with it and must never be there without it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Thing<const TWIN: bool>(u64, Vec<u8>);

impl<const TWIN: bool> Row for Thing<TWIN> {
    const TABLE: &'static str = if TWIN { "twins" } else { "things" };
    const VERSION: u8 = 1;
    type Key = u64;
    fn key(&self) -> u64 {
        self.0
    }
    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.0, &self.1))
    }
    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        decode_body(Self::TABLE, body).map(|(n, bytes)| Self(n, bytes))
    }
}

type One = Thing<false>;
type Twin = Thing<true>;

fn permit() -> Permit {
    Actor::local(ActorKind::System).may(Right::Housekeep).unwrap()
}

fn put(tx: &mut WriteTx, n: u64, bytes: &[u8]) -> Result<(), StoreError> {
    tx.put(&Thing::<false>(n, bytes.to_vec()), &permit())?;
    tx.put(&Thing::<true>(n, bytes.to_vec()), &permit())?;
    tx.audit(&permit(), Event::new("thing.made").with("n", n))
}

/// What a store holds, after checking that it is whole.
fn held(store: &Store) -> BTreeMap<u64, Vec<u8>> {
    let read = |tx: &alcove::store::ReadTx| {
        let head = tx.find::<AuditHead>(&())?.unwrap_or_default();
        Ok::<_, StoreError>((tx.scan::<One>(&())?, tx.scan::<Twin>(&())?, tx.scan::<StoredEntry>(&())?, head))
    };
    let (things, twins, entries, head) = store.read(read).unwrap();
    let pairs = |things: Vec<(u64, Vec<u8>)>| things.into_iter().collect::<BTreeMap<_, _>>();
    let things = pairs(things.into_iter().map(|thing| (thing.0, thing.1)).collect());
    assert!(things == pairs(twins.into_iter().map(|twin| (twin.0, twin.1)).collect()), "half of a work is there");
    let numbers: Vec<u64> = entries.iter().map(|entry| entry.entry.n).collect();
    assert_eq!(numbers, (1..=head.size).collect::<Vec<_>>(), "the audit log has holes");
    assert_eq!(entries.last().map_or([0; 32], |entry| entry.root), head.root);
    things
}

/// A disk whose syncs can be held back, counted and broken.
#[derive(Clone, Debug, Default)]
struct Held(Arc<Syncs>);

#[derive(Debug, Default)]
struct Syncs {
    disk: SimDisk,
    count: AtomicUsize,
    state: Mutex<Gate>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Gate {
    closed: bool,
    waiting: bool,
    failure: Option<io::ErrorKind>,
}

impl Held {
    fn set(&self, change: impl FnOnce(&mut Gate)) {
        change(&mut self.0.state.lock().unwrap());
        self.0.moved.notify_all();
    }

    fn wait_until_somebody_waits(&self) {
        let state = self.0.state.lock().unwrap();
        drop(self.0.moved.wait_while(state, |state| !state.waiting).unwrap());
    }

    fn syncs(&self) -> usize {
        self.0.count.load(Ordering::SeqCst)
    }
}

impl Disk for Held {
    fn len(&self) -> io::Result<u64> {
        self.0.disk.len()
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.disk.read_at(offset, out)
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.disk.write_at(offset, data)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.disk.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.0.state.lock().unwrap();
        while state.closed {
            state.waiting = true;
            self.0.moved.notify_all();
            state = self.0.moved.wait(state).unwrap();
        }
        self.0.count.fetch_add(1, Ordering::SeqCst);
        state.failure.map_or_else(|| self.0.disk.sync(), |kind| Err(kind.into()))
    }
}

struct Stand {
    store: Store,
    dir: tempfile::TempDir,
}

fn stand(disk: Arc<dyn Disk>) -> Stand {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::ready(create(disk), dir.path(), Clock::default()).unwrap();
    Stand { store, dir }
}

type Work<'a, T> = Box<dyn FnOnce(&Store) -> T + Send + 'a>;

/// Runs works that all wait for their turn, in this order, while the first of them has it: one group.
fn together<T: Send>(store: &Store, works: Vec<Work<'_, T>>, all_wait: impl FnOnce()) -> Vec<thread::Result<T>> {
    let nap = || thread::sleep(Duration::from_millis(1));
    let ((go, wait), (begun, begins)) = (mpsc::channel::<()>(), mpsc::channel::<()>());
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            let until_told = |_: &mut WriteTx| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
                Ok::<_, StoreError>(())
            };
            store.write(until_told).map(drop)
        });
        begins.recv().unwrap();
        let mut running = Vec::new();
        for (ahead, work) in works.into_iter().enumerate() {
            running.push(scope.spawn(|| work(store)));
            while store.writers_waiting() <= ahead {
                nap();
            }
        }
        all_wait();
        go.send(()).unwrap();
        first.join().unwrap().unwrap();
        running.into_iter().map(thread::ScopedJoinHandle::join).collect()
    })
}

fn putting<'a>(n: u64) -> Work<'a, Result<(), StoreError>> {
    Box::new(move |store| store.write(|tx| put(tx, n, b"value")).map(drop))
}

#[test]
fn those_who_wait_share_one_commit() {
    let disk = Held::default();
    let Stand { store, dir: _dir } = stand(Arc::new(disk.clone()));
    let counted = |work: &dyn Fn()| {
        let before = disk.syncs();
        work();
        disk.syncs() - before
    };
    store.write(|tx| put(tx, 100, b"opening")).unwrap();
    let alone = counted(&|| drop(store.write(|tx| put(tx, 101, b"alone")).unwrap()));
    let shared = counted(&|| {
        assert!(together(&store, (0..20).map(putting).collect(), || {}).iter().all(|done| matches!(done, Ok(Ok(())))));
    });
    assert_eq!(alone, 2, "two phases, one sync each");
    assert!(shared <= 8, "a growing file is synced once more, a slow group is cut in two, but not in twenty: {shared}");
    assert_eq!(counted(&|| drop(store.write(|_| Ok::<_, StoreError>(())).unwrap())), 0, "nothing to commit");
    assert_eq!(held(&store).len(), 22);
}

#[test]
fn nobody_is_answered_and_nothing_is_seen_before_the_disk_has_it() {
    let disk = Held::default();
    let Stand { store, dir: _dir } = stand(Arc::new(disk.clone()));
    store.write(|tx| put(tx, 100, b"before")).unwrap();
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let noting = |n: u64, refuses: bool| -> Work<'_, ()> {
                let answered = &answered;
                Box::new(move |store| {
                    let work = |tx: &mut WriteTx| {
                        put(tx, n, b"value")?;
                        if refuses { Err(StoreError::DiskFull) } else { Ok(()) }
                    };
                    assert_eq!(store.write(work).is_err(), refuses);
                    answered.fetch_add(1, Ordering::SeqCst);
                })
            };
            let works = vec![noting(1, false), noting(2, true), noting(3, false)];
            let ended = together(&store, works, || disk.set(|gate| gate.closed = true));
            assert!(ended.iter().all(Result::is_ok));
        });
        disk.wait_until_somebody_waits();
        thread::sleep(Duration::from_millis(30));
        assert_eq!(answered.load(Ordering::SeqCst), 0, "a refusal may rest on what is not durable yet");
        assert_eq!(held(&store).keys().copied().collect::<Vec<_>>(), [100]);
        disk.set(|gate| gate.closed = false);
    });
    assert_eq!(answered.load(Ordering::SeqCst), 3);
    assert_eq!(held(&store).keys().copied().collect::<Vec<_>>(), [1, 3, 100]);
}

#[test]
fn a_failed_sync_fails_each_of_the_group_alike_and_writing_goes_on() {
    for (kind, is_full) in [(io::ErrorKind::StorageFull, true), (io::ErrorKind::Other, false)] {
        // On a very busy machine a group may be cut in two, and then this shows nothing.
        assert!((0..10).any(|_| fail_a_group(kind, is_full)), "no group stays whole");
    }
}

/// Whether it was one group.
fn fail_a_group(kind: io::ErrorKind, is_full: bool) -> bool {
    let disk = Held::default();
    let Stand { store, dir: _dir } = stand(Arc::new(disk.clone()));
    store.write(|tx| put(tx, 100, b"before")).unwrap();
    let refusing: Work<'_, _> =
        Box::new(|store| store.write(|tx| put(tx, 9, b"never").and(Err::<(), _>(StoreError::Nested))).map(drop));
    let works = vec![putting(1), putting(2), refusing, putting(3)];
    let before = disk.syncs();
    let ended = together(&store, works, || disk.set(|gate| gate.failure = Some(kind)));
    if disk.syncs() - before > 1 {
        return false;
    }
    for end in ended {
        let error = end.unwrap().unwrap_err();
        assert_eq!(matches!(error, StoreError::DiskFull), is_full, "{error}");
        assert_eq!(matches!(error, StoreError::Database(_)), !is_full, "{error}");
    }
    disk.set(|gate| gate.failure = None);
    let after = held(&store);
    assert!(!after.contains_key(&9), "a refused work stays");
    assert!(matches!(after.len(), 1 | 4), "a part of the group is there: {:?}", after.keys());
    store.write(|tx| put(tx, 5, b"after")).unwrap();
    assert!(held(&store).contains_key(&5) && store.engine().health().reopened == 1);
    true
}

#[test]
fn a_failure_at_every_call_loses_no_acknowledged_member() {
    for nth in 1..40 {
        let disk = SimDisk::default();
        let Stand { store, dir } = stand(Arc::new(disk.clone()));
        store.write(|tx| put(tx, 100, b"before")).unwrap();
        let mut acknowledged = BTreeSet::from([100]);
        let mut note = |first: u64, all_wait: &dyn Fn()| {
            let works = (first..first + 4).map(putting).collect();
            let ended = together(&store, works, all_wait);
            acknowledged.extend((first..).zip(ended).filter(|(_, end)| matches!(end, Ok(Ok(())))).map(|(n, _)| n));
        };
        note(1, &|| disk.fail_from(disk.calls() + nth, io::ErrorKind::Other));
        disk.heal();
        note(11, &|| {});
        drop(store);
        let store = Store::ready(open(Arc::new(disk)).unwrap().0, dir.path(), Clock::default()).unwrap();
        let held: BTreeSet<u64> = held(&store).into_keys().collect();
        assert!(held.is_superset(&acknowledged), "at call {nth}: {acknowledged:?} of {held:?}");
        assert!(acknowledged.contains(&11), "writing goes on");
    }
}

/// How a work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Keep,
    Refuse,
    Panic,
    Unaudited,
}

type Changes = Vec<(u64, Option<u8>)>;

fn works() -> impl Strategy<Value = Vec<(Changes, Ending)>> {
    let ending = prop_oneof![
        5 => Just(Ending::Keep),
        2 => Just(Ending::Refuse),
        1 => Just(Ending::Panic),
        1 => Just(Ending::Unaudited),
    ];
    vec((vec((0_u64..6, proptest::option::weighted(0.7, any::<u8>())), 0..5), ending), 1..10)
}

/// Does the changes; answers with what was there before them.
fn change(tx: &mut WriteTx, changes: &Changes, ending: Ending) -> Result<Vec<(u64, u8)>, StoreError> {
    let seen = tx.scan::<One>(&())?.into_iter().map(|thing| (thing.0, thing.1[0])).collect();
    if ending != Ending::Unaudited {
        tx.audit(&permit(), Event::new("changed"))?;
    }
    for (n, value) in changes {
        if let Some(value) = value {
            tx.put(&Thing::<false>(*n, vec![*value]), &permit())?;
            tx.put(&Thing::<true>(*n, vec![*value]), &permit())?;
        } else {
            tx.remove::<One>(n, &permit())?;
            tx.remove::<Twin>(n, &permit())?;
        }
    }
    match ending {
        Ending::Keep | Ending::Unaudited => Ok(seen),
        Ending::Refuse => Err(StoreError::DiskFull),
        Ending::Panic => panic!("a defect"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_group_is_the_same_as_one_after_the_other(works in works()) {
        let Stand { store, dir: _dir } = stand(Arc::new(SimDisk::default()));
        let run = |(changes, ending): (Changes, Ending)| -> Work<'_, _> {
            Box::new(move |store| store.write(|tx| change(tx, &changes, ending)).map(|(seen, _)| seen))
        };
        let ended = together(&store, works.iter().cloned().map(run).collect(), || {});
        let (mut model, mut entries) = (BTreeMap::new(), 0);
        for ((changes, ending), end) in works.iter().zip(ended) {
            let before: Vec<(u64, u8)> = model.iter().map(|(n, value)| (*n, *value)).collect();
            match (ending, end) {
                (Ending::Keep, Ok(Ok(seen))) => {
                    prop_assert_eq!(seen, before);
                    entries += 1;
                    for (n, value) in changes {
                        match value {
                            Some(value) => drop(model.insert(*n, *value)),
                            None => drop(model.remove(n)),
                        }
                    }
                }
                (Ending::Unaudited, Ok(Ok(seen))) if changes.is_empty() => prop_assert_eq!(seen, before),
                (Ending::Unaudited, Ok(Err(StoreError::Unaudited { .. })))
                | (Ending::Refuse, Ok(Err(StoreError::DiskFull)))
                | (Ending::Panic, Err(_)) => {}
                (ending, end) => prop_assert!(false, "{ending:?} ended as {end:?}"),
            }
        }
        let found = held(&store).into_iter().map(|(n, value)| (n, value[0])).collect::<BTreeMap<_, _>>();
        prop_assert_eq!(found, model);
        let size: Result<u64, StoreError> = store.read(|tx| Ok(tx.find::<AuditHead>(&())?.unwrap_or_default().size));
        prop_assert_eq!(size.unwrap(), entries);
    }
}

const WRITERS: u64 = 4;
const WRITES: u64 = 14;
const IMAGES: usize = 500;

/// Several writers at once on a recording disk. Marks say when a write was begun and when it was acknowledged.
fn record(seed: u64) -> Vec<Op> {
    let disk = SimDisk::default().recording();
    let Stand { store, dir: _dir } = stand(Arc::new(disk.clone()));
    // The file is made and opened by another means; what counts begins here.
    disk.mark(Op::Acknowledged(0));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (store, disk, mut rng) = (&store, &disk, Rng::new(seed ^ (writer + 1)));
            scope.spawn(move || {
                for n in 1..=WRITES {
                    let (id, bytes) = (writer * 1000 + n, rng.below(5000));
                    let (refuses, panics) = (rng.percent(15), rng.percent(5));
                    disk.mark(Op::Begin(id));
                    let work = |tx: &mut WriteTx| {
                        put(tx, if refuses || panics { id + 500 } else { id }, &vec![7; bytes])?;
                        assert!(!panics, "a defect");
                        if refuses { Err(StoreError::Nested) } else { Ok(()) }
                    };
                    if let Ok(Ok(_)) = catch_unwind(AssertUnwindSafe(|| store.write(work))) {
                        disk.mark(Op::Acknowledged(id));
                    }
                }
            });
        }
    });
    disk.take_log()
}

#[test]
fn the_power_fails_and_every_acknowledged_member_of_a_group_is_there() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("ALCOVE_SEED").unwrap_or_else(|| u64::from(std::process::id()) ^ 0x6A0C_7E00);
    let images = number("ALCOVE_POWER_LOSS_IMAGES").map_or(IMAGES, |count| usize::try_from(count).unwrap());
    println!("ALCOVE_SEED={seed}");
    let (mut rng, mut checked, dir) = (Rng::new(seed), 0, tempfile::tempdir().unwrap());
    while checked < images {
        let log = record(rng.next());
        let (mut replay, mut begun, mut acknowledged) = (Replay::default(), BTreeSet::new(), BTreeSet::new());
        let mut has_started = false;
        for op in &log {
            replay.step(op);
            match op {
                Op::Acknowledged(0) => has_started = true,
                Op::Acknowledged(id) => drop(acknowledged.insert(*id)),
                Op::Begin(id) => drop(begun.insert(*id)),
                _ => {}
            }
            if !has_started || !rng.percent(40) {
                continue;
            }
            let loss = LOSSES[rng.below(LOSSES.len())];
            let disk = SimDisk::from_image(replay.image(loss, &mut rng));
            let (engine, _) = open(Arc::new(disk)).unwrap_or_else(|error| panic!("seed {seed}, {loss:?}: {error}"));
            let store = Store::ready(engine, dir.path(), Clock::default()).unwrap();
            let found: BTreeSet<u64> = held(&store).into_keys().collect();
            assert!(found.is_superset(&acknowledged), "seed {seed}, {loss:?}: lost, {acknowledged:?} of {found:?}");
            assert!(found.is_subset(&begun), "seed {seed}, {loss:?}: {found:?} with {begun:?} begun");
            checked += 1;
        }
    }
    println!("{checked} images");
}

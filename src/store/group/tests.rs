use super::*;
use crate::domain::audit::Event;
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::audit::{AuditHead, StoredEntry};
use crate::store::{Keyfile, Reads as _, Row, RowError, Store, decode_body, encode_body};

struct Thing(u64, u64);

impl Row for Thing {
    const TABLE: &'static str = "things";
    const VERSION: u8 = 1;
    type Key = u64;
    fn key(&self) -> u64 {
        self.0
    }
    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.0, self.1))
    }
    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        decode_body(Self::TABLE, body).map(|(n, value)| Self(n, value))
    }
}

fn permit() -> Permit {
    Actor::local(ActorKind::System).may(Right::Housekeep).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path(), &Keyfile::from_slice(&[7; 32]).unwrap(), Clock::default()).unwrap().0;
    (dir, store)
}

fn things(store: &Store) -> Vec<(u64, u64)> {
    let all: Result<Vec<Thing>, StoreError> = store.read(|tx| tx.scan(&()));
    all.unwrap().into_iter().map(|thing| (thing.0, thing.1)).collect()
}

fn put(tx: &mut WriteTx, n: u64, value: u64) -> Result<(), StoreError> {
    tx.put(&Thing(n, value), &permit())?;
    tx.audit(&permit(), Event::new("thing.made").with("n", n))
}

/// Runs these at the same time, lined up in this order behind work that waits for all of them: one group.
fn together<T: Send>(store: &Store, works: Vec<Box<dyn FnOnce() -> T + Send + '_>>) -> Vec<thread::Result<T>> {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let nap = || thread::sleep(Duration::from_millis(1));
    thread::scope(|scope| {
        let first = scope.spawn(move || {
            let once_all_wait = |tx: &mut WriteTx| {
                wait.recv().map_err(|_| StoreError::interrupted())?;
                put(tx, 0, 0)
            };
            store.write(once_all_wait).map(drop)
        });
        while store.group.line().turn_of.is_none() {
            nap();
        }
        let mut running = Vec::new();
        for (ahead, work) in works.into_iter().enumerate() {
            running.push(scope.spawn(work));
            while store.writers_waiting() <= ahead {
                nap();
            }
        }
        go.send(()).unwrap();
        first.join().unwrap().unwrap();
        running.into_iter().map(thread::ScopedJoinHandle::join).collect()
    })
}

#[test]
fn each_sees_what_came_before_and_all_of_it_stays() {
    let (_dir, store) = store();
    let works = (1..=5_u64).map(|n| -> Box<dyn FnOnce() -> u64 + Send> {
        let store = &store;
        Box::new(move || {
            let seen = store.write(|tx| {
                let last = tx.last::<Thing>(&())?.map_or(0, |thing| thing.1);
                put(tx, n, last + 1).map(|()| last)
            });
            seen.map_err(|error: StoreError| error.to_string()).unwrap().0
        })
    });
    let seen: Vec<u64> = together(&store, works.collect()).into_iter().map(Result::unwrap).collect();
    assert_eq!(seen, [0, 1, 2, 3, 4]);
    assert_eq!(things(&store), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]);
}

#[test]
fn a_panic_a_refusal_and_a_change_without_an_entry_touch_nobody_else() {
    let (_dir, store) = store();
    let store = &store;
    let works: Vec<Box<dyn FnOnce() -> Result<(), StoreError> + Send>> = vec![
        Box::new(|| store.write(|tx| put(tx, 1, 1)).map(drop)),
        Box::new(|| {
            let panics = |tx: &mut WriteTx| -> Result<(), StoreError> {
                put(tx, 1, 99)?;
                put(tx, 2, 99)?;
                panic!("a defect")
            };
            store.write(panics).map(drop)
        }),
        Box::new(|| store.write(|tx| tx.put(&Thing(3, 99), &permit())).map(drop)),
        Box::new(|| {
            let refuses = |tx: &mut WriteTx| {
                tx.remove::<Thing>(&1, &permit())?;
                put(tx, 1, 98)?;
                Err::<(), _>(StoreError::DiskFull)
            };
            store.write(refuses).map(drop)
        }),
        Box::new(|| store.write(|tx| put(tx, 4, 4)).map(drop)),
    ];
    let ended = together(store, works);
    assert!(matches!(ended[0], Ok(Ok(()))));
    assert!(ended[1].is_err(), "the panic goes on in its own thread");
    assert!(matches!(ended[2], Ok(Err(StoreError::Unaudited { table: "things" }))));
    assert!(matches!(ended[3], Ok(Err(StoreError::DiskFull))));
    assert!(matches!(ended[4], Ok(Ok(()))));
    assert_eq!(things(store), [(0, 0), (1, 1), (4, 4)]);
    let (head, entries) =
        store.read(|tx| Ok::<_, StoreError>((tx.find::<AuditHead>(&())?, tx.scan::<StoredEntry>(&())?))).unwrap();
    assert_eq!((head.unwrap().size, entries.len()), (3, 3), "one entry for each that stayed");
}

#[test]
fn a_panic_of_the_first_or_the_last_strands_nobody() {
    let (_dir, store) = store();
    for _ in 0..2 {
        let alone = catch_unwind(AssertUnwindSafe(|| {
            store.write(|tx: &mut WriteTx| -> Result<(), StoreError> {
                put(tx, 7, 7)?;
                panic!("alone")
            })
        }));
        assert!(alone.is_err());
    }
    let works: Vec<Box<dyn FnOnce() + Send>> = vec![
        Box::new(|| drop(store.write(|tx| put(tx, 1, 1)).unwrap())),
        Box::new(|| drop(store.write(|_| -> Result<(), StoreError> { panic!("the last") }))),
    ];
    let ended = together(&store, works);
    assert!(ended[0].is_ok() && ended[1].is_err());
    assert_eq!(things(&store), [(0, 0), (1, 1)]);
    assert!(store.group.line().turn_of.is_none());
}

#[test]
fn a_write_inside_a_write_is_refused_and_a_read_is_not() {
    let (_dir, store) = store();
    let nested = store.write(|tx| {
        put(tx, 1, 1)?;
        assert_eq!(things(&store), [], "what is not durable is not seen");
        store.write(|tx| put(tx, 2, 2))
    });
    assert!(matches!(nested, Err(StoreError::Nested)));
    store.write(|tx| put(tx, 3, 3)).unwrap();
    assert_eq!(things(&store), [(3, 3)]);
}

#[test]
fn work_that_changes_nothing_is_answered_without_a_commit() {
    let (_dir, store) = store();
    store.write(|tx| put(tx, 1, 5)).unwrap();
    let read = store.write(|tx| Ok::<_, StoreError>(tx.find::<Thing>(&1)?.map(|thing| thing.1))).unwrap();
    assert_eq!(read.0, Some(5));
}

#[test]
fn members_that_nobody_settles_are_told_so() {
    let place = Arc::new(Place::new());
    let lost = Batch { members: Members(vec![Arc::clone(&place)]), changed: true, ..Batch::default() };
    drop(lost);
    assert!(matches!(place.settled().unwrap_err().again(), StoreError::Database(_)));
}

#[test]
fn a_group_has_bounds() {
    let place = Arc::new(Place::new());
    assert!(!Batch::default().is_full());
    let mut many = Batch::default();
    for _ in 0..MEMBERS_MAX {
        many.add(None, true, 1, Some(&place));
    }
    assert!(many.is_full());
    let mut large = Batch::default();
    large.add(None, true, BYTES_MAX, Some(&place));
    assert!(large.is_full());
}

#[test]
fn more_than_fit_into_one_group_all_get_their_turn() {
    let (_dir, store) = store();
    let count = MEMBERS_MAX as u64 * 2 + 5;
    let works = (1..=count).map(|n| -> Box<dyn FnOnce() + Send> {
        let store = &store;
        Box::new(move || drop(store.write(|tx| put(tx, n, n)).unwrap()))
    });
    assert!(together(&store, works.collect()).iter().all(Result::is_ok));
    assert_eq!(things(&store).len() as u64, count + 1);
}

use super::audit::{AuditHead, StoredEntry};
use super::*;
use crate::domain::audit::Event;
use crate::policy::{Actor, ActorKind, Permit, Right};

struct Thing(u64, String);

impl Row for Thing {
    const TABLE: &'static str = "things";
    const VERSION: u8 = 2;
    type Key = (u32, u64);
    fn key(&self) -> (u32, u64) {
        (1, self.0)
    }
    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.0, &self.1))
    }
    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        decode_body(Self::TABLE, body).map(|(n, text)| Self(n, text))
    }
}

fn permit() -> Permit {
    Actor::local(ActorKind::System).may(Right::Housekeep).unwrap()
}

fn keyfile() -> Keyfile {
    Keyfile::from_slice(&[7; 32]).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open_or_create(dir.path(), &keyfile(), Clock::default()).unwrap().0;
    (dir, store)
}

fn put(store: &Store, n: u64) {
    store
        .write(|tx| {
            tx.put(&Thing(n, format!("thing {n}")), &permit())?;
            tx.audit(&permit(), Event::new("thing.made").with("n", n))
        })
        .map(drop)
        .map_err(|error: StoreError| error.to_string())
        .unwrap();
}

#[test]
fn a_change_without_an_audit_entry_leaves_nothing() {
    let (_dir, store) = store();
    let done = store.write(|tx| tx.put(&Thing(1, String::new()), &permit()));
    assert!(matches!(done, Err(StoreError::Unaudited { table: "things" })));
    let found = store.read(|tx| tx.find::<Thing>(&(1, 1))).map_err(|error: StoreError| error.to_string()).unwrap();
    assert!(found.is_none());
}

#[test]
fn scans_see_their_prefix_in_order_and_no_more() {
    let (_dir, store) = store();
    for n in [3, 1, 2, 256] {
        put(&store, n);
    }
    let numbers = |things: Vec<Thing>| things.into_iter().map(|thing| thing.0).collect::<Vec<_>>();
    let (all, after, last) = store
        .read(|tx| {
            Ok::<_, StoreError>((
                numbers(tx.scan(&1_u32)?),
                numbers(tx.scan_after(&1_u32, &1_u64, 2)?),
                tx.last::<Thing>(&1_u32)?.map(|thing| thing.0),
            ))
        })
        .unwrap();
    assert_eq!((all, after, last), (vec![1, 2, 3, 256], vec![2, 3], Some(256)));
}

#[test]
fn the_audit_chain_links_each_entry_to_all_before_it() {
    let (_dir, store) = store();
    put(&store, 1);
    put(&store, 2);
    let (head, entries) =
        store.read(|tx| Ok::<_, StoreError>((tx.find::<AuditHead>(&())?, tx.scan::<StoredEntry>(&())?))).unwrap();
    assert_eq!(head.map(|head| (head.size, head.root)), Some((2, entries[1].root)));
    assert_ne!(entries[0].root, entries[1].root);
    assert_eq!(entries[1].entry.facts, vec![("n".to_owned(), "2".to_owned())]);
}

#[test]
fn a_row_or_file_of_a_newer_version_is_refused_by_name() {
    let newer = [9_u8, 1, 2];
    assert!(matches!(
        row::from_value::<Thing>(&newer),
        Err(RowError::WrittenByNewerVersion { table: "things", version: 9 })
    ));
    let (dir, store) = store();
    let tx = store.engine.begin_write().unwrap();
    tx.open_table(read::table("meta")).unwrap().insert(b"format".as_slice(), 99_u32.to_be_bytes().as_slice()).unwrap();
    tx.commit().unwrap();
    drop(store);
    let reopened = Store::open_or_create(dir.path(), &keyfile(), Clock::default());
    assert!(matches!(reopened, Err(StoreError::NewerFormat { found: 99, known: FORMAT })));
}

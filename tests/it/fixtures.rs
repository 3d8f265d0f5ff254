//! Files of every released format open in this version, with everything in them. `tests/fixtures/make.sh` made them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use alcove::backup::{Target, fingerprint_in, restore};
use alcove::clock::Clock;
use alcove::crypto::Kit;
use alcove::domain::client::Client;
use alcove::domain::person::Person;
use alcove::domain::record::Change;
use alcove::store::audit::AuditHead;
use alcove::store::{Keyfile, Reads as _, SlotSecret, Store, StoreError, Unlock};

/// What a fixture's practice holds.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    people: usize,
    clients: usize,
    changes: usize,
    audit: u64,
}

fn fixtures() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found: Vec<PathBuf> =
        fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    // The newest format gets its fixture when it is released.
    assert!(found.len() + 1 >= alcove::store::FORMAT as usize, "a released format has no fixture");
    found
}

fn content(store: &Store) -> Content {
    store
        .read(|tx| {
            Ok::<_, StoreError>(Content {
                people: tx.scan::<Person>(&())?.len(),
                clients: tx.scan::<Client>(&())?.len(),
                changes: tx.scan::<Change>(&())?.len(),
                audit: tx.find::<AuditHead>(&())?.unwrap_or_default().size,
            })
        })
        .unwrap()
}

fn keyfile(fixture: &Path) -> Keyfile {
    Keyfile::from_slice(&fs::read(fixture.join("data.key")).unwrap()).unwrap()
}

fn restore_kit(fixture: &Path) -> String {
    let people: serde_json::Value = serde_json::from_slice(&fs::read(fixture.join("people.json")).unwrap()).unwrap();
    people["restore_kit"].as_str().unwrap().to_owned()
}

fn unpacked(fixture: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut plain = Vec::new();
    let packed = fs::File::open(fixture.join("alcove.redb.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).unwrap();
    fs::write(dir.path().join("alcove.redb"), plain).unwrap();
    dir
}

#[test]
fn every_released_file_opens_by_keyfile_and_by_kit() {
    for fixture in fixtures() {
        let dir = unpacked(&fixture);
        let (store, _) = Store::open(dir.path(), &Unlock::Keyfile(keyfile(&fixture)), Clock::default()).unwrap();
        let by_key = content(&store);
        assert!(by_key.people == 2 && by_key.clients == 1 && by_key.changes > 10, "{by_key:?}");
        drop(store);
        let kit = Kit::parse(&restore_kit(&fixture)).unwrap().identity().clone();
        let (store, _) = Store::open(dir.path(), &Unlock::Kit(kit), Clock::default()).unwrap();
        assert_eq!(content(&store), by_key);
    }
}

#[test]
fn every_released_backup_restores() {
    for fixture in fixtures() {
        let text = restore_kit(&fixture);
        let kit = Kit::parse(&text).unwrap();
        let home = tempfile::tempdir().unwrap();
        let new = home.path().join("new");
        let make = |dir: &Path| Store::create(dir, &[SlotSecret::Keyfile(keyfile(&fixture))], Clock::default());
        let target = Target { data_dir: &new, make_store: &make, finish: &|_| Ok(()) };
        let named = fingerprint_in(&text).unwrap();
        let restored = restore(&fixture.join("backup.age"), kit.identity(), &named, &target).unwrap();
        assert!(restored.rows > 100, "{restored:?}");
        let (store, _) = Store::open(&new, &Unlock::Keyfile(keyfile(&fixture)), Clock::default()).unwrap();
        let found = content(&store);
        assert!(found.people == 2 && found.clients == 1 && found.changes > 10, "{found:?}");
    }
}

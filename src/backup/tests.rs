use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::clock::Clock;
use crate::crypto::backup_key::BackupKey;
use crate::crypto::{HybridIdentity, OpenError};
use crate::domain::audit::Event;
use crate::policy::{Actor, ActorKind, Right};
use crate::store::audit::AuditHead;
use crate::store::rows::backup_key::BackupKeyRow;
use crate::store::{Keyfile, Reads as _, SlotSecret, Store, StoreError, Unlock};

struct Practice {
    home: TempDir,
    key: BackupKey,
    kit: HybridIdentity,
    store: Store,
}

fn make_store(dir: &Path) -> Result<Store, StoreError> {
    Store::create(dir, &[SlotSecret::Keyfile(keyfile())], Clock::default())
}

fn keyfile() -> Keyfile {
    Keyfile::from_slice(&[9; 32]).unwrap()
}

fn practice() -> Practice {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let store = make_store(&data).unwrap();
    let (key, kit) = (BackupKey::generate(), HybridIdentity::generate().unwrap());
    let permit = Actor::local(ActorKind::System).may(Right::Housekeep).unwrap();
    store
        .write(|tx| {
            tx.put(&BackupKeyRow(BackupKey::from_seed(&key.seed())), &permit)?;
            tx.audit(&permit, Event::new("test.made"))
        })
        .map_err(|error: StoreError| error.to_string())
        .unwrap();
    std::fs::create_dir_all(data.join("blobs/ab")).unwrap();
    std::fs::write(data.join("blobs/ab/cdef"), vec![5; 300_000]).unwrap();
    std::fs::create_dir(home.path().join("usb")).unwrap();
    Practice { home, key, kit, store }
}

impl Practice {
    fn data(&self) -> std::path::PathBuf {
        self.home.path().join("data")
    }

    fn back_up(&self) -> Made {
        let source = Source {
            store: &self.store,
            data_dir: &self.data(),
            key: &self.key,
            recipient: self.kit.to_recipient().unwrap(),
            install: "ins_test".into(),
            timeline: 1,
            previous: None,
            made_at: "2026-11-24T10:00:00Z".parse().unwrap(),
        };
        make(&source, &self.home.path().join("usb")).unwrap()
    }

    fn restore(&self, from: &Path, kit: &HybridIdentity, fingerprint: &str) -> Result<Restored, BackupError> {
        let target = Target { data_dir: &self.home.path().join("new"), make_store: &make_store, finish: &|_| Ok(()) };
        restore(from, kit, fingerprint, &target)
    }

    fn nothing_restored(&self) -> bool {
        !self.home.path().join("new").exists() && !self.home.path().join("new.restoring").exists()
    }
}

#[test]
fn what_was_backed_up_comes_back_whole() {
    let practice = practice();
    let made = practice.back_up();
    let restored = practice.restore(&made.path, &practice.kit, &practice.key.fingerprint()).unwrap();
    assert_eq!(restored.rows, made.manifest.rows());
    let new = practice.home.path().join("new");
    assert_eq!(std::fs::read(new.join("blobs/ab/cdef")).unwrap(), vec![5; 300_000]);
    let (store, _) = Store::open(&new, &Unlock::Keyfile(keyfile()), Clock::default()).unwrap();
    let head = |store: &Store| {
        store.read(|tx| tx.find::<AuditHead>(&())).map_err(|error: StoreError| error.to_string()).unwrap()
    };
    assert_eq!(head(&store), head(&practice.store));
}

#[test]
fn a_fresh_backup_is_proven_and_leaves_no_scratch() {
    let practice = practice();
    let made = practice.back_up();
    let scratch = practice.home.path().join("scratch");
    let proof = prove(&made, &practice.key, &scratch, &make_store).unwrap();
    assert_eq!((proof.rows, proof.files), (made.manifest.rows(), 1));
    assert!(!scratch.exists());
}

#[test]
fn a_changed_or_cut_backup_is_refused_whole() {
    let practice = practice();
    let made = practice.back_up();
    let bytes = std::fs::read(&made.path).unwrap();
    let broken = practice.home.path().join("broken.age");
    for cut in [0, 100, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&broken, &bytes[..cut]).unwrap();
        practice.restore(&broken, &practice.kit, &practice.key.fingerprint()).unwrap_err();
        assert!(practice.nothing_restored());
    }
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    std::fs::write(&broken, &flipped).unwrap();
    let refused = practice.restore(&broken, &practice.kit, &practice.key.fingerprint());
    assert!(matches!(refused, Err(BackupError::Damaged { .. })), "{refused:?}");
    assert!(practice.nothing_restored());
}

#[test]
fn another_kit_and_another_practice_are_named() {
    let practice = practice();
    let made = practice.back_up();
    let other = HybridIdentity::generate().unwrap();
    let refused = practice.restore(&made.path, &other, &practice.key.fingerprint());
    assert!(matches!(refused, Err(BackupError::Open(OpenError::OtherKit))), "{refused:?}");
    let refused = practice.restore(&made.path, &practice.kit, &BackupKey::generate().fingerprint());
    assert!(matches!(refused, Err(BackupError::Forged { .. })), "{refused:?}");
    assert!(practice.nothing_restored());
}

#[test]
fn a_directory_in_use_is_left_alone() {
    let practice = practice();
    let made = practice.back_up();
    let new = practice.home.path().join("new");
    std::fs::create_dir(&new).unwrap();
    std::fs::write(new.join("mine"), "x").unwrap();
    let refused = practice.restore(&made.path, &practice.kit, &practice.key.fingerprint());
    assert!(matches!(refused, Err(BackupError::TargetInUse { .. })), "{refused:?}");
    assert_eq!(std::fs::read_to_string(new.join("mine")).unwrap(), "x");
}

#[test]
fn a_backup_never_overwrites_another() {
    let practice = practice();
    let made = practice.back_up();
    let before = std::fs::read(&made.path).unwrap();
    let source = Source {
        store: &practice.store,
        data_dir: &practice.data(),
        key: &practice.key,
        recipient: practice.kit.to_recipient().unwrap(),
        install: "ins_test".into(),
        timeline: 1,
        previous: None,
        made_at: "2026-11-24T10:00:00Z".parse().unwrap(),
    };
    assert!(make(&source, &practice.home.path().join("usb")).is_err());
    assert_eq!(std::fs::read(&made.path).unwrap(), before);
}

#[test]
fn a_kit_file_names_the_backup_key() {
    let text = "# Alcove restore kit\n#  backup key: abc-123 \n# words: …\nAGE-SECRET-KEY-PQ-1…";
    assert_eq!(fingerprint_in(text).as_deref(), Some("abc-123"));
    assert_eq!(fingerprint_in("AGE-SECRET-KEY-PQ-1"), None);
}

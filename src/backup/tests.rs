use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::clock::Clock;
use crate::crypto::backup_key::BackupKey;
use crate::crypto::sealing::seal_writer;
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

/// Seals what this writes to the practice's kit, as anybody could who has seen its recipient.
fn hostile(practice: &Practice, write: impl FnOnce(&mut tar::Builder<&mut dyn Write>)) -> PathBuf {
    let path = practice.home.path().join("hostile.age");
    let recipient = practice.kit.to_recipient().unwrap();
    let mut sealed = seal_writer(&[recipient], std::fs::File::create(&path).unwrap()).unwrap();
    write(&mut tar::Builder::new(&mut sealed));
    sealed.finish().unwrap();
    path
}

/// Whoever knows the kit's recipient can seal anything to it: before the signature is checked, nothing may grow.
#[test]
fn a_backup_that_claims_more_than_itself_is_refused_early() {
    let practice = practice();
    let mut sparse = tar::Header::new_gnu();
    sparse.set_path("blobs/ab/bomb").unwrap();
    sparse.set_entry_type(tar::EntryType::GNUSparse);
    sparse.set_size(512);
    let gnu = sparse.as_gnu_mut().unwrap();
    gnu.set_real_size(1 << 40);
    gnu.sparse[0].set_offset((1 << 40) - 512);
    gnu.sparse[0].set_length(512);
    sparse.set_cksum();
    let mut large = tar::Header::new_gnu();
    large.set_path("blobs/ab/large").unwrap();
    large.set_size(1 << 40);
    large.set_cksum();
    for (header, words) in [(sparse, "not a plain file"), (large, "more than its own size")] {
        let path = hostile(&practice, |tar| tar.append(&header, [7; 512].as_slice()).unwrap());
        let refused = practice.restore(&path, &practice.kit, &practice.key.fingerprint()).unwrap_err();
        assert!(refused.is_verification() && refused.to_string().contains(words), "{refused}");
        assert!(practice.nothing_restored());
    }
}

#[test]
fn what_does_not_fit_the_disk_is_refused_before_it_is_read() {
    let practice = practice();
    let path = practice.home.path().join("huge.age");
    let from = std::fs::read(practice.back_up().path).unwrap();
    std::fs::write(&path, from).unwrap();
    // Sparse: it takes no room itself.
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(1 << 43).unwrap();
    let refused = practice.restore(&path, &practice.kit, &practice.key.fingerprint());
    assert!(matches!(refused, Err(BackupError::NoRoom { needed: 0x0800_0000_0000, .. })), "{refused:?}");
    assert!(practice.nothing_restored());
}

#[test]
fn unfinished_backups_go_unless_somebody_writes_them() {
    let practice = practice();
    let usb = practice.home.path().join("usb");
    let place = |name: &str| usb.join(name);
    for name in ["alcove-1.age.partial", "alcove-2.age.partial", "alcove-3.age", "mine.partial"] {
        std::fs::write(place(name), "x").unwrap();
    }
    let written = std::fs::File::open(place("alcove-2.age.partial")).unwrap();
    written.lock().unwrap();
    assert_eq!(practice.back_up().cleared, 1);
    let left = |name: &str| place(name).exists();
    assert!(
        !left("alcove-1.age.partial") && left("alcove-2.age.partial") && left("alcove-3.age") && left("mine.partial")
    );
}

#[test]
fn a_kit_file_names_the_backup_key() {
    let text = "# Alcove restore kit\n#  backup key: abc-123 \n# words: …\nAGE-SECRET-KEY-PQ-1…";
    assert_eq!(fingerprint_in(text).as_deref(), Some("abc-123"));
    assert_eq!(fingerprint_in("AGE-SECRET-KEY-PQ-1"), None);
}

//! Migrations with a list of their own: what they do, and what a failure or a stop at each stage leaves.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::super::engine::FILE_NAME;
use super::super::{Keyfile, Store};
use super::*;
use crate::crypto::sign::sha256;

const NEXT: u32 = FORMAT + 1;

/// Changes the format's own table only, so that a check of this version understands what came of it.
fn well(tx: &WriteTransaction) -> Result<(), StoreError> {
    tx.open_table(table(META))?.insert(b"migrated".as_slice(), b"yes".as_slice())?;
    Ok(())
}

fn failing(tx: &WriteTransaction) -> Result<(), StoreError> {
    well(tx)?;
    Err(StoreError::DiskFull)
}

/// Does its work and breaks something: the audit log's end.
fn unsound(tx: &WriteTransaction) -> Result<(), StoreError> {
    tx.open_table(table("people"))?.insert([1; 16].as_slice(), b"no person".as_slice())?;
    Ok(())
}

fn steps(step: Step) -> [Step; FORMAT as usize] {
    [step; FORMAT as usize]
}

fn keyfile() -> Keyfile {
    Keyfile::from_slice(&[7; 32]).unwrap()
}

fn released() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open_or_create(dir.path(), &keyfile(), Clock::default()).unwrap());
    dir
}

fn migrate(dir: &Path, plan: &Plan<'_>) -> Result<u32, StoreError> {
    let unlock = Unlock::Keyfile(keyfile());
    let at = Place { dir, unlock: &unlock, clock: &Clock::default() };
    let disk = Arc::new(FileDisk::open(&dir.join(FILE_NAME))?);
    let (engine, _) = open_by(plan, &at, disk)?;
    format(&engine).map(Option::unwrap_or_default)
}

fn plan<'a>(steps: &'a [Step], reached: &'a dyn Fn(Stage)) -> Plan<'a> {
    Plan { format: NEXT, steps, spare_bytes: 1 << 20, reached }
}

fn hash(dir: &Path) -> [u8; 32] {
    sha256(&fs::read(dir.join(FILE_NAME)).unwrap())
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

#[test]
fn a_migration_keeps_the_file_as_it_was_and_the_newest_two_of_them() {
    let dir = released();
    let before = hash(dir.path());
    assert_eq!(migrate(dir.path(), &plan(&steps(well), &|_| ())).unwrap(), NEXT);
    let points = listed(&dir.path().join(points::FOLDER));
    assert_eq!(points.len(), 2, "a file and its note: {points:?}");
    assert_eq!(sha256(&fs::read(&points[0]).unwrap()), before);
    let note = fs::read_to_string(&points[1]).unwrap();
    assert!(note.contains(&format!("Format: {FORMAT}")) && note.contains("To go back"), "{note}");
    assert!(!dir.path().join("alcove.redb.migrating").exists());

    for n in 0..3 {
        // Back, as the note says, and once more.
        std::thread::sleep(std::time::Duration::from_millis(5));
        fs::copy(&points[0], dir.path().join(FILE_NAME)).unwrap_or_else(|error| panic!("{n}: {error}"));
        migrate(dir.path(), &plan(&steps(well), &|_| ())).unwrap();
        if !points[0].exists() {
            break;
        }
    }
    assert_eq!(listed(&dir.path().join(points::FOLDER)).len(), 4, "two files and their notes");
}

#[test]
fn a_step_that_fails_or_breaks_something_leaves_the_file_byte_for_byte() {
    for (step, words) in [(failing as Step, "did not work"), (unsound as Step, "people")] {
        let dir = released();
        let before = hash(dir.path());
        let refused = migrate(dir.path(), &plan(&steps(step), &|_| ())).unwrap_err().to_string();
        assert!(refused.contains(words) && refused.contains("as it was"), "{refused}");
        assert_eq!(hash(dir.path()), before);
        assert_eq!(listed(dir.path()).iter().filter(|path| path.is_file()).count(), 1, "no copy stays");
        assert!(Store::open_or_create(dir.path(), &keyfile(), Clock::default()).is_ok(), "the old version goes on");
    }
}

#[test]
fn a_stop_at_any_stage_leaves_the_old_file_or_the_new_one() {
    for stage in [Stage::Copied, Stage::Migrated, Stage::Checked, Stage::Kept, Stage::Renamed] {
        let dir = released();
        let before = hash(dir.path());
        let stop = |reached: Stage| assert_ne!(reached, stage, "the power fails here");
        let stopped = catch_unwind(AssertUnwindSafe(|| migrate(dir.path(), &plan(&steps(well), &stop))));
        assert!(stopped.is_err(), "{stage:?} was reached");
        assert_eq!(hash(dir.path()) == before, stage != Stage::Renamed, "{stage:?}");
        assert_eq!(migrate(dir.path(), &plan(&steps(well), &|_| ())).unwrap(), NEXT, "{stage:?}");
        assert!(!dir.path().join("alcove.redb.migrating").exists());
    }
}

#[test]
fn a_disk_without_room_is_said_before_anything_begins() {
    let dir = released();
    let before = hash(dir.path());
    let steps = steps(well);
    let plan = Plan { spare_bytes: u64::MAX / 2, ..plan(&steps, &|stage| panic!("{stage:?}")) };
    let refused = migrate(dir.path(), &plan).unwrap_err();
    assert!(matches!(refused, StoreError::NoRoomToMigrate { .. }), "{refused}");
    assert!(refused.to_string().contains("nothing was changed"), "{refused}");
    assert_eq!((hash(dir.path()), listed(dir.path()).iter().filter(|path| path.is_file()).count()), (before, 1));
}

#[test]
fn a_newer_format_is_refused_by_name_and_stays_as_it_is() {
    let dir = released();
    migrate(dir.path(), &plan(&steps(well), &|_| ())).unwrap();
    let refused = Store::open(dir.path(), &Unlock::Keyfile(keyfile()), Clock::default()).unwrap_err();
    assert!(matches!(refused, StoreError::NewerFormat { found: NEXT, known: FORMAT }), "{refused}");
}

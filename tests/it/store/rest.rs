//! A file at rest opens without being read through, whatever ends the process.

use std::sync::Arc;

use super::{all_rows, create, open, put, sim_disk::SimDisk};

/// Whether opening what is left of this disk reads all of it, and whether it holds so many rows.
fn reads_through(disk: &SimDisk, rows: usize) -> bool {
    let (engine, _) = open(Arc::new(disk.left_by_a_kill())).unwrap();
    let read_through = engine.health().read_through;
    assert_eq!(all_rows(&engine).len(), rows);
    assert!(engine.check_integrity().unwrap());
    read_through
}

#[test]
fn only_a_file_at_rest_opens_without_being_read_through() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"a", &[1; 5000]);
    assert!(!engine.settle().unwrap(), "somebody wrote since the last look");
    assert!(reads_through(&disk, 1));
    assert!(engine.settle().unwrap());
    assert!(!reads_through(&disk, 1));
    put(&engine, b"b", &[2; 5000]);
    assert!(!engine.settle().unwrap());
    assert!(reads_through(&disk, 2));
    assert!(engine.settle().unwrap());
    assert!(!reads_through(&disk, 2));
}

#[test]
fn a_file_at_rest_is_not_written_on() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"a", b"1");
    assert_eq!([(); 2].map(|()| engine.settle().unwrap()), [false, true]);
    engine.begin_write().unwrap().abort().unwrap();
    let record = engine.file().newest_record();
    assert_eq!([(); 3].map(|()| engine.settle().unwrap()), [false; 3]);
    assert_eq!(engine.file().newest_record(), record);
}

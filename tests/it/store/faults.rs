//! A disk that is full or fails: nothing that was acknowledged is lost, reads go on, and writing goes on once the disk
//! is well again, without a restart.

use std::{io::ErrorKind, sync::Arc};

use alcove::store::block::BlockError;

use super::{ROWS, all_rows, create, open, put, sim_disk::SimDisk};

fn try_put(engine: &alcove::store::Engine, key: u8) -> Result<(), redb::Error> {
    let tx = engine.begin_write()?;
    tx.open_table(ROWS)?.insert([key].as_slice(), vec![key; 6000].as_slice())?;
    tx.commit()?;
    Ok(())
}

#[test]
fn a_failure_at_every_call_loses_nothing_acknowledged() {
    for kind in [ErrorKind::StorageFull, ErrorKind::Other] {
        for nth in 1..60 {
            let disk = SimDisk::default();
            let engine = create(Arc::new(disk.clone()));
            put(&engine, b"first", b"value");
            disk.fail_from(disk.calls() + nth, kind);
            let mut acknowledged = Vec::new();
            for key in 0..12_u8 {
                if try_put(&engine, key).is_ok() {
                    acknowledged.push(key);
                }
            }
            disk.heal();
            drop(engine);
            let (engine, _) = open(Arc::new(disk.clone())).unwrap();
            let table = engine.begin_read().unwrap().open_table(ROWS).unwrap();
            for key in acknowledged {
                assert!(table.get([key].as_slice()).unwrap().is_some(), "{kind:?} at call {nth}: {key} is lost");
            }
            assert!(table.get(b"first".as_slice()).unwrap().is_some());
        }
    }
}

#[test]
fn a_full_disk_is_named_and_work_goes_on_once_there_is_room() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"first", b"value");
    disk.fail_from(disk.calls() + 1, ErrorKind::StorageFull);
    let error = try_put(&engine, 1).unwrap_err();
    assert!(matches!(BlockError::from(error), BlockError::DiskFull));
    assert!(engine.health().broken);
    disk.heal();
    try_put(&engine, 2).unwrap();
    assert_eq!(all_rows(&engine).len(), 2);
    let health = engine.health();
    assert!(health.reopened == 1 && !health.broken, "{health:?}");
}

#[test]
fn a_failed_reopening_is_not_tried_at_once_again() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"first", b"value");
    disk.fail_from(disk.calls() + 1, ErrorKind::Other);
    for key in 0..20 {
        try_put(&engine, key).unwrap_err();
    }
    assert!(engine.health().reopened <= 2, "{:?}", engine.health());
}

#[test]
fn a_reader_that_began_before_a_failure_sees_its_state_or_an_error() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"first", b"value");
    let reader = engine.begin_read().unwrap();
    disk.fail_from(disk.calls() + 1, ErrorKind::Other);
    try_put(&engine, 1).unwrap_err();
    disk.heal();
    try_put(&engine, 2).unwrap();
    if let Ok(table) = reader.open_table(ROWS) {
        assert!(table.get(b"first".as_slice()).is_ok_and(|value| value.is_some_and(|value| value.value() == b"value")));
    }
}

/// Writes fail for good, syncs do not: everything acknowledged is read, nothing is written, and when the disk is well
/// again writing goes on.
#[test]
fn reading_goes_on_while_the_disk_refuses_writes() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    for key in 0..9_u8 {
        put(&engine, &[key], &[key; 3000]);
    }
    disk.fail_writes(true);
    for _ in 0..3 {
        try_put(&engine, 100).unwrap_err();
        let rows = all_rows(&engine);
        assert_eq!(rows.iter().filter(|(key, value)| key[0] < 9 && value[..] == [key[0]; 3000]).count(), 9);
    }
    assert!(engine.health().broken);
    let image = disk.image();
    disk.fail_writes(false);
    assert!(open(Arc::new(SimDisk::from_image(image))).is_ok());
    std::thread::sleep(std::time::Duration::from_millis(1100));
    try_put(&engine, 101).unwrap();
    assert!(!engine.health().broken);
    assert!(all_rows(&engine).iter().any(|(key, _)| key == &[101]));
}

//! A snapshot is one consistent state while writes go on, and restores into an empty database only.

use std::sync::Arc;

use alcove::store::snapshot::{SnapshotError, restore_snapshot, write_snapshot};

use super::{all_rows, create, put, sim_disk::SimDisk};

#[test]
fn a_snapshot_restores_what_its_reader_saw() {
    let engine = create(Arc::new(SimDisk::default()));
    for key in 0..200_u8 {
        put(&engine, &[key], &vec![key; usize::from(key) * 40]);
    }
    let (reader, expected) = (engine.begin_read().unwrap(), all_rows(&engine));
    put(&engine, b"later", b"not in it");
    let mut stream = Vec::new();
    let written = write_snapshot(&reader, &mut stream).unwrap();
    assert_eq!((written.tables, written.rows), (1, 200));

    let copy = create(Arc::new(SimDisk::default()));
    assert_eq!(restore_snapshot(&copy, stream.as_slice()).unwrap(), written);
    assert_eq!(all_rows(&copy), expected);
    assert!(matches!(restore_snapshot(&copy, stream.as_slice()), Err(SnapshotError::NotEmpty)));
}

#[test]
fn a_damaged_or_cut_snapshot_is_refused() {
    let engine = create(Arc::new(SimDisk::default()));
    put(&engine, b"key", b"value");
    let mut stream = Vec::new();
    write_snapshot(&engine.begin_read().unwrap(), &mut stream).unwrap();
    let restored = |bytes: &[u8]| restore_snapshot(&create(Arc::new(SimDisk::default())), bytes).unwrap_err();
    assert!(matches!(restored(b"something else altogether"), SnapshotError::NotSnapshot));
    for length in [5, 20, 40, stream.len() - 1] {
        assert!(matches!(restored(&stream[..length]), SnapshotError::Damaged), "{length}");
    }
    for at in 18..stream.len() {
        let mut flipped = stream.clone();
        flipped[at] ^= 4;
        assert!(matches!(restored(&flipped), SnapshotError::Damaged | SnapshotError::Store(_)), "{at}");
    }
}

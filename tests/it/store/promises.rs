//! What the layout promises, each promise alone: these fail for a single wrong line, where the explorer needs luck.

use std::{collections::BTreeSet, sync::Arc};

use alcove::{
    crypto::HybridIdentity,
    store::{
        SlotKind, SlotSecret,
        block::{self, layout},
    },
};
use aws_lc_rs::hmac;
use redb::StorageBackend as _;

use super::{
    ROWS, all_rows, create, keyfile, open, options, put,
    sim_disk::{LOSSES, Op, Rng, SimDisk},
};

const BLOCK: u64 = layout::BLOCK;
const SUPERBLOCKS: std::ops::Range<usize> = 0..0x8000;

fn at(offset: u64) -> usize {
    usize::try_from(offset).unwrap()
}

/// redb's repair must see a checksum that fails, whichever part of a large page is bad.
#[test]
fn while_redb_repairs_a_bad_block_spoils_the_whole_page() {
    let disk = SimDisk::default();
    let file = block::format(Arc::new(disk.clone()), &[SlotSecret::Keyfile(keyfile())], options().format).unwrap();
    file.set_len(9 * BLOCK).unwrap();
    file.write(BLOCK, &vec![1; at(4 * BLOCK)]).unwrap();
    file.sync_data().unwrap();
    disk.change_image(|image| image[at(layout::block_at(2))] ^= 1);
    let mut page = vec![0; at(4 * BLOCK)];
    assert!(file.read(BLOCK, &mut page).is_err());
    file.set_poison(true);
    file.read(BLOCK, &mut page).unwrap();
    assert!(page[0] != 1 && page.iter().all(|byte| *byte == page[0]));
    assert_eq!(file.unauthentic_blocks(), 2);
}

/// The numbers of the records that lie in the ring, whole or not.
fn numbers(disk: &SimDisk) -> BTreeSet<u64> {
    let image = disk.image();
    let ring = &image[at(layout::RING_AT)..at(layout::RING_AT + layout::RING_BYTES_MIN)];
    let records = ring.chunks_exact(at(BLOCK)).filter(|page| page.starts_with(b"ALCOVEcr"));
    records.map(|page| u64::from_le_bytes(page[8..16].try_into().unwrap())).collect()
}

/// A record that a crash lost had the next number, and tags may name it already.
#[test]
fn an_opening_never_takes_the_number_of_a_record_that_a_crash_may_have_lost() {
    let disk = SimDisk::default();
    let mut engine = create(Arc::new(disk.clone()));
    for key in 0..20_u8 {
        put(&engine, &[key], &[key; 3000]);
        std::mem::forget(engine);
        let newest = *numbers(&disk).last().unwrap();
        engine = open(Arc::new(disk.clone())).unwrap().0;
        put(&engine, &[key], &[key; 300]);
        assert!(!numbers(&disk).contains(&(newest + 1)), "{key}: {newest}");
    }
}

/// A killed process leaves writes that look durable and are not: an opening that took them for durable could overwrite
/// what is.
#[test]
fn an_opening_syncs_before_anything_else() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"key", b"value");
    std::mem::forget(engine);
    let disk = disk.recording();
    open(Arc::new(disk.clone())).unwrap();
    assert!(matches!(disk.take_log().first(), Some(Op::Sync)));
}

#[test]
fn a_removed_slot_lies_in_neither_copy() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    // Behind the superblock's head of 50 bytes: kind, length, and the keyfile's slot.
    let slot = disk.image()[53..113].to_vec();
    let copies = |disk: &SimDisk| disk.image()[SUPERBLOCKS].windows(60).filter(|bytes| *bytes == slot).count();
    assert_eq!(copies(&disk), 2, "the control");
    let kit = HybridIdentity::generate().unwrap().to_recipient().unwrap();
    engine.add_slot(&SlotSecret::RestoreKit(Box::new(kit))).unwrap();
    assert_eq!(copies(&disk), 2);
    engine.remove_slot(SlotKind::Keyfile).unwrap();
    assert_eq!(copies(&disk), 0);
}

/// Who has no key can make no tags: no key that anybody may know gives the MAC.
#[test]
fn tags_are_authenticated_with_a_secret() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    put(&engine, b"key", &[1; 9000]);
    drop(engine);
    drop(open(Arc::new(disk.clone())).unwrap());
    let image = disk.image();
    let file_id = &image[12..28];
    let mut seen = 0;
    for copy in 0..2 {
        let tags = &image[at(layout::tags_at(0) + copy * BLOCK)..][..at(BLOCK)];
        if tags.iter().all(|byte| *byte == 0) {
            continue;
        }
        seen += 1;
        let covered = [file_id, &0_u64.to_le_bytes(), &tags[16..]].concat();
        for public in [&b""[..], &[0; 32], file_id, b"alcove/v1/store-tag"] {
            let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, public), &covered);
            assert_ne!(mac.as_ref()[..16], tags[..16]);
        }
        let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &covered);
        assert_ne!(sum.as_ref()[..16], tags[..16]);
    }
    assert!(seen > 0);
}

/// Room for tags is reserved when the file grows: whatever else a full disk lacks, the file can be opened and read.
#[test]
fn a_disk_without_a_single_free_page_still_opens() {
    for room in (30..700).step_by(67) {
        let disk = SimDisk::default();
        let engine = create(Arc::new(disk.clone()));
        put(&engine, b"first", b"value");
        disk.limit_room(room);
        let mut acknowledged = 0_u16;
        let full = (0..300_u16).any(|key| {
            let tx = engine.begin_write().unwrap();
            let value = vec![1; 9000];
            let put = tx.open_table(ROWS).unwrap().insert(key.to_be_bytes().as_slice(), value.as_slice()).map(drop);
            let done = put.is_ok() && tx.commit().is_ok();
            acknowledged += u16::from(done);
            !done
        });
        assert!(full, "{room} pages never filled");
        std::mem::forget(engine);
        let (engine, _) = open(Arc::new(disk)).unwrap_or_else(|error| panic!("{room}: {error}"));
        assert!(all_rows(&engine).len() > usize::from(acknowledged), "{room}");
    }
}

/// After a failed sync Linux calls the lost pages clean: the engine must not take them for durable.
#[test]
fn a_failed_sync_that_loses_pages_loses_nothing_acknowledged() {
    for (round, loss) in LOSSES.iter().cycle().take(LOSSES.len() * 6).enumerate() {
        let disk = SimDisk::default().recording();
        let engine = create(Arc::new(disk.clone()));
        let before = u8::try_from(round).unwrap();
        for key in 0..before {
            put(&engine, &[key], &[key; 5000]);
        }
        disk.fail_next_sync(*loss, Rng::new(round as u64));
        let tx = engine.begin_write().unwrap();
        let inserted = tx.open_table(ROWS).unwrap().insert([200].as_slice(), [9; 5000].as_slice()).map(drop);
        assert!(inserted.is_err() || tx.commit().is_err());
        put(&engine, &[201], b"after");
        for engine in [engine, open(Arc::new(disk)).unwrap().0] {
            let rows = all_rows(&engine);
            let kept = |key: u8| rows.iter().any(|(found, value)| *found == [key] && value[0] == key);
            assert!((0..before).all(kept), "{loss:?} after {before}");
            assert!(rows.iter().any(|(key, _)| *key == [201]));
        }
    }
}

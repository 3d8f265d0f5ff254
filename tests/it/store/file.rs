//! The file as others may find it: in use, foreign, cut off, changed, with another key. Each is told by name, and the
//! file stays as it was.

use std::{fs, path::Path, sync::Arc};

use alcove::{
    crypto::HybridIdentity,
    store::{BlockError, Engine, Keyfile, Opened, SlotKind, SlotSecret, Unlock, block::layout, engine::FILE_NAME},
};

use super::{ROWS, Rows, all_rows, create, keyfile, open, options, put, sim_disk::SimDisk};

fn made(dir: &Path) -> Engine {
    Engine::create(dir, &[SlotSecret::Keyfile(keyfile())], options()).unwrap()
}

fn open_in(dir: &Path, unlock: &Unlock) -> Result<(Engine, Opened), BlockError> {
    Engine::open(dir, unlock, options())
}

/// Tries to open; nothing may change. The error.
fn refused(disk: &SimDisk, unlock: &Unlock) -> BlockError {
    let before = disk.image();
    let error = Engine::open_on(Arc::new(disk.clone()), unlock, options()).map(drop).unwrap_err();
    assert!(before == disk.image(), "{error} changed the file");
    error
}

fn sample() -> SimDisk {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    for key in 0..40_u8 {
        put(&engine, &[key], &[key; 3000]);
    }
    disk
}

fn mine() -> Unlock {
    Unlock::Keyfile(keyfile())
}

#[test]
fn one_process_at_a_time() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(open_in(dir.path(), &mine()), Err(BlockError::Missing)));
    let engine = made(dir.path());
    assert!(matches!(open_in(dir.path(), &mine()), Err(BlockError::InUse)));
    let again = Engine::create(dir.path(), &[SlotSecret::Keyfile(keyfile())], options());
    assert!(matches!(again, Err(BlockError::Exists)));
    put(&engine, b"key", b"value");
    drop(engine);
    let (engine, opened) = open_in(dir.path(), &mine()).unwrap();
    assert_eq!((all_rows(&engine), opened), (vec![(b"key".to_vec(), b"value".to_vec())], Opened::Well));
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [FILE_NAME], "nothing unfinished stays");
}

#[test]
fn two_makers_in_one_directory_make_one_file() {
    let dir = tempfile::tempdir().unwrap();
    let makers: Vec<_> = (0..4)
        .map(|_| {
            let dir = dir.path().to_owned();
            std::thread::spawn(move || Engine::create(&dir, &[SlotSecret::Keyfile(keyfile())], options()))
        })
        .collect();
    let made: Vec<_> = makers.into_iter().map(|maker| maker.join().unwrap()).collect();
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1, "{made:?}");
}

#[test]
fn wrong_keys_are_told_apart() {
    let disk = sample();
    let other = Unlock::Keyfile(Keyfile::generate().unwrap());
    assert!(matches!(refused(&disk, &other), BlockError::WrongKeyfile));
    let kit = HybridIdentity::generate().unwrap();
    assert!(matches!(refused(&disk, &Unlock::Kit(kit.clone())), BlockError::NoSlot(SlotKind::RestoreKit)));
    let (engine, _) = open(Arc::new(disk.clone())).unwrap();
    engine.add_slot(&SlotSecret::RestoreKit(Box::new(kit.to_recipient().unwrap()))).unwrap();
    drop(engine);
    let other = Unlock::Kit(HybridIdentity::generate().unwrap());
    assert!(matches!(refused(&disk, &other), BlockError::WrongKit));
}

#[test]
fn foreign_newer_and_cut_files_are_told_apart() {
    assert!(matches!(refused(&SimDisk::default(), &mine()), BlockError::NotOurs));
    let foreign = SimDisk::from_image(b"SQLite format 3\0".repeat(100_000));
    assert!(matches!(refused(&foreign, &mine()), BlockError::NotOurs));

    let whole = sample().image();
    for length in [9, 20_000, 0x9000, usize::try_from(layout::GROUPS_AT).unwrap() - 4097] {
        let cut = SimDisk::from_image(whole[..length].to_vec());
        assert!(matches!(refused(&cut, &mine()), BlockError::Truncated), "{length}");
    }
    for length in [usize::try_from(layout::GROUPS_AT).unwrap(), whole.len() / 2, whole.len() - 4096 * 3] {
        let cut = SimDisk::from_image(whole[..length].to_vec());
        let error = open(Arc::new(cut)).map(drop).unwrap_err();
        assert!(matches!(error, BlockError::Truncated | BlockError::Damaged { .. }), "{length}: {error}");
    }

    let newer = sample();
    newer.change_image(|image| {
        for at in [0, 0x4000] {
            image[at + 8] = 2;
            let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &image[at..at + 0x4000 - 32]);
            image[at + 0x4000 - 32..at + 0x4000].copy_from_slice(sum.as_ref());
        }
    });
    assert!(matches!(refused(&newer, &mine()), BlockError::Newer { found: 2 }));
}

#[test]
fn a_changed_superblock_is_noticed() {
    let disk = sample();
    disk.change_image(|image| {
        image[40_000 % 0x4000] ^= 1;
    });
    assert!(open(Arc::new(disk.clone())).is_ok(), "the other copy is whole");
    assert_eq!(disk.image()[..0x4000], disk.image()[0x4000..0x8000], "and repairs the first");

    disk.change_image(|image| {
        image[60] ^= 1;
        image[0x4000 + 60] ^= 1;
    });
    assert!(matches!(refused(&disk, &mine()), BlockError::Damaged { what: "both superblocks" }));
}

/// Every flipped bit is either found out by name, or it lies where nothing live lies and the content is the same.
#[test]
fn a_flipped_bit_never_gives_wrong_data() {
    let disk = sample();
    let rows = all_rows(&open(Arc::new(disk.clone())).unwrap().0);
    let (mut named, mut same) = (0, 0);
    let image = disk.image();
    let starts = (0..image.len()).step_by(7919).filter(|at| image[*at] != 0 || at % 3 == 0);
    for at in starts {
        let mut flipped = image.clone();
        flipped[at] ^= 1 << (at % 8);
        match open(Arc::new(SimDisk::from_image(flipped))) {
            Err(BlockError::Damaged { .. }) => named += 1,
            Err(other) => panic!("{at:#x}: {other}"),
            Ok((engine, _)) => match read_all(&engine) {
                Ok(found) if found == rows => same += 1,
                Ok(_) => panic!("{at:#x}: other content"),
                Err(_) => named += 1,
            },
        }
    }
    assert!(named > 10 && same > 10, "{named} {same}");
}

fn read_all(engine: &Engine) -> Result<Rows, redb::Error> {
    use redb::ReadableTable;
    let table = engine.begin_read()?.open_table(ROWS)?;
    let mut rows = Vec::new();
    for row in table.iter()? {
        let (key, value) = row?;
        rows.push((key.value().to_vec(), value.value().to_vec()));
    }
    Ok(rows)
}

#[test]
fn nothing_readable_lies_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let engine = made(dir.path());
    let marker = b"Frau Beispiel erzaehlt";
    for key in 0..60_u8 {
        put(&engine, &[marker.as_slice(), &[key]].concat(), &marker.repeat(50));
    }
    drop(engine);
    for entry in fs::read_dir(dir.path()).unwrap() {
        let raw = fs::read(entry.unwrap().path()).unwrap();
        for word in [marker.as_slice(), b"rows", b"redb", keyfile_bytes().as_slice()] {
            assert!(!raw.windows(word.len()).any(|window| window == word), "{:?}", String::from_utf8_lossy(word));
        }
    }
}

fn keyfile_bytes() -> [u8; 32] {
    [7; 32]
}

#[test]
fn a_block_in_another_place_does_not_open() {
    let disk = sample();
    let rows = all_rows(&open(Arc::new(disk.clone())).unwrap().0);
    let (image, mut refused) = (disk.image(), 0);
    for block in 0..60 {
        let [first, second] = [block, block + 1].map(|block| usize::try_from(layout::block_at(block)).unwrap());
        let mut swapped = image.clone();
        let (low, high) = swapped.split_at_mut(second);
        low[first..first + 4096].swap_with_slice(&mut high[..4096]);
        match open(Arc::new(SimDisk::from_image(swapped))) {
            Err(BlockError::Damaged { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
            Ok((engine, _)) => match read_all(&engine) {
                Ok(found) => assert_eq!(found, rows, "{block}"),
                Err(_) => refused += 1,
            },
        }
    }
    assert!(refused > 10, "{refused}");
}

//! Sealed files: parts, resuming, completing, ranges, damage, orphans.

use std::{
    collections::HashSet,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use alcove::store::blobs::{Blob, BlobError, BlobKey, Blobs, CHUNK_BYTES};
use aws_lc_rs::digest;

use super::sim_disk::Rng;

fn sample(bytes: usize) -> (Blob, Vec<u8>) {
    let content = Rng::new(bytes as u64).bytes(bytes);
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest::digest(&digest::SHA256, &content).as_ref());
    (Blob { key: BlobKey::generate().unwrap(), size_bytes: bytes as u64, sha256 }, content)
}

fn uploaded(blobs: &Blobs, bytes: usize) -> (Blob, Vec<u8>) {
    let (blob, content) = sample(bytes);
    assert_eq!(blobs.append(&blob, 0, content.as_slice()).unwrap(), blob.size_bytes);
    blobs.commit(&blob).unwrap();
    (blob, content)
}

fn read(blobs: &Blobs, blob: &Blob, offset: u64, length: u64) -> Result<Vec<u8>, io::Error> {
    let mut out = Vec::new();
    blobs.read(blob, offset, length).unwrap().read_to_end(&mut out)?;
    Ok(out)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

#[test]
fn files_come_back_whole_and_in_ranges() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    for bytes in [1, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES, 5 * CHUNK_BYTES + 77] {
        let (blob, content) = uploaded(&blobs, bytes);
        let mut rng = Rng::new(9);
        let whole = read(&blobs, &blob, 0, blob.size_bytes).unwrap();
        assert!(whole == content, "{bytes}");
        for _ in 0..20 {
            let from = rng.below(bytes);
            let to = from + rng.below(bytes - from + 1);
            let part = read(&blobs, &blob, from as u64, (to - from) as u64).unwrap();
            assert!(part == content[from..to], "{bytes}: {from}..{to}");
        }
        assert!(matches!(blobs.read(&blob, 1, blob.size_bytes), Err(BlobError::RangeOutside { .. })));
        assert!(matches!(blobs.read(&blob, u64::MAX, 2), Err(BlobError::RangeOutside { .. })));
    }
}

#[test]
fn an_upload_resumes_where_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    let (blob, content) = sample(10 * CHUNK_BYTES + 5);
    let blobs = Blobs::open(dir.path()).unwrap();
    assert_eq!(blobs.received(&blob).unwrap(), 0);
    // Two chunks and a bit: the bit is dropped.
    let stands = blobs.append(&blob, 0, &content[..2 * CHUNK_BYTES + 100]).unwrap();
    assert_eq!(stands, 2 * CHUNK_BYTES as u64);
    let moved = blobs.append(&blob, 0, content.as_slice());
    assert!(matches!(moved, Err(BlobError::OffsetMoved { received }) if received == stands));
    assert!(matches!(blobs.commit(&blob), Err(BlobError::Incomplete { received }) if received == stands));

    // A restart forgets what was in memory, and a crash may leave rubbish behind.
    let upload = files(&dir.path().join("uploads")).remove(0);
    let mut raw = fs::read(&upload).unwrap();
    raw.extend_from_slice(&vec![0; 70_000]);
    fs::write(&upload, raw).unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    assert_eq!(blobs.received(&blob).unwrap(), stands);
    let start = usize::try_from(stands).unwrap();
    assert_eq!(blobs.append(&blob, stands, &content[start..]).unwrap(), blob.size_bytes);
    blobs.commit(&blob).unwrap();
    blobs.commit(&blob).unwrap();
    assert_eq!(blobs.received(&blob).unwrap(), blob.size_bytes);
    assert!(read(&blobs, &blob, 0, blob.size_bytes).unwrap() == content);
    assert!(files(&dir.path().join("uploads")).is_empty());
}

struct BreaksOff<'a>(&'a [u8]);

impl Read for BreaksOff<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() { Err(io::ErrorKind::ConnectionReset.into()) } else { self.0.read(out) }
    }
}

#[test]
fn a_part_that_breaks_off_keeps_its_whole_chunks() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    let (blob, content) = sample(4 * CHUNK_BYTES);
    let broke = blobs.append(&blob, 0, BreaksOff(&content[..3 * CHUNK_BYTES - 1]));
    assert!(matches!(broke, Err(BlobError::BrokeOff(_))));
    assert_eq!(blobs.received(&blob).unwrap(), 2 * CHUNK_BYTES as u64);
    let rest = blobs.append(&blob, 2 * CHUNK_BYTES as u64, &content[2 * CHUNK_BYTES..]).unwrap();
    assert_eq!(rest, blob.size_bytes);
    blobs.commit(&blob).unwrap();
}

#[test]
fn what_was_not_announced_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    let (blob, content) = sample(3000);
    let longer = [content.as_slice(), b"more"].concat();
    assert!(matches!(blobs.append(&blob, 0, longer.as_slice()), Err(BlobError::TooLong)));
    blobs.remove(&blob.key).unwrap();
    assert_eq!(blobs.received(&blob).unwrap(), 0);
    let other = vec![1; 3000];
    blobs.append(&blob, 0, other.as_slice()).unwrap();
    assert!(matches!(blobs.commit(&blob), Err(BlobError::HashDiffers)));
    assert_eq!(blobs.received(&blob).unwrap(), 0, "it begins again");
    assert!(matches!(blobs.read(&blob, 0, 1), Err(BlobError::Missing)));
}

#[test]
fn damage_is_never_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    let (blob, content) = uploaded(&blobs, 3 * CHUNK_BYTES + 10);
    let path = files(&dir.path().join("blobs")).remove(0);
    let raw = fs::read(&path).unwrap();
    let stride = CHUNK_BYTES + 28;
    let swapped = [&raw[stride..2 * stride], &raw[..stride], &raw[2 * stride..]].concat();
    let flipped = {
        let mut raw = raw.clone();
        raw[stride + 500] ^= 1;
        raw
    };
    for (name, damaged) in [("swap", swapped), ("flip", flipped), ("cut", raw[..2 * stride].to_vec())] {
        fs::write(&path, damaged).unwrap();
        let error = read(&blobs, &blob, 0, blob.size_bytes).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{name}");
    }
    fs::write(&path, &raw).unwrap();
    assert!(read(&blobs, &blob, 0, blob.size_bytes).unwrap() == content);
    let shorter = Blob { size_bytes: 2 * CHUNK_BYTES as u64, ..blob };
    assert!(read(&blobs, &shorter, 0, shorter.size_bytes).is_err(), "the last chunk is marked");
}

#[test]
fn a_range_opens_only_the_parts_that_it_touches() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    let (blob, content) = uploaded(&blobs, 4 * CHUNK_BYTES);
    let path = files(&dir.path().join("blobs")).remove(0);
    let mut raw = fs::read(&path).unwrap();
    raw[100] ^= 1;
    raw[3 * (CHUNK_BYTES + 28) + 100] ^= 1;
    fs::write(&path, raw).unwrap();
    let (from, to) = (CHUNK_BYTES + 5, 3 * CHUNK_BYTES);
    assert!(read(&blobs, &blob, from as u64, (to - from) as u64).unwrap() == content[from..to]);
    for (offset, length) in [(CHUNK_BYTES - 1, 2), (3 * CHUNK_BYTES - 1, 2)] {
        assert!(read(&blobs, &blob, offset as u64, length).is_err());
    }
}

#[test]
fn nothing_readable_lies_on_the_disk_and_names_say_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    let (mut blob, _) = sample(0);
    let content = b"a planted marker ".repeat(9000);
    blob.size_bytes = content.len() as u64;
    blob.sha256.copy_from_slice(digest::digest(&digest::SHA256, &content).as_ref());
    blobs.append(&blob, 0, &content[..2 * CHUNK_BYTES]).unwrap();
    let clean = || {
        files(dir.path()).iter().all(|path| {
            let raw = fs::read(path).unwrap();
            !raw.windows(16).any(|window| window == b"a planted marker")
        })
    };
    assert!(clean());
    blobs.append(&blob, 2 * CHUNK_BYTES as u64, &content[2 * CHUNK_BYTES..]).unwrap();
    blobs.commit(&blob).unwrap();
    assert!(clean());
}

#[test]
fn orphans_are_collected_and_others_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(dir.path()).unwrap();
    let (kept, _) = uploaded(&blobs, 1000);
    let (orphan, _) = uploaded(&blobs, 1000);
    let (under_way, content) = sample(1000);
    let (abandoned, _) = sample(1000);
    for blob in [&under_way, &abandoned] {
        blobs.append(blob, 0, content.as_slice()).unwrap();
    }
    fs::write(dir.path().join("blobs/README"), "not ours").unwrap();
    let known: HashSet<_> = [&kept, &under_way].map(|blob| blob.key.name()).into();
    let now = SystemTime::now();
    assert_eq!(blobs.last_written_before(now - Duration::from_hours(1)).unwrap(), [], "too young");
    let old = blobs.last_written_before(now + Duration::from_mins(1)).unwrap();
    assert_eq!(blobs.remove_unknown(&old, &known).unwrap(), 2);
    assert!(blobs.read(&kept, 0, 1).is_ok() && blobs.commit(&under_way).is_ok());
    assert!(matches!(blobs.read(&orphan, 0, 1), Err(BlobError::Missing)));
    assert!(dir.path().join("blobs/README").exists());
}

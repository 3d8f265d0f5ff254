//! An upload on its way: how far it is, and the hash of what came.
//!
//! A part comes piece by piece, and between its pieces nothing is held but what does not fill a chunk: no thread and no
//! lock wait for whoever sends. Two marks tell how far an upload is: what is durable, and what was written since. A part
//! that breaks off leaves whole chunks behind, which are made durable by whoever looks next.

use std::fmt;

use aws_lc_rs::digest;

use super::{
    Blob, BlobError,
    chunk::{ChunkCipher, Place},
};
use crate::store::block::Disk;

/// A place in an upload, with the hash of all before it.
#[derive(Clone)]
struct Mark {
    received: u64,
    sum: digest::Context,
}

/// How far an upload is.
pub(super) struct Progress {
    /// Durable.
    kept: Mark,
    /// Written; as good as nothing until the next sync.
    written: Mark,
    /// Which part may write: the last one that began. One that waits for a peer who is gone has to give way.
    turn: u64,
    /// A failed sync: what the disk holds must be looked at again.
    pub unsure: bool,
}

/// A part that is coming in.
#[derive(Debug)]
pub struct Part {
    pub(super) blob: Blob,
    pub(super) turn: u64,
    /// What came and is not written yet.
    held: Vec<u8>,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress({} of {})", self.kept.received, self.written.received)
    }
}

impl Part {
    pub(super) const fn new(blob: Blob, turn: u64) -> Self {
        Self { blob, turn, held: Vec::new() }
    }

    /// Takes a piece. Nothing is written yet, and nothing blocks.
    pub fn take(&mut self, piece: &[u8]) {
        self.held.extend_from_slice(piece);
    }

    /// How many bytes wait to be written.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }
}

impl Progress {
    /// Nothing has come yet.
    pub fn none() -> Self {
        let mark = Mark { received: 0, sum: digest::Context::new(&digest::SHA256) };
        Self { kept: mark.clone(), written: mark, turn: 0, unsure: false }
    }

    /// Looks at what is on the disk. A crash may have left chunks that were never acknowledged, with holes between them:
    /// those before the first that does not open are kept.
    pub fn found(disk: &dyn Disk, blob: &Blob) -> Result<Self, BlobError> {
        let mut progress = Self::none();
        disk.sync()?;
        disk.forget_cached();
        let (cipher, len) = (ChunkCipher::new(&blob.key)?, disk.len()?);
        let mut sealed = Vec::new();
        while let Some(place) = Place::of(blob, progress.written.received) {
            if place.at() + place.sealed_bytes() as u64 > len {
                break;
            }
            sealed.resize(place.sealed_bytes(), 0);
            disk.read_at(place.at(), &mut sealed)?;
            let Some(plain) = cipher.open(place, &mut sealed) else { break };
            progress.written.pass(plain);
        }
        progress.kept = progress.written.clone();
        Ok(progress)
    }

    /// Bytes that are durable.
    pub fn received(&self) -> u64 {
        self.kept.received
    }

    /// Whether all that was written is durable.
    pub fn is_settled(&self) -> bool {
        self.kept.received == self.written.received
    }

    /// Makes what was written durable.
    pub fn settle(&mut self, disk: &dyn Disk) -> Result<u64, BlobError> {
        // A full disk may show only here, and then nothing is known of what was written.
        let synced = disk.sync();
        self.unsure = synced.is_err();
        synced?;
        self.kept = self.written.clone();
        Ok(self.kept.received)
    }

    /// Begins a part with a number that no other has. Any part before it may not write any more, whatever comes of this
    /// one.
    pub fn begin(&mut self, offset: u64, turn: u64) -> Result<(), BlobError> {
        self.turn = turn;
        if offset == self.kept.received {
            return Ok(());
        }
        Err(BlobError::OffsetMoved { received: self.kept.received })
    }

    /// Seals and writes the whole chunks that a part holds; what does not fill one stays with it.
    ///
    /// When the disk fails, the upload is again where it was durable.
    pub fn write(&mut self, disk: &dyn Disk, part: &mut Part) -> Result<(), BlobError> {
        if part.turn != self.turn {
            return Err(BlobError::Overtaken);
        }
        let written = self.write_chunks(disk, part);
        if !matches!(written, Ok(()) | Err(BlobError::TooLong)) {
            self.written = self.kept.clone();
            // Room for others. If it fails: what lies behind the acknowledged bytes is overwritten in any case.
            let _ = disk.set_len(Place::of(&part.blob, self.kept.received).map_or(0, Place::at));
        }
        written
    }

    fn write_chunks(&mut self, disk: &dyn Disk, part: &mut Part) -> Result<(), BlobError> {
        let cipher = ChunkCipher::new(&part.blob.key)?;
        let (mut rest, mut sealed) = (part.held.as_slice(), Vec::new());
        while !rest.is_empty() {
            let place = Place::of(&part.blob, self.written.received).ok_or(BlobError::TooLong)?;
            let Some((plain, after)) = rest.split_at_checked(place.bytes) else { break };
            cipher.seal(place, plain, &mut sealed)?;
            disk.write_at(place.at(), &sealed)?;
            self.written.pass(plain);
            rest = after;
        }
        let left = rest.len();
        part.held.drain(..part.held.len() - left);
        Ok(())
    }

    /// Whether all that came is what was announced.
    pub fn matches(&self, blob: &Blob) -> Result<bool, BlobError> {
        if self.kept.received != blob.size_bytes || blob.size_bytes == 0 {
            return Err(BlobError::Incomplete { received: self.kept.received });
        }
        Ok(self.kept.sum.clone().finish().as_ref() == blob.sha256)
    }
}

impl Mark {
    fn pass(&mut self, plain: &[u8]) {
        self.sum.update(plain);
        self.received += plain.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Mutex};

    use super::{super::chunk::CHUNK_BYTES, *};
    use crate::store::blobs::BlobKey;

    /// A disk with so much room, whose syncs may fail.
    #[derive(Debug)]
    struct Small {
        bytes: Mutex<Vec<u8>>,
        room: Mutex<usize>,
        sync: Mutex<Option<io::ErrorKind>>,
    }

    impl Small {
        fn with_room(chunks: usize) -> Self {
            Self {
                bytes: Mutex::default(),
                room: Mutex::new(chunks * (CHUNK_BYTES + 28) + 100),
                sync: Mutex::default(),
            }
        }
    }

    impl Disk for Small {
        fn len(&self) -> io::Result<u64> {
            Ok(self.bytes.lock().unwrap().len() as u64)
        }
        fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
            let at = usize::try_from(offset).unwrap();
            out.copy_from_slice(&self.bytes.lock().unwrap()[at..at + out.len()]);
            Ok(())
        }
        fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
            let (mut bytes, room, at) =
                (self.bytes.lock().unwrap(), *self.room.lock().unwrap(), usize::try_from(offset).unwrap());
            let end = (at + data.len()).min(room);
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[at..end].copy_from_slice(&data[..end - at]);
            if end < at + data.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
        fn set_len(&self, len: u64) -> io::Result<()> {
            self.bytes.lock().unwrap().resize(usize::try_from(len).unwrap(), 0);
            Ok(())
        }
        fn sync(&self) -> io::Result<()> {
            self.sync.lock().unwrap().map_or(Ok(()), |kind| Err(kind.into()))
        }
    }

    fn sample(chunks: usize) -> (Blob, Vec<u8>) {
        let content = vec![3; chunks * CHUNK_BYTES];
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest::digest(&digest::SHA256, &content).as_ref());
        (Blob { key: BlobKey::generate().unwrap(), size_bytes: content.len() as u64, sha256 }, content)
    }

    fn append(progress: &mut Progress, disk: &Small, blob: &Blob, offset: u64, bytes: &[u8]) -> Result<u64, BlobError> {
        progress.begin(offset, 2)?;
        let mut part = Part::new(blob.clone(), 2);
        part.take(bytes);
        progress.write(disk, &mut part)?;
        progress.settle(disk)
    }

    #[test]
    fn a_part_that_waits_gives_way_to_the_next_and_its_chunks_count() {
        let ((blob, content), disk) = (sample(3), Small::with_room(9));
        let mut progress = Progress::none();
        progress.begin(0, 1).unwrap();
        let mut waits = Part::new(blob.clone(), 1);
        waits.take(&content[..CHUNK_BYTES + 5]);
        progress.write(&disk, &mut waits).unwrap();
        assert_eq!((progress.received(), progress.is_settled(), waits.held()), (0, false, 5));
        let stands = progress.settle(&disk).unwrap();
        assert_eq!(stands, CHUNK_BYTES as u64);
        assert_eq!(append(&mut progress, &disk, &blob, stands, &content[CHUNK_BYTES..]).unwrap(), blob.size_bytes);
        waits.take(&content[CHUNK_BYTES + 5..]);
        assert!(matches!(progress.write(&disk, &mut waits), Err(BlobError::Overtaken)));
        assert!(progress.matches(&blob).unwrap());
    }

    #[test]
    fn a_full_disk_leaves_acknowledged_parts_intact() {
        let ((blob, content), disk) = (sample(5), Small::with_room(3));
        let mut progress = Progress::none();
        let stands = append(&mut progress, &disk, &blob, 0, &content[..2 * CHUNK_BYTES]).unwrap();
        let rest = &content[2 * CHUNK_BYTES..];
        assert!(matches!(append(&mut progress, &disk, &blob, stands, rest), Err(BlobError::DiskFull)));
        assert_eq!((progress.received(), disk.len().unwrap()), (stands, 2 * (CHUNK_BYTES as u64 + 28)));
        assert_eq!(Progress::found(&disk, &blob).unwrap().received(), stands);
        *disk.room.lock().unwrap() *= 2;
        assert_eq!(append(&mut progress, &disk, &blob, stands, rest).unwrap(), blob.size_bytes);
        assert!(progress.matches(&blob).unwrap());
    }

    #[test]
    fn a_failed_sync_acknowledges_nothing_and_is_looked_at_again() {
        let ((blob, content), disk) = (sample(2), Small::with_room(9));
        let mut progress = Progress::none();
        *disk.sync.lock().unwrap() = Some(io::ErrorKind::StorageFull);
        assert!(matches!(append(&mut progress, &disk, &blob, 0, &content), Err(BlobError::DiskFull)));
        assert!(progress.unsure);
        *disk.sync.lock().unwrap() = None;
        disk.write_at(100, b"lost").unwrap();
        assert_eq!(Progress::found(&disk, &blob).unwrap().received(), 0);
    }
}

//! An upload on its way: how far it is, and the hash of what came.

use std::{fmt, io::Read};

use aws_lc_rs::digest;

use super::{
    Blob, BlobError,
    chunk::{ChunkCipher, Place},
};
use crate::store::block::Disk;

/// How far an upload is. Everything up to `received` is durable.
pub(super) struct Progress {
    pub received: u64,
    sum: digest::Context,
    /// A failed sync: what the disk holds must be looked at again.
    pub unsure: bool,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Progress({})", self.received)
    }
}

impl Progress {
    /// Nothing has come yet.
    pub fn none() -> Self {
        Self { received: 0, sum: digest::Context::new(&digest::SHA256), unsure: false }
    }

    /// Looks at what is on the disk. A crash may have left chunks that were never acknowledged, with holes between them:
    /// those before the first that does not open are kept.
    pub fn found(disk: &dyn Disk, blob: &Blob) -> Result<Self, BlobError> {
        let mut progress = Self::none();
        disk.sync()?;
        disk.forget_cached();
        let (cipher, len) = (ChunkCipher::new(&blob.key)?, disk.len()?);
        let mut sealed = Vec::new();
        while let Some(place) = Place::of(blob, progress.received) {
            if place.at() + place.sealed_bytes() as u64 > len {
                break;
            }
            sealed.resize(place.sealed_bytes(), 0);
            disk.read_at(place.at(), &mut sealed)?;
            let Some(plain) = cipher.open(place, &mut sealed) else { break };
            progress.sum.update(plain);
            progress.received += place.bytes as u64;
        }
        Ok(progress)
    }

    /// Appends the whole chunks of a part, then makes them durable. The bytes received so far.
    pub fn append(&mut self, disk: &dyn Disk, blob: &Blob, offset: u64, mut part: impl Read) -> Result<u64, BlobError> {
        if offset != self.received {
            return Err(BlobError::OffsetMoved { received: self.received });
        }
        let before = (self.received, self.sum.clone());
        let written = self.write_chunks(disk, blob, &mut part);
        match written {
            Ok(()) | Err(BlobError::BrokeOff(_) | BlobError::TooLong) => {
                // A full disk may show only here, and then nothing is known of this part.
                let synced = disk.sync();
                self.unsure = synced.is_err();
                synced?;
            }
            Err(_) => {
                (self.received, self.sum) = before;
                // Room for others. If it fails: what lies behind the acknowledged bytes is overwritten in any case.
                let _ = disk.set_len(Place::of(blob, self.received).map_or(0, Place::at));
            }
        }
        written.map(|()| self.received)
    }

    fn write_chunks(&mut self, disk: &dyn Disk, blob: &Blob, part: &mut impl Read) -> Result<(), BlobError> {
        let cipher = ChunkCipher::new(&blob.key)?;
        let (mut plain, mut sealed) = (Vec::new(), Vec::new());
        while let Some(place) = Place::of(blob, self.received) {
            plain.clear();
            part.by_ref().take(place.bytes as u64).read_to_end(&mut plain).map_err(BlobError::BrokeOff)?;
            if plain.len() < place.bytes {
                return Ok(());
            }
            cipher.seal(place, &plain, &mut sealed)?;
            disk.write_at(place.at(), &sealed)?;
            self.sum.update(&plain);
            self.received += place.bytes as u64;
        }
        let more = part.read(&mut [0]).map_err(BlobError::BrokeOff)?;
        if more > 0 { Err(BlobError::TooLong) } else { Ok(()) }
    }

    /// Whether all that came is what was announced.
    pub fn matches(&self, blob: &Blob) -> Result<bool, BlobError> {
        if self.received != blob.size_bytes || blob.size_bytes == 0 {
            return Err(BlobError::Incomplete { received: self.received });
        }
        Ok(self.sum.clone().finish().as_ref() == blob.sha256)
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

    #[test]
    fn a_full_disk_leaves_acknowledged_parts_intact() {
        let ((blob, content), disk) = (sample(5), Small::with_room(3));
        let mut progress = Progress::none();
        let stands = progress.append(&disk, &blob, 0, &content[..2 * CHUNK_BYTES]).unwrap();
        let rest = &content[2 * CHUNK_BYTES..];
        assert!(matches!(progress.append(&disk, &blob, stands, rest), Err(BlobError::DiskFull)));
        assert_eq!((progress.received, disk.len().unwrap()), (stands, 2 * (CHUNK_BYTES as u64 + 28)));
        assert_eq!(Progress::found(&disk, &blob).unwrap().received, stands);
        *disk.room.lock().unwrap() *= 2;
        assert_eq!(progress.append(&disk, &blob, stands, rest).unwrap(), blob.size_bytes);
        assert!(progress.matches(&blob).unwrap());
    }

    #[test]
    fn a_failed_sync_acknowledges_nothing_and_is_looked_at_again() {
        let ((blob, content), disk) = (sample(2), Small::with_room(9));
        let mut progress = Progress::none();
        *disk.sync.lock().unwrap() = Some(io::ErrorKind::StorageFull);
        assert!(matches!(progress.append(&disk, &blob, 0, content.as_slice()), Err(BlobError::DiskFull)));
        assert!(progress.unsure);
        *disk.sync.lock().unwrap() = None;
        disk.write_at(100, b"lost").unwrap();
        assert_eq!(Progress::found(&disk, &blob).unwrap().received, 0);
    }
}

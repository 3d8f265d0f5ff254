//! Reading a range of a complete file, chunk by chunk.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
};

use super::{
    Blob, BlobError,
    chunk::{ChunkCipher, Place},
};

/// A range of a file. An error of kind `InvalidData` carries a [`BlobError::Damaged`].
pub struct BlobReader {
    file: File,
    cipher: ChunkCipher,
    blob: Blob,
    next: u64,
    end: u64,
    sealed: Vec<u8>,
    plain: Vec<u8>,
    /// How much of `plain` was handed out.
    taken: usize,
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BlobReader({:?}, {}..{})", self.blob.key, self.next, self.end)
    }
}

impl BlobReader {
    pub(super) fn new(file: File, blob: &Blob, offset: u64, length: u64) -> Result<Self, BlobError> {
        let end = offset.checked_add(length).filter(|end| *end <= blob.size_bytes);
        let end = end.ok_or(BlobError::RangeOutside { size_bytes: blob.size_bytes })?;
        let cipher = ChunkCipher::new(&blob.key)?;
        let (sealed, plain) = (Vec::new(), Vec::new());
        Ok(Self { file, cipher, blob: blob.clone(), next: offset, end, sealed, plain, taken: 0 })
    }

    /// How many bytes are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.end - self.next + (self.plain.len() - self.taken) as u64
    }

    fn fill(&mut self) -> io::Result<()> {
        (self.taken, self.plain) = (0, std::mem::take(&mut self.plain));
        self.plain.clear();
        let Some(place) = Place::of(&self.blob, self.next).filter(|_| self.next < self.end) else { return Ok(()) };
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, BlobError::Damaged);
        self.sealed.resize(place.sealed_bytes(), 0);
        self.file.read_exact_at(&mut self.sealed, place.at()).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => damaged(),
            _ => error,
        })?;
        let plain = self.cipher.open(place, &mut self.sealed).ok_or_else(damaged)?;
        let within = |offset: u64| usize::try_from(offset - place.offset()).unwrap_or(usize::MAX).min(plain.len());
        let (from, to) = (within(self.next), within(self.end));
        self.plain.extend_from_slice(&plain[from..to]);
        self.next = place.offset() + to as u64;
        Ok(())
    }
}

impl Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.plain.len() {
            self.fill()?;
        }
        let mut rest = &self.plain[self.taken..];
        let read = rest.read(out)?;
        self.taken += read;
        Ok(read)
    }
}

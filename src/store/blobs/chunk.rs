//! A file's own key, the name it gives, and the sealing of one chunk.

use std::{fmt, str::FromStr};

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest;
use zeroize::Zeroizing;

use super::{Blob, BlobError};

/// Plaintext bytes of every chunk but the last.
pub const CHUNK_BYTES: usize = 64 * 1024;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
/// What sealing adds to a chunk.
const OVERHEAD_BYTES: usize = NONCE_BYTES + TAG_BYTES;
/// From one chunk to the next on the disk.
const STRIDE: u64 = (CHUNK_BYTES + OVERHEAD_BYTES) as u64;
const NAME_LABEL: &[u8] = b"alcove/v1/blob-name\0";

/// The random key of one file. Whoever deletes it deletes the file.
#[derive(Clone)]
pub struct BlobKey(Zeroizing<[u8; 32]>);

impl BlobKey {
    /// Draws a new one.
    ///
    /// # Errors
    /// [`BlobError::Crypto`] when the system has no random numbers to give.
    pub fn generate() -> Result<Self, BlobError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// As it lies in the file's row.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// For the file's row, and for nothing else.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        *self.0
    }

    /// The file's name on the disk.
    #[must_use]
    pub fn name(&self) -> BlobName {
        let sum = digest::digest(&digest::SHA256, &Zeroizing::new([NAME_LABEL, self.0.as_slice()].concat()));
        let mut name = [0; 16];
        name.copy_from_slice(&sum.as_ref()[..16]);
        BlobName(name)
    }
}

impl fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobKey({})", self.name())
    }
}

/// A file's name on the disk: 32 hexadecimal digits that say nothing without its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlobName([u8; 16]);

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for BlobName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let name = u128::from_str_radix(text, 16).map_err(|_| ())?;
        let name = Self(name.to_be_bytes());
        if name.to_string() == text { Ok(name) } else { Err(()) }
    }
}

/// One chunk's place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub index: u64,
    /// Plaintext bytes.
    pub bytes: usize,
    is_last: bool,
}

impl Place {
    /// The chunk that holds this byte; nothing at or beyond the end.
    pub fn of(blob: &Blob, offset: u64) -> Option<Self> {
        let index = offset / CHUNK_BYTES as u64;
        let left = blob.size_bytes.checked_sub(index * CHUNK_BYTES as u64).filter(|_| offset < blob.size_bytes)?;
        let bytes = usize::try_from(left).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES));
        Some(Self { index, bytes, is_last: left <= CHUNK_BYTES as u64 })
    }

    /// Bytes of a whole file on the disk.
    pub fn sealed_len(blob: &Blob) -> u64 {
        blob.size_bytes + blob.size_bytes.div_ceil(CHUNK_BYTES as u64) * OVERHEAD_BYTES as u64
    }

    /// The file's byte with which it begins.
    pub fn offset(self) -> u64 {
        self.index * CHUNK_BYTES as u64
    }

    /// Where it lies on the disk.
    pub fn at(self) -> u64 {
        self.index * STRIDE
    }

    /// Bytes on the disk.
    pub fn sealed_bytes(self) -> usize {
        self.bytes + OVERHEAD_BYTES
    }

    fn aad(self) -> Aad<[u8; 10]> {
        let mut aad = [0; 10];
        aad[..8].copy_from_slice(&self.index.to_le_bytes());
        aad[8] = u8::from(self.is_last);
        aad[9] = 1; // version
        Aad::from(aad)
    }
}

/// Seals and opens the chunks of one file.
pub(super) struct ChunkCipher(LessSafeKey);

impl ChunkCipher {
    pub fn new(key: &BlobKey) -> Result<Self, BlobError> {
        Ok(Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, key.0.as_slice())?)))
    }

    /// Seals one chunk into `sealed`.
    pub fn seal(&self, place: Place, plain: &[u8], sealed: &mut Vec<u8>) -> Result<(), BlobError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce)?;
        sealed.clear();
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self.0.seal_in_place_separate_tag(nonce, place.aad(), &mut sealed[NONCE_BYTES..])?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens a chunk in place; nothing if it is not what was sealed for this place.
    pub fn open<'a>(&self, place: Place, sealed: &'a mut [u8]) -> Option<&'a [u8]> {
        let (nonce, rest) = sealed.split_at_mut_checked(NONCE_BYTES)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        self.0.open_in_place(nonce, place.aad(), rest).ok().map(|plain| &*plain)
    }
}

//! Keys of one encrypted file and what they do: seal and open blocks and records, authenticate tags and superblocks.
//!
//! All come from one random data key by HKDF-SHA256 (RFC 5869) with the file's id as salt and a label of their own.
//! AES-256-GCM-SIV (RFC 8452) tolerates a repeated nonce, because virtual machines are snapshotted and cloned.

use std::{fmt, io};

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey},
    error::Unspecified,
    hkdf, hmac,
};
use zeroize::Zeroizing;

use super::error::Fault;

/// Bytes of every key.
pub const KEY_BYTES: usize = 32;
/// nonce 12 | tag 16 | epoch 4.
pub const ENTRY_BYTES: usize = 32;
/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 12;
const TAG_END: usize = NONCE_BYTES + 16;
const AAD_VERSION: u8 = 1;

/// What is needed besides the key to open a block.
pub type Entry = [u8; ENTRY_BYTES];

/// An identifier of one file, drawn at random when it is made.
pub type FileId = [u8; 16];

/// The key of everything in one file. It is never stored unwrapped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

impl DataKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// When the system has no random numbers to give.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(&mut *key)?;
        Ok(Self(key))
    }

    /// The key with these bytes, nothing if there are too many or too few.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|key| Self(Zeroizing::new(key)))
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(secret)")
    }
}

/// How blocks and records are sealed, fixed when a file is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// AES-256-GCM-SIV.
    Aes256GcmSiv,
    /// ChaCha20-Poly1305, for processors without AES instructions.
    ChaCha20Poly1305,
}

impl Cipher {
    /// The faster one on this processor.
    #[must_use]
    pub fn of_this_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        let has_aes = std::arch::is_x86_feature_detected!("aes");
        #[cfg(target_arch = "aarch64")]
        let has_aes = std::arch::is_aarch64_feature_detected!("aes");
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let has_aes = false;
        if has_aes { Self::Aes256GcmSiv } else { Self::ChaCha20Poly1305 }
    }

    pub(super) fn id(self) -> u16 {
        match self {
            Self::Aes256GcmSiv => 1,
            Self::ChaCha20Poly1305 => 2,
        }
    }

    pub(super) fn from_id(id: u16) -> Option<Self> {
        [Self::Aes256GcmSiv, Self::ChaCha20Poly1305].into_iter().find(|cipher| cipher.id() == id)
    }

    pub(super) fn key(self, bytes: &[u8; KEY_BYTES]) -> Result<LessSafeKey, Unspecified> {
        let algorithm = match self {
            Self::Aes256GcmSiv => &AES_256_GCM_SIV,
            Self::ChaCha20Poly1305 => &CHACHA20_POLY1305,
        };
        Ok(LessSafeKey::new(UnboundKey::new(algorithm, bytes)?))
    }
}

/// What is sealed: one kind never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A block; its index is the sealed block's number.
    Block,
    /// A commit record; its index is the sequence number.
    Record,
}

/// The derived keys of one file.
pub struct Keys {
    file_id: FileId,
    epoch: u32,
    block: LessSafeKey,
    ring: LessSafeKey,
    tags: hmac::Key,
    superblock: hmac::Key,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys(epoch {})", self.epoch)
    }
}

impl Keys {
    /// Derives all keys of a file.
    ///
    /// # Errors
    /// Only when the library refuses, which it does not for keys of the right length.
    pub fn derive(data_key: &DataKey, file_id: FileId, epoch: u32, cipher: Cipher) -> Result<Self, Unspecified> {
        let sub = |label| derive(data_key.bytes(), &file_id, &[label, &epoch.to_le_bytes()]);
        Ok(Self {
            file_id,
            epoch,
            block: cipher.key(&*sub(b"alcove/v1/store-block")?)?,
            ring: cipher.key(&*sub(b"alcove/v1/store-ring")?)?,
            tags: hmac::Key::new(hmac::HMAC_SHA256, &*sub(b"alcove/v1/store-tag")?),
            superblock: hmac::Key::new(hmac::HMAC_SHA256, &*sub(b"alcove/v1/store-superblock")?),
        })
    }

    /// The file that they are for.
    #[must_use]
    pub const fn file_id(&self) -> FileId {
        self.file_id
    }

    /// Encrypts in place, with a fresh random nonce.
    ///
    /// # Errors
    /// When the system has no random numbers to give: nothing may be written then.
    pub fn seal(&self, kind: Kind, index: u64, data: &mut [u8]) -> io::Result<Entry> {
        let mut entry = [0; ENTRY_BYTES];
        getrandom::fill(&mut entry[..NONCE_BYTES]).map_err(|_| Fault::NoRandom)?;
        let nonce = nonce(&entry).map_err(io::Error::other)?;
        let aad = Aad::from(self.aad(kind, index));
        let tag = self.key(kind).seal_in_place_separate_tag(nonce, aad, data).map_err(io::Error::other)?;
        entry[NONCE_BYTES..TAG_END].copy_from_slice(tag.as_ref());
        entry[TAG_END..].copy_from_slice(&self.epoch.to_le_bytes());
        Ok(entry)
    }

    /// Decrypts in place. On an error the data is meaningless.
    ///
    /// # Errors
    /// When it is not what was sealed under this kind and index.
    pub fn open(&self, kind: Kind, index: u64, entry: &Entry, data: &mut [u8]) -> Result<(), Unspecified> {
        if entry[TAG_END..] != self.epoch.to_le_bytes() {
            return Err(Unspecified);
        }
        let aad = Aad::from(self.aad(kind, index));
        let tag = &entry[NONCE_BYTES..TAG_END];
        self.key(kind).open_in_place_separate_tag(nonce(entry)?, aad, tag, data).map(|_| ())
    }

    /// The MAC of a group's tag block.
    #[must_use]
    pub fn tags_mac(&self, group: u64, rest: &[u8]) -> [u8; 16] {
        let mut mac = hmac::Context::with_key(&self.tags);
        mac.update(&self.file_id);
        mac.update(&group.to_le_bytes());
        mac.update(rest);
        let mut short = [0; 16];
        short.copy_from_slice(&mac.sign().as_ref()[..16]);
        short
    }

    /// The MAC of a superblock.
    #[must_use]
    pub fn superblock_mac(&self, content: &[u8]) -> [u8; 32] {
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&self.superblock, content).as_ref());
        mac
    }

    fn key(&self, kind: Kind) -> &LessSafeKey {
        match kind {
            Kind::Block => &self.block,
            Kind::Record => &self.ring,
        }
    }

    fn aad(&self, kind: Kind, index: u64) -> [u8; 32] {
        let mut aad = [0; 32];
        aad[..16].copy_from_slice(&self.file_id);
        aad[16..24].copy_from_slice(&index.to_le_bytes());
        aad[24..28].copy_from_slice(&self.epoch.to_le_bytes());
        aad[28] = match kind {
            Kind::Block => 0,
            Kind::Record => 2,
        };
        aad[29] = AAD_VERSION;
        aad
    }
}

/// HKDF-SHA256 to one key.
pub(super) fn derive(secret: &[u8], salt: &[u8], info: &[&[u8]]) -> Result<Zeroizing<[u8; KEY_BYTES]>, Unspecified> {
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret).expand(info, hkdf::HKDF_SHA256)?.fill(&mut *key)?;
    Ok(key)
}

fn nonce(entry: &[u8]) -> Result<Nonce, Unspecified> {
    Nonce::try_assume_unique_for_key(&entry[..NONCE_BYTES])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn keys(cipher: Cipher) -> Keys {
        Keys::derive(&DataKey::from_slice(&[1; 32]).unwrap(), [2; 16], 1, cipher).unwrap()
    }

    #[test]
    fn a_block_opens_only_where_it_was_sealed() {
        for cipher in [Cipher::Aes256GcmSiv, Cipher::ChaCha20Poly1305] {
            let keys = keys(cipher);
            let mut sealed = *b"what the coach wrote";
            let entry = keys.seal(Kind::Block, 7, &mut sealed).unwrap();
            let open = |kind, index, entry: &Entry| {
                let mut data = sealed;
                keys.open(kind, index, entry, &mut data).map(|()| data)
            };
            assert_eq!(open(Kind::Block, 7, &entry).unwrap(), *b"what the coach wrote");
            assert!(open(Kind::Block, 8, &entry).is_err());
            assert!(open(Kind::Record, 7, &entry).is_err());
            assert!(open(Kind::Block, 7, &[0; ENTRY_BYTES]).is_err());
            for at in [0, 13, 31] {
                let mut other = entry;
                other[at] ^= 1;
                assert!(open(Kind::Block, 7, &other).is_err());
            }
        }
    }

    #[test]
    fn no_nonce_repeats() {
        let keys = keys(Cipher::Aes256GcmSiv);
        let nonces: HashSet<[u8; NONCE_BYTES]> = (0..20_000)
            .map(|index| keys.seal(Kind::Block, index, &mut [0; 16]).unwrap()[..NONCE_BYTES].try_into().unwrap())
            .collect();
        assert_eq!(nonces.len(), 20_000);
    }

    #[test]
    fn a_data_key_never_prints() {
        assert_eq!(format!("{:?}", DataKey::generate().unwrap()), "DataKey(secret)");
    }
}

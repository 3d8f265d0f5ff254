//! Key slots: the data key, wrapped once per way to unlock. Removing a slot does not help against an old copy of the
//! file; only a new data key does, and whoever offers the removal must say so.
//!
//! ```text
//! kind 1 | length 2 | body …
//! keyfile      1   nonce 12 | wrapped key 32 | tag 16
//! restore kit  2   recipient 1216 | age file
//! passphrase   3   memory KiB 4 | passes 4 | lanes 4 | salt 16 | recipient 1216 | age file
//! ```
//!
//! A passphrase's slot seals to a recipient, as a kit's does: stretching the passphrase yields the identity, so that a
//! new data key can be wrapped without anybody typing. Kinds that this version does not know are kept as they are.

use std::fmt;

use aws_lc_rs::aead::{Aad, Nonce};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{
    BlockError,
    cipher::{Cipher, DataKey, FileId, KEY_BYTES, NONCE_BYTES, derive},
    stretched::Stretched,
    unlock::{Keyfile, SlotSecret, Unlock},
};
use crate::{
    clock::Clock,
    crypto::{HybridIdentity, HybridRecipient, hybrid::RECIPIENT_BYTES, open_with, seal_to},
};

/// First line of the age file in a slot, so that nothing else is ever taken for a data key.
const TYPE_LINE: &[u8] = b"alcove-data-key/1\n";
const WRAPPED_BYTES: usize = NONCE_BYTES + KEY_BYTES + 16;

/// The ways to unlock a file; one slot of each at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotKind {
    /// 32 random bytes in a file outside the data directory: the server starts without a person.
    Keyfile,
    /// The owner's paper.
    RestoreKit,
    /// Something that a person knows.
    Passphrase,
    /// A kind that a newer version made.
    Unknown(u8),
}

impl SlotKind {
    fn id(self) -> u8 {
        match self {
            Self::Keyfile => 1,
            Self::RestoreKit => 2,
            Self::Passphrase => 3,
            Self::Unknown(id) => id,
        }
    }

    fn from_id(id: u8) -> Self {
        let known = [Self::Keyfile, Self::RestoreKit, Self::Passphrase].into_iter().find(|kind| kind.id() == id);
        known.unwrap_or(Self::Unknown(id))
    }

    /// Whether this version can open a slot of this kind.
    #[must_use]
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl fmt::Display for SlotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyfile => f.write_str("keyfile"),
            Self::RestoreKit => f.write_str("restore kit"),
            Self::Passphrase => f.write_str("passphrase"),
            Self::Unknown(id) => write!(f, "unknown (kind {id} of a newer version)"),
        }
    }
}

/// What anyone may know about a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotInfo {
    /// Its kind.
    pub kind: SlotKind,
    /// A kit's public half, to seal backups to or to wrap a new data key.
    pub recipient: Option<HybridRecipient>,
    /// When it was made; files of the first days do not say.
    pub made_at: Option<Timestamp>,
}

/// What a slot is bound to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub file_id: FileId,
    pub epoch: u32,
}

/// A slot as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub kind: SlotKind,
    /// In milliseconds; 0 when the file does not say.
    pub made_at_ms: u64,
    body: Vec<u8>,
}

impl Slot {
    pub fn wrap(data_key: &DataKey, secret: &SlotSecret, place: Place) -> Result<Self, BlockError> {
        let (kind, body) = match secret {
            SlotSecret::Keyfile(keyfile) => (SlotKind::Keyfile, wrap_with_keyfile(data_key, keyfile, place)?),
            SlotSecret::RestoreKit(recipient) => (SlotKind::RestoreKit, wrap_to(data_key, recipient, place)?),
            SlotSecret::Passphrase(passphrase, cost) => {
                let (stretched, identity) = Stretched::draw(passphrase, *cost)?;
                let sealed = wrap_to(data_key, &identity.to_recipient()?, place)?;
                (SlotKind::Passphrase, [stretched.encode().as_slice(), &sealed].concat())
            }
        };
        let made_at_ms = u64::try_from(Clock::default().now().as_millisecond()).unwrap_or_default();
        Ok(Self { kind, made_at_ms, body })
    }

    /// The same way to unlock around a new data key. Only a keyfile's slot needs its secret for that.
    ///
    /// # Errors
    /// [`BlockError::KeyfileNeeded`] if the keyfile is not at hand, [`BlockError::UnknownSlot`] for a slot that only a
    /// newer version can wrap.
    pub fn rewrap(&self, data_key: &DataKey, keyfile: Option<&Keyfile>, place: Place) -> Result<Self, BlockError> {
        let body = match self.kind {
            SlotKind::Keyfile => wrap_with_keyfile(data_key, keyfile.ok_or(BlockError::KeyfileNeeded)?, place)?,
            SlotKind::RestoreKit | SlotKind::Passphrase => {
                let (head, sealed) = self.parts()?;
                [head, &wrap_to(data_key, &recipient_of(sealed)?, place)?].concat()
            }
            SlotKind::Unknown(_) => return Err(BlockError::UnknownSlot(self.kind)),
        };
        Ok(Self { kind: self.kind, made_at_ms: self.made_at_ms, body })
    }

    /// The data key, if the unlock is of this slot's kind and fits.
    pub fn unwrap(&self, unlock: &Unlock, place: Place) -> Result<DataKey, BlockError> {
        match unlock {
            Unlock::Keyfile(keyfile) => unwrap_with_keyfile(&self.body, keyfile, place),
            Unlock::Kit(identity) => unwrap_with(self.parts()?.1, identity, place),
            Unlock::Passphrase(passphrase) => {
                let (head, sealed) = self.parts()?;
                let identity = Stretched::decode(head).ok_or(self.damaged())?.identity(passphrase)?;
                if identity.to_recipient()? != recipient_of(sealed)? {
                    return Err(BlockError::WrongPassphrase);
                }
                unwrap_with(sealed, &identity, place)
            }
        }
    }

    pub fn info(&self) -> Result<SlotInfo, BlockError> {
        let recipient = match self.kind {
            SlotKind::RestoreKit => Some(recipient_of(self.parts()?.1)?),
            _ => None,
        };
        let made_at = i64::try_from(self.made_at_ms).ok().filter(|ms| *ms > 0);
        let made_at = made_at.and_then(|ms| Timestamp::from_millisecond(ms).ok());
        Ok(SlotInfo { kind: self.kind, recipient, made_at })
    }

    pub fn encode(&self, out: &mut Vec<u8>) -> Option<()> {
        out.push(self.kind.id());
        out.extend_from_slice(&u16::try_from(self.body.len()).ok()?.to_le_bytes());
        out.extend_from_slice(&self.body);
        Some(())
    }

    /// Takes one slot off the front; nothing if it is malformed.
    pub fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<3>()?;
        let length = usize::from(u16::from_le_bytes([head[1], head[2]]));
        let (body, rest) = rest.split_at_checked(length)?;
        *bytes = rest;
        Some(Self { kind: SlotKind::from_id(head[0]), made_at_ms: 0, body: body.to_vec() })
    }

    /// What leads to the identity, and what is sealed to it.
    fn parts(&self) -> Result<(&[u8], &[u8]), BlockError> {
        let at = if self.kind == SlotKind::Passphrase { super::stretched::BYTES } else { 0 };
        self.body.split_at_checked(at).ok_or(self.damaged())
    }

    fn damaged(&self) -> BlockError {
        let what = if self.kind == SlotKind::Passphrase { "the passphrase's slot" } else { "the kit's slot" };
        BlockError::Damaged { what }
    }
}

fn wrap_with_keyfile(data_key: &DataKey, keyfile: &Keyfile, place: Place) -> Result<Vec<u8>, BlockError> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce)?;
    let mut wrapped = Zeroizing::new(data_key.bytes().to_vec());
    let key = Cipher::Aes256GcmSiv.key(&*keyfile_key(keyfile, place)?)?;
    let tag = key.seal_in_place_separate_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(keyfile_aad(place)),
        &mut wrapped,
    )?;
    Ok([&nonce, wrapped.as_slice(), tag.as_ref()].concat())
}

fn unwrap_with_keyfile(body: &[u8], keyfile: &Keyfile, place: Place) -> Result<DataKey, BlockError> {
    let body: &[u8; WRAPPED_BYTES] = body.try_into().map_err(|_| BlockError::Damaged { what: "the keyfile's slot" })?;
    let (nonce, rest) = body.split_at(NONCE_BYTES);
    let (wrapped, tag) = rest.split_at(KEY_BYTES);
    let mut plain = Zeroizing::new(wrapped.to_vec());
    let key = Cipher::Aes256GcmSiv.key(&*keyfile_key(keyfile, place)?)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce)?;
    key.open_in_place_separate_tag(nonce, Aad::from(keyfile_aad(place)), tag, &mut plain)
        .map_err(|_| BlockError::WrongKeyfile)?;
    DataKey::from_slice(&plain).ok_or(BlockError::WrongKeyfile)
}

fn recipient_of(sealed: &[u8]) -> Result<HybridRecipient, BlockError> {
    let recipient = sealed.get(..RECIPIENT_BYTES).ok_or(BlockError::Damaged { what: "a recipient's slot" })?;
    Ok(HybridRecipient::from_bytes(recipient)?)
}

/// Recipient, then the age file to it.
fn wrap_to(data_key: &DataKey, recipient: &HybridRecipient, place: Place) -> Result<Vec<u8>, BlockError> {
    let mut body = recipient.to_bytes();
    let mut plain = Zeroizing::new(prefix(place));
    plain.extend_from_slice(data_key.bytes());
    seal_to(std::slice::from_ref(recipient), plain.as_slice(), &mut body)?;
    Ok(body)
}

fn unwrap_with(sealed: &[u8], identity: &HybridIdentity, place: Place) -> Result<DataKey, BlockError> {
    let file = sealed.get(RECIPIENT_BYTES..).ok_or(BlockError::Damaged { what: "a recipient's slot" })?;
    let prefix = prefix(place);
    // Reserved ahead, so that growing never leaves a copy of the key in freed memory.
    let mut plain = Zeroizing::new(Vec::with_capacity(prefix.len() + 2 * KEY_BYTES));
    open_with(identity, file, &mut *plain)?;
    let key = plain.strip_prefix(prefix.as_slice()).and_then(DataKey::from_slice);
    key.ok_or(BlockError::WrongKit)
}

fn keyfile_key(keyfile: &Keyfile, place: Place) -> Result<Zeroizing<[u8; KEY_BYTES]>, BlockError> {
    Ok(derive(keyfile.bytes(), &place.file_id, &[b"alcove/v1/store-slot-keyfile"])?)
}

fn keyfile_aad(place: Place) -> [u8; 21] {
    let mut aad = [0; 21];
    aad[..16].copy_from_slice(&place.file_id);
    aad[16..20].copy_from_slice(&place.epoch.to_le_bytes());
    aad[20] = SlotKind::Keyfile.id();
    aad
}

fn prefix(place: Place) -> Vec<u8> {
    [TYPE_LINE, &place.file_id, &place.epoch.to_le_bytes()].concat()
}

#[cfg(test)]
#[path = "slots_tests.rs"]
mod tests;

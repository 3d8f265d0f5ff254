//! Key slots: the data key, wrapped once per way to unlock. Removing a slot does not help against an old copy of the
//! file; only a new data key does, and whoever offers the removal must say so.

use std::fmt;

use aws_lc_rs::aead::{Aad, Nonce};
use zeroize::Zeroizing;

use super::{
    BlockError,
    cipher::{Cipher, DataKey, FileId, KEY_BYTES, NONCE_BYTES, derive},
};
use crate::crypto::{HybridIdentity, HybridRecipient, hybrid::RECIPIENT_BYTES, open_with, seal_to};

/// First line of the age file in a kit's slot, so that nothing else is ever taken for a data key.
const TYPE_LINE: &[u8] = b"alcove-data-key/1\n";
const WRAPPED_BYTES: usize = NONCE_BYTES + KEY_BYTES + 16;

/// The ways to unlock a file; one slot of each at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlotKind {
    /// 32 random bytes in a file outside the data directory: the server starts without a person.
    Keyfile,
    /// The owner's paper.
    RestoreKit,
}

impl SlotKind {
    fn id(self) -> u8 {
        match self {
            Self::Keyfile => 1,
            Self::RestoreKit => 2,
        }
    }

    fn from_id(id: u8) -> Option<Self> {
        [Self::Keyfile, Self::RestoreKit].into_iter().find(|kind| kind.id() == id)
    }
}

impl fmt::Display for SlotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keyfile => "keyfile",
            Self::RestoreKit => "restore kit",
        })
    }
}

/// The content of a keyfile.
#[derive(Clone)]
pub struct Keyfile(Zeroizing<[u8; KEY_BYTES]>);

impl Keyfile {
    /// Draws a new one.
    ///
    /// # Errors
    /// When the system has no random numbers to give.
    pub fn generate() -> Result<Self, BlockError> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        getrandom::fill(&mut *bytes)?;
        Ok(Self(bytes))
    }

    /// Takes a keyfile's content.
    ///
    /// # Errors
    /// [`BlockError::KeyfileLength`] unless there are 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, BlockError> {
        bytes.try_into().map(|bytes| Self(Zeroizing::new(bytes))).map_err(|_| BlockError::KeyfileLength)
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Keyfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyfile(secret)")
    }
}

/// What a new slot wraps the data key with. The server never needs a kit's secret for that.
#[derive(Clone, Debug)]
pub enum SlotSecret {
    /// A keyfile's content.
    Keyfile(Keyfile),
    /// The kit's public half.
    RestoreKit(Box<HybridRecipient>),
}

/// What opens a file.
#[derive(Clone, Debug)]
pub enum Unlock {
    /// A keyfile's content.
    Keyfile(Keyfile),
    /// A kit's secret half.
    Kit(HybridIdentity),
}

impl Unlock {
    /// The kind of slot that this opens.
    #[must_use]
    pub fn kind(&self) -> SlotKind {
        match self {
            Self::Keyfile(_) => SlotKind::Keyfile,
            Self::Kit(_) => SlotKind::RestoreKit,
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
}

/// What a slot is bound to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub file_id: FileId,
    pub epoch: u32,
}

/// A slot as it is stored. Keyfile: nonce 12 | wrapped key 32 | tag 16. Kit: recipient 1216 | age file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub kind: SlotKind,
    body: Vec<u8>,
}

impl Slot {
    pub fn wrap(data_key: &DataKey, secret: &SlotSecret, place: Place) -> Result<Self, BlockError> {
        match secret {
            SlotSecret::Keyfile(keyfile) => {
                let body = wrap_with_keyfile(data_key, keyfile, place)?;
                Ok(Self { kind: SlotKind::Keyfile, body })
            }
            SlotSecret::RestoreKit(recipient) => {
                let mut body = recipient.to_bytes();
                let mut plain = Zeroizing::new(kit_prefix(place));
                plain.extend_from_slice(data_key.bytes());
                seal_to(std::slice::from_ref(&**recipient), plain.as_slice(), &mut body)?;
                Ok(Self { kind: SlotKind::RestoreKit, body })
            }
        }
    }

    /// The same way to unlock, for another data key in another place. Only a keyfile is asked for, the one that fits
    /// this slot.
    pub fn rewrap(
        &self,
        from: Place,
        keyfile: Option<&Keyfile>,
        data_key: &DataKey,
        to: Place,
    ) -> Result<Self, BlockError> {
        let secret = match self.kind {
            SlotKind::Keyfile => {
                let keyfile = keyfile.ok_or(BlockError::KeyfileNeeded)?.clone();
                self.unwrap(&Unlock::Keyfile(keyfile.clone()), from)?;
                SlotSecret::Keyfile(keyfile)
            }
            SlotKind::RestoreKit => SlotSecret::RestoreKit(Box::new(HybridRecipient::from_bytes(self.kit_parts()?.0)?)),
        };
        Self::wrap(data_key, &secret, to)
    }

    /// The data key, if the unlock is of this slot's kind and fits.
    pub fn unwrap(&self, unlock: &Unlock, place: Place) -> Result<DataKey, BlockError> {
        match unlock {
            Unlock::Keyfile(keyfile) => unwrap_with_keyfile(&self.body, keyfile, place),
            Unlock::Kit(identity) => unwrap_with_kit(&self.body, identity, place),
        }
    }

    pub fn info(&self) -> Result<SlotInfo, BlockError> {
        let recipient = match self.kind {
            SlotKind::Keyfile => None,
            SlotKind::RestoreKit => Some(HybridRecipient::from_bytes(self.kit_parts()?.0)?),
        };
        Ok(SlotInfo { kind: self.kind, recipient })
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
        Some(Self { kind: SlotKind::from_id(head[0])?, body: body.to_vec() })
    }

    fn kit_parts(&self) -> Result<(&[u8], &[u8]), BlockError> {
        self.body.split_at_checked(RECIPIENT_BYTES).ok_or(BlockError::Damaged { what: "the kit's slot" })
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

fn unwrap_with_kit(body: &[u8], identity: &HybridIdentity, place: Place) -> Result<DataKey, BlockError> {
    let file = body.get(RECIPIENT_BYTES..).ok_or(BlockError::Damaged { what: "the kit's slot" })?;
    let prefix = kit_prefix(place);
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

fn kit_prefix(place: Place) -> Vec<u8> {
    [TYPE_LINE, &place.file_id, &place.epoch.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place = Place { file_id: [3; 16], epoch: 1 };

    #[test]
    fn a_keyfile_opens_its_own_slot_only() {
        let (key, keyfile) = (DataKey::generate().unwrap(), Keyfile::generate().unwrap());
        let slot = Slot::wrap(&key, &SlotSecret::Keyfile(keyfile.clone()), PLACE).unwrap();
        assert_eq!(slot.unwrap(&Unlock::Keyfile(keyfile.clone()), PLACE).unwrap().bytes(), key.bytes());
        let other = Unlock::Keyfile(Keyfile::generate().unwrap());
        assert!(matches!(slot.unwrap(&other, PLACE), Err(BlockError::WrongKeyfile)));
        let elsewhere = Place { file_id: [4; 16], epoch: 1 };
        assert!(matches!(slot.unwrap(&Unlock::Keyfile(keyfile), elsewhere), Err(BlockError::WrongKeyfile)));
    }

    #[test]
    fn a_kit_opens_its_own_slot_only() {
        let (key, kit) = (DataKey::generate().unwrap(), HybridIdentity::generate().unwrap());
        let recipient = kit.to_recipient().unwrap();
        let slot = Slot::wrap(&key, &SlotSecret::RestoreKit(Box::new(recipient.clone())), PLACE).unwrap();
        assert_eq!(slot.info().unwrap().recipient, Some(recipient));
        assert_eq!(slot.unwrap(&Unlock::Kit(kit.clone()), PLACE).unwrap().bytes(), key.bytes());
        let other = Unlock::Kit(HybridIdentity::generate().unwrap());
        assert!(matches!(slot.unwrap(&other, PLACE), Err(BlockError::WrongKit)));
        let elsewhere = Place { file_id: [3; 16], epoch: 2 };
        assert!(matches!(slot.unwrap(&Unlock::Kit(kit), elsewhere), Err(BlockError::WrongKit)));
    }

    #[test]
    fn slots_round_trip_and_malformed_ones_are_refused() {
        let slot = Slot { kind: SlotKind::Keyfile, body: vec![9; 60] };
        let mut bytes = Vec::new();
        slot.encode(&mut bytes).unwrap();
        assert_eq!(Slot::decode(&mut bytes.as_slice()), Some(slot));
        assert_eq!(Slot::decode(&mut &bytes[..40]), None);
        bytes[0] = 99;
        assert_eq!(Slot::decode(&mut bytes.as_slice()), None);
    }
}

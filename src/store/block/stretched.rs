//! How a passphrase's slot leads to its identity: cost and salt as they are stored, checked before they cost anything.

use super::{BlockError, cipher::derive};
use crate::crypto::{
    Cost, HybridIdentity, Passphrase,
    passphrase::{SALT_BYTES, StretchError},
};

/// memory KiB 4 | passes 4 | lanes 4 | salt 16.
pub(super) const BYTES: usize = 12 + SALT_BYTES;

/// Cost and salt of one slot.
pub(super) struct Stretched {
    cost: Cost,
    salt: [u8; SALT_BYTES],
}

impl Stretched {
    /// A new salt, and the identity that the passphrase is with it.
    pub fn draw(passphrase: &Passphrase, cost: Cost) -> Result<(Self, HybridIdentity), BlockError> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        let stretched = Self { cost, salt };
        let identity = stretched.identity(passphrase)?;
        Ok((stretched, identity))
    }

    /// Nothing if it is malformed or names a cost out of bounds.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (parts, salt) = bytes.split_first_chunk::<12>()?;
        let part = |n: usize| Some(u32::from_le_bytes(parts[n * 4..n * 4 + 4].try_into().ok()?));
        let cost = Cost::of_slot(part(0)?, part(1)?, part(2)?).ok()?;
        Some(Self { cost, salt: salt.try_into().ok()? })
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.cost.parts().iter().flat_map(|part| part.to_le_bytes()).collect();
        bytes.extend_from_slice(&self.salt);
        bytes
    }

    /// The file's id has no part in it: the salt is of this slot alone, and a new data key comes with a new file id
    /// while the recipient must stay.
    pub fn identity(&self, passphrase: &Passphrase) -> Result<HybridIdentity, BlockError> {
        let key = passphrase.stretch(self.cost, &self.salt).map_err(|error| match error {
            StretchError::Cost => BlockError::Damaged { what: "the passphrase's slot" },
            StretchError::Memory => BlockError::NoMemory,
        })?;
        Ok(HybridIdentity::from_seed(*derive(&*key, &[], &[b"alcove/v1/store-slot-passphrase"])?))
    }
}

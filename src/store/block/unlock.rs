//! What opens a file, and what a new slot is made for. A systemd credential holds the same 32 bytes as a keyfile and
//! is no kind of its own: only the place differs, which the slot need not know.

use std::fmt;

use zeroize::Zeroizing;

use super::{BlockError, cipher::KEY_BYTES, slots::SlotKind};
use crate::crypto::{Cost, HybridIdentity, HybridRecipient, Passphrase};

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
    /// A passphrase, and what each guess at it shall cost.
    Passphrase(Passphrase, Cost),
}

/// What opens a file.
#[derive(Clone, Debug)]
pub enum Unlock {
    /// A keyfile's content.
    Keyfile(Keyfile),
    /// A kit's secret half.
    Kit(HybridIdentity),
    /// A passphrase.
    Passphrase(Passphrase),
}

impl Unlock {
    /// The kind of slot that this opens.
    #[must_use]
    pub fn kind(&self) -> SlotKind {
        match self {
            Self::Keyfile(_) => SlotKind::Keyfile,
            Self::Kit(_) => SlotKind::RestoreKit,
            Self::Passphrase(_) => SlotKind::Passphrase,
        }
    }
}

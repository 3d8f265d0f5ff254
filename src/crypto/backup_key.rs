//! The key that signs backups, so that nobody can forge one. It lives in the practice's encrypted file; the restore
//! kit prints its fingerprint.

use ed25519_dalek::SigningKey;
use zeroize::Zeroizing;

use super::random;
use super::sign::{sha256, statement};
use crate::domain::text::b64u;

/// An Ed25519 key for statements of kind `backup`.
pub struct BackupKey(SigningKey);

impl BackupKey {
    /// A new random key.
    #[must_use]
    pub fn generate() -> Self {
        Self(SigningKey::from_bytes(&Zeroizing::new(random::bytes())))
    }

    /// The key of this seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The seed, for its row in the encrypted file only.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// What the restore kit prints: base64url of the SHA-256 of the public half.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.public())
    }

    /// Signs a manifest.
    #[must_use]
    pub fn sign(&self, payload: &[u8]) -> String {
        statement("backup", payload, &self.0)
    }
}

impl std::fmt::Debug for BackupKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BackupKey({})", self.fingerprint())
    }
}

/// The fingerprint of a backup-signing key's public half.
#[must_use]
pub fn fingerprint(public: &[u8; 32]) -> String {
    b64u(&sha256(public))
}

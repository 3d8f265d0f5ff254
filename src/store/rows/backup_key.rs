//! The one backup-signing key, made with the practice's file.

use zeroize::Zeroizing;

use crate::crypto::backup_key::BackupKey;
use crate::store::{Row, RowError};

/// The row of the backup-signing key.
#[derive(Debug)]
pub struct BackupKeyRow(pub BackupKey);

impl Row for BackupKeyRow {
    const TABLE: &'static str = "backup_key";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        self.0.seed().to_vec()
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let seed = <[u8; 32]>::try_from(body).map_err(|_| RowError::Damaged { table: Self::TABLE })?;
        Ok(Self(BackupKey::from_seed(&Zeroizing::new(seed))))
    }
}

//! The row of the last backup.

use serde::{Deserialize, Serialize};

use super::{from_ms, to_ms};
use crate::domain::backup::LastBackup;
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct LastBackupV1 {
    made_ms: i64,
    file_name: String,
    size_bytes: u64,
    rows: u64,
    files: u64,
    manifest_hash: [u8; 32],
    proven_ms: Option<i64>,
}

impl Row for LastBackup {
    const TABLE: &'static str = "last_backup";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&LastBackupV1 {
            made_ms: to_ms(self.made_at),
            file_name: self.file_name.clone(),
            size_bytes: self.size_bytes,
            rows: self.rows,
            files: self.files,
            manifest_hash: self.manifest_hash,
            proven_ms: self.proven_at.map(to_ms),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: LastBackupV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            made_at: from_ms(Self::TABLE, row.made_ms)?,
            file_name: row.file_name,
            size_bytes: row.size_bytes,
            rows: row.rows,
            files: row.files,
            manifest_hash: row.manifest_hash,
            proven_at: row.proven_ms.map(|ms| from_ms(Self::TABLE, ms)).transpose()?,
        })
    }
}

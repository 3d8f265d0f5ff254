//! Files: what is known of the sealed bytes beside the database.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::from_ms;
use crate::domain::file::{File, Upload};
use crate::domain::id::{DeviceId, FileId, PersonId, SpaceId};
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct FileV1 {
    id: [u8; 16],
    space: [u8; 32],
    by: [u8; 16],
    device: [u8; 16],
    made_at_ms: i64,
    size_bytes: u64,
    sha256: [u8; 32],
    key: [u8; 32],
    committed_at_ms: Option<i64>,
}

impl Row for File {
    const TABLE: &'static str = "files";
    const VERSION: u8 = 1;
    type Key = FileId;

    fn key(&self) -> FileId {
        self.id
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&FileV1 {
            id: *self.id.as_bytes(),
            space: *self.space.as_bytes(),
            by: *self.by.as_bytes(),
            device: *self.device.as_bytes(),
            made_at_ms: self.made_at.as_millisecond(),
            size_bytes: self.size_bytes,
            sha256: self.sha256,
            key: self.key,
            committed_at_ms: self.committed_at.map(Timestamp::as_millisecond),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: FileV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            id: FileId::from_bytes(row.id),
            space: SpaceId::from_bytes(row.space),
            by: PersonId::from_bytes(row.by),
            device: DeviceId::from_bytes(row.device),
            made_at: from_ms(Self::TABLE, row.made_at_ms)?,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            key: row.key,
            committed_at: row.committed_at_ms.map(|ms| from_ms(Self::TABLE, ms)).transpose()?,
        })
    }
}

impl Row for Upload {
    const TABLE: &'static str = "uploads";
    const VERSION: u8 = 1;
    type Key = (PersonId, FileId);

    fn key(&self) -> Self::Key {
        (self.by, self.file)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.by.as_bytes(), self.file.as_bytes(), self.made_at.as_millisecond()))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (by, file, ms) = decode_body(Self::TABLE, body)?;
        let (by, file) = (PersonId::from_bytes(by), FileId::from_bytes(file));
        Ok(Self { by, file, made_at: from_ms(Self::TABLE, ms)? })
    }
}

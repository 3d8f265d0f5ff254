//! The key of each file's bytes beside the database. Whoever deletes the row deletes the file, in every copy of the
//! bytes; it is made with the file's row, before the first part comes.

use crate::domain::id::FileId;
use crate::store::blobs::BlobKey;
use crate::store::{Row, RowError};

/// The row of a file's own key.
#[derive(Clone, Debug)]
pub struct FileKey {
    /// The file.
    pub file: FileId,
    /// What its bytes are sealed with here.
    pub key: BlobKey,
}

impl Row for FileKey {
    const TABLE: &'static str = "file_keys";
    const VERSION: u8 = 1;
    type Key = FileId;

    fn key(&self) -> FileId {
        self.file
    }

    fn encode(&self) -> Vec<u8> {
        [self.file.as_bytes().as_slice(), &self.key.to_bytes()].concat()
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let parts = body.split_first_chunk::<16>().and_then(|(file, key)| Some((file, key.try_into().ok()?)));
        let (file, key) = parts.ok_or(RowError::Damaged { table: Self::TABLE })?;
        Ok(Self { file: FileId::from_bytes(*file), key: BlobKey::from_bytes(key) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_round_trip_and_damage_is_named() {
        let row = FileKey { file: FileId::from_bytes([1; 16]), key: BlobKey::from_bytes([2; 32]) };
        let body = row.encode();
        let back = FileKey::decode(1, &body).unwrap();
        assert_eq!((back.file, back.key.to_bytes()), (row.file, row.key.to_bytes()));
        assert!(matches!(FileKey::decode(1, &body[1..]), Err(RowError::Damaged { table: "file_keys" })));
    }
}

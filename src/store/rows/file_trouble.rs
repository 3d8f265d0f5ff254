//! The row of what happened to the file.

use super::{from_ms, to_ms};
use crate::domain::trouble::FileTrouble;
use crate::store::{Row, RowError, decode_body, encode_body};

impl Row for FileTrouble {
    const TABLE: &'static str = "file_trouble";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.recovered_at.map(to_ms), self.reopened_at.map(to_ms)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (recovered, reopened): (Option<i64>, Option<i64>) = decode_body(Self::TABLE, body)?;
        let at = |ms: Option<i64>| ms.map(|ms| from_ms(Self::TABLE, ms)).transpose();
        Ok(Self { recovered_at: at(recovered)?, reopened_at: at(reopened)? })
    }
}

//! Rows of the list of what looked unusual: positions in the audit log, which says the rest.

use super::super::{Row, RowError, decode_body, encode_body};
use crate::domain::anomaly::Noted;

impl Row for Noted {
    const TABLE: &'static str = "anomalies";
    const VERSION: u8 = 1;
    type Key = u64;

    fn key(&self) -> u64 {
        self.n
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&self.n)
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        Ok(Self { n: decode_body(Self::TABLE, body)? })
    }
}

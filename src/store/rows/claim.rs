//! The rows of claim codes, by the hash of the code.

use serde::{Deserialize, Serialize};

use super::{from_ms, to_ms};
use crate::domain::claim::Claim;
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct ClaimV1 {
    code_hash: [u8; 32],
    made_at_ms: i64,
    spent_at_ms: Option<i64>,
}

impl Row for Claim {
    const TABLE: &'static str = "claim";
    const VERSION: u8 = 1;
    type Key = [u8; 32];

    fn key(&self) -> [u8; 32] {
        self.code_hash
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&ClaimV1 {
            code_hash: self.code_hash,
            made_at_ms: to_ms(self.made_at),
            spent_at_ms: self.spent_at.map(to_ms),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: ClaimV1 = decode_body(Self::TABLE, body)?;
        let spent_at = row.spent_at_ms.map(|ms| from_ms(Self::TABLE, ms)).transpose()?;
        Ok(Self { code_hash: row.code_hash, made_at: from_ms(Self::TABLE, row.made_at_ms)?, spent_at })
    }
}

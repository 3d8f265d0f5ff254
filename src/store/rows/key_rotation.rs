//! The row of data-key rotations.

use serde::{Deserialize, Serialize};

use super::{from_ms, to_ms};
use crate::domain::key_rotation::{DoneRotation, KeyRotation, WantedRotation};
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct KeyRotationV1 {
    wanted: Option<(i64, [u8; 16])>,
    last: Option<(i64, u32)>,
}

impl Row for KeyRotation {
    const TABLE: &'static str = "key_rotation";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&KeyRotationV1 {
            wanted: self.wanted.map(|wanted| (to_ms(wanted.asked_at), wanted.file)),
            last: self.last.map(|last| (to_ms(last.at), last.epoch)),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: KeyRotationV1 = decode_body(Self::TABLE, body)?;
        let wanted = |(ms, file)| Ok(WantedRotation { asked_at: from_ms(Self::TABLE, ms)?, file });
        let last = |(ms, epoch)| Ok(DoneRotation { at: from_ms(Self::TABLE, ms)?, epoch });
        Ok(Self { wanted: row.wanted.map(wanted).transpose()?, last: row.last.map(last).transpose()? })
    }
}

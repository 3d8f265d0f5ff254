//! The row that names the practice's team.

use super::from_ms;
use crate::domain::id::SpaceId;
use crate::domain::team::Team;
use crate::store::{Row, RowError, decode_body, encode_body};

impl Row for Team {
    const TABLE: &'static str = "team";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.space.as_bytes(), self.begun_at.as_millisecond()))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (space, begun_ms) = decode_body(Self::TABLE, body)?;
        Ok(Self { space: SpaceId::from_bytes(space), begun_at: from_ms(Self::TABLE, begun_ms)? })
    }
}

//! Rows of restores: what owners signed, by the timeline that it began; and how far each space had come then.

use jiff::Timestamp;

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::id::SpaceId;

/// An accepted restore statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreSigned {
    /// The timeline that it began.
    pub timeline: u64,
    /// The statement as signed.
    pub statement: String,
    /// When the server took it.
    pub at: Timestamp,
}

/// The epochs of a space that existed when an owner signed, and those that were brought back since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoredSpace {
    /// The space.
    pub space: SpaceId,
    /// The last such epoch.
    pub epoch: u64,
}

impl Row for RestoreSigned {
    const TABLE: &'static str = "restore_statements";
    const VERSION: u8 = 1;
    type Key = u64;

    fn key(&self) -> u64 {
        self.timeline
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.timeline, &self.statement, to_ms(self.at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (timeline, statement, at_ms) = decode_body(Self::TABLE, body)?;
        Ok(Self { timeline, statement, at: from_ms(Self::TABLE, at_ms)? })
    }
}

impl Row for RestoredSpace {
    const TABLE: &'static str = "restored_spaces";
    const VERSION: u8 = 1;
    type Key = SpaceId;

    fn key(&self) -> SpaceId {
        self.space
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.space.as_bytes(), self.epoch))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (space, epoch) = decode_body(Self::TABLE, body)?;
        Ok(Self { space: SpaceId::from_bytes(space), epoch })
    }
}

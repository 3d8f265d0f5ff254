//! Rows of restore statements: what owners signed, by the timeline that it began.

use super::super::{Row, RowError, decode_body, encode_body};

/// An accepted restore statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreSigned {
    /// The timeline that it began.
    pub timeline: u64,
    /// The statement as signed.
    pub statement: String,
}

impl Row for RestoreSigned {
    const TABLE: &'static str = "restore_statements";
    const VERSION: u8 = 1;
    type Key = u64;

    fn key(&self) -> u64 {
        self.timeline
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.timeline, &self.statement))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (timeline, statement) = decode_body(Self::TABLE, body)?;
        Ok(Self { timeline, statement })
    }
}

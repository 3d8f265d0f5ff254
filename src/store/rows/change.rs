//! Rows of account changes.

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, parse, to_ms};
use crate::domain::change::AccountChange;
use crate::domain::id::PersonId;

impl Row for AccountChange {
    const TABLE: &'static str = "account_changes";
    const VERSION: u8 = 1;
    type Key = (PersonId, u64);

    fn key(&self) -> Self::Key {
        (self.person, self.cursor)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), self.cursor, self.kind.word(), &self.id, to_ms(self.at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, cursor, kind, id, at): (_, _, String, _, _) = decode_body(Self::TABLE, body)?;
        let (kind, at) = (parse_kind(&kind)?, from_ms(Self::TABLE, at)?);
        Ok(Self { person: PersonId::from_bytes(person), cursor, kind, id, at })
    }
}

fn parse_kind(word: &str) -> Result<crate::domain::change::ChangeKind, RowError> {
    parse(AccountChange::TABLE, word)
}

//! Rows of keyrings: one sealed file per person, opaque to the server.

use super::super::{Row, RowError, decode_body, encode_body};
use crate::domain::id::PersonId;

/// A person's keyring as the device sealed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyring {
    /// Whose.
    pub person: PersonId,
    /// How often it was replaced, from 1.
    pub version: u64,
    /// The age file.
    pub body: Vec<u8>,
}

impl Row for Keyring {
    const TABLE: &'static str = "keyrings";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), self.version, &self.body))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, version, body) = decode_body(Self::TABLE, body)?;
        Ok(Self { person: PersonId::from_bytes(person), version, body })
    }
}

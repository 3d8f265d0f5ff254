//! Rows of first answers, kept so that a repeated request gets the same one.

use jiff::Timestamp;

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::id::PersonId;

/// The first answer to a request that named an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstAnswer {
    /// Who asked.
    pub person: PersonId,
    /// The key that the device chose.
    pub key: String,
    /// The route, such as `POST /clients`.
    pub route: String,
    /// SHA-256 of the request's body.
    pub body_hash: [u8; 32],
    /// The answer, in the form of its own type.
    pub answer: Vec<u8>,
    /// When.
    pub at: Timestamp,
}

impl Row for FirstAnswer {
    const TABLE: &'static str = "first_answers";
    const VERSION: u8 = 1;
    type Key = (PersonId, String);

    fn key(&self) -> Self::Key {
        (self.person, self.key.clone())
    }

    fn encode(&self) -> Vec<u8> {
        let person = self.person.as_bytes();
        encode_body(&(person, &self.key, &self.route, self.body_hash, &self.answer, to_ms(self.at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, key, route, body_hash, answer, at) = decode_body(Self::TABLE, body)?;
        let at = from_ms(Self::TABLE, at)?;
        Ok(Self { person: PersonId::from_bytes(person), key, route, body_hash, answer, at })
    }
}

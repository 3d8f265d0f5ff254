//! Rows of people.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, parse, to_ms};
use crate::domain::id::PersonId;
use crate::domain::person::{KitsProved, Person};

#[derive(Serialize, Deserialize)]
struct PersonV1 {
    person: [u8; 16],
    name: String,
    email: Option<String>,
    zone: String,
    role: String,
    sign: [u8; 32],
    recipient: String,
    statement: String,
    salt: [u8; 16],
    leaf: u64,
    personal_kit: bool,
    restore_kit: bool,
    made_ms: i64,
    visited_ms: i64,
    visited_before_ms: Option<i64>,
}

impl Row for Person {
    const TABLE: &'static str = "people";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&PersonV1 {
            person: *self.person.as_bytes(),
            name: self.name.clone(),
            email: self.email.clone(),
            zone: self.zone.clone(),
            role: self.role.word().to_owned(),
            sign: self.sign,
            recipient: self.recipient.clone(),
            statement: self.statement.clone(),
            salt: self.salt,
            leaf: self.leaf,
            personal_kit: self.kits.personal,
            restore_kit: self.kits.restore,
            made_ms: to_ms(self.made_at),
            visited_ms: to_ms(self.visited_at),
            visited_before_ms: self.visited_before_at.map(to_ms),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: PersonV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            person: PersonId::from_bytes(row.person),
            name: row.name,
            email: row.email,
            zone: row.zone,
            role: parse(Self::TABLE, &row.role)?,
            sign: row.sign,
            recipient: row.recipient,
            statement: row.statement,
            salt: row.salt,
            leaf: row.leaf,
            kits: KitsProved { personal: row.personal_kit, restore: row.restore_kit },
            made_at: from_ms(Self::TABLE, row.made_ms)?,
            visited_at: from_ms(Self::TABLE, row.visited_ms)?,
            visited_before_at: row.visited_before_ms.map(|ms| from_ms(Self::TABLE, ms)).transpose()?,
        })
    }
}

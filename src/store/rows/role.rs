//! Rows of the roles that the practice made for itself: their rights as words, which never change their meaning.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::id::{PersonId, RoleId};
use crate::policy::{CustomRole, Right, Rights};

/// Words of rights that are no more: who had one has nothing in its place.
const RETIRED: [&str; 1] = ["hand-clients"];

#[derive(Serialize, Deserialize)]
struct CustomRoleV1 {
    id: [u8; 16],
    name: String,
    rights: Vec<String>,
    by: [u8; 16],
    made_ms: i64,
}

impl Row for CustomRole {
    const TABLE: &'static str = "roles";
    const VERSION: u8 = 1;
    type Key = RoleId;

    fn key(&self) -> RoleId {
        self.id
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&CustomRoleV1 {
            id: *self.id.as_bytes(),
            name: self.name.clone(),
            rights: self.rights.iter().map(|right| right.word().to_owned()).collect(),
            by: *self.by.as_bytes(),
            made_ms: to_ms(self.made_at),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: CustomRoleV1 = decode_body(Self::TABLE, body)?;
        let damaged = |()| RowError::Damaged { table: Self::TABLE };
        Ok(Self {
            id: RoleId::from_bytes(row.id),
            name: row.name,
            rights: row
                .rights
                .iter()
                .filter(|word| !RETIRED.contains(&word.as_str()))
                .map(|word| word.parse::<Right>())
                .collect::<Result<Rights, ()>>()
                .map_err(damaged)?,
            by: PersonId::from_bytes(row.by),
            made_at: from_ms(Self::TABLE, row.made_ms)?,
        })
    }
}

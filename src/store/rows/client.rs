//! Clients.

use serde::{Deserialize, Serialize};

use super::from_ms;
use crate::domain::client::Client;
use crate::domain::id::{ClientId, InviteId, PersonId, SpaceId};
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct ClientV1 {
    id: [u8; 16],
    name: String,
    email: Option<String>,
    by: [u8; 16],
    made_at_ms: i64,
    shared: [u8; 32],
    own: [u8; 32],
    person: Option<[u8; 16]>,
    invite: Option<[u8; 16]>,
    version: u64,
}

impl Row for Client {
    const TABLE: &'static str = "clients";
    const VERSION: u8 = 1;
    type Key = ClientId;

    fn key(&self) -> ClientId {
        self.id
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&ClientV1 {
            id: *self.id.as_bytes(),
            name: self.name.clone(),
            email: self.email.clone(),
            by: *self.by.as_bytes(),
            made_at_ms: self.made_at.as_millisecond(),
            shared: *self.shared.as_bytes(),
            own: *self.own.as_bytes(),
            person: self.person.map(|id| *id.as_bytes()),
            invite: self.invite.map(|id| *id.as_bytes()),
            version: self.version,
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: ClientV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            id: ClientId::from_bytes(row.id),
            name: row.name,
            email: row.email,
            by: PersonId::from_bytes(row.by),
            made_at: from_ms(Self::TABLE, row.made_at_ms)?,
            shared: SpaceId::from_bytes(row.shared),
            own: SpaceId::from_bytes(row.own),
            person: row.person.map(PersonId::from_bytes),
            invite: row.invite.map(InviteId::from_bytes),
            version: row.version,
        })
    }
}

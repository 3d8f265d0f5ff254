//! Rows of sessions: the hash of a token, never the token.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::id::{DeviceId, PersonId, SessionId};
use crate::domain::session::{Holder, Session};

#[derive(Serialize, Deserialize)]
struct SessionV1 {
    session: [u8; 16],
    token_hash: [u8; 32],
    holder: Option<([u8; 16], [u8; 16])>,
    made_ms: i64,
    proved_ms: i64,
    locked: bool,
}

impl Row for Session {
    const TABLE: &'static str = "sessions";
    const VERSION: u8 = 1;
    type Key = SessionId;

    fn key(&self) -> SessionId {
        self.session
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&SessionV1 {
            session: *self.session.as_bytes(),
            token_hash: self.token_hash,
            holder: match self.holder {
                Holder::Founder => None,
                Holder::Person { person, device } => Some((*person.as_bytes(), *device.as_bytes())),
            },
            made_ms: to_ms(self.made_at),
            proved_ms: to_ms(self.proved_at),
            locked: self.locked,
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: SessionV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            session: SessionId::from_bytes(row.session),
            token_hash: row.token_hash,
            holder: row.holder.map_or(Holder::Founder, |(person, device)| Holder::Person {
                person: PersonId::from_bytes(person),
                device: DeviceId::from_bytes(device),
            }),
            made_at: from_ms(Self::TABLE, row.made_ms)?,
            proved_at: from_ms(Self::TABLE, row.proved_ms)?,
            locked: row.locked,
        })
    }
}

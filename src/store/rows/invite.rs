//! Invites, as the public page needs them.

use serde::{Deserialize, Serialize};

use super::from_ms;
use super::space::InviteStateV1;
use crate::domain::id::{ClientId, InviteId, PersonId, SpaceId};
use crate::domain::invite::Offer;
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct OfferV1 {
    invite: [u8; 16],
    client: [u8; 16],
    space: [u8; 32],
    by: [u8; 16],
    made_at_ms: i64,
    expires_at_ms: i64,
    pending_grant: Vec<u8>,
    state: InviteStateV1,
}

impl Row for Offer {
    const TABLE: &'static str = "invites";
    const VERSION: u8 = 1;
    type Key = InviteId;

    fn key(&self) -> InviteId {
        self.invite
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&OfferV1 {
            invite: *self.invite.as_bytes(),
            client: *self.client.as_bytes(),
            space: *self.space.as_bytes(),
            by: *self.by.as_bytes(),
            made_at_ms: self.made_at.as_millisecond(),
            expires_at_ms: self.expires_at.as_millisecond(),
            pending_grant: self.pending_grant.clone(),
            state: self.state.into(),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: OfferV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            invite: InviteId::from_bytes(row.invite),
            client: ClientId::from_bytes(row.client),
            space: SpaceId::from_bytes(row.space),
            by: PersonId::from_bytes(row.by),
            made_at: from_ms(Self::TABLE, row.made_at_ms)?,
            expires_at: from_ms(Self::TABLE, row.expires_at_ms)?,
            pending_grant: row.pending_grant,
            state: row.state.into(),
        })
    }
}

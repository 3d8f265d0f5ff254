//! Invites, as the public page needs them.

use serde::{Deserialize, Serialize};

use super::space::InviteStateV1;
use super::{from_ms, parse};
use crate::domain::id::{ClientId, InviteId, PersonId, SpaceId};
use crate::domain::invite::{Invited, NewColleague, Offer};
use crate::store::{Row, RowError, decode_body, encode_body};

const INVITES: &str = "invites";

/// An offer; in version 1 `to` was a client.
#[derive(Serialize, Deserialize)]
struct OfferRow<T> {
    invite: [u8; 16],
    to: T,
    space: [u8; 32],
    by: [u8; 16],
    made_at_ms: i64,
    expires_at_ms: i64,
    pending_grant: Vec<u8>,
    state: InviteStateV1,
}

#[derive(Serialize, Deserialize)]
enum InvitedV2 {
    Client([u8; 16]),
    Colleague { role: String, name: String, email: Option<String> },
}

impl Row for Offer {
    const TABLE: &'static str = INVITES;
    const VERSION: u8 = 2;
    type Key = InviteId;

    fn key(&self) -> InviteId {
        self.invite
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&OfferRow {
            invite: *self.invite.as_bytes(),
            to: invited_row(&self.to),
            space: *self.space.as_bytes(),
            by: *self.by.as_bytes(),
            made_at_ms: self.made_at.as_millisecond(),
            expires_at_ms: self.expires_at.as_millisecond(),
            pending_grant: self.pending_grant.clone(),
            state: self.state.into(),
        })
    }

    fn decode(version: u8, body: &[u8]) -> Result<Self, RowError> {
        if version < 2 {
            return offer(decode_body(INVITES, body)?, |client: [u8; 16]| {
                Ok(Invited::Client(ClientId::from_bytes(client)))
            });
        }
        offer(decode_body(INVITES, body)?, invited)
    }
}

fn offer<T>(row: OfferRow<T>, to: impl Fn(T) -> Result<Invited, RowError>) -> Result<Offer, RowError> {
    Ok(Offer {
        invite: InviteId::from_bytes(row.invite),
        to: to(row.to)?,
        space: SpaceId::from_bytes(row.space),
        by: PersonId::from_bytes(row.by),
        made_at: from_ms(INVITES, row.made_at_ms)?,
        expires_at: from_ms(INVITES, row.expires_at_ms)?,
        pending_grant: row.pending_grant,
        state: row.state.into(),
    })
}

fn invited_row(to: &Invited) -> InvitedV2 {
    match to {
        Invited::Client(client) => InvitedV2::Client(*client.as_bytes()),
        Invited::Colleague(NewColleague { role, name, email }) => {
            InvitedV2::Colleague { role: role.to_string(), name: name.clone(), email: email.clone() }
        }
    }
}

fn invited(row: InvitedV2) -> Result<Invited, RowError> {
    Ok(match row {
        InvitedV2::Client(client) => Invited::Client(ClientId::from_bytes(client)),
        InvitedV2::Colleague { role, name, email } => {
            Invited::Colleague(NewColleague { role: parse(INVITES, &role)?, name, email })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_of_the_first_version_is_a_clients() {
        let row = OfferRow {
            invite: [1; 16],
            to: [2_u8; 16],
            space: [3; 32],
            by: [4; 16],
            made_at_ms: 5,
            expires_at_ms: 6,
            pending_grant: vec![7],
            state: InviteStateV1::Open,
        };
        let offer = Offer::decode(1, &encode_body(&row)).unwrap();
        assert_eq!(offer.to, Invited::Client(ClientId::from_bytes([2; 16])));
        let again = Offer::decode(Offer::VERSION, &offer.encode()).unwrap();
        assert_eq!(again, offer);
        let colleague = NewColleague { role: crate::domain::role::Role::Admin, name: "Lena".to_owned(), email: None };
        let offer = Offer { to: Invited::Colleague(colleague), ..offer };
        assert_eq!(Offer::decode(Offer::VERSION, &offer.encode()).unwrap(), offer);
    }
}

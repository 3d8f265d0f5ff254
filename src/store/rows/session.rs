//! Rows of sessions: the hash of a token, never the token.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::anomaly::Agent;
use crate::domain::id::{DeviceId, PersonId, SessionId};
use crate::domain::session::{Holder, Session, Strength};

#[derive(Serialize, Deserialize)]
struct SessionV1 {
    session: [u8; 16],
    token_hash: [u8; 32],
    holder: Option<([u8; 16], [u8; 16])>,
    made_ms: i64,
    proved_ms: i64,
    locked: bool,
}

#[derive(Serialize, Deserialize)]
struct SessionV2 {
    first: SessionV1,
    strong: bool,
    seen_network: Option<String>,
    used_ms: i64,
    seen_agent: Option<[u8; 8]>,
}

impl Row for Session {
    const TABLE: &'static str = "sessions";
    const VERSION: u8 = 2;
    type Key = SessionId;

    fn key(&self) -> SessionId {
        self.session
    }

    fn encode(&self) -> Vec<u8> {
        let first = SessionV1 {
            session: *self.session.as_bytes(),
            token_hash: self.token_hash,
            holder: match self.holder {
                Holder::Founder => None,
                Holder::Person { person, device } => Some((*person.as_bytes(), *device.as_bytes())),
            },
            made_ms: to_ms(self.made_at),
            proved_ms: to_ms(self.proved_at),
            locked: self.locked,
        };
        let (strong, used_ms) = (self.strength == Strength::Strong, to_ms(self.used_at));
        let (seen_network, seen_agent) = (self.seen_network.clone(), self.seen_agent.map(|Agent(hash)| hash));
        encode_body(&SessionV2 { first, strong, seen_network, used_ms, seen_agent })
    }

    /// A session of the first version proved one thing, as far as anybody knows.
    fn decode(version: u8, body: &[u8]) -> Result<Self, RowError> {
        let row = match version {
            1 => {
                let first: SessionV1 = decode_body(Self::TABLE, body)?;
                SessionV2 { used_ms: first.proved_ms, first, strong: false, seen_network: None, seen_agent: None }
            }
            _ => decode_body(Self::TABLE, body)?,
        };
        let SessionV2 { first, strong, seen_network, used_ms, seen_agent } = row;
        Ok(Self {
            session: SessionId::from_bytes(first.session),
            token_hash: first.token_hash,
            holder: first.holder.map_or(Holder::Founder, |(person, device)| Holder::Person {
                person: PersonId::from_bytes(person),
                device: DeviceId::from_bytes(device),
            }),
            made_at: from_ms(Self::TABLE, first.made_ms)?,
            proved_at: from_ms(Self::TABLE, first.proved_ms)?,
            locked: first.locked,
            strength: if strong { Strength::Strong } else { Strength::Single },
            seen_network,
            seen_agent: seen_agent.map(Agent),
            used_at: from_ms(Self::TABLE, used_ms)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_the_first_version_proved_one_thing() {
        let first = SessionV1 {
            session: [1; 16],
            token_hash: [2; 32],
            holder: Some(([3; 16], [4; 16])),
            made_ms: 1_000,
            proved_ms: 2_000,
            locked: true,
        };
        let read = Session::decode(1, &encode_body(&first)).unwrap();
        assert_eq!((read.strength, read.used_at, read.locked), (Strength::Single, read.proved_at, true));
        let seen_agent = Some(Agent([5; 8]));
        let strong =
            Session { strength: Strength::Strong, seen_network: Some("192.0.2.0/24".into()), seen_agent, ..read };
        assert_eq!(Session::decode(2, &strong.encode()).unwrap(), strong);
    }
}

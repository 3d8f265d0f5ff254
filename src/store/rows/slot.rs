//! Rows of unlock slots, and the two ways to find one: by login key and by passkey.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::id::{PersonId, SlotId};
use crate::domain::slot::{Slot, SlotKind};

/// Version 2 added the last kind; the others have the bytes of version 1.
#[derive(Serialize, Deserialize)]
enum SlotKindV2 {
    Passkey { credential: [u8; 32], verifier: Vec<u8> },
    Password { salt: [u8; 16] },
    Kit,
    Link,
}

#[derive(Serialize, Deserialize)]
struct SlotV2 {
    slot: [u8; 16],
    person: [u8; 16],
    kind: SlotKindV2,
    label: String,
    login_key: [u8; 32],
    made_ms: i64,
}

impl Row for Slot {
    const TABLE: &'static str = "slots";
    const VERSION: u8 = 2;
    type Key = (PersonId, SlotId);

    fn key(&self) -> Self::Key {
        (self.person, self.slot)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&SlotV2 {
            slot: *self.slot.as_bytes(),
            person: *self.person.as_bytes(),
            kind: match &self.kind {
                SlotKind::Passkey { credential, verifier } => {
                    SlotKindV2::Passkey { credential: *credential, verifier: verifier.clone() }
                }
                SlotKind::Password { salt } => SlotKindV2::Password { salt: *salt },
                SlotKind::Kit => SlotKindV2::Kit,
                SlotKind::Link => SlotKindV2::Link,
            },
            label: self.label.clone(),
            login_key: self.login_key,
            made_ms: to_ms(self.made_at),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: SlotV2 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            slot: SlotId::from_bytes(row.slot),
            person: PersonId::from_bytes(row.person),
            kind: match row.kind {
                SlotKindV2::Passkey { credential, verifier } => SlotKind::Passkey { credential, verifier },
                SlotKindV2::Password { salt } => SlotKind::Password { salt },
                SlotKindV2::Kit => SlotKind::Kit,
                SlotKindV2::Link => SlotKind::Link,
            },
            label: row.label,
            login_key: row.login_key,
            made_at: from_ms(Self::TABLE, row.made_ms)?,
        })
    }
}

/// Which slot a login key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginKey {
    /// The public half.
    pub key: [u8; 32],
    /// Whose.
    pub person: PersonId,
    /// Which slot.
    pub slot: SlotId,
}

/// Which slot a passkey belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Hash of the credential id.
    pub hash: [u8; 32],
    /// Whose.
    pub person: PersonId,
    /// Which slot.
    pub slot: SlotId,
}

impl Row for LoginKey {
    const TABLE: &'static str = "login_keys";
    const VERSION: u8 = 1;
    type Key = [u8; 32];

    fn key(&self) -> [u8; 32] {
        self.key
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.key, self.person.as_bytes(), self.slot.as_bytes()))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (key, person, slot) = decode_body(Self::TABLE, body)?;
        Ok(Self { key, person: PersonId::from_bytes(person), slot: SlotId::from_bytes(slot) })
    }
}

impl Row for Credential {
    const TABLE: &'static str = "passkeys";
    const VERSION: u8 = 1;
    type Key = [u8; 32];

    fn key(&self) -> [u8; 32] {
        self.hash
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.hash, self.person.as_bytes(), self.slot.as_bytes()))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (hash, person, slot) = decode_body(Self::TABLE, body)?;
        Ok(Self { hash, person: PersonId::from_bytes(person), slot: SlotId::from_bytes(slot) })
    }
}

//! Rows of links: which device showed one, which came in by it.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::id::{DeviceId, PersonId, SlotId};
use crate::domain::link::{Link, LinkFor, LinkUse};
use crate::domain::session::Strength;

#[derive(Serialize, Deserialize)]
struct LinkV1 {
    person: [u8; 16],
    slot: [u8; 16],
    by: Option<[u8; 16]>,
    strong: bool,
    made_ms: i64,
    used: Option<([u8; 16], i64)>,
    closed_ms: Option<i64>,
    made_for: LinkForV1,
}

#[derive(Serialize, Deserialize)]
enum LinkForV1 {
    Device,
    Return,
}

impl From<LinkFor> for LinkForV1 {
    fn from(made_for: LinkFor) -> Self {
        match made_for {
            LinkFor::Device => Self::Device,
            LinkFor::Return => Self::Return,
        }
    }
}

impl From<LinkForV1> for LinkFor {
    fn from(row: LinkForV1) -> Self {
        match row {
            LinkForV1::Device => Self::Device,
            LinkForV1::Return => Self::Return,
        }
    }
}

impl Row for Link {
    const TABLE: &'static str = "links";
    const VERSION: u8 = 1;
    type Key = (PersonId, SlotId);

    fn key(&self) -> Self::Key {
        (self.person, self.slot)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&LinkV1 {
            person: *self.person.as_bytes(),
            slot: *self.slot.as_bytes(),
            by: self.by.map(|device| *device.as_bytes()),
            strong: self.strength == Strength::Strong,
            made_ms: to_ms(self.made_at),
            used: self.used.map(|used| (*used.device.as_bytes(), to_ms(used.at))),
            closed_ms: self.closed_at.map(to_ms),
            made_for: self.made_for.into(),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: LinkV1 = decode_body(Self::TABLE, body)?;
        let instant = |ms| from_ms(Self::TABLE, ms);
        Ok(Self {
            person: PersonId::from_bytes(row.person),
            slot: SlotId::from_bytes(row.slot),
            made_for: row.made_for.into(),
            by: row.by.map(DeviceId::from_bytes),
            strength: if row.strong { Strength::Strong } else { Strength::Single },
            made_at: instant(row.made_ms)?,
            used: row
                .used
                .map(|(device, ms)| {
                    Ok::<_, RowError>(LinkUse { device: DeviceId::from_bytes(device), at: instant(ms)? })
                })
                .transpose()?,
            closed_at: row.closed_ms.map(instant).transpose()?,
        })
    }
}

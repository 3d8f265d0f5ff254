//! Rows of devices.

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::device::Device;
use crate::domain::id::{DeviceId, PersonId};

impl Row for Device {
    const TABLE: &'static str = "devices";
    const VERSION: u8 = 2;
    type Key = (PersonId, DeviceId);

    fn key(&self) -> Self::Key {
        (self.person, self.device)
    }

    fn encode(&self) -> Vec<u8> {
        let (first, last) = (to_ms(self.first_seen_at), to_ms(self.last_seen_at));
        let v1 = (self.device.as_bytes(), self.person.as_bytes(), &self.label, first, last);
        encode_body(&(v1, &self.name, &self.network))
    }

    fn decode(version: u8, body: &[u8]) -> Result<Self, RowError> {
        let (v1, name, network) = match version {
            1 => (decode_body(Self::TABLE, body)?, None, None),
            _ => decode_body(Self::TABLE, body)?,
        };
        let (device, person, label, first, last) = v1;
        Ok(Self {
            device: DeviceId::from_bytes(device),
            person: PersonId::from_bytes(person),
            label,
            name,
            network,
            first_seen_at: from_ms(Self::TABLE, first)?,
            last_seen_at: from_ms(Self::TABLE, last)?,
        })
    }
}

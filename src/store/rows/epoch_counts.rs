//! The highest count of each device in an epoch of a space. Since what it says follows from the changes, a database from
//! before this table opens as it is: a row that is missing is counted from the changes when it is first needed.

use crate::domain::id::{DeviceId, SpaceId};
use crate::domain::record::EpochCounts;
use crate::store::{Row, RowError, decode_body, encode_body};

impl Row for EpochCounts {
    const TABLE: &'static str = "epoch_counts";
    const VERSION: u8 = 1;
    type Key = (SpaceId, u64);

    fn key(&self) -> Self::Key {
        (self.space, self.epoch)
    }

    fn encode(&self) -> Vec<u8> {
        let last: Vec<_> = self.last.iter().map(|(device, count)| (device.as_bytes(), *count)).collect();
        encode_body(&(self.space.as_bytes(), self.epoch, last))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (space, epoch, last): (_, _, Vec<([u8; 16], u64)>) = decode_body(Self::TABLE, body)?;
        let last = last.into_iter().map(|(device, count)| (DeviceId::from_bytes(device), count)).collect();
        Ok(Self { space: SpaceId::from_bytes(space), epoch, last })
    }
}

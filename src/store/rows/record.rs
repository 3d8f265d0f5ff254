//! Records: the changes of a space, each record's last revision, and the sealed bodies.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::from_ms;
use crate::domain::id::{DeviceId, PersonId, RecordId, SpaceId};
use crate::domain::record::{Change, OpenAction};
use crate::store::{Row, RowError, decode_body, encode_body};

/// Where the last revision of a record stands among the changes of its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHead {
    /// The space.
    pub space: SpaceId,
    /// The record.
    pub record: RecordId,
    /// Sequence number of its last revision.
    pub seq: u64,
}

/// The sealed body of one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordBody {
    /// The space.
    pub space: SpaceId,
    /// The record.
    pub record: RecordId,
    /// The revision.
    pub rev: u64,
    /// Its place among the changes of the space.
    pub seq: u64,
    /// The age file.
    pub bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct ChangeV1 {
    space: [u8; 32],
    seq: u64,
    record: [u8; 16],
    rev: u64,
    prev: Option<[u8; 32]>,
    hash: [u8; 32],
    epoch: u64,
    author: [u8; 16],
    device: [u8; 16],
    device_seq: u64,
    at_ms: i64,
    size_bytes: u64,
    open: Option<(Option<Date>, bool)>,
    deleted: bool,
}

impl Row for Change {
    const TABLE: &'static str = "changes";
    const VERSION: u8 = 1;
    type Key = (SpaceId, u64);

    fn key(&self) -> Self::Key {
        (self.space, self.seq)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&ChangeV1 {
            space: *self.space.as_bytes(),
            seq: self.seq,
            record: *self.record.as_bytes(),
            rev: self.rev,
            prev: self.prev,
            hash: self.hash,
            epoch: self.epoch,
            author: *self.author.as_bytes(),
            device: *self.device.as_bytes(),
            device_seq: self.device_seq,
            at_ms: self.at.as_millisecond(),
            size_bytes: self.size_bytes,
            open: self.open.map(|open| (open.due_on, open.done)),
            deleted: self.deleted,
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: ChangeV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            space: SpaceId::from_bytes(row.space),
            seq: row.seq,
            record: RecordId::from_bytes(row.record),
            rev: row.rev,
            prev: row.prev,
            hash: row.hash,
            epoch: row.epoch,
            author: PersonId::from_bytes(row.author),
            device: DeviceId::from_bytes(row.device),
            device_seq: row.device_seq,
            at: from_ms(Self::TABLE, row.at_ms)?,
            size_bytes: row.size_bytes,
            open: row.open.map(|(due_on, done)| OpenAction { due_on, done }),
            deleted: row.deleted,
        })
    }
}

impl Row for RecordHead {
    const TABLE: &'static str = "record_heads";
    const VERSION: u8 = 1;
    type Key = (SpaceId, RecordId);

    fn key(&self) -> Self::Key {
        (self.space, self.record)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.space.as_bytes(), self.record.as_bytes(), self.seq))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (space, record, seq) = decode_body(Self::TABLE, body)?;
        Ok(Self { space: SpaceId::from_bytes(space), record: RecordId::from_bytes(record), seq })
    }
}

/// Bytes before the age file: space, record, revision, sequence number.
const BODY_HEAD: usize = 32 + 16 + 8 + 8;

/// Written plainly, not through serde: bodies are up to 4 MiB and every byte would pass through the serializer.
impl Row for RecordBody {
    const TABLE: &'static str = "record_bodies";
    const VERSION: u8 = 1;
    type Key = (SpaceId, RecordId, u64);

    fn key(&self) -> Self::Key {
        (self.space, self.record, self.rev)
    }

    fn encode(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(BODY_HEAD + self.bytes.len());
        body.extend_from_slice(self.space.as_bytes());
        body.extend_from_slice(self.record.as_bytes());
        body.extend_from_slice(&self.rev.to_be_bytes());
        body.extend_from_slice(&self.seq.to_be_bytes());
        body.extend_from_slice(&self.bytes);
        body
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        parse_body(body).ok_or(RowError::Damaged { table: Self::TABLE })
    }
}

fn parse_body(body: &[u8]) -> Option<RecordBody> {
    let (space, rest) = body.split_first_chunk::<32>()?;
    let (record, rest) = rest.split_first_chunk::<16>()?;
    let (rev, rest) = rest.split_first_chunk::<8>()?;
    let (seq, bytes) = rest.split_first_chunk::<8>()?;
    Some(RecordBody {
        space: SpaceId::from_bytes(*space),
        record: RecordId::from_bytes(*record),
        rev: u64::from_be_bytes(*rev),
        seq: u64::from_be_bytes(*seq),
        bytes: bytes.to_vec(),
    })
}

//! The audit log's rows: entries in a hash chain, its head, and the index of whom they concern.

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::{Row, RowError, decode_body, encode_body};
use crate::domain::audit::{Doer, Entry, Mention, Topic};
use crate::domain::id::{DeviceId, PersonId};
use jiff::Timestamp;

/// An entry with the chain's root after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// What it says.
    pub entry: Entry,
    /// Root of the chain up to and including it.
    pub root: [u8; 32],
}

/// Where the chain ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditHead {
    /// How many entries there are.
    pub size: u64,
    /// The chain's root; 32 zero bytes for the empty log.
    pub root: [u8; 32],
}

#[derive(Serialize, Deserialize)]
enum DoerV1 {
    Person { person: [u8; 16], device: Option<[u8; 16]> },
    Visitor,
    Operator,
    System,
}

#[derive(Serialize, Deserialize)]
struct EntryV1 {
    n: u64,
    at_ms: i64,
    doer: DoerV1,
    network: Option<String>,
    code: String,
    facts: Vec<(String, String)>,
}

impl StoredEntry {
    /// The bytes that the chain covers.
    #[must_use]
    pub fn entry_bytes(&self) -> Vec<u8> {
        let entry = &self.entry;
        encode_body(&EntryV1 {
            n: entry.n,
            at_ms: entry.at.as_millisecond(),
            doer: match entry.doer {
                Doer::Person { person, device } => {
                    DoerV1::Person { person: *person.as_bytes(), device: device.map(|id| *id.as_bytes()) }
                }
                Doer::Visitor => DoerV1::Visitor,
                Doer::Operator => DoerV1::Operator,
                Doer::System => DoerV1::System,
            },
            network: entry.network.clone(),
            code: entry.code.clone(),
            facts: entry.facts.clone(),
        })
    }
}

/// `h_n = SHA-256("alcove/v1/audit\0" ‖ h_{n-1} ‖ SHA-256(entry))`: each root commits to all entries before it.
pub(super) fn chain(previous: &[u8; 32], entry: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(b"alcove/v1/audit\0");
    context.update(previous);
    context.update(aws_lc_rs::digest::digest(&SHA256, entry).as_ref());
    let mut root = [0; 32];
    root.copy_from_slice(context.finish().as_ref());
    root
}

impl Row for StoredEntry {
    const TABLE: &'static str = "audit";
    const VERSION: u8 = 1;
    type Key = u64;

    fn key(&self) -> u64 {
        self.entry.n
    }

    fn encode(&self) -> Vec<u8> {
        let mut body = self.root.to_vec();
        body.extend(self.entry_bytes());
        body
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let damaged = RowError::Damaged { table: Self::TABLE };
        let Some((root, rest)) = body.split_first_chunk::<32>() else { return Err(damaged) };
        let row: EntryV1 = decode_body(Self::TABLE, rest)?;
        let Ok(at) = Timestamp::from_millisecond(row.at_ms) else { return Err(damaged) };
        let doer = match row.doer {
            DoerV1::Person { person, device } => {
                Doer::Person { person: PersonId::from_bytes(person), device: device.map(DeviceId::from_bytes) }
            }
            DoerV1::Visitor => Doer::Visitor,
            DoerV1::Operator => Doer::Operator,
            DoerV1::System => Doer::System,
        };
        let entry = Entry { n: row.n, at, doer, network: row.network, code: row.code, facts: row.facts };
        Ok(Self { entry, root: *root })
    }
}

impl Row for AuditHead {
    const TABLE: &'static str = "audit_head";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.size, self.root))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (size, root) = decode_body(Self::TABLE, body)?;
        Ok(Self { size, root })
    }
}

impl Row for Mention {
    const TABLE: &'static str = "audit_mentions";
    const VERSION: u8 = 1;
    type Key = (PersonId, [u8; 1], u64);

    fn key(&self) -> Self::Key {
        (self.person, [self.topic.byte()], self.n)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), self.topic.byte(), self.n))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, topic, n): ([u8; 16], u8, u64) = decode_body(Self::TABLE, body)?;
        let topic = Topic::of_byte(topic).ok_or(RowError::Damaged { table: Self::TABLE })?;
        Ok(Self { person: PersonId::from_bytes(person), topic, n })
    }
}

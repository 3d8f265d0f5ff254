//! Records: sealed items in a space, each a chain of revisions. The server sees where a revision belongs, when it came
//! and how large it is; the one open field is what reminders of actions need.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::id::{DeviceId, PersonId, RecordId, SpaceId};

/// The largest sealed body, in bytes.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bodies up to this size travel inside lists of changes.
pub const INLINE_BYTES_MAX: usize = 16 * 1024;

/// One revision of a record, as one change of its space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The space.
    pub space: SpaceId,
    /// Place among all changes of the space, from 1.
    pub seq: u64,
    /// Which record.
    pub record: RecordId,
    /// Which revision, from 1.
    pub rev: u64,
    /// Hash of the revision before it.
    pub prev: Option<[u8; 32]>,
    /// SHA-256 of its sealed body.
    pub hash: [u8; 32],
    /// The epoch whose secret opens it.
    pub epoch: u64,
    /// Who wrote it.
    pub author: PersonId,
    /// With which device.
    pub device: DeviceId,
    /// The device's own count of what it wrote into this space, as the device says.
    pub device_seq: u64,
    /// When it came here.
    pub at: Timestamp,
    /// Size of the sealed body in bytes.
    pub size_bytes: u64,
    /// What the server may know about an action.
    pub open: Option<OpenAction>,
    /// Whether this revision is a tombstone.
    pub deleted: bool,
}

/// The highest count of each device among the records of one epoch: what a join or a new epoch closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochCounts {
    /// The space.
    pub space: SpaceId,
    /// The epoch.
    pub epoch: u64,
    /// The highest count of each device.
    pub last: BTreeMap<DeviceId, u64>,
}

impl EpochCounts {
    /// Those of an epoch without records.
    #[must_use]
    pub const fn none(space: SpaceId, epoch: u64) -> Self {
        Self { space, epoch, last: BTreeMap::new() }
    }

    /// Takes a change of this epoch into account.
    pub fn note(&mut self, change: &Change) {
        let last = self.last.entry(change.device).or_insert(0);
        *last = change.device_seq.max(*last);
    }
}

/// The open part of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenAction {
    /// The day it is due.
    pub due_on: Option<Date>,
    /// Whether it is done.
    pub done: bool,
}

/// Whether a revision `rev` that builds on `prev` may follow `head`, the record's last revision.
#[must_use]
pub fn follows(head: Option<&Change>, rev: u64, prev: Option<&[u8; 32]>) -> bool {
    match head {
        None => rev == 1 && prev.is_none(),
        Some(head) => Some(rev) == head.rev.checked_add(1) && prev == Some(&head.hash),
    }
}

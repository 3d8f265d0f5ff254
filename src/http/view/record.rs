//! Records, changes and re-offers.

use jiff::Timestamp;
use jiff::civil::Date;
use poem_openapi::Object;

use super::space::GrantMadeView;
use super::text::Text;
use crate::app::record::{ChangeSeen, ChangesRead, RecordWrite};
use crate::app::reoffer::{RecordOffered, Reoffer, Retaken};
use crate::domain::id::{DeviceId, PersonId, RecordId};
use crate::domain::record::{Change, OpenAction};

/// A sealed revision to be taken.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecordWrite")]
pub struct RecordWriteView {
    /// Which record.
    pub record: Text<RecordId>,
    /// Which revision, from 1.
    #[oai(validator(minimum(value = "1")))]
    pub rev: u64,
    /// SHA-256 of the revision before it.
    pub prev: Option<Text<[u8; 32]>>,
    /// The epoch that it is sealed under.
    pub epoch: u64,
    /// The device's own count in this space, from 1.
    #[oai(validator(minimum(value = "1")))]
    pub dev_seq: u64,
    /// The open part of an action.
    pub open: Option<OpenView>,
    /// Whether it is a tombstone.
    #[oai(default)]
    pub deleted: bool,
    /// The age file.
    pub body: Text<Vec<u8>>,
}

/// What the server may know about an action.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Open")]
pub struct OpenView {
    /// `action`.
    #[oai(rename = "type", validator(pattern = "^action$"))]
    pub what: String,
    /// The day it is due.
    pub due_on: Option<Text<Date>>,
    /// Whether it is done.
    pub done: bool,
}

/// A sealed revision as the server has it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecordHead")]
pub struct RecordHeadView {
    /// Its place among the changes of the space.
    pub seq: u64,
    /// Which record.
    pub record: Text<RecordId>,
    /// Which revision.
    pub rev: u64,
    /// SHA-256 of the revision before it.
    pub prev: Option<Text<[u8; 32]>>,
    /// SHA-256 of its body.
    pub hash: Text<[u8; 32]>,
    /// The epoch that it is sealed under.
    pub epoch: u64,
    /// Who wrote it.
    pub author: Text<PersonId>,
    /// With which device.
    pub device: Text<DeviceId>,
    /// The device's own count.
    pub dev_seq: u64,
    /// When it came.
    pub at: Text<Timestamp>,
    /// Size of its body in bytes.
    pub size: u64,
    /// The open part of an action.
    pub open: Option<OpenView>,
    /// Whether it is a tombstone.
    pub deleted: bool,
    /// The age file, up to 16 KiB, in lists of changes.
    pub body: Option<Text<Vec<u8>>>,
}

/// Changes of a space.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Changes")]
pub struct ChangesView {
    /// Oldest first.
    pub changes: Vec<RecordHeadView>,
    /// Sequence number of the space's last change.
    pub head: u64,
    /// Whether there are more after these.
    pub more: bool,
}

/// What a device brings back after a restore.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Reoffer")]
pub struct ReofferView {
    /// Roster entries, in order.
    #[oai(default)]
    pub entries: Vec<String>,
    /// Grants.
    #[oai(default)]
    pub grants: Vec<GrantMadeView>,
    /// Revisions, each record's in order.
    #[oai(default)]
    pub records: Vec<RecordOfferedView>,
}

/// A revision that is brought back.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecordOffered")]
pub struct RecordOfferedView {
    /// The revision.
    #[oai(flatten)]
    pub write: RecordWriteView,
    /// Who wrote it.
    pub author: Text<PersonId>,
    /// With which device.
    pub device: Text<DeviceId>,
    /// When it first came.
    pub at: Text<Timestamp>,
}

/// How much of a re-offer was new.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Retaken")]
pub struct RetakenView {
    /// Roster entries.
    pub entries: u64,
    /// Grants.
    pub grants: u64,
    /// Revisions.
    pub records: u64,
    /// Leaves of the directory.
    pub leaves: u64,
}

impl From<RecordWriteView> for RecordWrite {
    fn from(view: RecordWriteView) -> Self {
        Self {
            record: view.record.0,
            rev: view.rev,
            prev: view.prev.map(|prev| prev.0),
            epoch: view.epoch,
            device_seq: view.dev_seq,
            open: view.open.map(|open| OpenAction { due_on: open.due_on.map(|due| due.0), done: open.done }),
            deleted: view.deleted,
            body: view.body.0,
        }
    }
}

impl From<Change> for RecordHeadView {
    fn from(change: Change) -> Self {
        ChangeSeen { change, body: None }.into()
    }
}

impl From<ChangeSeen> for RecordHeadView {
    fn from(ChangeSeen { change, body }: ChangeSeen) -> Self {
        Self {
            seq: change.seq,
            record: Text(change.record),
            rev: change.rev,
            prev: change.prev.map(Text),
            hash: Text(change.hash),
            epoch: change.epoch,
            author: Text(change.author),
            device: Text(change.device),
            dev_seq: change.device_seq,
            at: Text(change.at),
            size: change.size_bytes,
            open: change.open.map(Into::into),
            deleted: change.deleted,
            body: body.map(Text),
        }
    }
}

impl From<OpenAction> for OpenView {
    fn from(open: OpenAction) -> Self {
        Self { what: "action".to_owned(), due_on: open.due_on.map(Text), done: open.done }
    }
}

impl From<ChangesRead> for ChangesView {
    fn from(read: ChangesRead) -> Self {
        Self { changes: read.changes.into_iter().map(Into::into).collect(), head: read.head, more: read.more }
    }
}

impl From<ReofferView> for Reoffer {
    fn from(view: ReofferView) -> Self {
        Self {
            entries: view.entries,
            grants: view.grants.into_iter().map(Into::into).collect(),
            records: view.records.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<RecordOfferedView> for RecordOffered {
    fn from(view: RecordOfferedView) -> Self {
        Self { write: view.write.into(), author: view.author.0, device: view.device.0, at: view.at.0 }
    }
}

impl From<Retaken> for RetakenView {
    fn from(taken: Retaken) -> Self {
        Self { entries: taken.entries, grants: taken.grants, records: taken.records, leaves: taken.leaves }
    }
}

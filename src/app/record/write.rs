//! Taking a sealed revision. The server checks what it can see: that it follows the record's last revision, that its
//! epoch is the current one, that it is an age file of a fitting size. The same bytes again are the same revision.

use super::counts::count;
use super::{Error, Refusal};
use crate::app::App;
use crate::app::guard::guard_work;
use crate::app::idempotency::Once;
use crate::app::space::{cursor_of, space_of};
use crate::crypto::sign::sha256;
use crate::domain::audit::{Doer, Event};
use crate::domain::id::{DeviceId, PersonId, RecordId, SpaceId};
use crate::domain::record::{BODY_BYTES_MAX, Change, OpenAction, follows};
use crate::domain::space::Space;
use crate::domain::text::b64u;
use crate::policy::{Actor, Permit, Right};
use crate::store::rows::record::{RecordBody, RecordHead};
use crate::store::{Notice, Reads, WriteTx};
use jiff::Timestamp;

/// A revision as a device writes it.
#[derive(Clone, Debug)]
pub struct RecordWrite {
    /// Which record.
    pub record: RecordId,
    /// Which revision.
    pub rev: u64,
    /// Hash of the revision before it.
    pub prev: Option<[u8; 32]>,
    /// The epoch that it is sealed under.
    pub epoch: u64,
    /// The device's own count in this space.
    pub device_seq: u64,
    /// The open part of an action.
    pub open: Option<OpenAction>,
    /// Whether it is a tombstone.
    pub deleted: bool,
    /// The age file.
    pub body: Vec<u8>,
}

/// Who wrote a revision, and when it came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) struct Origin {
    /// Who.
    pub author: PersonId,
    /// With which device.
    pub device: DeviceId,
    /// When.
    pub at: Timestamp,
}

impl App {
    /// Takes a revision into a space.
    ///
    /// # Errors
    /// `head-moved`, `epoch-closed`, `space-closed`, `record-refused`; or the actor is no member.
    pub fn write_record(
        &self,
        actor: &Actor,
        once: Option<&Once>,
        space: SpaceId,
        write: &RecordWrite,
    ) -> Result<Change, Error> {
        self.write_once(actor, Right::WriteRecords, once, |tx, permit| {
            let Doer::Person { person, device: Some(device) } = permit.doer() else { return Err(Error::NotFound) };
            let row = space_of(tx, space, person, tx.now())?;
            guard_work(tx, person)?;
            let hash = check_body(&write.body)?;
            if let Some(held) = held(tx, space, write, &hash)? {
                tx.audit(permit, Event::new("record.repeated").with("space", space).with("record", held.record))?;
                return Ok(held);
            }
            check_epoch(&row, write.epoch)?;
            let head = head(tx, space, write.record)?;
            if !follows(head.as_ref(), write.rev, write.prev.as_ref()) {
                return Err(moved(head.as_ref()));
            }
            let change = take(tx, permit, space, write, hash, Origin { author: person, device, at: tx.now() })?;
            tx.audit(permit, event(&change))?;
            Ok(change)
        })
    }
}

fn event(change: &Change) -> Event {
    let code = if change.deleted { "record.deleted" } else { "record.written" };
    Event::new(code)
        .with("space", change.space)
        .with("record", change.record)
        .with("rev", change.rev)
        .with("hash", b64u(&change.hash))
}

/// Stores a checked revision as the next change of its space.
pub(in crate::app) fn take(
    tx: &mut WriteTx,
    permit: &Permit,
    space: SpaceId,
    write: &RecordWrite,
    hash: [u8; 32],
    origin: Origin,
) -> Result<Change, Error> {
    let mut cursor = cursor_of(tx, space)?;
    cursor.changes += 1;
    let seq = cursor.changes;
    let change = Change {
        space,
        seq,
        record: write.record,
        rev: write.rev,
        prev: write.prev,
        hash,
        epoch: write.epoch,
        author: origin.author,
        device: origin.device,
        device_seq: write.device_seq,
        at: origin.at,
        size_bytes: write.body.len() as u64,
        open: write.open,
        deleted: write.deleted,
    };
    tx.put(&cursor, permit)?;
    tx.put(&change, permit)?;
    count(tx, permit, &change)?;
    tx.put(&RecordHead { space, record: write.record, seq }, permit)?;
    tx.put(&RecordBody { space, record: write.record, rev: write.rev, seq, bytes: write.body.clone() }, permit)?;
    tx.notify(Notice::Record { space, seq });
    Ok(change)
}

/// The hash of a body that has the size and beginning of an age file.
pub(in crate::app) fn check_body(body: &[u8]) -> Result<[u8; 32], Error> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Refusal::new("too-large", "a record has at most 4 MiB; send larger things as files").into());
    }
    if !body.starts_with(b"age-encryption.org/v1\n") {
        return Err(Refusal::new("record-refused", "a record is an age file").into());
    }
    Ok(sha256(body))
}

/// The revision that this write would make, if the very same bytes were taken before.
pub(in crate::app) fn held(
    tx: &impl Reads,
    space: SpaceId,
    write: &RecordWrite,
    hash: &[u8; 32],
) -> Result<Option<Change>, Error> {
    let Some(body) = tx.find::<RecordBody>(&(space, write.record, write.rev))? else { return Ok(None) };
    let change: Option<Change> = tx.find(&(space, body.seq))?;
    Ok(change.filter(|change| change.hash == *hash && change.prev == write.prev && change.epoch == write.epoch))
}

/// The last revision of a record.
pub(in crate::app) fn head(tx: &impl Reads, space: SpaceId, record: RecordId) -> Result<Option<Change>, Error> {
    let Some(head) = tx.find::<RecordHead>(&(space, record))? else { return Ok(None) };
    Ok(tx.find(&(space, head.seq))?)
}

fn check_epoch(space: &Space, epoch: u64) -> Result<(), Error> {
    let roster = &space.roster;
    if roster.closed {
        return Err(Refusal::new("space-closed", "this space is closed; nothing more is written here").into());
    }
    if roster.rotation_pending {
        let refusal = Refusal::new("epoch-closed", "a member left; begin a new epoch, then seal this anew");
        return Err(refusal.with("epoch", roster.epoch()).with("rotation_pending", true).into());
    }
    if epoch != roster.epoch() {
        let refusal = Refusal::new("epoch-closed", "this space has another epoch now; seal this anew under it");
        return Err(refusal.with("epoch", roster.epoch()).into());
    }
    Ok(())
}

fn moved(head: Option<&Change>) -> Error {
    let refusal = Refusal::new("head-moved", "this record has another last revision; fetch it and merge");
    match head {
        Some(head) => refusal.with("head", b64u(&head.hash)).with("rev", head.rev).with("seq", head.seq).into(),
        None => refusal.into(),
    }
}

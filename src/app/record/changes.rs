//! Listing the changes of a space, and handing out sealed bodies: small ones in the list, larger ones one by one.

use super::Error;
use crate::app::App;
use crate::app::delivery::Handed;
use crate::app::space::{cursor_of, space_of};
use crate::domain::id::{RecordId, SpaceId};
use crate::domain::record::{Change, INLINE_BYTES_MAX};
use crate::policy::{Actor, Right};
use crate::store::Reads;
use crate::store::rows::record::RecordBody;

/// The most changes of one answer.
const PAGE_MAX: usize = 500;
/// The most body bytes of one answer, so that a page fits into memory and a phone's patience.
const PAGE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A change with its body, if that is small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSeen {
    /// The change.
    pub change: Change,
    /// The age file, up to 16 KiB.
    pub body: Option<Vec<u8>>,
}

/// Changes of a space after some cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangesRead {
    /// The changes, oldest first.
    pub changes: Vec<ChangeSeen>,
    /// Sequence number of the space's last change.
    pub head: u64,
    /// Whether there are more after these.
    pub more: bool,
}

impl App {
    /// The changes of a space after `since`.
    ///
    /// # Errors
    /// The actor is no member.
    pub fn changes(&self, actor: &Actor, space: SpaceId, since: u64, limit: usize) -> Result<ChangesRead, Error> {
        let permit = actor.may(Right::ReadSpaces)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let read = self.read(|tx| {
            space_of(tx, space, person, now)?;
            page(tx, space, since, limit.clamp(1, PAGE_MAX))
        })?;
        let bodies = || read.changes.iter().filter_map(|seen| seen.body.as_ref());
        let bytes = bodies().map(|body| body.len() as u64).sum();
        self.hand_over(&permit, space, Handed { bodies: bodies().count() as u64, bytes })?;
        Ok(read)
    }

    /// The sealed body of one revision, with its change.
    ///
    /// # Errors
    /// There is none, or the actor is no member.
    pub fn record_body(
        &self,
        actor: &Actor,
        space: SpaceId,
        record: RecordId,
        rev: u64,
    ) -> Result<(Change, Vec<u8>), Error> {
        let permit = actor.may(Right::ReadSpaces)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let (change, bytes) = self.read(|tx| {
            space_of(tx, space, person, now)?;
            let body: RecordBody = tx.find(&(space, record, rev))?.ok_or(Error::NotFound)?;
            let change: Change = tx.find(&(space, body.seq))?.ok_or(Error::NotFound)?;
            Ok((change, body.bytes))
        })?;
        self.hand_over(&permit, space, Handed { bodies: 1, bytes: bytes.len() as u64 })?;
        Ok((change, bytes))
    }
}

fn page(tx: &impl Reads, space: SpaceId, since: u64, limit: usize) -> Result<ChangesRead, Error> {
    let head = cursor_of(tx, space)?.changes;
    let found: Vec<Change> = tx.scan_after(&space, &since, limit)?;
    let mut changes = Vec::with_capacity(found.len());
    let mut bytes = 0;
    for change in found {
        let body = inline(tx, &change)?;
        bytes += body.as_ref().map_or(0, Vec::len);
        changes.push(ChangeSeen { change, body });
        if bytes >= PAGE_BYTES_MAX {
            break;
        }
    }
    let last = changes.last().map_or(since, |seen| seen.change.seq);
    Ok(ChangesRead { more: last < head, changes, head })
}

fn inline(tx: &impl Reads, change: &Change) -> Result<Option<Vec<u8>>, Error> {
    if change.size_bytes > INLINE_BYTES_MAX as u64 {
        return Ok(None);
    }
    let body: Option<RecordBody> = tx.find(&(change.space, change.record, change.rev))?;
    Ok(body.map(|body| body.bytes))
}

//! Removing what only one person could ever open: records, grants and files of their spaces without other members. The
//! emptied spaces stay by name, because clients and rosters name them.

use crate::app::Error;
use crate::app::space::cursor_of;
use crate::domain::audit::Event;
use crate::domain::file::{File, Upload};
use crate::domain::id::{PersonId, SpaceId};
use crate::domain::record::{Change, EpochCounts};
use crate::domain::space::{Grant, Membership, Space, SpaceCursor, SpaceKind};
use crate::policy::Permit;
use crate::store::rows::record::{RecordBody, RecordHead};
use crate::store::{Reads as _, Row, WriteTx};

/// Empties the spaces that are this person's alone; gives the keys of the files whose bytes go with them.
pub(super) fn erase_own(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<Vec<[u8; 32]>, Error> {
    let mut files = Vec::new();
    for membership in tx.scan::<Membership>(&person)? {
        let Some(space) = tx.find::<Space>(&membership.space)? else { continue };
        let alone = space.roster.members.iter().all(|member| member.person == person);
        if alone && space.roster.kind != SpaceKind::Shared {
            files.extend(empty(tx, permit, space.roster.space)?);
        }
    }
    Ok(files)
}

fn empty(tx: &mut WriteTx, permit: &Permit, space: SpaceId) -> Result<Vec<[u8; 32]>, Error> {
    let records = all::<Change>(tx, permit, space)?;
    all::<RecordHead>(tx, permit, space)?;
    all::<RecordBody>(tx, permit, space)?;
    all::<EpochCounts>(tx, permit, space)?;
    all::<Grant>(tx, permit, space)?;
    let SpaceCursor { grants, .. } = cursor_of(tx, space)?;
    tx.put(&SpaceCursor { space, changes: 0, grants }, permit)?;
    let files: Vec<File> = tx.scan(&())?;
    let mut keys = Vec::new();
    for file in files.into_iter().filter(|file| file.space == space) {
        tx.remove::<Upload>(&(file.by, file.id), permit)?;
        tx.remove::<File>(&file.id, permit)?;
        keys.push(file.key);
    }
    let event = Event::new("space.emptied").with("space", space).with("records", records);
    tx.audit(permit, event.with("files", keys.len()))?;
    Ok(keys)
}

/// Removes all rows of a space from one table.
fn all<R: Row>(tx: &mut WriteTx, permit: &Permit, space: SpaceId) -> Result<usize, Error> {
    let rows: Vec<R> = tx.scan(&space)?;
    for row in &rows {
        tx.remove::<R>(&row.key(), permit)?;
    }
    Ok(rows.len())
}

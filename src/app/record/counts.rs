//! The highest count of each device in an epoch, kept with every record that is taken, so that nobody has to read all
//! changes of a space to know it.

use super::Error;
use crate::domain::id::SpaceId;
use crate::domain::record::{Change, EpochCounts};
use crate::policy::Permit;
use crate::store::{Reads, WriteTx};

/// The counts of an epoch. In a database from before they were kept, they are counted from the changes; the next record
/// of that epoch keeps them.
pub(in crate::app) fn counts_of(tx: &impl Reads, space: SpaceId, epoch: u64) -> Result<EpochCounts, Error> {
    if let Some(kept) = tx.find(&(space, epoch))? {
        return Ok(kept);
    }
    let mut counts = EpochCounts::none(space, epoch);
    tx.scan::<Change>(&space)?.iter().filter(|change| change.epoch == epoch).for_each(|change| counts.note(change));
    Ok(counts)
}

/// An epoch begins, without records.
pub(in crate::app) fn begin_counts(tx: &mut WriteTx, permit: &Permit, space: SpaceId, epoch: u64) -> Result<(), Error> {
    match tx.find::<EpochCounts>(&(space, epoch))? {
        Some(_) => Ok(()),
        None => Ok(tx.put(&EpochCounts::none(space, epoch), permit)?),
    }
}

/// A record was taken.
pub(super) fn count(tx: &mut WriteTx, permit: &Permit, change: &Change) -> Result<(), Error> {
    let mut counts = counts_of(tx, change.space, change.epoch)?;
    counts.note(change);
    Ok(tx.put(&counts, permit)?)
}

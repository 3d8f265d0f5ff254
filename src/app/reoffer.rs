//! Re-offers after a restore: devices bring back what the restored server lost. Everything is taken idempotently and
//! counted; nothing that the server has is replaced, and neither rosters nor the directory move back. Authors of records
//! come with them as the device says, since only members' devices can check the signatures inside. Hence the limits: some
//! days after the owner's signature, and only epochs from before it.

use super::idempotency::{Answer, Once};
use super::record::{Origin, RecordWrite, check_body, head, held, take};
use super::restore::guard_writable;
use super::space::{GrantMade, append_entries, hash_of, lines, space_of, take_grants};
use super::{App, Error, Refusal, directory};
use crate::domain::audit::Event;
use crate::domain::directory::Leaf;
use crate::domain::id::{DeviceId, PersonId, SpaceId};
use crate::domain::practice::REOFFER_DAYS;
use crate::domain::record::follows;
use crate::domain::roster::RosterRefused;
use crate::domain::space::Space;
use crate::policy::{Actor, Permit, Right};
use crate::store::rows::restore::{RestoreSigned, RestoredSpace};
use crate::store::{Reads, WriteTx};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// What a device brings back.
#[derive(Clone, Debug, Default)]
pub struct Reoffer {
    /// Roster entries, in order; those that the server has are passed over.
    pub entries: Vec<String>,
    /// Grants, of whoever made them.
    pub grants: Vec<GrantMade>,
    /// Revisions with their origin, each record's in order.
    pub records: Vec<RecordOffered>,
}

/// A revision that is brought back.
#[derive(Clone, Debug)]
pub struct RecordOffered {
    /// The revision.
    pub write: RecordWrite,
    /// Who wrote it.
    pub author: PersonId,
    /// With which device.
    pub device: DeviceId,
    /// When it first came to the server.
    pub at: Timestamp,
}

/// How much of a re-offer was new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retaken {
    /// Roster entries.
    pub entries: u64,
    /// Grants.
    pub grants: u64,
    /// Revisions.
    pub records: u64,
    /// Leaves of the directory.
    pub leaves: u64,
}

impl Answer for Retaken {
    fn to_bytes(&self) -> Vec<u8> {
        [self.entries, self.grants, self.records, self.leaves].iter().flat_map(|count| count.to_be_bytes()).collect()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let count = |n: usize| Some(u64::from_be_bytes(bytes.get(8 * n..8 * n + 8)?.try_into().ok()?));
        (bytes.len() == 32).then_some(Self {
            entries: count(0)?,
            grants: count(1)?,
            records: count(2)?,
            leaves: count(3)?,
        })
    }
}

impl App {
    /// Takes back what the restored server lost.
    ///
    /// # Errors
    /// `reoffer-refused` when no restore was signed for, `reoffer-closed` when that is too long ago; `roster-refused` for a chain that forks from the server's.
    pub fn reoffer(
        &self,
        actor: &Actor,
        once: Option<&Once>,
        space: SpaceId,
        offer: &Reoffer,
    ) -> Result<Retaken, Error> {
        self.write_once(actor, Right::WriteRecords, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            if !offer.entries.is_empty() || !offer.grants.is_empty() {
                // A locked session brings records back, and changes nothing about who belongs.
                actor.may(Right::ChangeRosters)?;
            }
            let mut row = space_of(tx, space, by, tx.now())?;
            guard_reoffers(tx)?;
            let entries = retake_entries(tx, permit, &mut row, &offer.entries)?;
            let grants = take_grants(tx, permit, &row, &offer.grants, by)?;
            let records = retake_records(tx, permit, &row, &offer.records)?;
            let taken = Retaken { entries, grants, records, leaves: 0 };
            let event = Event::new("space.reoffered").with("space", space);
            tx.audit(permit, event.with("entries", entries).with("grants", grants).with("records", records))?;
            Ok(taken)
        })
    }
}

impl App {
    /// Takes back leaves that the restored directory lost, in order, so that it has the heads again that records name.
    /// Only an owner brings them: another could bring a leaf under somebody's tag that nobody ever made.
    ///
    /// # Errors
    /// As [`App::reoffer`]; the actor is no owner.
    pub fn reoffer_leaves(&self, actor: &Actor, leaves: &[([u8; 16], [u8; 32])]) -> Result<Retaken, Error> {
        let permit = actor.may(Right::SignRestore)?;
        self.write(|tx| {
            guard_reoffers(tx)?;
            let all: Vec<Leaf> = tx.scan(&())?;
            let mut held: HashSet<_> = all.iter().map(|leaf| (leaf.tag, leaf.hash)).collect();
            let mut taken = 0;
            for &(tag, hash) in leaves {
                if held.insert((tag, hash)) {
                    directory::continue_by(tx, &permit, tag, hash)?;
                    taken += 1;
                }
            }
            tx.audit(&permit, Event::new("directory.reoffered").with("leaves", taken))?;
            Ok(Retaken { leaves: taken, ..Retaken::default() })
        })
    }
}

/// Refuses unless an owner has signed for a restore, not too long ago.
fn guard_reoffers(tx: &WriteTx) -> Result<(), Error> {
    guard_writable(tx)?;
    let Some(signed) = tx.last::<RestoreSigned>(&())? else {
        return Err(Refusal::new("reoffer-refused", "only a restored server takes things back").into());
    };
    if tx.now() > signed.at + SignedDuration::from_hours(24 * REOFFER_DAYS) {
        let why =
            format!("the owner signed for the restore more than {REOFFER_DAYS} days ago; nothing more is taken back");
        return Err(Refusal::new("reoffer-closed", why).into());
    }
    Ok(())
}

/// The last epoch of a space that may be brought back.
fn restored_epoch(tx: &impl Reads, space: SpaceId) -> Result<u64, Error> {
    Ok(tx.find::<RestoredSpace>(&space)?.map_or(1, |restored| restored.epoch))
}

/// Continues the chain by those entries that the server does not have.
fn retake_entries(tx: &mut WriteTx, permit: &Permit, space: &mut Space, texts: &[String]) -> Result<u64, Error> {
    let known: Vec<[u8; 32]> = lines(tx, space.roster.space, 0)?.iter().map(|line| hash_of(&line.text)).collect();
    let new: Vec<String> = texts.iter().filter(|text| !known.contains(&hash_of(text))).cloned().collect();
    if new.is_empty() {
        return Ok(0);
    }
    append_entries(tx, permit, space, &new, None)?;
    // They follow what was restored, so the epochs that they begin are from before as well.
    tx.put(&RestoredSpace { space: space.roster.space, epoch: space.roster.epoch() }, permit)?;
    Ok(new.len() as u64)
}

/// Takes revisions that follow what the server has; others are left where they are, and the count tells.
fn retake_records(tx: &mut WriteTx, permit: &Permit, space: &Space, offered: &[RecordOffered]) -> Result<u64, Error> {
    let id = space.roster.space;
    let last_epoch = restored_epoch(tx, id)?;
    let mut taken = 0;
    for RecordOffered { write, author, device, at } in offered {
        let hash = check_body(&write.body)?;
        if held(tx, id, write, &hash)?.is_some() {
            continue;
        }
        if write.epoch == 0 || write.epoch > last_epoch {
            return Err(RosterRefused::EpochUnfit.into());
        }
        let head = head(tx, id, write.record)?;
        if !follows(head.as_ref(), write.rev, write.prev.as_ref()) {
            continue;
        }
        // The future is not a time when something came.
        let at = tx.now().min(*at);
        take(tx, permit, id, write, hash, Origin { author: *author, device: *device, at })?;
        taken += 1;
    }
    Ok(taken)
}

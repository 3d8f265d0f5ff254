//! Re-offers after a restore: devices bring back what the restored server lost. Everything is taken idempotently and
//! counted; nothing that the server has is replaced, and rosters never move back. Authors of records come with them as
//! the device says, since only members' devices can check the signatures inside.

use super::idempotency::{Answer, Once};
use super::record::{Origin, RecordWrite, check_body, head, held, take};
use super::restore::guard_writable;
use super::space::{GrantMade, append_entries, hash_of, lines, space_of, take_grants};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::id::{DeviceId, PersonId, SpaceId};
use crate::domain::record::follows;
use crate::domain::roster::RosterRefused;
use crate::domain::space::Space;
use crate::policy::{Actor, Permit, Right};
use crate::store::rows::restore::RestoreSigned;
use crate::store::{Reads, WriteTx};
use jiff::Timestamp;

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
}

impl Answer for Retaken {
    fn to_bytes(&self) -> Vec<u8> {
        [self.entries, self.grants, self.records].iter().flat_map(|count| count.to_be_bytes()).collect()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let count = |n: usize| Some(u64::from_be_bytes(bytes.get(8 * n..8 * n + 8)?.try_into().ok()?));
        (bytes.len() == 24).then_some(Self { entries: count(0)?, grants: count(1)?, records: count(2)? })
    }
}

impl App {
    /// Takes back what the restored server lost.
    ///
    /// # Errors
    /// `reoffer-refused` when no restore was signed for; `roster-refused` for a chain that forks from the server's.
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
            let mut row = space_of(tx, space, by)?;
            guard_writable(tx)?;
            if tx.last::<RestoreSigned>(&())?.is_none() {
                return Err(Refusal::new("reoffer-refused", "only a restored server takes things back").into());
            }
            let entries = retake_entries(tx, permit, &mut row, &offer.entries)?;
            let grants = take_grants(tx, permit, &row, &offer.grants, by)?;
            let records = retake_records(tx, permit, &row, &offer.records)?;
            let taken = Retaken { entries, grants, records };
            let event = Event::new("space.reoffered").with("space", space);
            tx.audit(permit, event.with("entries", entries).with("grants", grants).with("records", records))?;
            Ok(taken)
        })
    }
}

/// Continues the chain by those entries that the server does not have.
fn retake_entries(tx: &mut WriteTx, permit: &Permit, space: &mut Space, texts: &[String]) -> Result<u64, Error> {
    let known: Vec<[u8; 32]> = lines(tx, space.roster.space, 0)?.iter().map(|line| hash_of(&line.text)).collect();
    let new: Vec<String> = texts.iter().filter(|text| !known.contains(&hash_of(text))).cloned().collect();
    if new.is_empty() {
        return Ok(0);
    }
    append_entries(tx, permit, space, &new, None)?;
    Ok(new.len() as u64)
}

/// Takes revisions that follow what the server has; others are left where they are, and the count tells.
fn retake_records(tx: &mut WriteTx, permit: &Permit, space: &Space, offered: &[RecordOffered]) -> Result<u64, Error> {
    let id = space.roster.space;
    let mut taken = 0;
    for RecordOffered { write, author, device, at } in offered {
        let hash = check_body(&write.body)?;
        if write.epoch == 0 || write.epoch > space.roster.epoch() {
            return Err(RosterRefused::EpochUnfit.into());
        }
        let head = head(tx, id, write.record)?;
        if held(tx, id, write, &hash)?.is_some() || !follows(head.as_ref(), write.rev, write.prev.as_ref()) {
            continue;
        }
        // The future is not a time when something came.
        let at = tx.now().min(*at);
        take(tx, permit, id, write, hash, Origin { author: *author, device: *device, at })?;
        taken += 1;
    }
    Ok(taken)
}

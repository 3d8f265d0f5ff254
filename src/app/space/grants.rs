//! Grants: epoch secrets sealed to one member. The server sees for whom and up to which epoch, never what is inside.

use super::{Error, Refusal, space_of};
use crate::app::App;
use crate::app::delivery::Handed;
use crate::app::idempotency::Once;
use crate::app::restore::guard_writable;
use crate::domain::audit::Event;
use crate::domain::id::{PersonId, SpaceId};
use crate::domain::space::{Grant, Space};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads, WriteTx};

use super::GrantMade;

/// The most bytes of one grant; 1,000 epochs are about 64 KiB.
const GRANT_BYTES_MAX: usize = 256 * 1024;
/// The most grants of one request.
const GRANTS_MAX: usize = 1024;
/// What every age file begins with.
const AGE_MAGIC: &[u8] = b"age-encryption.org/v1\n";

impl App {
    /// The grants to the actor in this space, oldest first.
    ///
    /// # Errors
    /// They are no member, or may not read.
    pub fn grants(&self, actor: &Actor, space: SpaceId) -> Result<Vec<Grant>, Error> {
        let permit = actor.may(Right::ReadSpaces)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        let grants: Vec<Grant> = self.read(|tx| {
            space_of(tx, space, person, now)?;
            Ok(tx.scan(&(space, person))?)
        })?;
        let bytes = grants.iter().map(|grant| grant.body.len() as u64).sum();
        self.hand_over(&permit, space, Handed { bodies: grants.len() as u64, bytes })?;
        Ok(grants)
    }

    /// Takes grants from one member to others: history for someone who joined.
    ///
    /// # Errors
    /// The actor or a receiver is no member, or a grant is no age file or ahead of the space's epoch.
    pub fn grant(&self, actor: &Actor, once: Option<&Once>, space: SpaceId, made: &[GrantMade]) -> Result<(), Error> {
        self.write_once(actor, Right::ChangeRosters, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            let row = space_of(tx, space, by, tx.now())?;
            guard_writable(tx)?;
            let taken = take_grants(tx, permit, &row, made, by)?;
            let event = Event::new("space.granted").with("space", space).with("grants", taken);
            let mut to: Vec<_> = made.iter().map(|grant| grant.to).collect();
            to.sort_unstable();
            to.dedup();
            tx.audit(permit, to.into_iter().fold(event, Event::about))?;
            Ok(())
        })
    }
}

/// Takes grants into a space whose row has the members after this request; says how many were new.
pub(in crate::app) fn take_grants(
    tx: &mut WriteTx,
    permit: &Permit,
    space: &Space,
    made: &[GrantMade],
    by: PersonId,
) -> Result<u64, Error> {
    let id = space.roster.space;
    let mut cursor = super::cursor_of(tx, id)?;
    let before = cursor.grants;
    check(space, made)?;
    for grant in made {
        let held: Vec<Grant> = tx.scan(&(id, grant.to))?;
        if held.iter().any(|held| held.body == grant.body) {
            continue;
        }
        cursor.grants += 1;
        let GrantMade { to, epoch, body } = grant.clone();
        tx.put(&Grant { space: id, to, n: cursor.grants, epoch, by, at: tx.now(), body }, permit)?;
        crate::app::changes::account_change(tx, permit, to, crate::domain::change::ChangeKind::Space, &id)?;
    }
    tx.put(&cursor, permit)?;
    Ok(cursor.grants - before)
}

fn check(space: &Space, made: &[GrantMade]) -> Result<(), Error> {
    if made.len() > GRANTS_MAX {
        return Err(Refusal::new("grant-refused", "a request carries at most 1,024 grants").into());
    }
    for grant in made {
        if space.roster.member(grant.to).is_none() {
            return Err(Refusal::new("grant-refused", "a grant goes to someone who is not a member").into());
        }
        if grant.epoch == 0 || grant.epoch > space.roster.epoch() {
            return Err(Refusal::new("grant-refused", "a grant is for an epoch that this space does not have").into());
        }
        if grant.body.len() > GRANT_BYTES_MAX || !grant.body.starts_with(AGE_MAGIC) {
            return Err(Refusal::new("grant-refused", "a grant is not an age file of the expected size").into());
        }
    }
    Ok(())
}

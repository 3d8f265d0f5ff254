//! Second factors: set up, listed, removed. Each change takes a fresh proof, is told to the person, ends their other
//! sessions, and makes the session that it was made in a strong one.
//!
//! Must not: log a secret or a code.

mod check;
mod keys;
mod recovery;
mod totp;

pub use check::Given;
pub(super) use check::{Checked, check};
pub use keys::NewKey;
pub use totp::{Begun, TotpBegun};

use super::changes::security_change;
use super::roles::rights_of;
use super::session::{Asker, end_others};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::factor::{Factors, RecoveryCode, RecoveryCodes, SecurityKey, Totp};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::role::Role;
use crate::domain::security_policy::{SecondFactor, SecurityPolicy};
use crate::domain::session::{Session, Strength};
use crate::policy::{Permit, Right};
use crate::store::{Reads, WriteTx};

impl App {
    /// The asker's second factors.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn factors(&self, asker: &Asker) -> Result<Factors, Error> {
        let permit = asker.actor.may(Right::OwnAccount)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        self.read(|tx| factors_of(tx, person))
    }
}

/// Whose factors the asker may change now: their own, soon after a proof.
fn may_change(asker: &Asker) -> Result<(Permit, PersonId), Error> {
    let permit = asker.actor.may(Right::ChangeSignIn)?;
    let person = permit.person().ok_or(Error::NotFound)?;
    Ok((permit, person))
}

/// The second factors of a person.
///
/// # Errors
/// The store's trouble.
pub(super) fn factors_of(tx: &impl Reads, person: PersonId) -> Result<Factors, Error> {
    Ok(Factors { totp: tx.find(&person)?, keys: tx.scan(&person)?, recovery: tx.find(&person)? })
}

/// Whether somebody of this role has to prove two things: whoever may change who is in the practice, or everybody.
///
/// # Errors
/// The store's trouble.
pub(super) fn is_asked_for(tx: &impl Reads, role: Role) -> Result<bool, Error> {
    let policy = tx.find::<SecurityPolicy>(&())?.unwrap_or_default();
    let rights = rights_of(tx, role)?;
    let has_power = [Right::ManagePeople, Right::ManageRoles, Right::SetPolicy].iter().any(|right| rights.has(*right));
    Ok(has_power || policy.second_factor == SecondFactor::Everybody)
}

/// Whether a session of this strength waits for a second factor before it may work.
///
/// # Errors
/// The store's trouble.
pub(super) fn is_missing(tx: &impl Reads, person: &Person, strength: Strength) -> Result<bool, Error> {
    Ok(strength == Strength::Single && is_asked_for(tx, person.role)?)
}

/// The asker's session proved two things from now on.
///
/// # Errors
/// The store's trouble.
pub(super) fn strengthen(tx: &mut WriteTx, permit: &Permit, asker: &Asker) -> Result<(), Error> {
    let session = asker.session.map(|id| tx.find::<Session>(&id)).transpose()?.flatten();
    if let Some(session) = session.filter(|session| session.strength == Strength::Single) {
        tx.put(&Session { strength: Strength::Strong, ..session }, permit)?;
    }
    Ok(())
}

/// Takes away all second factors of a person, recovery codes with them.
///
/// # Errors
/// The store's trouble.
pub(super) fn take_all(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    tx.remove::<Totp>(&person, permit)?;
    for key in tx.scan::<SecurityKey>(&person)? {
        tx.remove::<SecurityKey>(&(person, key.key), permit)?;
    }
    tx.remove::<RecoveryCodes>(&person, permit)?;
    Ok(())
}

/// What follows from every change of a person's factors.
fn settle(app: &App, tx: &mut WriteTx, permit: &Permit, asker: &Asker, event: Event) -> Result<(), Error> {
    let person = permit.person().ok_or(Error::NotFound)?;
    tx.audit(permit, event.about(person))?;
    end_others(tx, &app.live, permit, person, asker.session, "factors-changed")?;
    security_change(tx, permit, person)
}

/// A factor goes: not the last one of somebody who has to have one, and recovery codes go with the last.
fn leave(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    if factors_of(tx, person)?.any() {
        return Ok(());
    }
    let row: Person = tx.find(&person)?.ok_or(Error::NotFound)?;
    if is_asked_for(tx, row.role)? {
        let detail = "you have to keep a second factor; add another one before you remove this one";
        return Err(Refusal::new("last-factor", detail).into());
    }
    tx.remove::<RecoveryCodes>(&person, permit)?;
    Ok(())
}

/// Codes for somebody who has none; nobody's codes are replaced unasked.
fn first_codes(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<Vec<RecoveryCode>, Error> {
    let left = factors_of(tx, person)?.recovery_left();
    if left > 0 { Ok(Vec::new()) } else { recovery::renew(tx, permit, person) }
}

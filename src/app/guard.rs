//! What has to be true before clients and records may be written: an owner has signed for a restored server, and
//! whoever owns the practice has proved to hold its papers. And what has to be true to come in at all.

use super::restore::guard_writable;
use super::{Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::policy::Permit;
use crate::store::{Reads as _, WriteTx};

/// Refuses while this person may not write clients and records.
pub(super) fn guard_work(tx: &WriteTx, person: PersonId) -> Result<(), Error> {
    guard_writable(tx)?;
    match tx.find::<Person>(&person)? {
        Some(person) if !person.waits_for_kits() => Ok(()),
        Some(_) => Err(Refusal::new("kits-unproved", "type back the last words of your kits first").into()),
        None => Err(Error::NotFound),
    }
}

/// Why somebody who proved who they are may not come in all the same; noted in the audit log.
pub(super) fn closed_to(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<Option<Refusal>, Error> {
    match tx.find::<Person>(&person)? {
        Some(person) if person.is_active() => Ok(None),
        _ => {
            tx.audit(permit, Event::new("sign-in.refused").with("person", person).with("why", "suspended"))?;
            let detail = "your account is suspended: what you proved was right, but somebody has to let you in again";
            Ok(Some(Refusal::new("account-suspended", detail)))
        }
    }
}

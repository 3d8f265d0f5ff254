//! What has to be true before clients and records may be written: an owner has signed for a restored server, and
//! whoever owns the practice has proved to hold its papers.

use super::restore::guard_writable;
use super::{Error, Refusal};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
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

//! The account cursor: what changed for a person, in order, so that each device fetches only what is new.

use super::{App, Error};
use crate::domain::change::{AccountChange, ChangeKind};
use crate::domain::id::PersonId;
use crate::policy::{Actor, Permit, Right};
use crate::store::audit::AuditHead;
use crate::store::{Notice, Reads, WriteTx};

/// Changes in one answer at most.
const PAGE: usize = 500;

/// A page of account changes.
#[derive(Clone, Debug)]
pub struct ChangesPage {
    /// The changes, oldest first.
    pub changes: Vec<AccountChange>,
    /// Where to go on.
    pub cursor: u64,
    /// Whether there are more.
    pub more: bool,
}

impl App {
    /// What changed for the asker since this cursor.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn account_changes(&self, actor: &Actor, since: u64) -> Result<ChangesPage, Error> {
        let permit = actor.may(Right::OwnAccount)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        self.read(|tx| {
            let changes: Vec<AccountChange> = tx.scan_after(&person, &since, PAGE)?;
            let cursor = changes.last().map_or(since, |last| last.cursor);
            Ok(ChangesPage { more: changes.len() == PAGE, changes, cursor })
        })
    }
}

/// Notes a change for a person and tells their devices once it is durable.
///
/// # Errors
/// The store's trouble.
pub fn account_change(
    tx: &mut WriteTx,
    permit: &Permit,
    person: PersonId,
    kind: ChangeKind,
    id: &impl ToString,
) -> Result<(), Error> {
    let change = AccountChange { person, cursor: cursor(tx, person)? + 1, kind, id: id.to_string(), at: tx.now() };
    tx.put(&change, permit)?;
    tx.notify(Notice::Account { person, cursor: change.cursor });
    Ok(())
}

/// Tells a person's devices to look at their newest activity: somebody signed in on a new device, or their role, factors
/// or state changed. Called after the entry about it was written.
///
/// # Errors
/// The store's trouble.
pub fn security_change(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    let entries = tx.find::<AuditHead>(&())?.unwrap_or_default().size;
    account_change(tx, permit, person, ChangeKind::Security, &entries)
}

/// Where a person's account cursor stands.
///
/// # Errors
/// The store's trouble.
pub fn cursor(tx: &impl Reads, person: PersonId) -> Result<u64, Error> {
    Ok(tx.last::<AccountChange>(&person)?.map_or(0, |last| last.cursor))
}

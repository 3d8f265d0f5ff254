//! After a restore: members are read-only until an owner signs for the restored copy, once. Also the anchor, by which
//! devices notice a copy that went back in time.

use super::changes::account_change;
use super::{App, Error, Refusal};
use crate::crypto::statement::{RestoreStatement, StatementError};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::claim::Claim;
use crate::domain::invite::Offer;
use crate::domain::person::Person;
use crate::domain::practice::{Anchor, Installation, LogEnd};
use crate::domain::roster::InviteState;
use crate::domain::session::Session;
use crate::domain::space::Space;
use crate::policy::{Actor, Permit, Right};
use crate::store::audit::{AuditHead, StoredEntry};
use crate::store::rows::answer::FirstAnswer;
use crate::store::rows::restore::{RestoreSigned, RestoredSpace};
use crate::store::{Reads, Row, WriteTx};

impl App {
    /// The anchor at this size of the audit log; at its end without one.
    ///
    /// # Errors
    /// The log is shorter, the session is locked, or the store's trouble.
    pub fn anchor(&self, actor: &Actor, size: Option<u64>) -> Result<Anchor, Error> {
        actor.may(Right::OwnAccount)?;
        self.read(|tx| {
            let now = anchor(tx)?;
            let Some(size) = size else { return Ok(now) };
            Ok(Anchor { end: LogEnd { size, root: root_at(tx, size)? }, ..now })
        })
    }

    /// Accepts an owner's statement that this restored server is the practice, and begins the timeline in it.
    ///
    /// # Errors
    /// `restore-not-pending`, `restore-refused`; the asker is no owner; the store's trouble.
    pub fn sign_restore(&self, actor: &Actor, statement: &str) -> Result<(), Error> {
        let permit = actor.may(Right::SignRestore)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        self.write(|tx| {
            let owner: Person = tx.find(&person)?.ok_or(Error::NotFound)?;
            let mut installation: Installation = tx.find(&())?.ok_or(Error::NotFound)?;
            let signed = RestoreStatement::parse(statement, &owner.sign).map_err(refused)?;
            check(&signed, &owner, &installation)?;
            installation.timeline = signed.timeline;
            installation.restored = None;
            tx.put(&installation, &permit)?;
            let (timeline, at) = (signed.timeline, tx.now());
            tx.put(&RestoreSigned { timeline, statement: statement.to_owned(), at }, &permit)?;
            note_epochs(tx, &permit)?;
            tx.audit(&permit, Event::new("restore.signed").with("timeline", signed.timeline))?;
            tell_everyone(tx, &permit, signed.timeline)
        })
    }
}

impl App {
    /// Makes a filled copy safe to start: what was good for signing in, joining or claiming is void, and members are
    /// read-only until an owner signs.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn begin_restore(&self, actor: &Actor) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        self.write(|tx| {
            let mut installation: Installation = tx.find(&())?.ok_or(Error::NotFound)?;
            installation.restored = Some(anchor(tx)?.end);
            tx.put(&installation, &permit)?;
            let sessions = void::<Session>(tx, &permit)?;
            void::<Claim>(tx, &permit)?;
            void::<FirstAnswer>(tx, &permit)?;
            let invites = revoke_open_invites(tx, &permit)?;
            let event = Event::new("restore.begun").with("timeline", installation.timeline);
            Ok(tx.audit(&permit, event.with("sessions", sessions).with("invites", invites))?)
        })
    }
}

/// Removes every row of a kind; says how many.
fn void<R: Row>(tx: &mut WriteTx, permit: &Permit) -> Result<usize, Error> {
    let rows: Vec<R> = tx.scan(&())?;
    for row in &rows {
        tx.remove::<R>(&row.key(), permit)?;
    }
    Ok(rows.len())
}

/// Notes how far each space has come: only what is not newer is taken back.
fn note_epochs(tx: &mut WriteTx, permit: &Permit) -> Result<(), Error> {
    void::<RestoredSpace>(tx, permit)?;
    for Space { roster, .. } in tx.scan::<Space>(&())? {
        tx.put(&RestoredSpace { space: roster.space, epoch: roster.epoch() }, permit)?;
    }
    Ok(())
}

fn revoke_open_invites(tx: &mut WriteTx, permit: &Permit) -> Result<usize, Error> {
    let mut open: Vec<Offer> = tx.scan(&())?;
    open.retain(|offer| offer.state == InviteState::Open);
    for offer in &mut open {
        offer.state = InviteState::Revoked;
        offer.pending_grant = Vec::new();
        tx.put(offer, permit)?;
    }
    Ok(open.len())
}

/// Refuses to write content while a restore waits for an owner's signature, and onto a full disk.
///
/// # Errors
/// `restore-unsigned`, or the store's trouble.
pub fn guard_writable(tx: &WriteTx) -> Result<(), Error> {
    tx.need_room()?;
    guard_signed(tx)
}

/// Refuses while a restore waits for an owner's signature.
///
/// # Errors
/// `restore-unsigned`, or the store's trouble.
pub fn guard_signed(tx: &impl Reads) -> Result<(), Error> {
    match tx.find::<Installation>(&())? {
        Some(Installation { restored: Some(_), .. }) => Err(Refusal::new(
            "restore-unsigned",
            "this server was restored from a backup; nothing can be written until an owner has signed for it",
        )
        .into()),
        _ => Ok(()),
    }
}

/// The anchor now.
///
/// # Errors
/// The store's trouble.
pub(super) fn anchor(tx: &impl Reads) -> Result<Anchor, Error> {
    let installation: Installation = tx.find(&())?.ok_or(Error::NotFound)?;
    let head: AuditHead = tx.find(&())?.unwrap_or_default();
    let end = LogEnd { size: head.size, root: head.root };
    Ok(Anchor { install: installation.install, timeline: installation.timeline, end })
}

fn root_at(tx: &impl Reads, size: u64) -> Result<[u8; 32], Error> {
    match size {
        0 => Ok([0; 32]),
        size => Ok(tx.find::<StoredEntry>(&size)?.ok_or(Error::NotFound)?.root),
    }
}

fn check(signed: &RestoreStatement, owner: &Person, installation: &Installation) -> Result<(), Error> {
    let Some(restored) = installation.restored else {
        return Err(Refusal::new("restore-not-pending", "no restore waits for a signature here").into());
    };
    let fits = signed.by == owner.person
        && signed.install == installation.install
        && signed.abandoned_timeline == installation.timeline
        && Some(signed.timeline) == installation.timeline.checked_add(1)
        && signed.restored == restored;
    if fits { Ok(()) } else { Err(refusal("the statement is about another restore; fetch the state and sign again")) }
}

fn refused(error: StatementError) -> Error {
    refusal(&error.to_string())
}

fn refusal(detail: &str) -> Error {
    Refusal::new("restore-refused", detail).into()
}

fn tell_everyone(tx: &mut WriteTx, permit: &Permit, timeline: u64) -> Result<(), Error> {
    for person in tx.scan::<Person>(&())? {
        account_change(tx, permit, person.person, ChangeKind::Restore, &timeline)?;
    }
    Ok(())
}

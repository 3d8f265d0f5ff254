//! Growing a roster: compare-and-swap on its head, every entry verified, and what follows from it for access, invites
//! and clients, all in one transaction.

use jiff::{SignedDuration, Timestamp};

use super::{Error, GrantMade, Refusal, space_of, take_grants};
use crate::app::changes::account_change as tell;
use crate::app::idempotency::{Answer, Once};
use crate::app::record::begin_counts;
use crate::app::restore::guard_writable;
use crate::app::{App, client, invite};
use crate::crypto::roster;
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::client::Client;
use crate::domain::id::{InviteId, PersonId, SpaceId};
use crate::domain::invite::Invited;
use crate::domain::person::Person;
use crate::domain::roster::{Entry, Op, RosterRefused};
use crate::domain::space::{Membership, RosterLine, Space};
use crate::domain::text::b64u;
use crate::policy::{Actor, Permit, Right};
use crate::store::{Notice, Reads, WriteTx};

/// How far a device's clock may run ahead of the server's when it leaves out whose place has ended.
const END_SLACK: SignedDuration = SignedDuration::from_hours(1);

/// The most entries of one request.
const ENTRIES_MAX: usize = 1024;

/// A change of a roster as a device makes it: all of it happens, or nothing.
#[derive(Clone, Debug)]
pub struct RosterChange {
    /// The head that the entries build on.
    pub head: [u8; 32],
    /// The signed entries.
    pub entries: Vec<String>,
    /// Grants that belong to them.
    pub grants: Vec<GrantMade>,
    /// What the server keeps for the invite among the entries.
    pub invite: Option<InviteMade>,
}

/// The server's part of a new invite.
#[derive(Clone, Debug)]
pub struct InviteMade {
    /// Its id, as in the entry.
    pub invite: InviteId,
    /// For whom.
    pub to: Invited,
    /// The pending grant.
    pub pending_grant: Vec<u8>,
    /// Until when, as in the entry.
    pub expires_at: Timestamp,
}

/// Where the chain ends now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RosterAppended {
    /// Hash of the last entry.
    pub head: [u8; 32],
    /// How many entries.
    pub size: u64,
}

impl Answer for RosterAppended {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.to_vec();
        bytes.extend(self.size.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, size) = bytes.split_first_chunk()?;
        Some(Self { head: *head, size: u64::from_be_bytes(size.try_into().ok()?) })
    }
}

impl App {
    /// Changes a roster, if its head is still the expected one.
    ///
    /// # Errors
    /// `roster-moved` with the new head, `roster-refused` with the rule, or the actor is no member.
    pub fn change_roster(
        &self,
        actor: &Actor,
        once: Option<&Once>,
        space: SpaceId,
        change: &RosterChange,
    ) -> Result<RosterAppended, Error> {
        self.write_once(actor, Right::ChangeRosters, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            let mut row = space_of(tx, space, by, tx.now())?;
            guard_writable(tx)?;
            check_head(&row, &change.head)?;
            let now = tx.now();
            let entries = append_entries(tx, permit, &mut row, &change.entries, Some(now))?;
            if entries.iter().any(|entry| entry.by != by || matches!(entry.op, Op::Join { .. })) {
                return Err(RosterRefused::NotAllowed.into());
            }
            invite::match_offer(tx, actor, permit, &row, &entries, change.invite.as_ref())?;
            take_grants(tx, permit, &row, &change.grants, by)?;
            if entries.iter().any(|entry| matches!(entry.op, Op::Epoch(_))) {
                check_covered(&row, &change.grants, now)?;
            }
            Ok(RosterAppended { head: row.roster.head, size: row.roster.size })
        })
    }
}

/// Refuses unless the roster still ends where the device thinks.
pub(in crate::app) fn check_head(space: &Space, expected: &[u8; 32]) -> Result<(), Error> {
    if space.roster.head == *expected {
        return Ok(());
    }
    let head = b64u(&space.roster.head);
    let refusal = Refusal::new("roster-moved", format!("somebody changed this space; its head is now {head}"));
    Err(refusal.with("head", head).with("size", space.roster.size).into())
}

/// A new epoch is worth nothing to a member who did not get its secret. Whose place ends about now may be left out: the
/// device's clock decided.
pub(in crate::app) fn check_covered(space: &Space, grants: &[GrantMade], now: Timestamp) -> Result<(), Error> {
    let roster = &space.roster;
    let granted = |to: PersonId| grants.iter().any(|grant| grant.to == to && grant.epoch == roster.epoch());
    if roster.members.iter().all(|member| member.has_ended(now + END_SLACK) || granted(member.person)) {
        return Ok(());
    }
    Err(Refusal::new("grant-refused", "a new epoch comes with a grant for every member").into())
}

/// Continues a roster: verifies, stores and audits each entry, and brings access, invites and feeds in line.
pub(in crate::app) fn append_entries(
    tx: &mut WriteTx,
    permit: &Permit,
    space: &mut Space,
    texts: &[String],
    now: Option<Timestamp>,
) -> Result<Vec<Entry>, Error> {
    if texts.is_empty() || texts.len() > ENTRIES_MAX {
        return Err(RosterRefused::Malformed.into());
    }
    let mut entries = Vec::with_capacity(texts.len());
    for text in texts {
        let n = space.roster.size;
        let entry = roster::append(&mut space.roster, text, now)?;
        tx.put(&RosterLine { space: space.roster.space, n, text: text.clone() }, permit)?;
        settle(tx, permit, space, &entry)?;
        // After a restore an account may be missing that the chain already took in; the chain must go on all the same.
        if let (Op::Add { admission, .. }, Some(_)) = (&entry.op, now) {
            check_keys(tx, admission.person, &admission.key_hash)?;
        }
        entries.push(entry);
    }
    space.roster.check_settled()?;
    tx.put(space, permit)?;
    client::follow_roster(tx, permit, space)?;
    tx.notify(Notice::Roster { space: space.roster.space, size: space.roster.size });
    Ok(entries)
}

/// What one entry means on the server.
fn settle(tx: &mut WriteTx, permit: &Permit, space: &Space, entry: &Entry) -> Result<(), Error> {
    let id = space.roster.space;
    let event = Event::new(code(&entry.op)).with("space", id).with("n", entry.n);
    match &entry.op {
        Op::Join { invite, admission, .. } => {
            admit(tx, permit, space, admission.person)?;
            invite::spend(tx, permit, *invite)?;
            tx.audit(permit, event.about(admission.person).with("invite", invite))?;
        }
        Op::Add { admission, how, until } => {
            admit(tx, permit, space, admission.person)?;
            let event = event.about(admission.person).with("role", &admission.role).with("how", how.word());
            tx.audit(permit, until.map_or(event.clone(), |until| event.with("until", until)))?;
        }
        Op::Remove(person) => {
            tx.remove::<Membership>(&(*person, id), permit)?;
            tx.notify(Notice::Removed { space: id, person: *person });
            tell(tx, permit, *person, ChangeKind::Space, &id)?;
            tell_others(tx, permit, space, *person)?;
            tx.audit(permit, event.about(*person))?;
        }
        Op::Role { person, role } => {
            tell_others(tx, permit, space, *person)?;
            tx.audit(permit, event.about(*person).with("role", role))?;
        }
        Op::Revoke(invite) => {
            invite::revoke(tx, permit, *invite)?;
            tx.audit(permit, event.with("invite", invite))?;
        }
        Op::Invite(invite) => {
            invite::replace_older(tx, permit, space, invite.invite)?;
            // Whoever joined before is invited again, with other keys.
            let client = space.client.map(|client| tx.find::<Client>(&client)).transpose()?.flatten();
            let joined = client.and_then(|client| client.person);
            tx.audit(permit, joined.into_iter().fold(event.with("invite", invite.invite), Event::about))?;
        }
        Op::Epoch(epoch) => {
            begin_counts(tx, permit, id, epoch.n)?;
            tx.audit(permit, event.with("epoch", epoch.n))?;
        }
        Op::Close => tx.audit(permit, event)?,
    }
    Ok(())
}

const fn code(op: &Op) -> &'static str {
    match op {
        Op::Epoch(_) => "roster.epoch",
        Op::Invite(_) => "roster.invited",
        Op::Revoke(_) => "roster.invite-revoked",
        Op::Join { .. } => "roster.joined",
        Op::Add { .. } => "roster.added",
        Op::Remove(_) => "roster.removed",
        Op::Role { .. } => "roster.role",
        Op::Close => "roster.closed",
    }
}

/// Gives access, and tells everyone in the space.
fn admit(tx: &mut WriteTx, permit: &Permit, space: &Space, person: PersonId) -> Result<(), Error> {
    let id = space.roster.space;
    if tx.find::<Membership>(&(person, id))?.is_none() {
        tx.put(&Membership { person, space: id }, permit)?;
        tell(tx, permit, person, ChangeKind::Space, &id)?;
    }
    tell_others(tx, permit, space, person)
}

/// Tells the other members that something about this one changed.
fn tell_others(tx: &mut WriteTx, permit: &Permit, space: &Space, about: PersonId) -> Result<(), Error> {
    for member in space.roster.members.iter().filter(|member| member.person != about) {
        tell(tx, permit, member.person, ChangeKind::Member, &space.roster.space)?;
    }
    Ok(())
}

/// Only people with an account here are added, with the keys that the directory has for them.
fn check_keys(tx: &WriteTx, person: PersonId, key_hash: &[u8; 32]) -> Result<(), Error> {
    let Some(known) = tx.find::<Person>(&person)? else { return Err(RosterRefused::NoSuchMember.into()) };
    if crate::crypto::sign::key_hash(person, &known.sign, &known.recipient) != *key_hash {
        return Err(RosterRefused::KeysDiffer.into());
    }
    Ok(())
}

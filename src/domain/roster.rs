//! Rosters: who belongs to a space, as a chain of signed entries. The rules here are the server's hygiene; members'
//! devices check every entry themselves and are the authority. Whether a signature is genuine is decided elsewhere
//! (`crypto::roster`); this module says whose key has to have made it.

mod entry;
mod refused;
mod rules;

use std::collections::BTreeMap;

use jiff::Timestamp;

pub use entry::{Admission, Entry, EpochEntry, Genesis, How, InviteEntry, Op};
pub use refused::RosterRefused;

use super::id::{InviteId, PersonId, SpaceId};
use super::space::SpaceKind;

/// The longest that an invite may wait, in days.
pub const INVITE_DAYS_MAX: i64 = 14;
/// The most members of one space.
pub const MEMBERS_MAX: usize = 50;

/// The right to change the roster itself.
pub const RIGHT_ROSTER: &str = "roster";
/// The right to begin epochs.
pub const RIGHT_EPOCH: &str = "epoch";

/// The state that a chain of entries adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// The space: the hash of its genesis entry.
    pub space: SpaceId,
    /// What it is for.
    pub kind: SpaceKind,
    /// What each role may do, fixed by the genesis entry.
    pub rights: BTreeMap<String, Vec<String>>,
    /// How many entries the chain has.
    pub size: u64,
    /// Hash of the last entry.
    pub head: [u8; 32],
    /// The members, in the order of joining.
    pub members: Vec<Member>,
    /// What the secret of each epoch was committed to, from epoch 1 to the current one.
    pub commits: Vec<[u8; 32]>,
    /// Every invite that was ever made.
    pub invites: Vec<Invite>,
    /// Whoever joined or removed last and still has to begin an epoch in the same request.
    pub owes_epoch: Option<Owing>,
    /// A member left by themselves: nobody seals until another begins an epoch.
    pub rotation_pending: bool,
    /// Whether the space takes no more records.
    pub closed: bool,
}

/// Someone who belongs to a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Their role in this space.
    pub role: String,
    /// The key that signs for them.
    pub sign: [u8; 32],
    /// What grants to them are sealed to.
    pub recipient: String,
    /// Hash of both keys with their id.
    pub key_hash: [u8; 32],
    /// How another member came to know their keys; `None` until one confirmed a join.
    pub how: Option<How>,
    /// When their place ends by itself; `None` where it does not.
    pub until: Option<Timestamp>,
}

impl Member {
    /// Whether their place has ended by itself at this instant.
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| now > until)
    }
}

/// An invite, as the roster knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub invite: InviteId,
    /// The key that has to sign the join.
    pub key: [u8; 32],
    /// The role it admits to.
    pub role: String,
    /// Until when.
    pub expires_at: Timestamp,
    /// Key hash of the member who made it.
    pub coach: [u8; 32],
    /// What became of it.
    pub state: InviteState,
}

/// What became of an invite. Expiry is a matter of the clock and not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    /// It may still be used.
    Open,
    /// Somebody joined by it.
    Spent,
    /// It was taken back.
    Revoked,
}

/// Who has to begin the next epoch, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owing {
    /// Who.
    pub person: PersonId,
    /// Whether they removed others (and may remove more first) or joined.
    pub removed: bool,
}

/// Which statement kind and key an entry has to verify with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signer {
    /// `roster`, or `join` for a join.
    pub kind: &'static str,
    /// The public key.
    pub key: [u8; 32],
}

impl Roster {
    /// Number of the current epoch.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.commits.len() as u64
    }

    /// The member with this id.
    #[must_use]
    pub fn member(&self, person: PersonId) -> Option<&Member> {
        self.members.iter().find(|member| member.person == person)
    }

    /// The member with this id whose place has not ended by itself at this instant.
    #[must_use]
    pub fn member_at(&self, person: PersonId, now: Timestamp) -> Option<&Member> {
        self.member(person).filter(|member| !member.has_ended(now))
    }

    /// The invite with this id.
    #[must_use]
    pub fn invite(&self, invite: InviteId) -> Option<&Invite> {
        self.invites.iter().find(|known| known.invite == invite)
    }

    /// Whether this role holds this right here.
    #[must_use]
    pub fn allows(&self, role: &str, right: &str) -> bool {
        self.rights.get(role).is_some_and(|rights| rights.iter().any(|held| held == right))
    }
}

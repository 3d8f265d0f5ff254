//! The entries of a roster, parsed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::id::{InviteId, PersonId, SpaceId};
use crate::domain::space::SpaceKind;

/// The first entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The space: this entry's own hash.
    pub space: SpaceId,
    /// What the space is for.
    pub kind: SpaceKind,
    /// What each role may do.
    pub rights: BTreeMap<String, Vec<String>>,
    /// The creator, who is the only member.
    pub creator: Admission,
    /// What the first epoch's secret is committed to.
    pub commit: [u8; 32],
}

/// Any later entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The space it was written for.
    pub space: SpaceId,
    /// Its place in the chain.
    pub n: u64,
    /// Hash of the entry before it.
    pub prev: [u8; 32],
    /// Who wrote it.
    pub by: PersonId,
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// What it does.
    pub op: Op,
    /// Hash of the entry itself.
    pub hash: [u8; 32],
}

/// What an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Begins an epoch.
    Epoch(EpochEntry),
    /// Offers a place to whoever holds the invite's secret.
    Invite(InviteEntry),
    /// Takes an invite back.
    Revoke(InviteId),
    /// Takes the place that an invite offers.
    Join {
        /// Whose place.
        invite: InviteId,
        /// Who joins.
        admission: Admission,
        /// The coach's key hash that came with the link.
        coach: [u8; 32],
    },
    /// Admits someone, confirms a joiner, or says that their keys were compared.
    Add {
        /// Who, with which keys.
        admission: Admission,
        /// How the member who adds knows these keys.
        how: How,
        /// When their place ends by itself.
        until: Option<Timestamp>,
    },
    /// Removes a member.
    Remove(PersonId),
    /// Gives a member another role.
    Role {
        /// Who.
        person: PersonId,
        /// The role from now on.
        role: String,
    },
    /// Ends the space: no more records.
    Close,
}

/// A person with the role and keys that an entry admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Who.
    pub person: PersonId,
    /// Their role in the space.
    pub role: String,
    /// The key that signs for them.
    pub sign: [u8; 32],
    /// What grants to them are sealed to.
    pub recipient: String,
    /// Hash of both keys with their id.
    pub key_hash: [u8; 32],
}

/// A new epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochEntry {
    /// Its number.
    pub n: u64,
    /// What the epoch before it was committed to.
    pub prev: [u8; 32],
    /// What its secret is committed to.
    pub commit: [u8; 32],
}

/// A new invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteEntry {
    /// Its id.
    pub invite: InviteId,
    /// The key that has to sign the join.
    pub key: [u8; 32],
    /// The role it admits to.
    pub role: String,
    /// The only epoch that the pending grant opens.
    pub epoch: u64,
    /// Until when.
    pub expires_at: Timestamp,
    /// Key hash of the member who invites.
    pub coach: [u8; 32],
}

/// How a member's keys are known, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// They joined by a link.
    Link,
    /// Safety words were compared.
    Words,
    /// A code was scanned face to face.
    Qr,
}

impl How {
    /// All ways, weakest first.
    pub const ALL: [Self; 3] = [Self::Link, Self::Words, Self::Qr];

    /// Whether keys known this way were compared in person.
    #[must_use]
    pub const fn compared(self) -> bool {
        matches!(self, Self::Words | Self::Qr)
    }

    /// The word for it in rosters and rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Words => "words",
            Self::Qr => "qr",
        }
    }

    /// The way that this word names.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.word() == word)
    }
}

//! The practice and the installation that carries it.

use jiff::Timestamp;

use super::id::{InstallId, PersonId};
use super::origin::Origin;

/// A practice: made once, in set-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// What it is called.
    pub name: String,
    /// Its IANA time zone.
    pub zone: String,
    /// Its one web address; passkeys and login signatures bind to it.
    pub origin: Origin,
    /// Who owns it.
    pub owner: PersonId,
    /// The recipient of its restore kit, `age1pq1…`.
    pub restore_kit: String,
    /// When it was set up.
    pub made_at: Timestamp,
}

/// How many days after an owner signed for a restore devices may bring back what it lost.
pub const REOFFER_DAYS: i64 = 14;

/// How far set-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PracticeState {
    /// Nobody has entered the claim code.
    Unclaimed,
    /// A browser has entered it and sets the practice up.
    Claimed,
    /// The practice exists.
    Active,
}

impl PracticeState {
    /// The word for it in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Claimed => "claimed",
            Self::Active => "active",
        }
    }
}

/// What is true of this installation before and beside the practice.
#[derive(Clone, PartialEq, Eq)]
pub struct Installation {
    /// Its name; a restored copy keeps it.
    pub install: InstallId,
    /// How often it was restored or promoted, from 1.
    pub timeline: u64,
    /// Key of the answers given to unknown people; never leaves the file.
    pub decoy_key: [u8; 32],
    /// When it was made.
    pub made_at: Timestamp,
    /// Set by a restore until the owner signs for it: the audit log's end in the restored copy.
    pub restored: Option<LogEnd>,
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation")
            .field("install", &self.install)
            .field("timeline", &self.timeline)
            .finish_non_exhaustive()
    }
}

/// Where an audit log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEnd {
    /// How many entries.
    pub size: u64,
    /// The chain's root after them.
    pub root: [u8; 32],
}

/// What devices and backup targets remember, so that they notice a rollback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The installation.
    pub install: InstallId,
    /// Its timeline.
    pub timeline: u64,
    /// The audit log's end.
    pub end: LogEnd,
}

//! Invites as the server keeps them: what the public page needs, and what became of them.

use jiff::Timestamp;

use super::id::{ClientId, InviteId, PersonId, SpaceId};
use super::role::Role;
use super::roster::InviteState;

/// An offer to join a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub invite: InviteId,
    /// For whom.
    pub to: Invited,
    /// The space to join.
    pub space: SpaceId,
    /// Who made it.
    pub by: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// The pending grant: an age file that only the link's secret opens.
    pub pending_grant: Vec<u8>,
    /// What became of it.
    pub state: InviteState,
}

/// Whom an offer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invited {
    /// A client, into the space shared with them.
    Client(ClientId),
    /// A colleague, into the practice's team.
    Colleague(NewColleague),
}

/// A colleague who is invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewColleague {
    /// What they will be in the practice.
    pub role: Role,
    /// What whoever invites calls them.
    pub name: String,
    /// Their address, for the list of people.
    pub email: Option<String>,
}

impl Offer {
    /// How it stands at this instant.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.state {
            InviteState::Spent => Standing::Spent,
            InviteState::Revoked => Standing::Revoked,
            InviteState::Open if now >= self.expires_at => Standing::Expired,
            InviteState::Open => Standing::Open,
        }
    }
}

/// How an invite stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may be used.
    Open,
    /// Somebody joined by it.
    Spent,
    /// It was taken back.
    Revoked,
    /// It waited too long.
    Expired,
}

impl Standing {
    /// The word for it in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Spent => "spent",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

//! Clients: who is coached, whether or not they have joined. Name and e-mail are open; everything about the work
//! with them is sealed and lives in spaces.

use jiff::Timestamp;

use super::id::{ClientId, InviteId, PersonId, SpaceId};

/// Someone who is coached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Their id.
    pub id: ClientId,
    /// What the practice calls them.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// The practitioner who added them.
    pub by: PersonId,
    /// When.
    pub made_at: Timestamp,
    /// The space that they share with the practitioner.
    pub shared: SpaceId,
    /// The practitioner's own space about them.
    pub own: SpaceId,
    /// The account they joined with, if they have.
    pub person: Option<PersonId>,
    /// The last invite made for them.
    pub invite: Option<InviteId>,
    /// Counts changes of this row, for conditional edits.
    pub version: u64,
}

/// How far a client has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientState {
    /// Added by the coach, nothing sent yet.
    Added,
    /// An invite waits for them.
    Invited,
    /// They joined by link.
    Joined,
    /// They joined, and words or a code were compared.
    Verified,
}

impl ClientState {
    /// The word for it in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Invited => "invited",
            Self::Joined => "joined",
            Self::Verified => "verified",
        }
    }
}

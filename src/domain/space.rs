//! Spaces: the people who share some content. What kind a space is, and what its members may put into it. Who its
//! members are is the roster's affair.

use std::str::FromStr;

use jiff::Timestamp;

use super::id::{ClientId, PersonId, SpaceId};
use super::roster::Roster;

/// What a space is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpaceKind {
    /// A coach and a client together.
    Shared,
    /// A practitioner's own notes about a client.
    Own,
    /// A person's own notes.
    Notebook,
    /// The colleagues of the practice.
    Team,
}

impl SpaceKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Shared, Self::Own, Self::Notebook, Self::Team];

    /// The word for it in rosters, rows and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Own => "own",
            Self::Notebook => "notebook",
            Self::Team => "team",
        }
    }
}

impl FromStr for SpaceKind {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

/// A space, as the server mirrors it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its roster so far.
    pub roster: Roster,
    /// The client whom it is about; `None` for notebooks.
    pub client: Option<ClientId>,
    /// When it was begun.
    pub begun_at: Timestamp,
}

/// Where a space's counters stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpaceCursor {
    /// The space.
    pub space: SpaceId,
    /// Sequence number of its last change.
    pub changes: u64,
    /// How many grants were ever taken in it.
    pub grants: u64,
}

/// That a person belongs to a space: the look-up from the person's side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub space: SpaceId,
}

/// A grant: epoch secrets, sealed to one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The space whose epochs it opens.
    pub space: SpaceId,
    /// For whom.
    pub to: PersonId,
    /// Its place among all grants of the space.
    pub n: u64,
    /// The highest epoch inside, as the granter says.
    pub epoch: u64,
    /// Who sent it here.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The age file.
    pub body: Vec<u8>,
}

/// One roster entry as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterLine {
    /// The space.
    pub space: SpaceId,
    /// Its place in the chain.
    pub n: u64,
    /// The signed text.
    pub text: String,
}

//! Spaces: begun by a genesis entry, grown by roster entries, opened by grants. Whether someone belongs is answered
//! here for every other use case; who does not belong learns nothing, not even that the space exists.

mod append;
mod begin;
mod grants;
mod look;

pub use append::{InviteMade, RosterAppended, RosterChange};
pub(super) use append::{append_entries, check_covered, check_head};
pub(super) use begin::begin_space;
pub use begin::{Creator, GrantMade, SpaceMade};
pub(super) use grants::take_grants;
pub use look::{MemberAway, MemberSeen, RosterPage, SpaceSeen};
pub(super) use look::{lines, spaces_of};

use jiff::Timestamp;

use super::{Error, Refusal};
pub(super) use crate::crypto::roster::hash_of;
use crate::domain::id::{PersonId, SpaceId};
use crate::domain::roster::{Member, RosterRefused};
use crate::domain::space::{Space, SpaceCursor};
use crate::store::Reads;

/// The space, if this person is a member at this instant.
pub(super) fn space_of(tx: &impl Reads, space: SpaceId, person: PersonId, now: Timestamp) -> Result<Space, Error> {
    let space: Space = tx.find(&space)?.ok_or(Error::NotFound)?;
    member_of(&space, person, now)?;
    Ok(space)
}

/// The person's membership in this space, unless its end has come.
pub(super) fn member_of(space: &Space, person: PersonId, now: Timestamp) -> Result<&Member, Error> {
    space.roster.member_at(person, now).ok_or(Error::NotFound)
}

/// Where a space's counters stand.
pub(super) fn cursor_of(tx: &impl Reads, space: SpaceId) -> Result<SpaceCursor, Error> {
    Ok(tx.find(&space)?.unwrap_or(SpaceCursor { space, changes: 0, grants: 0 }))
}

impl From<RosterRefused> for Refusal {
    fn from(refused: RosterRefused) -> Self {
        Self::new("roster-refused", refused.to_string()).with("reason", refused.word())
    }
}

impl From<RosterRefused> for Error {
    fn from(refused: RosterRefused) -> Self {
        Self::Refused(refused.into())
    }
}

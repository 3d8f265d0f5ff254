//! The team: the one space in which the practice's colleagues know each other's keys.

use jiff::Timestamp;

use super::id::SpaceId;
use super::roster::RosterRefused;

/// The role in the team's roster of whoever may invite and remove colleagues.
pub const KEEPER: &str = "keeper";
/// The role of all others.
pub const COLLEAGUE: &str = "colleague";

/// Which space is the practice's team. There is one at most, begun when the first colleague is invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Team {
    /// The space.
    pub space: SpaceId,
    /// When it was begun.
    pub begun_at: Timestamp,
}

/// Checks that a place in the team's roster fits what somebody may do in the practice.
///
/// # Errors
/// Keepers are those who may manage people, and only those.
pub fn check_place(role: &str, manages_people: bool) -> Result<(), RosterRefused> {
    let fits = if manages_people { KEEPER } else { COLLEAGUE };
    if role == fits { Ok(()) } else { Err(RosterRefused::NotAllowed) }
}

//! What the event streams learn once a transaction is durable. Ids and cursors, never content.

use crate::domain::id::{PersonId, SessionId, SpaceId};

/// Something changed that a device may want to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A record in this space; fetch changes up to this sequence number.
    Record {
        /// The space.
        space: SpaceId,
        /// Its new change cursor.
        seq: u64,
    },
    /// The roster of this space has so many entries now.
    Roster {
        /// The space.
        space: SpaceId,
        /// Its new length.
        size: u64,
    },
    /// Something about this person's account.
    Account {
        /// Who.
        person: PersonId,
        /// Their new account cursor.
        cursor: u64,
    },
    /// This session ended; cut its streams.
    Ended {
        /// The session.
        session: SessionId,
    },
    /// This person may no longer read this space; cut its notices.
    Removed {
        /// The space.
        space: SpaceId,
        /// Who.
        person: PersonId,
    },
}

//! Which notices a person may hear.

use super::{App, Error};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::space::Membership;
use crate::store::{Notice, Reads as _};

impl App {
    /// Whether this notice is for this person at this session. Asked anew for each notice, so that whoever was
    /// removed from a space hears nothing more of it.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn hears(&self, person: PersonId, session: SessionId, notice: Notice) -> Result<bool, Error> {
        match notice {
            Notice::Account { person: whose, .. } => Ok(whose == person),
            Notice::Ended { session: ended } => Ok(ended == session),
            Notice::Removed { person: removed, .. } => Ok(removed == person),
            Notice::Record { space, .. } | Notice::Roster { space, .. } => {
                self.read(|tx| Ok(tx.find::<Membership>(&(person, space))?.is_some()))
            }
        }
    }
}

//! Who may listen to what: asked anew for each notice, so that whoever was removed from a space hears nothing more
//! of it.

use super::session::Asker;
use super::{App, Error};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::session::{Session, Standing};
use crate::domain::space::Membership;
use crate::policy::{Denied, Right};
use crate::store::{Notice, Reads as _};

impl App {
    /// Whom an event stream is for.
    ///
    /// # Errors
    /// The session is locked, or there is none.
    pub fn may_listen(&self, asker: &Asker) -> Result<(PersonId, SessionId), Error> {
        let permit = asker.actor.may(Right::ReadSpaces)?;
        Ok((permit.person().ok_or(Denied::SignedOut)?, asker.session.ok_or(Denied::SignedOut)?))
    }

    /// Whether this notice is for this person at this session.
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

    /// Whether a session is open still. Listening is no use of it: a device that only listens is locked in time.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn is_open(&self, session: SessionId) -> Result<bool, Error> {
        let now = self.clock.now();
        let known = self.read(|tx| Ok(tx.find::<Session>(&session)?))?;
        Ok(known.is_some_and(|known| {
            let used_at = self.live.used_at(session).unwrap_or(known.proved_at);
            known.standing(used_at, now) == Standing::Open
        }))
    }
}

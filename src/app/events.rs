//! Who hears of what: looked up once for each commit that somebody listens for, however many listen, so that whoever was
//! removed from a space hears nothing more of it.

use std::sync::Arc;

use jiff::Timestamp;

use super::session::Asker;
use super::{App, Error};
use crate::domain::id::{PersonId, SessionId};
use crate::domain::session::{Session, Standing};
use crate::domain::space::Space;
use crate::policy::{Denied, Right};
use crate::store::{Notice, ReadTx, Reads as _};

/// What event streams are told.
#[derive(Clone, Debug)]
pub enum Told {
    /// Something changed, and these people may hear of it.
    Members(Notice, Arc<[PersonId]>),
    /// Something changed for one person or session, which the notice names.
    One(Notice),
    /// Who may hear of what could not be looked up: devices look at everything anew.
    Everything,
}

impl Told {
    /// Whether this is for this person at this session.
    #[must_use]
    pub fn is_for(&self, person: PersonId, session: SessionId) -> bool {
        match self {
            Self::Members(_, members) => members.contains(&person),
            Self::One(Notice::Account { person: one, .. } | Notice::Removed { person: one, .. }) => *one == person,
            Self::One(Notice::Ended { session: ended }) => *ended == session,
            Self::One(Notice::Record { .. } | Notice::Roster { .. }) => false,
            Self::Everything => true,
        }
    }
}

/// A notice with those who may hear of it now.
fn told(tx: &ReadTx, notice: Notice, now: Timestamp) -> Result<Told, Error> {
    let (Notice::Record { space, .. } | Notice::Roster { space, .. }) = notice else { return Ok(Told::One(notice)) };
    let space: Option<Space> = tx.find(&space)?;
    let members = space.iter().flat_map(|space| &space.roster.members).filter(|member| !member.has_ended(now));
    Ok(Told::Members(notice, members.map(|member| member.person).collect()))
}

impl App {
    /// Whom an event stream is for.
    ///
    /// # Errors
    /// The session is locked, or there is none.
    pub fn may_listen(&self, asker: &Asker) -> Result<(PersonId, SessionId), Error> {
        let permit = asker.actor.may(Right::ReadSpaces)?;
        Ok((permit.person().ok_or(Denied::SignedOut)?, asker.session.ok_or(Denied::SignedOut)?))
    }

    /// Tells whoever listens. Nobody listening is fine: devices fetch what they missed by cursor.
    pub(super) fn tell(&self, notices: &[Notice]) {
        if notices.is_empty() || self.notices.receiver_count() == 0 {
            return;
        }
        let now = self.clock.now();
        let told = self.read(|tx| notices.iter().map(|notice| told(tx, *notice, now)).collect::<Result<Vec<_>, _>>());
        let told = told.unwrap_or_else(|error| {
            tracing::error!(error = &error as &dyn std::error::Error, "cannot look up who hears of a change");
            vec![Told::Everything]
        });
        for told in told {
            let _ = self.notices.send(told);
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
            let used_at = self.live.used(session).map_or(known.used_at, |used| used.at);
            known.standing(used_at, now) == Standing::Open
        }))
    }
}

//! What the application knows only while it runs: challenges, failures, when sessions were last used. Nothing here
//! has to outlive the process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, atomic::AtomicU64};

use jiff::Timestamp;

use super::anomaly::Watch;
use super::challenges::Challenges;
use super::factor::Begun;
use super::throttle::Throttle;
use crate::domain::anomaly::Place;
use crate::domain::id::{PersonId, SessionId};

/// When and from where a session was used last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Used {
    pub at: Timestamp,
    pub place: Place,
}

/// The application's memory.
#[derive(Debug, Default)]
pub struct Live {
    pub(super) challenges: Challenges,
    pub(super) throttle: Throttle,
    pub(super) watch: Watch,
    pub(super) reopened_seen: AtomicU64,
    used: Mutex<HashMap<SessionId, Used>>,
    begun: Mutex<HashMap<PersonId, Begun>>,
    keyrings: Mutex<HashMap<SessionId, u64>>,
}

impl Live {
    /// When and from where a session was last used, if it was since the process began.
    pub(super) fn used(&self, session: SessionId) -> Option<Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).get(&session).cloned()
    }

    /// Notes that a session is used now.
    pub(super) fn touch(&self, session: SessionId, now: Timestamp, place: &Place) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        match used.get_mut(&session) {
            Some(used) if used.place == *place => used.at = now,
            _ => drop(used.insert(session, Used { at: now, place: place.clone() })),
        }
    }

    /// Keeps what an authenticator app is set up with until a code confirms it.
    pub(super) fn begin(&self, person: PersonId, begun: Begun) {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).insert(person, begun);
    }

    /// What an authenticator app of this person is being set up with.
    pub(super) fn begun(&self, person: PersonId) -> Option<Begun> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).get(&person).cloned()
    }

    /// Forgets what set-ups were begun with that are over for this reason.
    pub(super) fn forget_begun(&self, is_over: impl Fn(PersonId, &Begun) -> bool) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|person, begun| !is_over(*person, begun));
    }

    /// Whether an audit entry says that this session was handed this version of its person's keyring.
    pub(super) fn has_keyring(&self, session: SessionId, version: u64) -> bool {
        self.keyrings.lock().unwrap_or_else(PoisonError::into_inner).get(&session) == Some(&version)
    }

    /// Notes that an audit entry says so.
    pub(super) fn note_keyring(&self, session: SessionId, version: u64) {
        self.keyrings.lock().unwrap_or_else(PoisonError::into_inner).insert(session, version);
    }

    /// Forgets a session that ended.
    pub(super) fn forget(&self, session: SessionId) {
        self.keyrings.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
        self.used.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
    }
}

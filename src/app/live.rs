//! What the application knows only while it runs: challenges, failures, when sessions were last used. Nothing here
//! has to outlive the process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, atomic::AtomicU64};

use jiff::Timestamp;

use super::challenges::Challenges;
use super::throttle::Throttle;
use crate::domain::id::SessionId;

/// The application's memory.
#[derive(Debug, Default)]
pub struct Live {
    pub(super) challenges: Challenges,
    pub(super) throttle: Throttle,
    pub(super) reopened_seen: AtomicU64,
    used_at: Mutex<HashMap<SessionId, Timestamp>>,
    keyrings: Mutex<HashMap<SessionId, u64>>,
}

impl Live {
    /// When a session was last used, if it was since the process began.
    pub(super) fn used_at(&self, session: SessionId) -> Option<Timestamp> {
        self.used_at.lock().unwrap_or_else(PoisonError::into_inner).get(&session).copied()
    }

    /// Notes that a session is used now.
    pub(super) fn touch(&self, session: SessionId, now: Timestamp) {
        self.used_at.lock().unwrap_or_else(PoisonError::into_inner).insert(session, now);
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
        self.used_at.lock().unwrap_or_else(PoisonError::into_inner).remove(&session);
    }
}

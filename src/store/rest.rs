//! Rest: once nobody writes any more, one commit keeps what redb knows of free pages, so that the next opening need not
//! read the whole file, even if the process is killed or the power fails first. With every commit that would cost a
//! lone writer a fifth of its time.
//!
//! It changes no row, and a file at rest is not written on.

use std::sync::{PoisonError, atomic::Ordering};

use super::{Engine, Store, StoreError};

/// Numbers of commit records.
#[derive(Debug, Default)]
pub(super) struct Rest {
    /// At the last look.
    seen: Option<u64>,
    /// After the commit that brought it to rest; or where that failed.
    at: Option<u64>,
}

impl Engine {
    /// Looks whether anything was written since the last look; if not, brings the file to rest. To be called every few
    /// seconds. Says whether it did.
    ///
    /// # Errors
    /// As a write. It is not tried again before something was written.
    pub fn settle(&self) -> Result<bool, StoreError> {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.file().newest_record();
        if now == rest.at || rest.seen != now {
            rest.seen = now;
            return Ok(false);
        }
        rest.at = now;
        let mut tx = self.begin_write()?;
        let begun = self.begun.load(Ordering::Acquire);
        tx.set_quick_repair(true);
        tx.commit()?;
        let after = self.file().newest_record();
        // Somebody who wrote since then took its rest away again.
        rest.at = after.filter(|_| self.begun.load(Ordering::Acquire) == begun);
        rest.seen = after;
        Ok(true)
    }
}

impl Store {
    /// Brings a file to rest that nobody writes on; see [`Engine::settle`]. A disk that is full is left alone.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn settle(&self) -> Result<(), StoreError> {
        if self.has_room_for(0) {
            self.engine.settle()?;
        }
        Ok(())
    }
}

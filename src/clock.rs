//! The one place that reads the clock. Everything else is told the time, so that tests can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Tells the time; a test can move it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds added to the system's clock. Zero outside tests.
    shift_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The instant it is now, to the millisecond (what rows and audit entries keep).
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let shift = SignedDuration::from_millis(self.shift_ms.load(Ordering::Relaxed));
        let now = Timestamp::now().checked_add(shift).unwrap_or(Timestamp::MAX);
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// Moves this clock and its clones by so many milliseconds, forwards or back.
    pub fn advance_ms(&self, by_ms: i64) {
        self.shift_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}

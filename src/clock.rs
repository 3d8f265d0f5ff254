//! The one place that reads the clock. Everything else is told the time, so that tests can set it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

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

    /// Moves this clock and its clones so that it is `at` now; it goes on from there.
    pub fn set(&self, at: Timestamp) {
        self.advance_ms(at.as_millisecond() - self.now().as_millisecond());
    }
}

/// Measures how long something takes, unmoved by changes of the clock.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_goes_on_from_where_it_was_set() {
        let clock = Clock::default();
        let clone = clock.clone();
        clock.set("2026-03-29T00:30:00Z".parse().unwrap());
        assert!(clone.now().to_string().starts_with("2026-03-29T00:30:0"));
        clock.advance_ms(-3_600_000);
        assert!(clone.now().to_string().starts_with("2026-03-28T23:30:0"));
    }
}

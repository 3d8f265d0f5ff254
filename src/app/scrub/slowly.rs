//! The pace of a background pass: so many bytes a second at most, and four times as much rest as work. On a machine that
//! is busy the same work takes longer, and so does the rest.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::clock::Stopwatch;
use crate::store::check::{Part, Watch};

/// At most 8 MB a second.
const BYTES_PER_S: u64 = 8_000_000;
const REST_PER_WORK: u32 = 4;
/// Rest that is owed is taken once it is worth it, and in pieces, so that a stop is heard.
const REST_MIN: Duration = Duration::from_millis(10);
const PIECE: Duration = Duration::from_millis(100);

/// Paces a pass, until it is told to stop.
#[derive(Debug)]
pub struct Slowly {
    bytes_per_s: u64,
    stopped: AtomicBool,
    work: Mutex<(Stopwatch, Duration)>,
}

impl Default for Slowly {
    fn default() -> Self {
        Self::at(BYTES_PER_S)
    }
}

impl Slowly {
    /// At most so many bytes a second.
    #[must_use]
    pub fn at(bytes_per_s: u64) -> Self {
        let work = Mutex::new((Stopwatch::start(), Duration::ZERO));
        Self { bytes_per_s: bytes_per_s.max(1), stopped: AtomicBool::new(false), work }
    }

    /// Ends the pass soon.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// What is owed after so many bytes, or nothing yet.
    fn owed(&self, bytes: u64) -> Option<Duration> {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let by_rate = Duration::from_micros(bytes.saturating_mul(1_000_000) / self.bytes_per_s);
        let by_work = work.0.elapsed().min(Duration::from_secs(10)) * REST_PER_WORK;
        work.1 += by_rate.max(by_work);
        work.0 = Stopwatch::start();
        (work.1 >= REST_MIN).then(|| std::mem::take(&mut work.1))
    }
}

impl Watch for Slowly {
    fn part(&self, _: Part, _: u64) {}

    fn took(&self, bytes: u64) -> bool {
        if let Some(mut rest) = self.owed(bytes) {
            while !rest.is_zero() && !self.is_stopped() {
                let piece = rest.min(PIECE);
                thread::sleep(piece);
                rest -= piece;
            }
            self.work.lock().unwrap_or_else(PoisonError::into_inner).0 = Stopwatch::start();
        }
        !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

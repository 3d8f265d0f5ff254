//! How far a rotation is, for whoever waits for it.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
};

use crate::store::block::layout::BLOCK;

/// What a rotation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// None is running.
    Idle,
    /// Encrypting anew.
    Copying,
    /// Everything is copied; the new file is about to take the place.
    PuttingInPlace,
}

/// A look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What it does.
    pub phase: Phase,
    /// How much was copied.
    pub bytes: u64,
    /// How much there is.
    pub of: u64,
}

/// Shared by the rotation and those who follow it.
#[derive(Debug, Default)]
pub struct Progress {
    phase: AtomicU8,
    blocks: AtomicU64,
    of: AtomicU64,
    stopped: AtomicBool,
    trouble: Mutex<Option<String>>,
    unreadable: AtomicU64,
}

const IDLE: u8 = 0;
const COPYING: u8 = 1;
const PUTTING_IN_PLACE: u8 = 2;

/// Until it is dropped, no other rotation begins.
pub(super) struct Running<'a>(&'a Progress);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.phase.store(IDLE, Ordering::Release);
    }
}

impl Progress {
    /// A look at it.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let phase = match self.phase.load(Ordering::Acquire) {
            COPYING => Phase::Copying,
            PUTTING_IN_PLACE => Phase::PuttingInPlace,
            _ => Phase::Idle,
        };
        let bytes = |blocks: &AtomicU64| blocks.load(Ordering::Relaxed) * BLOCK;
        Seen { phase, bytes: bytes(&self.blocks), of: bytes(&self.of) }
    }

    /// Whether one runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.phase.load(Ordering::Acquire) != IDLE
    }

    /// Why the last one failed.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Blocks that did not authenticate in the last one since the start, and stay so.
    #[must_use]
    pub fn unreadable_blocks(&self) -> u64 {
        self.unreadable.load(Ordering::Relaxed)
    }

    pub(super) fn left(&self, unreadable_blocks: u64) {
        self.unreadable.store(unreadable_blocks, Ordering::Relaxed);
    }

    /// Ends the rotation that runs, soon, and lets none begin.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// From now on one may begin.
    pub fn allow(&self) {
        self.stopped.store(false, Ordering::Release);
        self.failed(None);
    }

    pub(super) fn failed(&self, why: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    pub(super) fn begin(&self) -> Option<Running<'_>> {
        self.phase.compare_exchange(IDLE, COPYING, Ordering::AcqRel, Ordering::Acquire).ok()?;
        self.copied(0, 0);
        Some(Running(self))
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(super) fn copied(&self, blocks: u64, of: u64) {
        self.blocks.store(blocks, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }

    pub(super) fn putting_in_place(&self) {
        self.phase.store(PUTTING_IN_PLACE, Ordering::Release);
    }
}

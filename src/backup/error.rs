//! What can go wrong with a backup, in words that say what to do next.

use std::io;

use crate::crypto::{KitError, OpenError, SealError};
use crate::store::StoreError;

/// Why a backup or a restore did not happen. A restore that fails leaves no data directory behind.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The practice has no restore kit yet.
    #[error("there is no restore kit yet; finish setting up the practice in the browser, then back it up")]
    NoKit,
    /// Not enough room, at the source or at the target.
    #[error("the disk is full; free some space there and try again, nothing was changed")]
    DiskFull,
    /// Not enough room for what a backup holds.
    #[error(
        "there is no room for this backup: it takes {needed} bytes and the disk has {free}; free some space there and try \
         again, nothing was changed"
    )]
    NoRoom {
        /// At least so many bytes.
        needed: u64,
        /// What is there.
        free: u64,
    },
    /// The kit cannot be read.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// The kit does not open the file.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// Sealing failed.
    #[error("{0}")]
    Seal(SealError),
    /// It opens, but something is missing or changed.
    #[error("this backup is damaged: {what}; use another copy, nothing was restored")]
    Damaged {
        /// What was found.
        what: String,
    },
    /// Signed by another key than the kit names.
    #[error(
        "this backup was not made by this practice: its signing key is {found}, the kit names {expected}; use a backup \
         and a kit of the same practice"
    )]
    Forged {
        /// The fingerprint in the backup.
        found: String,
        /// The fingerprint that the kit prints.
        expected: String,
    },
    /// The kit text does not say which key signs backups.
    #[error(
        "the kit does not name the backup key; give the whole kit file, or add the line \"# backup key: …\" from the \
         paper above the words"
    )]
    NoFingerprint,
    /// Written by a later version.
    #[error(
        "this backup was made by a newer Alcove (backup format {found}, this version reads {known}); restore with that version"
    )]
    NewerFormat {
        /// Format found.
        found: u32,
        /// Newest format read here.
        known: u32,
    },
    /// Something is already there.
    #[error("{path} already holds a practice; restore into a directory that does not exist yet or is empty")]
    TargetInUse {
        /// The directory.
        path: String,
    },
    /// The store failed.
    #[error("{0}")]
    Store(StoreError),
    /// Reading or writing failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// What the system said.
        source: io::Error,
    },
}

impl BackupError {
    /// Whether the backup itself was found wanting, rather than the machine or the call.
    #[must_use]
    pub fn is_verification(&self) -> bool {
        matches!(
            self,
            Self::Damaged { .. } | Self::Forged { .. } | Self::Open(OpenError::Damaged | OpenError::NotSealed)
        )
    }

    /// An I/O error with what was being done.
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io { what, source },
        }
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

impl From<StoreError> for BackupError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::DiskFull,
            other => Self::Store(other),
        }
    }
}

impl From<SealError> for BackupError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::NoRecipient => Self::NoKit,
            SealError::Io(io) if io.kind() == io::ErrorKind::StorageFull => Self::DiskFull,
            other @ SealError::Io(_) => Self::Seal(other),
        }
    }
}

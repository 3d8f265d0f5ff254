//! What can go wrong in the store, in words that say what to do next.

use std::{io, sync::Arc};

use super::block::{BlockError, Fault};

/// A row that cannot be understood.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// Written by a later version of Alcove.
    #[error("a {table} row has version {version}, which a newer Alcove wrote; start that newer version instead")]
    WrittenByNewerVersion {
        /// The table.
        table: &'static str,
        /// The version found.
        version: u8,
    },
    /// Under another row's key.
    #[error("a {table} row lies under a key that is not its own; stop Alcove and restore the last backup")]
    Misplaced {
        /// The table.
        table: &'static str,
    },
    /// Not decodable.
    #[error("a {table} row is damaged; stop Alcove and restore the last backup")]
    Damaged {
        /// The table.
        table: &'static str,
    },
}

/// The store's own trouble.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row cannot be understood.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The encrypted file cannot be opened or changed.
    #[error(transparent)]
    File(BlockError),
    /// A sealed file beside the database cannot be stored or read.
    #[error(transparent)]
    Blob(#[from] super::blobs::BlobError),
    /// The file comes from a later version.
    #[error(
        "this data was written by a newer Alcove (format {found}, this version knows {known}); start that newer version, or restore a backup made by this one"
    )]
    NewerFormat {
        /// Format in the file.
        found: u32,
        /// Newest format this version knows.
        known: u32,
    },
    /// A migration needs room for a copy.
    #[error(
        "this version changes the format of the data, and needs {needed_mb} MB free beside it for that: free some space and start again, or start the version that you had before; nothing was changed"
    )]
    NoRoomToMigrate {
        /// What must be free, in MB.
        needed_mb: u64,
    },
    /// A migration's step failed on the copy.
    #[error(
        "changing the data to this version's format did not work ({why}); the data is as it was: start the version that you had before, and tell us"
    )]
    MigrationFailed {
        /// What went wrong.
        #[source]
        why: Box<StoreError>,
    },
    /// What a migration made does not pass its check.
    #[error(
        "the data in this version's format did not pass its check ({what}); the data is as it was: start the version that you had before, and tell us"
    )]
    MigrationUnsound {
        /// The first finding.
        what: String,
    },
    /// A defect: a change without its audit entry.
    #[error("a change without an audit entry was refused: {table}")]
    Unaudited {
        /// The table that was changed.
        table: &'static str,
    },
    /// There is no new data key.
    #[error(transparent)]
    Rotation(Box<super::rotation::RotationError>),
    /// No room left.
    #[error("the disk is full: free some space and try again; nothing acknowledged is lost")]
    DiskFull,
    /// The database layer failed.
    #[error("the database failed: {0}")]
    Database(#[source] Arc<redb::Error>),
    /// A defect: a write inside a write would wait for itself.
    #[error("a write inside a write was refused")]
    Nested,
}

impl StoreError {
    /// A panic came in between.
    pub(super) fn interrupted() -> Self {
        redb::StorageError::Io(io::Error::other("a write was interrupted by a defect")).into()
    }

    /// The same error for one more of those whom it concerns.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Database(error) => Self::Database(Arc::clone(error)),
            Self::DiskFull => Self::DiskFull,
            Self::Nested => Self::Nested,
            Self::Unaudited { table } => Self::Unaudited { table },
            Self::NewerFormat { found, known } => Self::NewerFormat { found: *found, known: *known },
            Self::File(BlockError::Crypto) => Self::File(BlockError::Crypto),
            // Of rows, files beside the database and openings; they fail the work of one, never a transaction.
            Self::Row(_)
            | Self::File(_)
            | Self::Blob(_)
            | Self::Rotation(_)
            | Self::NoRoomToMigrate { .. }
            | Self::MigrationFailed { .. }
            | Self::MigrationUnsound { .. } => redb::StorageError::Io(io::Error::other(self.to_string())).into(),
        }
    }
}

impl StoreError {
    /// Whether the disk reported an error, or did a moment ago and the file could not be opened anew yet: nothing that
    /// was acknowledged is lost, and a later attempt may succeed.
    #[must_use]
    pub fn is_of_the_disk(&self) -> bool {
        let disk = |error: &std::io::Error| !Fault::is_in(error) || Fault::Broken.is_the_one_in(error);
        match self {
            Self::Database(error) => match &**error {
                redb::Error::Io(error) => disk(error),
                redb::Error::PreviousIo => true,
                _ => false,
            },
            Self::File(BlockError::Io(error)) => disk(error),
            Self::Blob(super::blobs::BlobError::Io(_)) => true,
            _ => false,
        }
    }
}

impl From<BlockError> for StoreError {
    fn from(error: BlockError) -> Self {
        match error {
            BlockError::DiskFull => Self::DiskFull,
            other => Self::File(other),
        }
    }
}

impl From<super::rotation::RotationError> for StoreError {
    fn from(error: super::rotation::RotationError) -> Self {
        Self::Rotation(Box::new(error))
    }
}

impl<E: Into<redb::Error>> From<E> for StoreError
where
    E: RedbError,
{
    fn from(error: E) -> Self {
        match error.into() {
            redb::Error::Io(io) if io.kind() == io::ErrorKind::StorageFull => Self::DiskFull,
            redb::Error::Io(io) if Fault::NoRandom.is_the_one_in(&io) => Self::File(BlockError::Crypto),
            other => Self::Database(Arc::new(other)),
        }
    }
}

/// The error types of redb's calls, so that `?` works on each.
pub trait RedbError {}
impl RedbError for redb::DatabaseError {}
impl RedbError for redb::TransactionError {}
impl RedbError for redb::TableError {}
impl RedbError for redb::StorageError {}
impl RedbError for redb::CommitError {}
impl RedbError for redb::SetDurabilityError {}

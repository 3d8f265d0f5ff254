//! Where the new file comes to be, and how it gets the old one's name.

use std::{
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::store::{
    block::{BlockError, Disk, FileDisk, PlaceError, sync_dir},
    engine::{FILE_NAME, NEXT_NAME, discard},
    room::Room,
};

/// A directory, as a rotation sees it.
pub trait Place: Debug + Sync {
    /// Whether so many bytes more fit, with the reserve left alone.
    fn has_room_for(&self, bytes: u64) -> bool;

    /// Makes an empty file, over a left-over of an earlier attempt.
    ///
    /// # Errors
    /// What the system reports.
    fn make(&self) -> Result<Arc<dyn Disk>, BlockError>;

    /// Gives the new file, whole and durable, the old one's name, durably.
    ///
    /// # Errors
    /// A [`PlaceError`] that says which of them has the name.
    fn put(&self) -> Result<(), PlaceError>;

    /// Throws the new file away, if it has not got the name.
    fn discard(&self);
}

/// The data directory.
#[derive(Debug)]
pub struct DirPlace {
    dir: PathBuf,
    room: Room,
}

impl DirPlace {
    /// The directory in which the open file has its name.
    #[must_use]
    pub fn of(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), room: Room::of(dir.to_owned()) }
    }
}

impl Place for DirPlace {
    fn has_room_for(&self, bytes: u64) -> bool {
        self.room.is_for(bytes)
    }

    /// It is locked from its first moment on, so that it is when it gets the name.
    fn make(&self) -> Result<Arc<dyn Disk>, BlockError> {
        Ok(Arc::new(FileDisk::create(&self.dir.join(NEXT_NAME))?))
    }

    fn put(&self) -> Result<(), PlaceError> {
        fs::rename(self.dir.join(NEXT_NAME), self.dir.join(FILE_NAME)).map_err(PlaceError::Before)?;
        sync_dir(&self.dir).map_err(PlaceError::After)
    }

    fn discard(&self) {
        if let Err(error) = discard(&self.dir.join(NEXT_NAME)) {
            tracing::warn!(%error, "a half-made file stays until the next start: {NEXT_NAME}");
        }
    }
}

//! The practice's file, locked for this process and not open: what a sealed server holds, so that no second process
//! begins on the same data.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    Opened, Store, StoreError, Unlock,
    block::{self, FileDisk, SealInfo},
    engine::FILE_NAME,
    migrate,
};
use crate::clock::Clock;

/// A locked file. Its key is not here.
#[derive(Debug)]
pub struct Held {
    dir: PathBuf,
    disk: Arc<FileDisk>,
}

impl Held {
    /// Takes the file in a data directory.
    ///
    /// # Errors
    /// It is missing, may not be written, or another process has it.
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self { dir: dir.to_owned(), disk: Arc::new(FileDisk::open(&dir.join(FILE_NAME))?) })
    }

    /// How it is sealed, not authenticated yet.
    ///
    /// # Errors
    /// It is foreign, damaged, or was written by a newer version.
    pub fn seal_info(&self) -> Result<SealInfo, StoreError> {
        Ok(block::look_at(&*self.disk)?)
    }

    /// Opens it and brings it to this version's format. After an error it is still held, and unchanged unless a repair
    /// was begun.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open(&self, unlock: &Unlock, clock: Clock) -> Result<(Store, Opened), StoreError> {
        let at = migrate::Place { dir: &self.dir, unlock, clock: &clock };
        let (engine, opened) = migrate::open(&at, self.disk.clone())?;
        Ok((Store::ready(engine, &self.dir, clock)?, opened))
    }
}

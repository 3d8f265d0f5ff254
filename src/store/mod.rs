//! Typed tables over the encrypted redb file. The only module (with `backup`, for pages) that names redb; it knows
//! rows, keys and transactions, and takes no decision: permits come from `policy`, rules from `domain`.

pub mod audit;
pub mod blobs;
pub mod block;
pub mod check;
pub mod dump;
pub mod engine;
mod error;
mod group;
mod held;
mod key;
mod migrate;
mod notice;
mod read;
mod rest;
mod room;
pub mod rotation;
mod row;
pub mod rows;
mod write;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

pub use blobs::Blobs;
pub use block::{BlockError, Keyfile, SealInfo, SlotInfo, SlotKind, SlotSecret, Unlock};
pub use engine::{Engine, EngineOptions, Health, Opened};
pub use error::{RowError, StoreError};
pub use held::Held;
pub use key::Key;
pub use migrate::FORMAT;
pub use notice::Notice;
pub use read::{ReadTx, Reads};
pub use row::{Row, decode_body, encode_body};
pub use write::WriteTx;

use group::{Ground, Group};
use room::Room;

use crate::clock::Clock;

/// The practice's file, open.
#[derive(Debug)]
pub struct Store {
    engine: Engine,
    blobs: Blobs,
    clock: Clock,
    room: Room,
    group: Group,
    rotation: rotation::Progress,
    reads: AtomicU64,
}

impl Store {
    /// Makes a new practice's file in the data directory, with a key slot for each secret.
    ///
    /// # Errors
    /// There is one already, another process makes one, or the disk is full.
    pub fn create(dir: &Path, secrets: &[SlotSecret], clock: Clock) -> Result<Self, StoreError> {
        Self::ready(Engine::create(dir, secrets, EngineOptions::default())?, dir, clock)
    }

    /// Opens the file in the data directory and brings it to this version's format.
    ///
    /// # Errors
    /// It is missing, locked by another process, does not open with this key, is damaged, or was written by a newer
    /// version.
    pub fn open(dir: &Path, unlock: &Unlock, clock: Clock) -> Result<(Self, Opened), StoreError> {
        Held::take(dir)?.open(unlock, clock)
    }

    /// Looks at how the file in the data directory is sealed, without a key and whether or not somebody has it open.
    ///
    /// # Errors
    /// It is missing, foreign, damaged, or was written by a newer version.
    pub fn look(dir: &Path) -> Result<SealInfo, StoreError> {
        Ok(block::look(&dir.join(engine::FILE_NAME))?)
    }

    /// Checks that this opens the file in the data directory, without opening it and whether or not somebody has.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn try_unlock(dir: &Path, unlock: &Unlock) -> Result<(), StoreError> {
        Ok(block::try_unlock(&dir.join(engine::FILE_NAME), unlock)?)
    }

    /// Opens the file in the data directory, making it first if there is none.
    ///
    /// # Errors
    /// As [`Self::create`] and [`Self::open`].
    pub fn open_or_create(dir: &Path, keyfile: &Keyfile, clock: Clock) -> Result<(Self, Opened), StoreError> {
        match Self::open(dir, &Unlock::Keyfile(keyfile.clone()), clock.clone()) {
            Err(StoreError::File(BlockError::Missing)) => {
                let store = Self::create(dir, &[SlotSecret::Keyfile(keyfile.clone())], clock)?;
                Ok((store, Opened::Well))
            }
            opened => opened,
        }
    }

    /// The store on an open engine, with its sealed files in this directory; the file is brought to this version's
    /// format.
    ///
    /// # Errors
    /// The file was written by a newer version, or the store's own trouble.
    pub fn ready(engine: Engine, dir: &Path, clock: Clock) -> Result<Self, StoreError> {
        migrate::run(&engine)?;
        let (blobs, room, group) = (Blobs::open(dir)?, Room::of(dir.to_owned()), Group::default());
        let (rotation, reads) = (rotation::Progress::default(), AtomicU64::default());
        Ok(Self { engine, blobs, clock, room, group, rotation, reads })
    }

    /// The sealed files beside the database.
    #[must_use]
    pub const fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The encrypted file below: its key slots, its health, and plain reads for backups.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Whether so many more bytes of content fit on the disk, with the part that is kept back left alone.
    #[must_use]
    pub fn has_room_for(&self, bytes: u64) -> bool {
        self.room.is_for(bytes)
    }

    /// Reads from one consistent state. Blocks; call it from a blocking thread.
    ///
    /// # Errors
    /// What `look` returns, or the store's own trouble.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&ReadTx) -> Result<T, E>) -> Result<T, E> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let tx = ReadTx::new(self.engine.begin_read().map_err(StoreError::from)?);
        look(&tx)
    }

    /// How many reads were begun since this was opened.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// Does one piece of work: all of it is durable when this returns `Ok`, nothing of it otherwise, except that a
    /// commit which fails may still turn out to be on the disk, as after a power failure. Writers that wait together
    /// share one commit, in the order in which they came; `work` sees what those before it changed. Work that changed
    /// something without an audit entry is refused. Blocks; call it from a blocking thread, and hold no lock that other
    /// work takes: it would wait for this commit, and this commit for it.
    ///
    /// # Errors
    /// What `work` returns, or the store's own trouble; [`StoreError::Nested`] inside of `work`.
    ///
    /// # Panics
    /// As `work` does; the others' changes stay.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut WriteTx) -> Result<T, E>,
    ) -> Result<(T, Vec<Notice>), E> {
        self.group.write(Ground { engine: &self.engine, clock: &self.clock, room: &self.room }, work)
    }

    /// How many writers wait for their turn at the moment.
    #[must_use]
    pub fn writers_waiting(&self) -> usize {
        self.group.waiting()
    }
}

#[cfg(test)]
mod tests;

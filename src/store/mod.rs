//! Typed tables over the encrypted redb file. The only module (with `backup`, for pages) that names redb; it knows
//! rows, keys and transactions, and takes no decision: permits come from `policy`, rules from `domain`.

pub mod audit;
mod error;
mod key;
mod migrate;
mod notice;
mod read;
mod row;
pub mod rows;
mod write;

use std::path::Path;

use redb::{Database, ReadableDatabase as _};

pub use error::{RowError, StoreError};
pub use key::Key;
pub use migrate::FORMAT;
pub use notice::Notice;
pub use read::{ReadTx, Reads};
pub use row::{Row, decode_body, encode_body};
pub use write::WriteTx;

use crate::clock::Clock;

/// The practice's file, open.
#[derive(Debug)]
pub struct Store {
    db: Database,
    clock: Clock,
}

impl Store {
    /// Opens the file at `path`, making it first if it does not exist, and brings it to this version's format.
    ///
    /// # Errors
    /// The file is locked by another process, damaged, or written by a newer version.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, StoreError> {
        let store = Self { db: Database::create(path)?, clock };
        migrate::run(&store.db)?;
        Ok(store)
    }

    /// Reads from one consistent state. Blocks; call it from a blocking thread.
    ///
    /// # Errors
    /// What `look` returns, or the store's own trouble.
    pub fn read<T, E: From<StoreError>>(&self, look: impl FnOnce(&ReadTx) -> Result<T, E>) -> Result<T, E> {
        let tx = ReadTx::new(self.db.begin_read().map_err(StoreError::from)?);
        look(&tx)
    }

    /// Runs one transaction: all of it is durable when this returns `Ok`, nothing of it otherwise. A transaction
    /// that changed something without an audit entry is refused. Blocks; call it from a blocking thread.
    ///
    /// # Errors
    /// What `work` returns, or the store's own trouble.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut WriteTx) -> Result<T, E>,
    ) -> Result<(T, Vec<Notice>), E> {
        let mut tx = WriteTx::new(self.begin_write()?, self.clock.now());
        let done = work(&mut tx)?;
        let notices = tx.commit()?;
        Ok((done, notices))
    }

    fn begin_write(&self) -> Result<redb::WriteTransaction, StoreError> {
        let mut tx = self.db.begin_write()?;
        tx.set_two_phase_commit(true);
        Ok(tx)
    }
}

#[cfg(test)]
mod tests;

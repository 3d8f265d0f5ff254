//! Every row as raw bytes, out of one consistent state and into a new file: what backup and restore stand on.

use redb::{ReadableTable as _, TableHandle as _};

use super::read::table;
use super::{ReadTx, Store, StoreError, migrate};

/// A raw row: table, key, value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRow {
    /// Table name.
    pub table: String,
    /// Key bytes.
    pub key: Vec<u8>,
    /// Value bytes, version byte first.
    pub value: Vec<u8>,
}

/// How many rows go into one transaction of a load; bounds memory.
const ROWS_PER_COMMIT: usize = 20_000;

impl ReadTx {
    /// The names of all tables, sorted.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn tables(&self) -> Result<Vec<String>, StoreError> {
        let mut names: Vec<String> = self.raw_tx().list_tables()?.map(|handle| handle.name().to_owned()).collect();
        names.sort();
        Ok(names)
    }

    /// Shows each row of a table, in key order. Memory stays at one row.
    ///
    /// # Errors
    /// The store's trouble, or what `see` returns.
    pub fn each_raw<E: From<StoreError>>(
        &self,
        name: &str,
        mut see: impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let rows = self.raw_tx().open_table(table(name)).map_err(StoreError::from)?;
        for pair in rows.iter().map_err(StoreError::from)? {
            let (key, value) = pair.map_err(StoreError::from)?;
            see(key.value(), value.value())?;
        }
        Ok(())
    }
}

impl Store {
    /// Fills a new file with rows, each as [`ReadTx::each_raw`] gave it, then brings them to this version's format.
    /// Not a transaction as a whole: a load that fails leaves a file to be thrown away.
    ///
    /// # Errors
    /// The store's trouble, or what `rows` yields.
    pub fn load_raw<E: From<StoreError>>(&self, rows: impl IntoIterator<Item = Result<RawRow, E>>) -> Result<u64, E> {
        let mut rows = rows.into_iter();
        let mut loaded = 0;
        loop {
            let tx = self.engine.begin_write().map_err(StoreError::from)?;
            let mut in_this = 0;
            while in_this < ROWS_PER_COMMIT {
                let Some(row) = rows.next() else { break };
                let row = row?;
                let mut rows = tx.open_table(table(&row.table)).map_err(StoreError::from)?;
                rows.insert(row.key.as_slice(), row.value.as_slice()).map_err(StoreError::from)?;
                in_this += 1;
            }
            tx.commit().map_err(StoreError::from)?;
            loaded += in_this as u64;
            if in_this < ROWS_PER_COMMIT {
                migrate::run(&self.engine)?;
                return Ok(loaded);
            }
        }
    }
}

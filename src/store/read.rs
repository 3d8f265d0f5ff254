//! Reading: finding one row, scanning rows by key prefix. The same verbs inside read and write transactions.

use std::ops::Bound;

use redb::{ReadTransaction, ReadableTable, TableDefinition, TableError};

use super::row::from_value;
use super::{Key, Row, StoreError};

pub(super) type Bytes = &'static [u8];

pub(super) const fn table(name: &str) -> TableDefinition<'_, Bytes, Bytes> {
    TableDefinition::new(name)
}

/// The verbs for looking, in any transaction.
pub trait Reads {
    /// The raw value under a raw key.
    ///
    /// # Errors
    /// The store's trouble.
    fn raw(&self, table: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Raw values with keys in this range, in key order or reversed, at most `limit`.
    ///
    /// # Errors
    /// The store's trouble.
    fn raw_range(
        &self,
        table: &'static str,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError>;

    /// The row under this key.
    ///
    /// # Errors
    /// The store's trouble, or a row that cannot be understood.
    fn find<R: Row>(&self, key: &R::Key) -> Result<Option<R>, StoreError> {
        match self.raw(R::TABLE, &key.to_bytes())? {
            Some(value) => Ok(Some(from_value(&value)?)),
            None => Ok(None),
        }
    }

    /// All rows whose key begins with `prefix`, in key order.
    ///
    /// # Errors
    /// As [`Reads::find`].
    fn scan<R: Row>(&self, prefix: &impl Key) -> Result<Vec<R>, StoreError> {
        let prefix = prefix.to_bytes();
        let end = after_prefix(&prefix);
        let range = (Bound::Included(prefix.as_slice()), end.as_deref().map_or(Bound::Unbounded, Bound::Excluded));
        decode_all(&self.raw_range(R::TABLE, range, false, usize::MAX)?)
    }

    /// Rows whose key begins with `prefix` and comes after `(prefix, after)`, in key order, at most `limit`.
    ///
    /// # Errors
    /// As [`Reads::find`].
    fn scan_after<R: Row>(&self, prefix: &impl Key, after: &impl Key, limit: usize) -> Result<Vec<R>, StoreError> {
        let (mut start, prefix) = (prefix.to_bytes(), prefix.to_bytes());
        after.append_to(&mut start);
        let end = after_prefix(&prefix);
        let range = (Bound::Excluded(start.as_slice()), end.as_deref().map_or(Bound::Unbounded, Bound::Excluded));
        decode_all(&self.raw_range(R::TABLE, range, false, limit)?)
    }

    /// Rows whose key begins with `prefix` and comes before `(prefix, before)`, greatest key first, at most `limit`.
    ///
    /// # Errors
    /// As [`Reads::find`].
    fn scan_before<R: Row>(&self, prefix: &impl Key, before: &impl Key, limit: usize) -> Result<Vec<R>, StoreError> {
        let (mut end, prefix) = (prefix.to_bytes(), prefix.to_bytes());
        before.append_to(&mut end);
        let range = (Bound::Included(prefix.as_slice()), Bound::Excluded(end.as_slice()));
        decode_all(&self.raw_range(R::TABLE, range, true, limit)?)
    }

    /// The row with the greatest key that begins with `prefix`.
    ///
    /// # Errors
    /// As [`Reads::find`].
    fn last<R: Row>(&self, prefix: &impl Key) -> Result<Option<R>, StoreError> {
        let prefix = prefix.to_bytes();
        let end = after_prefix(&prefix);
        let range = (Bound::Included(prefix.as_slice()), end.as_deref().map_or(Bound::Unbounded, Bound::Excluded));
        Ok(decode_all(&self.raw_range(R::TABLE, range, true, 1)?)?.pop())
    }
}

/// A read transaction: one consistent state.
pub struct ReadTx {
    tx: ReadTransaction,
}

impl ReadTx {
    pub(super) const fn new(tx: ReadTransaction) -> Self {
        Self { tx }
    }

    pub(super) const fn raw_tx(&self) -> &ReadTransaction {
        &self.tx
    }
}

impl Reads for ReadTx {
    fn raw(&self, name: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.tx.open_table(table(name)) {
            Ok(rows) => lookup(&rows, key),
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn raw_range(
        &self,
        name: &'static str,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        match self.tx.open_table(table(name)) {
            Ok(rows) => collect(&rows, range, reverse, limit),
            Err(TableError::TableDoesNotExist(_)) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

pub(super) fn lookup(rows: &impl ReadableTable<Bytes, Bytes>, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(rows.get(key)?.map(|value| value.value().to_vec()))
}

pub(super) fn collect(
    rows: &impl ReadableTable<Bytes, Bytes>,
    range: (Bound<&[u8]>, Bound<&[u8]>),
    reverse: bool,
    limit: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut found = rows.range::<&[u8]>(range)?;
    let mut values = Vec::new();
    while values.len() < limit {
        let Some(pair) = (if reverse { found.next_back() } else { found.next() }) else { break };
        values.push(pair?.1.value().to_vec());
    }
    Ok(values)
}

fn decode_all<R: Row>(values: &[Vec<u8>]) -> Result<Vec<R>, StoreError> {
    values.iter().map(|value| from_value(value).map_err(StoreError::from)).collect()
}

/// The first key after all keys with this prefix; `None` when there is no such key.
fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

//! Writing: one transaction with its audit entries in it, and the notices that go out once it is durable.

use std::ops::Bound;

use jiff::Timestamp;
use redb::WriteTransaction;

use super::audit::{AuditHead, StoredEntry, chain};
use super::read::{collect, lookup, table};
use super::row::to_value;
use super::{Key as _, Notice, Reads, Row, StoreError};
use crate::domain::audit::{Entry, Event};
use crate::policy::Permit;

/// A write transaction.
pub struct WriteTx {
    tx: WriteTransaction,
    now: Timestamp,
    has_room: bool,
    notices: Vec<Notice>,
    changed: Option<&'static str>,
    audited: bool,
}

impl WriteTx {
    pub(super) const fn new(tx: WriteTransaction, now: Timestamp, has_room: bool) -> Self {
        Self { tx, now, has_room, notices: Vec::new(), changed: None, audited: false }
    }

    /// The instant of this transaction: every row and entry of it carries the same one.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Refuses content when the disk has only the part left that is kept back for audit entries and sign-ins.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`].
    pub const fn need_room(&self) -> Result<(), StoreError> {
        if self.has_room { Ok(()) } else { Err(StoreError::DiskFull) }
    }

    /// Writes a row, replacing the one with the same key.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn put<R: Row>(&mut self, row: &R, _permit: &Permit) -> Result<(), StoreError> {
        self.changed = Some(R::TABLE);
        self.put_raw(R::TABLE, &row.key().to_bytes(), &to_value(row))
    }

    /// Removes the row under this key; says whether there was one.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn remove<R: Row>(&mut self, key: &R::Key, _permit: &Permit) -> Result<bool, StoreError> {
        self.changed = Some(R::TABLE);
        let mut rows = self.tx.open_table(table(R::TABLE))?;
        Ok(rows.remove(key.to_bytes().as_slice())?.is_some())
    }

    /// Adds an entry to the audit log.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn audit(&mut self, permit: &Permit, event: Event) -> Result<(), StoreError> {
        let head: AuditHead = self.find(&())?.unwrap_or_default();
        let entry = Entry {
            n: head.size + 1,
            at: self.now,
            doer: permit.doer(),
            network: permit.network().map(str::to_owned),
            code: event.code.to_owned(),
            facts: event.facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        let mut stored = StoredEntry { entry, root: [0; 32] };
        stored.root = chain(&head.root, &stored.entry_bytes());
        let head = AuditHead { size: stored.entry.n, root: stored.root };
        self.put_raw(StoredEntry::TABLE, &stored.key().to_bytes(), &to_value(&stored))?;
        self.put_raw(AuditHead::TABLE, &().to_bytes(), &to_value(&head))?;
        self.audited = true;
        Ok(())
    }

    /// Tells the event streams, once this transaction is durable.
    pub fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Makes everything durable, or nothing.
    pub(super) fn commit(self) -> Result<Vec<Notice>, StoreError> {
        if let (Some(table), false) = (self.changed, self.audited) {
            return Err(StoreError::Unaudited { table });
        }
        self.tx.commit()?;
        Ok(self.notices)
    }

    fn put_raw(&self, name: &'static str, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        let mut rows = self.tx.open_table(table(name))?;
        rows.insert(key, value)?;
        Ok(())
    }
}

impl Reads for WriteTx {
    fn raw(&self, name: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        lookup(&self.tx.open_table(table(name))?, key)
    }

    fn raw_range(
        &self,
        name: &'static str,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        collect(&self.tx.open_table(table(name))?, range, reverse, limit)
    }
}

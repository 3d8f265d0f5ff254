//! Writing: one piece of work with its audit entries in it, and the notices that go out once it is durable. Its
//! transaction may hold the work of others before it; what it changed can be taken back alone.

use std::{
    cell::{Cell, RefCell},
    ops::Bound,
};

use jiff::Timestamp;
use redb::WriteTransaction;

use super::audit::{AuditHead, StoredEntry, chain};
use super::read::{collect, lookup, table};
use super::row::to_value;
use super::{Key as _, Notice, Reads, Row, StoreError};
use crate::domain::audit::{Entry, Event, Mention};
use crate::policy::Permit;

/// A write transaction.
pub struct WriteTx {
    tx: WriteTransaction,
    now: Timestamp,
    has_room: bool,
    notices: Vec<Notice>,
    changed: Option<&'static str>,
    audited: bool,
    /// Bytes written, in keys and values.
    bytes: usize,
    /// What was there before each change, in the order of the changes; nothing if the transaction is this work's alone.
    before: Option<Vec<Before>>,
    /// After the database failed once, nothing in the transaction can be relied on.
    failed: RefCell<Option<StoreError>>,
    /// While the database works; a panic then leaves it in doubt.
    in_database: Cell<bool>,
}

/// What a change replaced.
struct Before {
    table: &'static str,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

/// What a piece of work leaves behind.
pub(super) struct Left {
    /// The transaction, for the next work; nothing if it is over.
    pub tx: Option<WriteTransaction>,
    /// Whether the work changed it.
    pub changed: bool,
    /// Bytes written.
    pub bytes: usize,
}

impl WriteTx {
    /// Work on a transaction; `shared` if it holds changes of others, which must stay if this work is taken back.
    pub(super) fn new(tx: WriteTransaction, now: Timestamp, has_room: bool, shared: bool) -> Self {
        Self {
            tx,
            now,
            has_room,
            notices: Vec::new(),
            changed: None,
            audited: false,
            bytes: 0,
            before: shared.then(Vec::new),
            failed: RefCell::default(),
            in_database: Cell::new(false),
        }
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
        self.change_raw(R::TABLE, &key.to_bytes(), None)
    }

    /// Adds an entry to the audit log, and to its index for everybody whom it concerns.
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
        for mention in Mention::of(&stored.entry) {
            self.put_raw(Mention::TABLE, &mention.key().to_bytes(), &to_value(&mention))?;
        }
        self.audited = true;
        Ok(())
    }

    /// Tells the event streams, once this transaction is durable.
    pub fn notify(&mut self, notice: Notice) {
        self.notices.push(notice);
    }

    /// Checks that every change has its audit entry, and gives the notices.
    pub(super) fn finish(&mut self) -> Result<Vec<Notice>, StoreError> {
        match self.changed {
            Some(table) if !self.audited => Err(StoreError::Unaudited { table }),
            _ => Ok(std::mem::take(&mut self.notices)),
        }
    }

    /// Ends the work: keeps its changes, or takes them back.
    ///
    /// # Errors
    /// What the database failed with; then the transaction is over, and whatever others changed in it is lost.
    pub(super) fn leave(self, keep: bool) -> Result<Left, StoreError> {
        if self.in_database.get() {
            return Err(StoreError::interrupted());
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (changed, bytes) = (self.bytes > 0, self.bytes);
        if keep || !changed {
            return Ok(Left { tx: Some(self.tx), changed, bytes });
        }
        let Some(before) = self.before else {
            self.tx.abort()?;
            return Ok(Left { tx: None, changed: false, bytes: 0 });
        };
        for Before { table, key, value } in before.into_iter().rev() {
            write(&self.tx, table, &key, value.as_deref(), false)?;
        }
        Ok(Left { tx: Some(self.tx), changed: false, bytes: 0 })
    }

    fn put_raw(&mut self, name: &'static str, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.change_raw(name, key, Some(value)).map(drop)
    }

    /// Puts or removes; says whether there was something before.
    fn change_raw(&mut self, name: &'static str, key: &[u8], value: Option<&[u8]>) -> Result<bool, StoreError> {
        self.bytes += key.len() + value.map_or(0, <[u8]>::len) + 1;
        let keep = self.before.is_some();
        let before = self.database(|tx| write(tx, name, key, value, keep))?;
        let was_there = before.is_some();
        if let Some(all) = &mut self.before {
            self.bytes += before.as_ref().map_or(0, Vec::len);
            all.push(Before { table: name, key: key.to_owned(), value: before });
        }
        Ok(was_there)
    }

    fn database<T>(&self, step: impl FnOnce(&WriteTransaction) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.in_database.set(true);
        let done = step(&self.tx);
        self.in_database.set(false);
        done.inspect_err(|error| *self.failed.borrow_mut() = Some(error.again()))
    }
}

impl Reads for WriteTx {
    fn raw(&self, name: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.database(|tx| lookup(&tx.open_table(table(name))?, key))
    }

    fn raw_range(
        &self,
        name: &'static str,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.database(|tx| collect(&tx.open_table(table(name))?, range, reverse, limit))
    }
}

/// Puts or removes one value. Gives the one before: its bytes if they are wanted, else nothing but that it was there.
fn write(
    tx: &WriteTransaction,
    name: &str,
    key: &[u8],
    value: Option<&[u8]>,
    wanted: bool,
) -> Result<Option<Vec<u8>>, StoreError> {
    let mut rows = tx.open_table(table(name))?;
    let before = match value {
        Some(value) => rows.insert(key, value)?,
        None => rows.remove(key)?,
    };
    Ok(before.map(|before| if wanted { before.value().to_vec() } else { Vec::new() }))
}

//! The encrypted file as redb's storage: reads authenticate, writes encrypt, a sync appends one commit record.
//!
//! Nothing on the disk changes before the first change that redb asks for: a file that is not opened successfully is
//! left as it was. Once a write or a sync has failed, what the disk holds is unknown, and every later write is refused
//! until the file is opened anew.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use redb::StorageBackend;

use super::{
    changes::Changes,
    cipher::{DataKey, Entry, Keys, Kind},
    disk::Disk,
    error::Fault,
    groups::{Groups, Source},
    layout::{
        BLOCK, BLOCK_BYTES, GROUP_BLOCKS, RING_AT, block_at, first_block, logical_len, physical_len, runs,
        sealed_blocks, tags_at,
    },
    ring::{HEADER_BYTES, Record, entries_max, record_bytes},
    snapshot::Taken,
    superblock::Found,
};

/// What redb sees of a block that does not authenticate while it repairs: no checksum fits this.
const POISON: u8 = 0x5A;

/// The encrypted file, open. Clones share it.
#[derive(Clone)]
pub struct BlockFile(pub(super) Arc<Handle>);

/// What outlives the file on the disk: another one with the same blocks may take its place.
pub(super) struct Handle {
    live: RwLock<Arc<Inner>>,
    /// Shared by all changes; alone has it who puts another file in place.
    turn: RwLock<()>,
    pub changes: Changes,
}

impl Handle {
    pub fn new(inner: Inner) -> Self {
        Self { live: RwLock::new(Arc::new(inner)), turn: RwLock::default(), changes: Changes::default() }
    }

    /// The file as it is now.
    pub fn inner(&self) -> Arc<Inner> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// While it is held, the file stays the same one.
    pub fn turn(&self) -> RwLockReadGuard<'_, ()> {
        self.turn.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// While it is held, nothing changes. Reads go on.
    pub fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on, this is the file. Only for who is [`Self::alone`]; both files must hold the same.
    pub fn put(&self, inner: Arc<Inner>) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        // Who reads a state of the old file goes on reading it in the new one.
        let read = std::mem::take(&mut *live.snapshots.write().unwrap_or_else(PoisonError::into_inner));
        inner.snapshots.write().unwrap_or_else(PoisonError::into_inner).extend(read);
        *live = inner;
    }

    /// Runs a change. Who follows the changes cannot go on after a failure: what was lost is unknown.
    fn change<T>(&self, work: impl FnOnce(&Inner, &Changes) -> io::Result<T>) -> io::Result<T> {
        let _turn = self.turn();
        let inner = self.inner();
        let done = work(&inner, &self.changes);
        if inner.broken.load(Ordering::Acquire) {
            self.changes.end();
        }
        done
    }
}

pub(super) struct Inner {
    pub disk: Arc<dyn Disk>,
    pub data_key: DataKey,
    pub keys: Keys,
    pub superblock: Mutex<Found>,
    pub journal: Mutex<Journal>,
    pub groups: Groups,
    pub len: AtomicU64,
    pub poison: AtomicBool,
    pub broken: AtomicBool,
    pub unauthentic: AtomicU64,
    /// States of this file that somebody reads: what is overwritten is kept for them first.
    pub snapshots: RwLock<Vec<Weak<Taken>>>,
}

/// What the next commit record will say, and how much of the ring is free.
#[derive(Debug)]
pub(super) struct Journal {
    /// Of the newest record.
    pub seq: u64,
    /// The newest record that a replay may find: the chain's end.
    pub previous: u64,
    pub oldest: u64,
    pub head: u64,
    pub used: u64,
    pub ring_bytes: u64,
    pub header: [u8; HEADER_BYTES],
    /// As the last sync left it.
    pub synced_header: [u8; HEADER_BYTES],
    pub header_changed: bool,
    pub pending: Pending,
    pub dirty: BTreeSet<u64>,
    /// Whether this opening has made its checkpoint.
    pub begun: bool,
}

/// Entries since the last sync, as long as they fit into a record; a commit beyond that is a checkpoint and names none.
#[derive(Debug, Default)]
pub(super) struct Pending {
    entries: BTreeMap<u64, Entry>,
    too_many: bool,
}

impl Pending {
    fn put(&mut self, first: u64, entries: &[Entry], max: usize) {
        self.too_many |= self.entries.len() + entries.len() > max;
        if self.too_many {
            self.entries = BTreeMap::new();
        } else {
            self.entries.extend((first..).zip(entries.iter().copied()));
        }
    }

    fn is_empty(&self) -> bool {
        !self.too_many && self.entries.is_empty()
    }
}

impl BlockFile {
    /// How many blocks failed to authenticate since the file was opened.
    #[must_use]
    pub fn unauthentic_blocks(&self) -> u64 {
        self.0.inner().unauthentic.load(Ordering::Relaxed)
    }

    /// The number of the newest commit record: it grows whenever something was made durable. Nothing if it is unknown.
    #[must_use]
    pub fn newest_record(&self) -> Option<u64> {
        self.0.inner().journal().ok().map(|journal| journal.seq)
    }

    /// Whether a write or sync has failed: the file must be opened anew.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.0.inner().broken.load(Ordering::Acquire)
    }

    /// Refuses every further write. The old handle must be fenced before a new one is opened on the same disk.
    /// A write that is under way ends first.
    pub fn fence(&self) {
        let _turn = self.0.alone();
        self.0.inner().broken.store(true, Ordering::Release);
        self.0.changes.end();
    }

    /// Whether blocks that do not authenticate read as garbage (for redb's repair) instead of as errors.
    pub fn set_poison(&self, on: bool) {
        self.0.inner().poison.store(on, Ordering::Release);
    }

    /// The disk, to open the file anew without giving up its lock.
    #[must_use]
    pub fn disk(&self) -> Arc<dyn Disk> {
        Arc::clone(&self.0.inner().disk)
    }
}

impl fmt::Debug for BlockFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlockFile({:?})", self.0.inner().disk)
    }
}

impl Inner {
    pub fn source(&self) -> Source<'_> {
        let poison = self.poison.load(Ordering::Acquire);
        Source { disk: &*self.disk, keys: &self.keys, len: self.len.load(Ordering::Acquire), poison }
    }

    /// Runs a change of the disk; after a failure there is no further one.
    fn change<T>(&self, work: impl FnOnce(&mut Journal) -> io::Result<T>) -> io::Result<T> {
        let mut journal = self.usable_journal()?;
        let done = self.begin(&mut journal).and_then(|()| work(&mut journal));
        self.broken.fetch_or(done.is_err(), Ordering::AcqRel);
        done
    }

    /// A thread that panicked with the journal in its hands left it in an unknown state.
    pub fn journal(&self) -> io::Result<MutexGuard<'_, Journal>> {
        self.journal.lock().map_err(|_| Fault::Broken.into())
    }

    /// The journal of a file that may go on.
    pub fn usable_journal(&self) -> io::Result<MutexGuard<'_, Journal>> {
        if self.broken.load(Ordering::Acquire) {
            return Err(Fault::Broken.into());
        }
        self.journal()
    }

    /// The opening's own checkpoint. It uses up the number of a record that a crash may have lost, and skips one more:
    /// tags that already name a lost number must not hide a later record from a replay. A lost opening may repeat its
    /// number, since it adds nothing.
    fn begin(&self, journal: &mut Journal) -> io::Result<()> {
        if journal.begun {
            return Ok(());
        }
        self.superblock.lock().map_err(|_| Fault::Broken)?.repair(&*self.disk)?;
        journal.seq += 1;
        self.commit(journal, true)?;
        journal.begun = true;
        Ok(())
    }

    /// One durable step: a record with the pending entries, or a checkpoint (dirty tags go home, and an empty record),
    /// then a sync. A checkpoint's record still names the old oldest record; ring space is free only after its sync.
    fn commit(&self, journal: &mut Journal, checkpoint: bool) -> io::Result<()> {
        let pending = std::mem::take(&mut journal.pending);
        let fits = journal.used + record_bytes(pending.entries.len()) <= journal.ring_bytes / 2;
        let checkpoint = checkpoint || pending.too_many || !fits;
        let entries = if checkpoint { Vec::new() } else { pending.entries.into_iter().collect() };
        let bytes = record_bytes(entries.len());
        if journal.head + bytes > journal.ring_bytes {
            journal.used += journal.ring_bytes - journal.head;
            journal.head = 0;
        }
        let seq = journal.seq + 1;
        let (offset, oldest, previous, header) = (journal.head, journal.oldest, journal.previous, journal.header);
        if checkpoint {
            self.groups.write_home(&self.source(), seq, journal.dirty.iter())?;
        }
        let raw = Record { seq, offset, oldest, previous, header, entries }.seal(&self.keys)?;
        self.disk.write_at(RING_AT + offset, &raw)?;
        self.disk.sync()?;
        (journal.seq, journal.previous, journal.header_changed) = (seq, seq, false);
        journal.synced_header = header;
        journal.head = (offset + bytes) % journal.ring_bytes;
        journal.used += bytes;
        if checkpoint {
            self.groups.flip(journal.dirty.iter());
            journal.dirty.clear();
            (journal.oldest, journal.used) = (seq, bytes);
        }
        Ok(())
    }

    /// Going home must never be what a full disk lacks room for: without a checkpoint the file could not even be read.
    /// Room for blocks is not reserved, since redb grows by doubling.
    fn reserve_tags(&self, old: u64, new: u64) -> io::Result<()> {
        let groups = |physical| sealed_blocks(logical_len(physical)).div_ceil(GROUP_BLOCKS);
        let reserved = (groups(old)..groups(new)).try_for_each(|group| self.disk.reserve(tags_at(group), 2 * BLOCK));
        if reserved.is_err() {
            self.disk.set_len(old)?;
        }
        reserved
    }

    fn read_header(&self, offset: usize, out: &mut [u8]) -> io::Result<()> {
        let journal = self.journal()?;
        out.copy_from_slice(journal.header.get(offset..offset + out.len()).ok_or(Fault::Alignment)?);
        Ok(())
    }

    fn write_header(&self, offset: usize, data: &[u8]) -> io::Result<()> {
        self.change(|journal| {
            journal.header.get_mut(offset..offset + data.len()).ok_or(Fault::Alignment)?.copy_from_slice(data);
            journal.header_changed = true;
            Ok(())
        })
    }

    /// A run within one group.
    fn read_run(&self, first: u64, count: usize, out: &mut [u8]) -> io::Result<()> {
        self.disk.read_at(block_at(first), out)?;
        let entries = self.groups.entries(&self.source(), first, count)?;
        for ((block, entry), data) in (first..).zip(&entries).zip(out.chunks_exact_mut(BLOCK_BYTES)) {
            self.keys.open(Kind::Block, block, entry, data).map_err(|_| Fault::Unauthentic(block))?;
        }
        Ok(())
    }

    pub(super) fn read_blocks(&self, first: u64, out: &mut [u8]) -> io::Result<()> {
        let mut rest = &mut *out;
        for (start, count) in runs(first, rest.len() / BLOCK_BYTES) {
            let (run, after) = rest.split_at_mut(count * BLOCK_BYTES);
            self.read_run(start, count, run)?;
            rest = after;
        }
        Ok(())
    }

    fn write_blocks(&self, first: u64, data: &[u8], changes: &Changes) -> io::Result<()> {
        let mut sealed = data.to_vec();
        let blocks = (first..).zip(sealed.chunks_exact_mut(BLOCK_BYTES));
        let entries = blocks.map(|(block, data)| self.keys.seal(Kind::Block, block, data));
        let entries = entries.collect::<io::Result<Vec<Entry>>>();
        self.change(|journal| {
            let entries = entries?;
            self.keep_for_snapshots(first, entries.len() as u64);
            journal.dirty.extend(self.groups.put(&self.source(), first, &entries)?);
            journal.pending.put(first, &entries, entries_max(journal.ring_bytes));
            let mut rest = sealed.as_slice();
            for (start, count) in runs(first, entries.len()) {
                let (run, after) = rest.split_at(count * BLOCK_BYTES);
                self.disk.write_at(block_at(start), run)?;
                rest = after;
            }
            changes.wrote(first, data);
            Ok(())
        })
    }

    fn resize(&self, len: u64, changes: &Changes) -> io::Result<()> {
        self.change(|journal| {
            let (old, new) = (self.len.load(Ordering::Acquire), physical_len(len));
            let blocks = sealed_blocks(len);
            if new < old {
                self.keep_for_snapshots(blocks, u64::MAX);
                self.groups.cut(blocks);
                journal.dirty.retain(|group| group * GROUP_BLOCKS < blocks);
                journal.pending.entries.retain(|block, _| *block < blocks);
            }
            self.reserve_tags(old, new)?;
            self.disk.set_len(new)?;
            self.len.store(new, Ordering::Release);
            changes.resized(blocks);
            Ok(())
        })
    }

    fn sync(&self, changes: &Changes) -> io::Result<()> {
        self.change(|journal| {
            if journal.pending.is_empty() && !journal.header_changed {
                self.disk.sync()?;
            } else {
                self.commit(journal, false)?;
            }
            changes.synced(journal.seq, self.blocks(), &journal.synced_header);
            Ok(())
        })
    }

    /// Counts on from where a file left off whose place this one takes.
    pub fn go_on_from(&self, old: &Self) -> io::Result<()> {
        let seq = old.usable_journal()?.seq;
        let mut journal = self.usable_journal()?;
        journal.seq = journal.seq.max(seq);
        self.unauthentic.store(old.unauthentic.load(Ordering::Relaxed), Ordering::Relaxed);
        let snapshots = old.snapshots.read().unwrap_or_else(PoisonError::into_inner).clone();
        *self.snapshots.write().unwrap_or_else(PoisonError::into_inner) = snapshots;
        Ok(())
    }

    /// How many sealed blocks there are.
    pub fn blocks(&self) -> u64 {
        sealed_blocks(self.redb_len())
    }

    fn redb_len(&self) -> u64 {
        logical_len(self.len.load(Ordering::Acquire))
    }
}

/// An offset within redb's block 0.
fn within(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl StorageBackend for BlockFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.inner().redb_len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let inner = self.0.inner();
        let Some(first) = first_block(offset, out.len(), inner.redb_len())? else {
            return inner.read_header(within(offset), out);
        };
        let read = inner.read_blocks(first, out);
        if read.as_ref().is_err_and(Fault::is_in) {
            inner.unauthentic.fetch_add(1, Ordering::Relaxed);
            if inner.poison.load(Ordering::Acquire) {
                out.fill(POISON);
                return Ok(());
            }
        }
        read
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.change(|inner, changes| inner.resize(len, changes))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.change(Inner::sync)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.change(|inner, changes| match first_block(offset, data.len(), inner.redb_len())? {
            None => inner.write_header(within(offset), data),
            Some(first) => inner.write_blocks(first, data, changes),
        })
    }
}

//! One durable state of the encrypted file, readable while the file itself is written on: what a check opens redb on.
//! Nothing that redb writes here reaches the disk. And the plain walk over every sealed block.
//!
//! A read transaction of the live database keeps the pages of its tables from being used again. redb uses the pages of
//! its own bookkeeping again all the same, so whatever the file overwrites is kept here first.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use redb::StorageBackend;

use super::{
    backend::{BlockFile, Inner},
    cipher::{ENTRY_BYTES, Kind},
    error::Fault,
    layout::{BLOCK, BLOCK_BYTES, block_at, first_block, runs, sealed_blocks},
    ring::HEADER_BYTES,
};

/// How many overwritten blocks a state keeps in memory (64 MiB). With more, it is lost.
const KEPT_MAX: usize = 16 * 1024;

/// Is told how many bytes were read, may wait, and ends the reading with an error.
pub type Pace = Arc<dyn Fn(u64) -> io::Result<()> + Send + Sync>;

/// A state of a file as redb's storage. Clones share it.
#[derive(Clone)]
pub struct Snapshot(Arc<Taken>);

pub(super) struct Taken {
    file: BlockFile,
    pace: Pace,
    state: Mutex<State>,
}

/// What differs from the file: redb's own writes, and what the file overwrote since. In memory only.
struct State {
    header: [u8; HEADER_BYTES],
    /// redb's length.
    len: u64,
    written: BTreeMap<u64, Box<[u8]>>,
    /// Blocks that redb has asked for, one bit each: those in use, once it has checked everything.
    asked: Vec<u64>,
    /// Blocks of the file at the beginning.
    blocks: u64,
    kept: usize,
}

/// What a walk over sealed blocks found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Blocks that were ever written.
    pub written: u64,
    /// Blocks that do not authenticate.
    pub unauthentic: Vec<u64>,
    /// Groups whose tags do not authenticate: none of their blocks can be read.
    pub lost_groups: Vec<u64>,
}

impl BlockFile {
    /// The state of the last commit. No commit may be under way, and a read transaction must keep it from then on.
    ///
    /// # Errors
    /// An earlier write failed: the file must be opened anew first.
    pub fn snapshot(&self, pace: Pace) -> io::Result<Snapshot> {
        let _turn = self.0.turn();
        let inner = self.0.inner();
        let journal = inner.journal()?;
        let (header, len) = (journal.synced_header, self.len()?);
        let (written, asked, blocks) = (BTreeMap::new(), Vec::new(), sealed_blocks(len));
        let state = Mutex::new(State { header, len, written, asked, blocks, kept: 0 });
        let taken = Arc::new(Taken { file: self.clone(), pace, state });
        inner.snapshots.write().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&taken));
        drop(journal);
        Ok(Snapshot(taken))
    }

    /// Authenticates every block that was ever written. Blocks that are free may fail after a crash: what was being
    /// written there was lost, and nothing needs it.
    ///
    /// # Errors
    /// The disk fails, or `pace` ends it.
    pub fn walk(&self, pace: &Pace) -> io::Result<Walked> {
        let blocks = sealed_blocks(self.len()?);
        let mut walked = Walked::default();
        for (first, count) in runs(0, usize::try_from(blocks).unwrap_or(usize::MAX)) {
            match self.0.inner().walk_run(first, count, &mut walked) {
                Err(error) if fault(&error).is_some_and(|fault| matches!(fault, Fault::Tags(_))) => {
                    walked.lost_groups.push(super::layout::group_of(first));
                }
                done => done?,
            }
            pace(count as u64 * BLOCK)?;
        }
        Ok(walked)
    }
}

impl Inner {
    /// Before blocks are overwritten or cut off: the states that need them keep them.
    pub(super) fn keep_for_snapshots(&self, first: u64, count: u64) {
        if self.snapshots.read().unwrap_or_else(PoisonError::into_inner).is_empty() {
            return;
        }
        let mut snapshots = self.snapshots.write().unwrap_or_else(PoisonError::into_inner);
        snapshots.retain(|taken| taken.strong_count() > 0);
        for taken in snapshots.iter().filter_map(Weak::upgrade) {
            taken.keep(self, first, count);
        }
    }

    fn walk_run(&self, first: u64, count: usize, walked: &mut Walked) -> io::Result<()> {
        let mut sealed = vec![0; count * BLOCK_BYTES];
        let entries = self.groups.entries(&self.source(), first, count)?;
        self.disk.read_at(block_at(first), &mut sealed)?;
        for ((block, entry), data) in (first..).zip(&entries).zip(sealed.chunks_exact_mut(BLOCK_BYTES)) {
            if *entry == [0; ENTRY_BYTES] {
                continue;
            }
            walked.written += 1;
            let opened = self.keys.open(Kind::Block, block, entry, data).is_ok();
            if !opened && !self.opens_now(block)? {
                walked.unauthentic.push(block);
            }
        }
        Ok(())
    }

    /// A block that is being written has its tag already and its bytes not yet: it is looked at again while no write is
    /// under way.
    fn opens_now(&self, block: u64) -> io::Result<bool> {
        let _none_under_way = self.journal()?;
        match self.read_blocks(block, &mut [0; BLOCK_BYTES]) {
            Err(error) if Fault::is_in(&error) => Ok(false),
            read => read.map(|()| true),
        }
    }
}

impl Taken {
    /// What does not authenticate now was no part of a state, and more than [`KEPT_MAX`] is the end of this one.
    fn keep(&self, file: &Inner, first: u64, count: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for block in first..first.saturating_add(count).min(state.blocks) {
            if state.kept > KEPT_MAX {
                return;
            }
            let mut data = vec![0; BLOCK_BYTES];
            if !state.written.contains_key(&block) && file.read_blocks(block, &mut data).is_ok() {
                state.written.insert(block, data.into());
                state.kept += 1;
            }
        }
    }
}

impl State {
    /// redb's length; its super-header is there in a file of nothing, too.
    fn reachable(&self) -> u64 {
        self.len.max(BLOCK)
    }

    fn note(&mut self, block: u64) {
        let (word, bit) = bit_of(block);
        if self.asked.len() <= word {
            self.asked.resize(word + 1, 0);
        }
        self.asked[word] |= bit;
    }
}

fn bit_of(block: u64) -> (usize, u64) {
    (usize::try_from(block / 64).unwrap_or_default(), 1 << (block % 64))
}

impl Snapshot {
    /// Whether redb has asked for this block, in a state that it has checked: whether it is in use.
    #[must_use]
    pub fn is_used(&self, block: u64) -> bool {
        let (word, bit) = bit_of(block);
        self.state().asked.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Whether too much was overwritten since for this state to be whole.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.state().kept > KEPT_MAX
    }

    /// The file that it is a state of.
    #[must_use]
    pub fn file(&self) -> &BlockFile {
        &self.0.file
    }

    /// [`BlockFile::walk`] over its file, at the same pace.
    ///
    /// # Errors
    /// As there.
    pub fn walk(&self) -> io::Result<Walked> {
        self.0.file.walk(&self.0.pace)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_blocks(&self, first: u64, out: &mut [u8]) -> io::Result<()> {
        let blocks = first..first + (out.len() / BLOCK_BYTES) as u64;
        (self.0.pace)(out.len() as u64)?;
        blocks.clone().for_each(|block| self.state().note(block));
        let read = self.0.file.0.inner().read_blocks(first, out);
        // Looked at after the file, which keeps a block here before it overwrites it.
        let state = self.state();
        if state.written.range(blocks.clone()).next().is_none() {
            return read;
        }
        drop(state);
        for (block, data) in blocks.zip(out.chunks_exact_mut(BLOCK_BYTES)) {
            self.read_block(block, data)?;
        }
        Ok(())
    }

    fn read_block(&self, block: u64, data: &mut [u8]) -> io::Result<()> {
        let read = self.0.file.0.inner().read_blocks(block, data);
        match self.state().written.get(&block) {
            Some(written) => data.copy_from_slice(written),
            None => read?,
        }
        Ok(())
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Snapshot({:?})", self.0.file)
    }
}

impl StorageBackend for Snapshot {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let len = self.state().reachable();
        if let Some(first) = first_block(offset, out.len(), len)? {
            return self.read_blocks(first, out);
        }
        out.copy_from_slice(within(&mut self.state().header, offset, out.len())?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.state();
        state.len = len;
        state.written.retain(|block, _| *block < sealed_blocks(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        match first_block(offset, data.len(), state.reachable())? {
            Some(first) => {
                let blocks = (first..).zip(data.chunks_exact(BLOCK_BYTES));
                state.written.extend(blocks.map(|(block, data)| (block, data.into())));
            }
            None => within(&mut state.header, offset, data.len())?.copy_from_slice(data),
        }
        Ok(())
    }
}

fn within(header: &mut [u8; HEADER_BYTES], offset: u64, bytes: usize) -> io::Result<&mut [u8]> {
    let from = usize::try_from(offset).unwrap_or(usize::MAX);
    Ok(header.get_mut(from..from.saturating_add(bytes)).ok_or(Fault::Alignment)?)
}

fn fault(error: &io::Error) -> Option<&Fault> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>())
}

/// How many bytes a walk will read.
pub(in crate::store) fn walk_bytes(file: &BlockFile) -> u64 {
    sealed_blocks(file.len().unwrap_or_default()) * BLOCK
}

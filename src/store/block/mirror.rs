//! A copy of an open file, in another encrypted file: filled block by block while writes go on, then brought up to date
//! from the change stream. It takes frames only in order and whole, and knows nothing of redb.

use std::io;

use redb::StorageBackend;

use super::{
    BlockError,
    backend::{BlockFile, Inner},
    block_set::BlockSet,
    changes::{Content, Frame, Start},
    cipher::Kind,
    error::Fault,
    layout::{BLOCK, BLOCK_BYTES, GROUP_BLOCKS, block_at, runs},
};

/// Why a frame was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A frame before it is missing, or it was taken already.
    #[error("frame {found} came where {expected} is next")]
    OutOfOrder {
        /// What would be next.
        expected: u64,
        /// What came.
        found: u64,
    },
    /// It contradicts itself.
    #[error("a frame of the change stream makes no sense")]
    Malformed,
}

impl From<FrameError> for io::Error {
    fn from(error: FrameError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

impl From<FrameError> for BlockError {
    fn from(_: FrameError) -> Self {
        Self::Damaged { what: "the stream of changes" }
    }
}

/// The copy and how far it is.
#[derive(Debug)]
pub struct Mirror {
    copy: BlockFile,
    /// The last sync that it has seen.
    at: u64,
    blocks: u64,
    /// Blocks from here on are still to be read for the first time.
    copied: u64,
    /// Blocks that a gap named.
    missing: BlockSet,
    unreadable: u64,
}

impl Mirror {
    /// Begins a copy in a new, empty encrypted file.
    ///
    /// # Errors
    /// What the disk of the copy reports.
    pub fn begin(start: &Start, copy: BlockFile) -> io::Result<Self> {
        copy.set_len((1 + start.blocks) * BLOCK)?;
        copy.write(0, &start.header)?;
        let (at, blocks) = (start.number, start.blocks);
        Ok(Self { copy, at, blocks, copied: 0, missing: BlockSet::default(), unreadable: 0 })
    }

    /// The file of the copy.
    #[must_use]
    pub const fn file(&self) -> &BlockFile {
        &self.copy
    }

    /// How many blocks were read for the first time, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.copied.min(self.blocks), self.blocks)
    }

    /// Whether each block was copied once and no gap is left.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.copied >= self.blocks && self.missing.is_empty()
    }

    /// Blocks that did not open. After a power failure a few that hold nothing are normal; they stay unreadable.
    #[must_use]
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Copies up to a group of blocks. Returns how many bytes it read; none when each block was copied once and no gap
    /// is left.
    ///
    /// # Errors
    /// What either disk reports.
    pub fn copy_some(&mut self, source: &BlockFile) -> io::Result<u64> {
        let missing = self.missing.iter().next();
        if let Some(block) = missing {
            return self.copy_missing(source, block);
        }
        let Some((first, count)) = runs(self.copied, blocks_within(self.copied, self.blocks)).next() else {
            return Ok(0);
        };
        self.copy_run(source, first, count, &|_| true)?;
        self.copied = first + count as u64;
        Ok(count as u64 * BLOCK)
    }

    /// The rest of one group that a gap named.
    fn copy_missing(&mut self, source: &BlockFile, block: u64) -> io::Result<u64> {
        let end = ((block / GROUP_BLOCKS + 1) * GROUP_BLOCKS).min(self.blocks);
        let wanted: BlockSet = self.missing.iter().take_while(|block| *block < end).collect();
        let count = blocks_within(block, end);
        self.copy_run(source, block, count, &|block| wanted.contains(block))?;
        self.missing.remove_all(&wanted);
        Ok(wanted.len() * BLOCK)
    }

    fn copy_run(
        &mut self,
        source: &BlockFile,
        first: u64,
        count: usize,
        is_wanted: &dyn Fn(u64) -> bool,
    ) -> io::Result<()> {
        let run = source.0.inner().run_now(first, count)?;
        let wanted: Vec<Option<State>> =
            (first..).zip(&run.state).map(|(block, state)| is_wanted(block).then_some(*state)).collect();
        let mut place = 0;
        for part in wanted.chunk_by(|left, right| left == right) {
            if part[0] == Some(State::Unreadable) {
                self.unreadable += part.len() as u64;
            }
            if part[0] == Some(State::Whole) {
                let data = &run.data[place * BLOCK_BYTES..(place + part.len()) * BLOCK_BYTES];
                self.copy.write((1 + first + place as u64) * BLOCK, data)?;
            }
            place += part.len();
        }
        Ok(())
    }

    /// Takes the next frame. Blocks that were not copied yet are left for [`Self::copy_some`], and so is a gap.
    ///
    /// # Errors
    /// A [`FrameError`] inside an error of ours for a frame that is not the next one or makes no sense: nothing of it
    /// was taken. Otherwise what the disk reports.
    pub fn apply(&mut self, frame: &Frame) -> io::Result<()> {
        self.check(frame)?;
        let kept = frame.blocks_min.min(self.blocks);
        for blocks in [kept, frame.blocks] {
            if blocks != self.blocks {
                self.copy.set_len((1 + blocks) * BLOCK)?;
                self.blocks = blocks;
            }
        }
        self.missing.cut(kept);
        // What lies beyond is all in this frame and the following ones.
        if self.copied >= kept {
            self.copied = frame.blocks;
        }
        match &frame.content {
            Content::Blocks(blocks) => {
                for (block, data) in blocks.iter().filter(|(block, _)| **block < self.copied) {
                    self.copy.write((1 + block) * BLOCK, data)?;
                }
            }
            Content::Gap(blocks) => self.missing.extend(blocks.iter().filter(|block| *block < self.copied)),
        }
        self.copy.write(0, &frame.header)?;
        self.at = frame.last;
        Ok(())
    }

    fn check(&self, frame: &Frame) -> Result<(), FrameError> {
        if frame.first != self.at + 1 {
            return Err(FrameError::OutOfOrder { expected: self.at + 1, found: frame.first });
        }
        let blocks_fit = match &frame.content {
            Content::Blocks(blocks) => blocks.iter().all(|(at, data)| *at < frame.blocks && data.len() == BLOCK_BYTES),
            Content::Gap(blocks) => blocks.iter().all(|block| block < frame.blocks),
        };
        let fits = blocks_fit && frame.last >= frame.first && frame.blocks_min <= frame.blocks;
        if fits { Ok(()) } else { Err(FrameError::Malformed) }
    }

    /// Makes durable what the copy holds.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn sync(&self) -> io::Result<()> {
        self.copy.sync_data()
    }
}

fn blocks_within(first: u64, end: u64) -> usize {
    usize::try_from(end.saturating_sub(first)).unwrap_or(usize::MAX)
}

/// What a block is found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    NeverWritten,
    Unreadable,
}

/// Blocks as they are at some moment each.
struct Run {
    data: Vec<u8>,
    state: Vec<State>,
}

impl Inner {
    /// A run within one group while writes go on: a block that is just being written is read again, between writes.
    fn run_now(&self, first: u64, count: usize) -> io::Result<Run> {
        match self.read_now(first, count) {
            Ok(run) if !run.state.contains(&State::Unreadable) => Ok(run),
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof && !Fault::is_in(&error) => Err(error),
            _ => {
                let _between_writes = self.journal()?;
                let within = blocks_within(first, self.blocks()).min(count);
                self.read_now(first, within)
            }
        }
    }

    fn read_now(&self, first: u64, count: usize) -> io::Result<Run> {
        let (mut data, mut state) = (vec![0; count * BLOCK_BYTES], Vec::with_capacity(count));
        if count == 0 {
            return Ok(Run { data, state });
        }
        self.disk.read_at(block_at(first), &mut data)?;
        let entries = self.groups.entries(&self.source(), first, count)?;
        for ((block, entry), data) in (first..).zip(&entries).zip(data.chunks_exact_mut(BLOCK_BYTES)) {
            let opened = self.keys.open(Kind::Block, block, entry, data);
            state.push(match opened {
                Ok(()) => State::Whole,
                Err(_) if entry.iter().all(|byte| *byte == 0) => State::NeverWritten,
                Err(_) => State::Unreadable,
            });
        }
        Ok(Run { data, state })
    }
}

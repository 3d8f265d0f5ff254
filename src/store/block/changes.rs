//! The change stream: what each completed sync changed, as plaintext blocks, for whoever keeps a copy of the file.
//!
//! It never makes a writer wait and never grows beyond bounds: a follower that falls too far behind gets a gap, which
//! still names the blocks, instead of their content. It never loses or reorders a sync. When nobody follows, it costs
//! one look at a flag per write.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{backend::BlockFile, block_set::BlockSet, layout::BLOCK_BYTES, ring::HEADER_BYTES};

/// How much content the changes between two syncs may keep in memory; beyond, only their names are kept.
const FRAME_BYTES_MAX: usize = 8 << 20;
/// How much content may wait for one follower.
const QUEUE_BYTES_MAX: usize = 32 << 20;

/// What the blocks of a frame hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Sealed block numbers with their plaintext.
    Blocks(BTreeMap<u64, Box<[u8]>>),
    /// A gap: these changed, and their content was given up. Whoever needs it reads them anew.
    Gap(BlockSet),
}

/// What changed from one sync to a later one, mostly the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The first sync of the stream that it covers.
    pub first: u64,
    /// The last one, with which the following frame continues.
    pub last: u64,
    /// The commit record's number of that last sync. Numbers are skipped at times.
    pub seq: u64,
    /// How many sealed blocks there are.
    pub blocks: u64,
    /// The fewest there were meanwhile: what lay beyond was cut off before anything was written there again.
    pub blocks_min: u64,
    /// redb's super-header.
    pub header: [u8; HEADER_BYTES],
    /// What was written.
    pub content: Content,
}

/// Where a copy begins: what the file was at the last sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The sync after which the frames come.
    pub number: u64,
    /// As in [`Frame`].
    pub seq: u64,
    /// As in [`Frame`].
    pub blocks: u64,
    /// As in [`Frame`].
    pub header: [u8; HEADER_BYTES],
}

/// What a follower finds.
#[derive(Clone, Debug)]
pub enum Next {
    /// The next frame.
    Frame(Arc<Frame>),
    /// Nothing new in this time.
    Quiet,
    /// A write failed or the file was closed: begin a new copy from the file as it is opened next.
    Ended,
}

/// Changes since the last sync.
#[derive(Clone, Debug)]
struct Gathering {
    content: Content,
    bytes: usize,
    blocks_min: u64,
    touched: bool,
}

impl Gathering {
    const fn new() -> Self {
        Self { content: Content::Blocks(BTreeMap::new()), bytes: 0, blocks_min: u64::MAX, touched: false }
    }

    fn into_frame(self, number: u64, seq: u64, blocks: u64, header: &[u8; HEADER_BYTES]) -> Frame {
        let blocks_min = self.blocks_min.min(blocks);
        Frame { first: number, last: number, seq, blocks, blocks_min, header: *header, content: self.content }
    }
}

#[derive(Debug)]
struct Stream {
    /// Of the last sync.
    number: u64,
    header: [u8; HEADER_BYTES],
    gathering: Gathering,
    followers: Vec<Weak<Queue>>,
}

/// All followers of one open file.
#[derive(Debug)]
pub(super) struct Changes {
    followed: AtomicBool,
    stream: Mutex<Stream>,
}

impl Default for Changes {
    fn default() -> Self {
        let stream =
            Stream { number: 0, header: [0; HEADER_BYTES], gathering: Gathering::new(), followers: Vec::new() };
        Self { followed: AtomicBool::new(false), stream: Mutex::new(stream) }
    }
}

impl Changes {
    /// Blocks that were written, unsynced.
    pub fn wrote(&self, first: u64, data: &[u8]) {
        let Some(mut stream) = self.if_followed() else { return };
        let gathering = &mut stream.gathering;
        gathering.touched = true;
        if let Content::Blocks(blocks) = &mut gathering.content {
            for (block, data) in (first..).zip(data.chunks_exact(BLOCK_BYTES)) {
                let old = blocks.insert(block, data.into());
                gathering.bytes += if old.is_none() { BLOCK_BYTES } else { 0 };
            }
            if gathering.bytes > FRAME_BYTES_MAX {
                gathering.content = Content::Gap(blocks.keys().copied().collect());
                gathering.bytes = 0;
            }
        } else if let Content::Gap(blocks) = &mut gathering.content {
            blocks.extend(first..first + (data.len() / BLOCK_BYTES) as u64);
        }
    }

    /// The file was cut or extended to so many blocks.
    pub fn resized(&self, blocks: u64) {
        let Some(mut stream) = self.if_followed() else { return };
        let gathering = &mut stream.gathering;
        gathering.touched = true;
        gathering.blocks_min = gathering.blocks_min.min(blocks);
        gathering.content.cut(blocks);
        gathering.bytes = gathering.content.bytes();
    }

    /// A sync completed; whoever calls keeps further ones out.
    pub fn synced(&self, seq: u64, blocks: u64, header: &[u8; HEADER_BYTES]) {
        let Some(mut stream) = self.if_followed() else { return };
        if !stream.gathering.touched && stream.header == *header {
            return;
        }
        let gathered = std::mem::replace(&mut stream.gathering, Gathering::new());
        let frame = Arc::new(gathered.into_frame(stream.number + 1, seq, blocks, header));
        stream.number += 1;
        stream.header = *header;
        stream.followers.retain(|queue| queue.upgrade().map(|queue| queue.push(&frame)).is_some());
        if stream.followers.is_empty() {
            self.followed.store(false, Ordering::Release);
        }
    }

    /// The frame that a sync now would make, for who is alone with the file.
    pub fn unsynced(&self, seq: u64, blocks: u64, header: &[u8; HEADER_BYTES]) -> Frame {
        let stream = self.stream();
        stream.gathering.clone().into_frame(stream.number + 1, seq, blocks, header)
    }

    /// How much a sync now would change; a gap counts as much as the blocks that it names.
    pub fn unsynced_bytes(&self) -> u64 {
        self.stream().gathering.content.names().len() * BLOCK_BYTES as u64
    }

    /// No follower can go on.
    pub fn end(&self) {
        let mut stream = self.stream();
        for queue in std::mem::take(&mut stream.followers).iter().filter_map(Weak::upgrade) {
            queue.end();
        }
        self.followed.store(false, Ordering::Release);
    }

    fn follow(&self, header: &[u8; HEADER_BYTES]) -> (u64, Arc<Queue>) {
        let mut stream = self.stream();
        if !self.followed.swap(true, Ordering::AcqRel) {
            stream.header = *header;
            stream.gathering = Gathering::new();
        }
        let queue = Arc::new(Queue::default());
        stream.followers.push(Arc::downgrade(&queue));
        (stream.number, queue)
    }

    fn if_followed(&self) -> Option<MutexGuard<'_, Stream>> {
        self.followed.load(Ordering::Acquire).then(|| self.stream())
    }

    fn stream(&self) -> MutexGuard<'_, Stream> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        self.end();
    }
}

impl Content {
    fn bytes(&self) -> usize {
        match self {
            Self::Blocks(blocks) => blocks.len() * BLOCK_BYTES,
            Self::Gap(_) => 0,
        }
    }

    fn cut(&mut self, blocks: u64) {
        match self {
            Self::Blocks(content) => drop(content.split_off(&blocks)),
            Self::Gap(content) => content.cut(blocks),
        }
    }

    fn names(&self) -> BlockSet {
        match self {
            Self::Blocks(blocks) => blocks.keys().copied().collect(),
            Self::Gap(blocks) => blocks.clone(),
        }
    }
}

impl Frame {
    /// Itself and the one after it as one gap.
    fn gap_with(&self, next: &Self) -> Self {
        let mut names = self.content.names();
        names.cut(next.blocks_min);
        names.union(&next.content.names());
        let blocks_min = self.blocks_min.min(next.blocks_min);
        Self { first: self.first, blocks_min, content: Content::Gap(names), ..next.clone_without_content() }
    }

    fn clone_without_content(&self) -> Self {
        let Self { first, last, seq, blocks, blocks_min, header, .. } = *self;
        Self { first, last, seq, blocks, blocks_min, header, content: Content::Gap(BlockSet::default()) }
    }
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Arc<Frame>>,
    bytes: usize,
    ended: bool,
}

/// What waits for one follower.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

impl Queue {
    fn push(&self, frame: &Arc<Frame>) {
        let mut waiting = self.waiting();
        waiting.bytes += frame.content.bytes();
        waiting.frames.push_back(Arc::clone(frame));
        if waiting.bytes > QUEUE_BYTES_MAX {
            let frames = std::mem::take(&mut waiting.frames).into_iter();
            let gap = frames.map(|frame| (*frame).clone()).reduce(|gap, frame| gap.gap_with(&frame));
            waiting.frames.extend(gap.map(Arc::new));
            waiting.bytes = 0;
        }
        self.more.notify_one();
    }

    fn end(&self) {
        self.waiting().ended = true;
        self.more.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One follower's end of the stream. Dropped, it costs nothing from the next sync on.
#[derive(Debug)]
pub struct Subscription(Arc<Queue>);

impl Subscription {
    /// The next frame, waiting for it no longer than this.
    #[must_use]
    pub fn next(&self, patience: Duration) -> Next {
        let waiting = self.0.waiting();
        let is_nothing = |waiting: &mut Waiting| waiting.frames.is_empty() && !waiting.ended;
        let waited = self.0.more.wait_timeout_while(waiting, patience, is_nothing);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if waiting.ended {
            return Next::Ended;
        }
        let Some(frame) = waiting.frames.pop_front() else { return Next::Quiet };
        waiting.bytes = waiting.bytes.saturating_sub(frame.content.bytes());
        Next::Frame(frame)
    }

    /// Bytes that wait; a gap counts as much as the blocks that it names.
    #[must_use]
    pub fn waiting_bytes(&self) -> u64 {
        let waiting = self.0.waiting();
        waiting.frames.iter().map(|frame| frame.content.names().len() * BLOCK_BYTES as u64).sum()
    }
}

impl BlockFile {
    /// Follows the changes from the last sync on. A copy of all blocks that is made afterwards, block by block while
    /// writes go on, and all frames up to any later sync are together the file at that sync.
    ///
    /// # Errors
    /// When an earlier write failed.
    pub fn subscribe(&self) -> std::io::Result<(Start, Subscription)> {
        let _alone = self.0.alone();
        let inner = self.0.inner();
        let journal = inner.usable_journal()?;
        let (number, queue) = self.0.changes.follow(&journal.synced_header);
        let start = Start { number, seq: journal.seq, blocks: inner.blocks(), header: journal.synced_header };
        Ok((start, Subscription(queue)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; HEADER_BYTES] = [3; HEADER_BYTES];

    fn next(queue: &Arc<Queue>) -> Frame {
        match Subscription(Arc::clone(queue)).next(Duration::ZERO) {
            Next::Frame(frame) => (*frame).clone(),
            other => panic!("{other:?}"),
        }
    }

    fn write(changes: &Changes, first: u64, count: usize, byte: u8) {
        changes.wrote(first, &vec![byte; count * BLOCK_BYTES]);
    }

    #[test]
    fn nothing_is_kept_unless_somebody_follows() {
        let changes = Changes::default();
        write(&changes, 1, 2, 1);
        changes.synced(1, 9, &HEADER);
        let (number, queue) = changes.follow(&HEADER);
        assert_eq!(number, 0);
        write(&changes, 3, 1, 1);
        changes.synced(2, 9, &HEADER);
        assert_eq!(next(&queue).content.names().iter().collect::<Vec<_>>(), [3]);
        drop(queue);
        changes.synced(3, 9, &[0; HEADER_BYTES]);
        assert!(!changes.followed.load(Ordering::Acquire));
    }

    #[test]
    fn a_sync_without_a_change_makes_no_frame_and_a_new_header_makes_one() {
        let changes = Changes::default();
        let (_, queue) = changes.follow(&HEADER);
        changes.synced(1, 9, &HEADER);
        assert!(queue.waiting().frames.is_empty());
        changes.synced(2, 9, &[4; HEADER_BYTES]);
        changes.resized(8);
        changes.synced(3, 8, &[4; HEADER_BYTES]);
        assert_eq!(next(&queue).header, [4; HEADER_BYTES]);
        let frame = next(&queue);
        assert_eq!((frame.first, frame.last, frame.blocks, frame.blocks_min), (2, 2, 8, 8));
    }

    #[test]
    fn what_was_cut_off_is_not_in_the_frame() {
        let changes = Changes::default();
        let (_, queue) = changes.follow(&HEADER);
        write(&changes, 5, 5, 1);
        changes.resized(7);
        changes.resized(20);
        write(&changes, 9, 1, 2);
        changes.synced(1, 20, &HEADER);
        let frame = next(&queue);
        assert_eq!((frame.blocks, frame.blocks_min), (20, 7));
        assert_eq!(frame.content.names().iter().collect::<Vec<_>>(), [5, 6, 9]);
    }

    #[test]
    fn a_follower_that_lags_gets_a_gap_that_names_everything_and_memory_stays_bounded() {
        let changes = Changes::default();
        let (_, slow) = changes.follow(&HEADER);
        let (_, fast) = changes.follow(&HEADER);
        let per_frame = 1000;
        for sync in 0..40_u64 {
            write(&changes, sync * 100, per_frame, 1);
            changes.synced(sync, 100_000, &HEADER);
            let frame = next(&fast);
            assert_eq!((frame.first, frame.last), (sync + 1, sync + 1));
            assert!(matches!(frame.content, Content::Blocks(_)));
            assert!(slow.waiting().bytes <= QUEUE_BYTES_MAX);
        }
        let (mut expected, mut named) = (1, BlockSet::default());
        let subscription = Subscription(slow);
        let mut gaps = 0;
        while let Next::Frame(frame) = subscription.next(Duration::ZERO) {
            assert_eq!(frame.first, expected);
            expected = frame.last + 1;
            named.union(&frame.content.names());
            gaps += usize::from(matches!(frame.content, Content::Gap(_)));
        }
        assert_eq!((expected, gaps, named.len()), (41, 1, 39 * 100 + 1000));
    }

    #[test]
    fn a_huge_sync_is_a_gap_for_everybody() {
        let changes = Changes::default();
        let (_, queue) = changes.follow(&HEADER);
        let blocks = FRAME_BYTES_MAX / BLOCK_BYTES;
        write(&changes, 0, blocks + 1, 1);
        write(&changes, 9000, 2, 1);
        assert_eq!(changes.stream().gathering.bytes, 0);
        changes.synced(1, 10_000, &HEADER);
        let frame = next(&queue);
        assert!(matches!(frame.content, Content::Gap(_)));
        assert_eq!(frame.content.names().len(), blocks as u64 + 3);
    }

    #[test]
    fn an_end_is_told_to_all() {
        let changes = Changes::default();
        let (_, queue) = changes.follow(&HEADER);
        write(&changes, 0, 1, 1);
        changes.synced(1, 10, &HEADER);
        changes.end();
        assert!(matches!(Subscription(queue).next(Duration::ZERO), Next::Ended));
    }
}

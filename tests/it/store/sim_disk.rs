//! A disk in memory that records what was done to it, and what such a disk may hold after the power fails.

use std::{
    collections::HashSet,
    io,
    sync::{Arc, Mutex, MutexGuard},
};

use alcove::store::block::Disk;

/// One thing that was done to the disk. Marks are the test's own.
#[derive(Clone, Debug)]
pub enum Op {
    Write {
        at: usize,
        data: Arc<[u8]>,
    },
    SetLen(usize),
    Sync,
    /// A commit of this state begins.
    Begin(u64),
    /// This state was acknowledged.
    Acknowledged(u64),
}

#[derive(Debug, Default)]
struct State {
    live: Vec<u8>,
    log: Option<Vec<Op>>,
    calls: u64,
    /// From this call on, writes, growth and syncs fail so.
    failure: Option<(u64, io::ErrorKind)>,
    writes_fail: bool,
    /// Pages that hold something, or are reserved, and how many more there may be.
    room: Option<(HashSet<usize>, usize)>,
    /// The next sync fails, and what was on the way is lost so, as the system forgets pages that it could not write.
    failing_sync: Option<(Loss, Rng)>,
}

impl State {
    /// Takes pages for a write or a reservation, all or none.
    fn take_pages(&mut self, at: usize, bytes: usize) -> io::Result<()> {
        let Some((taken, left)) = &mut self.room else { return Ok(()) };
        let pages = at / PAGE_BYTES..(at + bytes).div_ceil(PAGE_BYTES);
        let new: Vec<usize> = pages.filter(|page| !taken.contains(page)).collect();
        *left = left.checked_sub(new.len()).ok_or(io::ErrorKind::StorageFull)?;
        taken.extend(new);
        Ok(())
    }

    /// The sync that fails: only what was synced before counts from here on, and some of the rest.
    fn forget(&mut self, loss: Loss, mut rng: Rng) {
        let mut replay = Replay::default();
        let log = self.log.as_mut().expect("a disk that forgets is recorded");
        for op in log.iter() {
            replay.step(op);
        }
        self.live = replay.image(loss, &mut rng);
        *log = vec![Op::SetLen(self.live.len()), Op::Write { at: 0, data: self.live.as_slice().into() }, Op::Sync];
    }
}

const PAGE_BYTES: usize = 4096;

/// A disk in memory; clones share it.
#[derive(Clone, Debug, Default)]
pub struct SimDisk(Arc<Mutex<State>>);

impl SimDisk {
    pub fn from_image(live: Vec<u8>) -> Self {
        Self(Arc::new(Mutex::new(State { live, ..State::default() })))
    }

    pub fn recording(self) -> Self {
        self.state().log = Some(Vec::new());
        self
    }

    /// The disk as a kill leaves it at this moment, with the log so far. What still holds this one may be dropped: its
    /// last writes go nowhere.
    pub fn left_by_a_kill(&self) -> Self {
        let mut state = self.state();
        let log = state.log.take();
        Self(Arc::new(Mutex::new(State { live: state.live.clone(), log, ..State::default() })))
    }

    pub fn mark(&self, op: Op) {
        Self::push(&mut self.state(), op);
    }

    pub fn image(&self) -> Vec<u8> {
        self.state().live.clone()
    }

    pub fn change_image(&self, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut self.state().live);
    }

    pub fn take_log(&self) -> Vec<Op> {
        self.state().log.replace(Vec::new()).unwrap_or_default()
    }

    /// How many changing calls there were.
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    pub fn fail_from(&self, call: u64, kind: io::ErrorKind) {
        self.state().failure = Some((call, kind));
    }

    pub fn heal(&self) {
        self.state().failure = None;
    }

    /// Whether writes fail, and only they.
    pub fn fail_writes(&self, fail: bool) {
        self.state().writes_fail = fail;
    }

    /// Leaves room for so many more pages; what is there keeps its place.
    pub fn limit_room(&self, pages: usize) {
        let mut state = self.state();
        let taken = (0..state.live.len().div_ceil(PAGE_BYTES)).collect();
        state.room = Some((taken, pages));
    }

    pub fn fail_next_sync(&self, loss: Loss, rng: Rng) {
        self.state().failing_sync = Some((loss, rng));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn push(state: &mut State, op: Op) {
        if let Some(log) = &mut state.log {
            log.push(op);
        }
    }

    fn changing(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        state.calls += 1;
        match state.failure {
            Some((from, kind)) if state.calls >= from => Err(kind.into()),
            _ => Ok(state),
        }
    }
}

impl Disk for SimDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.state().live.len() as u64)
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        let state = self.state();
        let found = state.live.get(at..at + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(found);
        Ok(())
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.changing()?;
        let at = usize::try_from(offset).unwrap();
        if state.writes_fail {
            return Err(io::ErrorKind::Other.into());
        }
        state.take_pages(at, data.len())?;
        put(&mut state.live, at, data);
        Self::push(&mut state, Op::Write { at, data: data.into() });
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.changing()?;
        let len = usize::try_from(len).unwrap();
        state.live.resize(len, 0);
        if let Some((taken, left)) = &mut state.room {
            let before = taken.len();
            taken.retain(|page| page * PAGE_BYTES < len);
            *left += before - taken.len();
        }
        Self::push(&mut state, Op::SetLen(len));
        Ok(())
    }

    fn reserve(&self, offset: u64, bytes: u64) -> io::Result<()> {
        let [at, bytes] = [offset, bytes].map(|number| usize::try_from(number).unwrap());
        self.state().take_pages(at, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.changing()?;
        if let Some((loss, rng)) = state.failing_sync.take() {
            state.forget(loss, rng);
            return Err(io::ErrorKind::Other.into());
        }
        Self::push(&mut state, Op::Sync);
        Ok(())
    }
}

fn put(image: &mut Vec<u8>, at: usize, data: &[u8]) {
    if image.len() < at + data.len() {
        image.resize(at + data.len(), 0);
    }
    image[at..at + data.len()].copy_from_slice(data);
}

/// Follows a log: what is durable, and what is still on its way.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    pub durable: Vec<u8>,
    pub on_the_way: Vec<Op>,
}

impl Replay {
    pub fn step(&mut self, op: &Op) {
        match op {
            Op::Sync => {
                for op in std::mem::take(&mut self.on_the_way) {
                    apply(&mut self.durable, &op);
                }
            }
            Op::Begin(_) | Op::Acknowledged(_) => {}
            op => self.on_the_way.push(op.clone()),
        }
    }
}

pub fn apply(image: &mut Vec<u8>, op: &Op) {
    match op {
        Op::Write { at, data } => put(image, *at, data),
        Op::SetLen(len) => image.resize(*len, 0),
        _ => {}
    }
}

/// Xorshift: enough for choosing, and it repeats from its seed.
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Self {
        let mut rng = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..5 {
            rng.next();
        }
        rng
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 8
    }

    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }

    pub fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(count).collect()
    }
}

/// How a disk may forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// Nothing that was on the way arrived.
    Everything,
    /// All of it arrived, as when a process is killed.
    Nothing,
    /// Whole writes arrived or not.
    Writes,
    /// Sectors of this size arrived or not.
    Sectors(usize),
    /// Writes in order, the last one cut.
    Tail,
    /// One write arrived in parts.
    OneTorn,
    /// Any write may have arrived in eight-byte parts.
    Mixed,
    /// The drive destroyed a sector of one write.
    Garbage,
}

pub const LOSSES: [Loss; 9] = [
    Loss::Everything,
    Loss::Nothing,
    Loss::Writes,
    Loss::Sectors(4096),
    Loss::Sectors(512),
    Loss::Tail,
    Loss::OneTorn,
    Loss::Mixed,
    Loss::Garbage,
];

impl Replay {
    /// What the disk may hold now.
    pub fn image(&self, loss: Loss, rng: &mut Rng) -> Vec<u8> {
        let mut image = self.durable.clone();
        let lens = self.on_the_way.iter().filter(|op| matches!(op, Op::SetLen(_))).count();
        let whole = matches!(loss, Loss::Nothing | Loss::Tail | Loss::OneTorn | Loss::Garbage);
        let mut lens_left = match loss {
            Loss::Everything => 0,
            _ if whole => lens,
            _ => rng.below(lens + 1),
        };
        let writes = self.on_the_way.len() - lens;
        let victim = if loss == Loss::Tail { writes.saturating_sub(1) } else { rng.below(writes) };
        let mut index = 0;
        for op in &self.on_the_way {
            match op {
                Op::Write { at, data } => {
                    lose(&mut image, *at, data, loss, index == victim, rng);
                    index += 1;
                }
                op if lens_left > 0 => {
                    apply(&mut image, op);
                    lens_left -= 1;
                }
                _ => {}
            }
        }
        image
    }
}

fn lose(image: &mut Vec<u8>, at: usize, data: &[u8], loss: Loss, victim: bool, rng: &mut Rng) {
    match loss {
        Loss::Everything => {}
        Loss::Writes => {
            if rng.percent(50) {
                put(image, at, data);
            }
        }
        Loss::Sectors(sector) => parts(image, at, data, sector, rng),
        Loss::Tail if victim => put(image, at, &data[..rng.below(data.len() + 1)]),
        Loss::OneTorn if victim => parts(image, at, data, 8, rng),
        Loss::Mixed => match rng.below(3) {
            0 => parts(image, at, data, 8, rng),
            1 => put(image, at, data),
            _ => {}
        },
        Loss::Garbage if victim => {
            put(image, at, data);
            let first = at / 4096 * 4096;
            let sector = first + rng.below((at + data.len() - first).div_ceil(4096)) * 4096;
            let end = (sector + 4096).min(image.len());
            let garbage = rng.bytes(end - sector);
            put(image, sector, &garbage);
        }
        Loss::Nothing | Loss::Tail | Loss::OneTorn | Loss::Garbage => put(image, at, data),
    }
}

/// Each aligned part arrives or not.
fn parts(image: &mut Vec<u8>, at: usize, data: &[u8], size: usize, rng: &mut Rng) {
    let mut from = 0;
    while from < data.len() {
        let to = (((at + from) / size + 1) * size - at).min(data.len());
        if rng.percent(50) {
            put(image, at + from, &data[from..to]);
        }
        from = to;
    }
}

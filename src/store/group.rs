//! Group commit: requests that wait together share one durable commit. Each runs its work on its own thread when its
//! turn comes, in the order of arrival, on one transaction; whoever finds nobody waiting commits for all, and only then
//! does any of them get its answer. It decides nothing about rows, and never commits without durability: a device that
//! saw a change which a crash then takes back would rightly report a rollback.
//!
//! Work that fails or panics is taken back and the others go on. Where even that is in doubt, everybody in the group
//! gets the error and nothing of it stays. A refusal may rest on what earlier work in the group changed, so it waits for
//! the commit, too. A lone writer waits for nobody: there is no timer.

use std::{
    collections::VecDeque,
    mem,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, ThreadId},
    time::Duration,
};

use redb::WriteTransaction;

use super::{Engine, Notice, StoreError, WriteTx, room::Room};
use crate::clock::{Clock, Stopwatch};

/// Pieces of work in one commit at most.
const MEMBERS_MAX: usize = 64;
/// No work joins a group that wrote so much: a commit beyond a few MiB costs the backend a checkpoint.
const BYTES_MAX: usize = 1 << 20;
/// No work joins a group that is this old, so that slow work cannot keep the first of them waiting for long.
const AGE_MAX: Duration = Duration::from_millis(25);
/// How often a group lets other threads run before it commits, if the one before it was shared: those who just got
/// their answers are about to come back, and would otherwise find the next commit begun for one of them.
const YIELDS: u32 = 4;

/// What work stands on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub engine: &'a Engine,
    pub clock: &'a Clock,
    pub room: &'a Room,
}

/// The writers of one store.
#[derive(Debug, Default)]
pub(super) struct Group {
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    /// Whose turn it is: to work, or to commit for all.
    turn_of: Option<ThreadId>,
    waiting: VecDeque<Arc<Place>>,
    /// Whether the last commit was for several.
    shared: bool,
}

/// Where one writer waits.
#[derive(Debug)]
struct Place {
    thread: ThreadId,
    lot: Mutex<Option<Lot>>,
    has_lot: Condvar,
}

/// What a writer waits for.
enum Lot {
    Turn(Box<Batch>),
    Settled(Settled),
}

type Settled = Result<(), Arc<StoreError>>;
type Done<T, E> = Result<(T, Vec<Notice>), E>;

/// The changes so far, on their way to one commit.
#[derive(Default)]
struct Batch {
    tx: Option<WriteTransaction>,
    members: Members,
    /// Whether there is anything to commit.
    changed: bool,
    bytes: usize,
    since: Option<Stopwatch>,
}

/// Those who wait for the commit. However this ends, each of them is told.
#[derive(Default)]
struct Members(Vec<Arc<Place>>);

/// The right to work. Whatever happens, it is passed on.
struct Turn<'a> {
    group: &'a Group,
    batch: Box<Batch>,
}

/// What became of one piece of work.
struct Ended<T, E> {
    outcome: thread::Result<Done<T, E>>,
    /// Whether the answer has to wait for the commit.
    waits: bool,
}

impl Group {
    /// Does the work in its turn; returns once it is durable, with its notices, or once it is certain that nothing of
    /// it stays.
    pub fn write<T, E: From<StoreError>>(
        &self,
        ground: Ground<'_>,
        work: impl FnOnce(&mut WriteTx) -> Result<T, E>,
    ) -> Done<T, E> {
        let place = Arc::new(Place::new());
        let mut turn = self.turn(&place)?;
        let ended = turn.run(ground, &place, work);
        drop(turn);
        let outcome = ended.outcome.unwrap_or_else(|panic| resume_unwind(panic));
        if ended.waits {
            place.settled().map_err(|error| error.again())?;
        }
        outcome
    }

    /// How many wait for their turn.
    pub fn waiting(&self) -> usize {
        self.line().waiting.len()
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, place: &Arc<Place>) -> Result<Turn<'_>, StoreError> {
        let mut line = self.line();
        match line.turn_of {
            Some(holder) if holder == place.thread => return Err(StoreError::Nested),
            Some(_) => line.waiting.push_back(Arc::clone(place)),
            None => {
                line.turn_of = Some(place.thread);
                return Ok(Turn { group: self, batch: Box::default() });
            }
        }
        drop(line);
        Ok(Turn { group: self, batch: place.turn() })
    }

    /// Gives the turn and the changes so far to whoever waits longest, or commits them if nobody does or enough is
    /// together.
    fn pass(&self, batch: Box<Batch>) {
        if !batch.is_full()
            && let Some(next) = self.company(batch.changed)
        {
            return next.tell(Lot::Turn(batch));
        }
        let members = batch.members.0.len();
        batch.finish();
        let mut line = self.line();
        if members > 0 {
            line.shared = members > 1;
        }
        if let Some(next) = line.next() {
            next.tell(Lot::Turn(Box::default()));
        }
    }

    /// Whoever comes next, if anybody is there already or is about to come. Without one the turn stays where it is.
    fn company(&self, is_worth_waiting: bool) -> Option<Arc<Place>> {
        for yielded in 0..=YIELDS {
            let mut line = self.line();
            if !line.waiting.is_empty() {
                return line.next();
            }
            if !is_worth_waiting || !line.shared || yielded == YIELDS {
                return None;
            }
            drop(line);
            thread::yield_now();
        }
        None
    }
}

impl Line {
    fn next(&mut self) -> Option<Arc<Place>> {
        let next = self.waiting.pop_front();
        self.turn_of = next.as_ref().map(|place| place.thread);
        next
    }
}

impl Place {
    fn new() -> Self {
        Self { thread: thread::current().id(), lot: Mutex::new(None), has_lot: Condvar::new() }
    }

    fn tell(&self, lot: Lot) {
        *self.lot.lock().unwrap_or_else(PoisonError::into_inner) = Some(lot);
        self.has_lot.notify_one();
    }

    fn wait(&self) -> Lot {
        let mut lot = self.lot.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match lot.take() {
                Some(lot) => return lot,
                None => lot = self.has_lot.wait(lot).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Nobody is settled before their turn.
    fn turn(&self) -> Box<Batch> {
        loop {
            if let Lot::Turn(batch) = self.wait() {
                return batch;
            }
        }
    }

    /// Nobody has a second turn.
    fn settled(&self) -> Settled {
        loop {
            if let Lot::Settled(settled) = self.wait() {
                return settled;
            }
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.group.pass(mem::take(&mut self.batch));
    }
}

impl Turn<'_> {
    fn run<T, E: From<StoreError>>(
        &mut self,
        ground: Ground<'_>,
        place: &Arc<Place>,
        work: impl FnOnce(&mut WriteTx) -> Result<T, E>,
    ) -> Ended<T, E> {
        let batch = &mut *self.batch;
        let tx = match batch.begin(ground.engine) {
            Ok(tx) => tx,
            Err(error) => return Ended { outcome: Ok(Err(error.into())), waits: false },
        };
        let follows = batch.changed;
        let has_room = ground.room.is_for(batch.bytes as u64);
        let mut tx = WriteTx::new(tx, ground.clock.now(), has_room, follows);
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&mut tx)));
        let outcome = outcome.map(|outcome| outcome.and_then(|done| Ok((done, tx.finish()?))));
        match tx.leave(matches!(outcome, Ok(Ok(_)))) {
            Ok(left) => {
                let waits = (follows || left.changed) && outcome.is_ok();
                batch.add(left.tx, left.changed, left.bytes, waits.then_some(place));
                Ended { outcome, waits }
            }
            Err(error) => {
                let outcome = outcome.map(|outcome| outcome.and_then(|_| Err(error.again().into())));
                mem::take(batch).members.settle(&Err(Arc::new(error)));
                Ended { outcome, waits: false }
            }
        }
    }
}

impl Batch {
    fn begin(&mut self, engine: &Engine) -> Result<WriteTransaction, StoreError> {
        match self.tx.take() {
            Some(tx) => Ok(tx),
            None => calm(|| Ok(engine.begin_write()?)),
        }
    }

    fn add(&mut self, tx: Option<WriteTransaction>, changed: bool, bytes: usize, waits: Option<&Arc<Place>>) {
        self.tx = tx;
        self.changed |= changed;
        self.bytes += bytes;
        self.members.0.extend(waits.cloned());
        if self.changed {
            self.since.get_or_insert_with(Stopwatch::start);
        }
    }

    fn is_full(&self) -> bool {
        let is_old = self.since.is_some_and(|since| since.elapsed() >= AGE_MAX);
        self.members.0.len() >= MEMBERS_MAX || self.bytes >= BYTES_MAX || is_old
    }

    /// Makes all of it durable, or nothing, and tells everybody.
    fn finish(mut self) {
        let Some(tx) = self.tx.take() else { return };
        let settled = calm(move || if self.changed { Ok(tx.commit()?) } else { Ok(tx.abort()?) });
        self.members.settle(&settled.map_err(Arc::new));
    }
}

impl Members {
    fn settle(mut self, settled: &Settled) {
        self.tell(settled);
    }

    fn tell(&mut self, settled: &Settled) {
        for place in self.0.drain(..) {
            place.tell(Lot::Settled(settled.clone()));
        }
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            self.tell(&Err(Arc::new(StoreError::interrupted())));
        }
    }
}

/// A panic below must not strand those who wait.
fn calm<T>(step: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|_| Err(StoreError::interrupted()))
}

impl std::fmt::Debug for Lot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Turn(_) => "Turn",
            Self::Settled(_) => "Settled",
        })
    }
}

#[cfg(test)]
mod tests;

//! The power-loss explorer: records what a history does to the disk, and opens what the disk may hold if the power
//! fails at any step of it, of the recovery after that, or of the work after the recovery.

use std::{
    collections::BTreeMap,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, OnceLock},
    thread,
};

use alcove::{
    crypto::HybridIdentity,
    store::{
        Engine, Opened, SlotKind, SlotSecret,
        block::{Cipher, layout},
    },
};

use super::{
    create_with,
    model::{Habit, Model},
    open,
    sim_disk::{LOSSES, Loss, Op, Replay, Rng, SimDisk},
};

/// Images from one history; then another habit comes.
const IMAGES_PER_HISTORY: usize = 2500;
const ROUNDS: usize = 70;

/// What was tried and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// For each loss: images, of them with the state on its way.
    losses: BTreeMap<Loss, (usize, usize)>,
    /// Images of a power failure during a recovery or soon after it, by whether it followed a kill.
    again: BTreeMap<bool, usize>,
    /// What the histories had in them.
    seen: BTreeMap<String, usize>,
    pub failures: Vec<String>,
}

impl Tally {
    pub fn images(&self) -> usize {
        self.losses.values().map(|(images, _)| images).sum::<usize>() + self.again.values().sum::<usize>()
    }

    fn add(&mut self, other: Self) {
        for (loss, (images, new)) in other.losses {
            let sums = self.losses.entry(loss).or_default();
            (sums.0, sums.1) = (sums.0 + images, sums.1 + new);
        }
        for (killed, images) in other.again {
            *self.again.entry(killed).or_default() += images;
        }
        for (what, times) in other.seen {
            *self.seen.entry(what).or_default() += times;
        }
        self.failures.extend(other.failures);
    }

    /// Whether the histories had everything in them that makes this worth running.
    pub fn lacking(&self) -> Vec<&'static str> {
        let wanted = ["growth", "shrinking", "tags going home", "a commit beyond a record", "a slot change", "a kill"];
        wanted.into_iter().filter(|what| !self.seen.contains_key(*what)).collect()
    }

    fn see(&mut self, what: impl Into<String>) {
        *self.seen.entry(what.into()).or_default() += 1;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (loss, (images, new)) in &self.losses {
            writeln!(f, "  {:<26}{images:>9} images, {new:>7} with the commit on its way", format!("{loss:?}"))?;
        }
        for (killed, images) in &self.again {
            let what = if *killed { "killed, then power" } else { "recovery crashed again" };
            writeln!(f, "  {what:<26}{images:>9} images")?;
        }
        let seen = self.seen.iter().map(|(what, times)| format!("{what}: {times}")).collect::<Vec<_>>().join(", ");
        writeln!(f, "  in the histories: {seen}")?;
        write!(f, "  total {} images, {} failures", self.images(), self.failures.len())
    }
}

/// Explores so many images with one worker per processor, each with a seed of its own.
pub fn explore_together(seed: u64, images: u64) -> Tally {
    let workers = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let share = usize::try_from(images.div_ceil(workers)).unwrap();
    let running: Vec<_> = (0..workers).map(|n| thread::spawn(move || explore(seed.wrapping_add(n), share))).collect();
    let mut tally = Tally::default();
    for worker in running {
        tally.add(worker.join().unwrap());
    }
    tally
}

/// Explores so many images, or until a history fails.
fn explore(seed: u64, images: usize) -> Tally {
    let mut rng = Rng::new(seed);
    let mut tally = Tally::default();
    while tally.images() < images && tally.failures.is_empty() {
        let left = images - tally.images();
        let history = History::record(&mut rng, &mut tally);
        history.explore(left.min(IMAGES_PER_HISTORY), &mut rng, &mut tally);
    }
    tally
}

struct History {
    habit: Habit,
    log: Vec<Op>,
    states: Vec<Model>,
}

impl History {
    /// Works for a while on a recording disk.
    fn record(rng: &mut Rng, tally: &mut Tally) -> Self {
        let habit = Habit::any(rng);
        let cipher = if habit.format.cipher == Cipher::Aes256GcmSiv { "AES" } else { "ChaCha" };
        tally
            .see(format!("{cipher} with {} % one-phase, {} % resting", habit.one_phase_percent, habit.resting_percent));
        let mut disk = SimDisk::default().recording();
        let mut engine = create_with(Arc::new(disk.clone()), habit.format);
        disk.mark(Op::Acknowledged(0));
        let mut states = vec![Model::default()];
        for round in 0..ROUNDS {
            let mut model = states.last().unwrap().clone();
            if commit(&engine, &disk, &mut model, habit, rng) {
                states.push(model);
            }
            if round % 23 == 9 {
                change_slots(&engine);
                tally.see("a slot change");
            }
            if round % 20 == 13 {
                if rng.percent(50) {
                    disk = disk.left_by_a_kill();
                    tally.see("a kill");
                }
                drop(engine);
                engine = open(Arc::new(disk.clone())).unwrap().0;
            }
        }
        drop(engine);
        let log = disk.take_log();
        look(&log, habit, tally);
        Self { habit, log, states }
    }

    /// Crashes at every step if there is room, else at an even sample.
    fn explore(&self, images: usize, rng: &mut Rng, tally: &mut Tally) {
        let percent = (images * 100 / (self.log.len() * 3)).clamp(1, 100) as u64;
        let mut replay = Replay::default();
        let (mut acknowledged, mut begun) = (None, None);
        for (at, op) in self.log.iter().enumerate() {
            replay.step(op);
            match op {
                Op::Acknowledged(state) => (acknowledged, begun) = (Some(*state), None),
                Op::Begin(state) => begun = Some(*state),
                _ => {}
            }
            // Making a file is safe by another means: it has no name before it is whole.
            let Some(acknowledged) = acknowledged.filter(|_| rng.percent(percent)) else { continue };
            let allowed: Vec<u64> = [Some(acknowledged), begun].into_iter().flatten().collect();
            for loss in [rng.below(9), rng.below(9), rng.below(9)].map(|choice| LOSSES[choice]) {
                let image = replay.image(loss, rng);
                let sums = tally.losses.entry(loss).or_default();
                sums.0 += 1;
                match self.check(image, &allowed, &self.states, rng.percent(20)) {
                    Ok((found, _)) if found == acknowledged => {}
                    Ok(_) => sums.1 += 1,
                    Err(error) => tally.failures.push(format!("step {at}, {loss:?}: {error}")),
                }
            }
            // Tags on their way are where an opening can overwrite the only durable copy.
            let perilous = replay.on_the_way.iter().any(is_of_tags);
            if rng.percent(if perilous { 15 } else { 2 }) {
                let killed = rng.percent(if perilous { 80 } else { 50 });
                let failed = self.check_twice(&replay, killed, &allowed, rng, tally);
                tally.failures.extend(failed.map(|error| format!("step {at}, {error}")));
            }
            if tally.failures.len() > 5 {
                return;
            }
        }
    }

    /// Opens an image; what it holds must be one of the allowed states, whole, and it must go on working.
    fn check(&self, image: Vec<u8>, allowed: &[u64], states: &[Model], go_on: bool) -> Result<(u64, Opened), String> {
        let checked = catch_unwind(AssertUnwindSafe(|| checked(image, allowed, states, go_on.then_some(self.habit))));
        checked.unwrap_or_else(|_| Err("panicked".to_owned()))
    }

    /// Recovers from an image while recording, works on, and loses power at each step of that, too. A killed process
    /// leaves its writes on the way; after a power failure the image is what there is.
    fn check_twice(
        &self,
        replay: &Replay,
        killed: bool,
        allowed: &[u64],
        rng: &mut Rng,
        tally: &mut Tally,
    ) -> Option<String> {
        let loss = if killed { Loss::Nothing } else { LOSSES[rng.below(LOSSES.len())] };
        let image = replay.image(loss, rng);
        let disk = SimDisk::from_image(image.clone()).recording();
        let Ok((engine, _)) = open(Arc::new(disk.clone())) else { return Some("does not open".to_owned()) };
        let mut model = Model::read(&engine);
        let mut states: Vec<Model> =
            self.states.iter().filter(|state| state.counter <= model.counter).cloned().collect();
        disk.mark(Op::Acknowledged(model.counter));
        for _ in 0..2 {
            if commit(&engine, &disk, &mut model, self.habit, rng) {
                states.push(model.clone());
            }
        }
        let log = disk.take_log();
        drop(engine);
        let mut replay = if killed { replay.clone() } else { Replay { durable: image, on_the_way: Vec::new() } };
        let mut allowed = allowed.to_vec();
        let mut all: Vec<Model> = self.states.iter().filter(|old| allowed.contains(&old.counter)).cloned().collect();
        for op in log {
            replay.step(&op);
            match op {
                Op::Acknowledged(state) => {
                    allowed = vec![state];
                    all.clone_from(&states);
                }
                Op::Begin(state) => allowed.push(state),
                _ => {}
            }
            let loss = LOSSES[rng.below(LOSSES.len())];
            *tally.again.entry(killed).or_default() += 1;
            if let Err(error) = self.check(replay.image(loss, rng), &allowed, &all, false) {
                return Some(format!("then once more (killed {killed}, {loss:?}): {error}"));
            }
        }
        None
    }
}

fn checked(image: Vec<u8>, allowed: &[u64], states: &[Model], go_on: Option<Habit>) -> Result<(u64, Opened), String> {
    let disk = SimDisk::from_image(image);
    let (engine, opened) = open(Arc::new(disk.clone())).map_err(|error| format!("does not open: {error}"))?;
    let found = Model::read(&engine);
    if !allowed.contains(&found.counter) {
        return Err(format!("lost: holds {}, allowed {allowed:?}", found.counter));
    }
    let expected = states.iter().find(|state| state.counter == found.counter).ok_or("an unknown state")?;
    if found != *expected {
        return Err(format!("state {} has another content", found.counter));
    }
    if !engine.check_integrity().map_err(|error| format!("check fails: {error}"))? {
        return Err("the check had to repair".to_owned());
    }
    let slots = engine.slots().map_err(|error| format!("slots: {error}"))?;
    if slots.iter().all(|slot| slot.kind != SlotKind::Keyfile) {
        return Err("the keyfile's slot is gone".to_owned());
    }
    let Some(habit) = go_on else { return Ok((found.counter, opened)) };
    let mut after = found.clone();
    let mut rng = Rng::new(found.counter);
    for _ in 0..3 {
        let tx = engine.begin_write().unwrap();
        after.change_much(&tx, habit.large, &mut rng);
        tx.commit().unwrap();
    }
    let killed = disk.left_by_a_kill();
    drop(engine);
    let (engine, _) = open(Arc::new(killed)).map_err(|error| format!("does not open again: {error}"))?;
    if Model::read(&engine) != after {
        return Err("what was written after the recovery is lost".to_owned());
    }
    Ok((found.counter, opened))
}

/// Commits the next state, with marks around it. Says whether it did: some are aborted.
fn commit(engine: &Engine, disk: &SimDisk, model: &mut Model, habit: Habit, rng: &mut Rng) -> bool {
    let before = model.clone();
    let mut tx = engine.begin_write().unwrap();
    tx.set_two_phase_commit(!rng.percent(habit.one_phase_percent));
    tx.set_quick_repair(rng.percent(habit.resting_percent));
    model.change_much(&tx, habit.large, rng);
    if rng.percent(5) {
        tx.abort().unwrap();
        *model = before;
        return false;
    }
    disk.mark(Op::Begin(model.counter));
    tx.commit().unwrap();
    disk.mark(Op::Acknowledged(model.counter));
    true
}

/// The restore kit's slot comes and goes.
fn change_slots(engine: &Engine) {
    static KIT: OnceLock<SlotSecret> = OnceLock::new();
    let kit = KIT
        .get_or_init(|| SlotSecret::RestoreKit(Box::new(HybridIdentity::generate().unwrap().to_recipient().unwrap())));
    let has_kit = engine.slots().unwrap().iter().any(|slot| slot.kind == SlotKind::RestoreKit);
    if has_kit { engine.remove_slot(SlotKind::RestoreKit).unwrap() } else { engine.add_slot(kit).unwrap() }
}

/// Notes what a history had in it.
fn look(log: &[Op], habit: Habit, tally: &mut Tally) {
    let mut len = 0;
    let mut since_sync = 0;
    for op in log {
        match op {
            Op::SetLen(new) => {
                tally.see(if *new < len { "shrinking" } else { "growth" });
                len = *new;
            }
            op if is_of_tags(op) => tally.see("tags going home"),
            Op::Write { at, data } if *at as u64 >= layout::GROUPS_AT => {
                since_sync += data.len() as u64 / layout::BLOCK;
            }
            Op::Sync => {
                if since_sync > habit.format.ring_bytes / 160 {
                    tally.see("a commit beyond a record");
                }
                since_sync = 0;
            }
            _ => {}
        }
    }
}

fn is_of_tags(op: &Op) -> bool {
    let Op::Write { at, .. } = op else { return false };
    let beyond = (*at as u64).checked_sub(layout::GROUPS_AT);
    beyond.is_some_and(|at| at % ((layout::GROUP_BLOCKS + 2) * layout::BLOCK) < 2 * layout::BLOCK)
}

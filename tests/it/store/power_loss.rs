//! The power fails at every moment, in every way that disks are known for: the file opens, and holds the state that was
//! acknowledged last or the one on its way. A longer run: `ALCOVE_POWER_LOSS_IMAGES=100000 ALCOVE_SEED=… cargo test`.

use std::{collections::BTreeMap, sync::Arc};

use alcove::store::Engine;
use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::{
    create, open,
    sim_disk::{LOSSES, Op, Replay, Rng, SimDisk},
};

const COUNTER: TableDefinition<&str, u64> = TableDefinition::new("counter");
const ROWS: TableDefinition<u64, &[u8]> = TableDefinition::new("rows");
const IMAGES: usize = 600;

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Model {
    pub counter: u64,
    pub rows: BTreeMap<u64, Vec<u8>>,
}

impl Model {
    pub fn change(&mut self, tx: &WriteTransaction, rng: &mut Rng) {
        self.counter += 1;
        let mut rows = tx.open_table(ROWS).unwrap();
        let (grow, shrink) = (self.counter % 13 == 5, self.counter % 17 == 11);
        for _ in 0..if grow { 60 } else { 1 + rng.below(10) } {
            let key = rng.next() % 300;
            if shrink || rng.percent(30) {
                rows.remove(key).unwrap();
                self.rows.remove(&key);
            } else {
                let size = if rng.percent(5) { 5000 + rng.below(20_000) } else { 4 + rng.below(2000) };
                let value = rng.bytes(size);
                rows.insert(key, value.as_slice()).unwrap();
                self.rows.insert(key, value);
            }
        }
        if shrink {
            rows.retain(|key, _| key % 2 == 0).unwrap();
            self.rows.retain(|key, _| key % 2 == 0);
        }
        tx.open_table(COUNTER).unwrap().insert("n", self.counter).unwrap();
    }

    pub fn read(engine: &Engine) -> Self {
        let tx = engine.begin_read().unwrap();
        let Ok(counter) = tx.open_table(COUNTER) else { return Self::default() };
        let counter = counter.get("n").unwrap().unwrap().value();
        let rows = tx.open_table(ROWS).unwrap();
        let rows = rows.iter().unwrap().map(Result::unwrap).map(|(key, value)| (key.value(), value.value().to_vec()));
        Self { counter, rows: rows.collect() }
    }
}

/// Works for a while on a recording disk; some commits use one phase, as redb's own do when it opens and closes.
fn record(rng: &mut Rng) -> (Vec<Op>, Vec<Model>) {
    let disk = SimDisk::default().recording();
    let mut engine = create(Arc::new(disk.clone()));
    disk.mark(Op::Acknowledged(0));
    let mut states = vec![Model::default()];
    for round in 0..70 {
        let mut model = states.last().unwrap().clone();
        let mut tx = engine.begin_write().unwrap();
        tx.set_two_phase_commit(!rng.percent(15));
        model.change(&tx, rng);
        if rng.percent(5) {
            tx.abort().unwrap();
            continue;
        }
        disk.mark(Op::Begin(model.counter));
        tx.commit().unwrap();
        disk.mark(Op::Acknowledged(model.counter));
        states.push(model);
        if round % 20 == 13 {
            if rng.percent(50) {
                drop(engine);
            } else {
                std::mem::forget(engine); // killed
            }
            engine = open(Arc::new(disk.clone())).unwrap().0;
        }
    }
    drop(engine);
    (disk.take_log(), states)
}

/// Opens an image; what it holds must be one of the allowed states, whole, and it must go on working.
fn check(image: Vec<u8>, allowed: &[u64], states: &[Model], go_on: bool) -> Result<u64, String> {
    let disk = SimDisk::from_image(image);
    let (engine, _) = open(Arc::new(disk.clone())).map_err(|error| format!("does not open: {error}"))?;
    let found = Model::read(&engine);
    if !allowed.contains(&found.counter) {
        return Err(format!("lost: holds {}, allowed {allowed:?}", found.counter));
    }
    let expected = states.iter().find(|state| state.counter == found.counter).unwrap();
    if found != *expected {
        return Err(format!("state {} has another content", found.counter));
    }
    if !engine.check_integrity().map_err(|error| format!("check fails: {error}"))? {
        return Err("the check had to repair".to_owned());
    }
    if go_on {
        let mut after = found.clone();
        let mut rng = Rng::new(found.counter);
        for _ in 0..3 {
            let tx = engine.begin_write().unwrap();
            after.change(&tx, &mut rng);
            tx.commit().unwrap();
        }
        std::mem::forget(engine);
        let (engine, _) = open(Arc::new(disk)).map_err(|error| format!("does not open again: {error}"))?;
        if Model::read(&engine) != after {
            return Err("what was written after the recovery is lost".to_owned());
        }
    }
    Ok(found.counter)
}

/// Recovers from an image while recording, and loses power during the recovery, too.
fn check_twice(replay: &Replay, image: Vec<u8>, killed: bool, allowed: &[u64], states: &[Model], rng: &mut Rng) {
    let disk = SimDisk::from_image(image.clone()).recording();
    let (engine, _) = open(Arc::new(disk.clone())).unwrap();
    let found = Model::read(&engine).counter;
    disk.mark(Op::Acknowledged(found));
    drop(engine);
    // A killed process leaves its writes on the way; after a power failure the image is what there is.
    let mut replay = if killed { replay.clone() } else { Replay { durable: image, on_the_way: Vec::new() } };
    let mut allowed = allowed.to_vec();
    for op in disk.take_log() {
        replay.step(&op);
        if matches!(op, Op::Acknowledged(_)) {
            allowed = vec![found];
        }
        let loss = LOSSES[rng.below(LOSSES.len())];
        let image = replay.image(loss, rng);
        if let Err(error) = check(image, &allowed, states, false) {
            panic!("during the recovery ({loss:?}, killed {killed}): {error}");
        }
    }
}

#[test]
fn every_moment_of_a_power_failure_leaves_a_whole_state() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("ALCOVE_SEED").unwrap_or_else(|| u64::from(std::process::id()) ^ 0xA1C0_7E00);
    let images = number("ALCOVE_POWER_LOSS_IMAGES").map_or(IMAGES, |count| usize::try_from(count).unwrap());
    println!("ALCOVE_SEED={seed}");
    let mut rng = Rng::new(seed);
    let mut checked = 0;
    while checked < images {
        let (log, states) = record(&mut rng);
        // Every op a crash point if there is room, else an even sample.
        let percent = (images.min(100_000) * 100 / (log.len() * 3)).clamp(1, 100) as u64;
        let mut replay = Replay::default();
        let (mut acknowledged, mut begun) = (None, None);
        for (at, op) in log.iter().enumerate() {
            replay.step(op);
            match op {
                Op::Acknowledged(state) => (acknowledged, begun) = (Some(*state), None),
                Op::Begin(state) => begun = Some(*state),
                _ => {}
            }
            // Making a file is safe by another means: it has no name before it is whole.
            let Some(acknowledged) = acknowledged.filter(|_| rng.percent(percent)) else { continue };
            let allowed: Vec<u64> = [Some(acknowledged), begun].into_iter().flatten().collect();
            for loss in (0..3).map(|_| LOSSES[rng.below(LOSSES.len())]).collect::<Vec<_>>() {
                let image = replay.image(loss, &mut rng);
                if let Err(error) = check(image, &allowed, &states, rng.percent(20)) {
                    panic!("ALCOVE_SEED={seed}, step {at}, {loss:?}: {error}");
                }
                checked += 1;
            }
            if rng.percent(2) {
                let killed = rng.percent(50);
                let loss = if killed { super::sim_disk::Loss::Nothing } else { LOSSES[rng.below(LOSSES.len())] };
                let image = replay.image(loss, &mut rng);
                check_twice(&replay, image, killed, &allowed, &states, &mut rng);
            }
        }
    }
    println!("{checked} images");
}

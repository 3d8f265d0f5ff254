//! The change stream: a base and all frames up to any sync are, in another encrypted file with another key, exactly what
//! was acknowledged last at that sync.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use alcove::store::{
    Engine, Keyfile, SlotSecret, Unlock,
    block::{self, BlockFile, BlockSet, Content, Frame, FrameError, Mirror, Next, Start, Subscription},
};
use redb::{ReadableTable, TableDefinition};

use super::{
    create, options,
    power_loss::Model,
    sim_disk::{Rng, SimDisk},
};

const NEVER: Duration = Duration::ZERO;

/// A new encrypted file on a disk of its own, with a key that nobody else has.
fn other_file() -> (SimDisk, BlockFile) {
    let disk = SimDisk::default();
    let secrets = [SlotSecret::Keyfile(Keyfile::from_slice(&[99; 32]).unwrap())];
    (disk.clone(), block::format(Arc::new(disk), &secrets, options().format).unwrap())
}

fn open_other(image: Vec<u8>) -> Engine {
    let unlock = Unlock::Keyfile(Keyfile::from_slice(&[99; 32]).unwrap());
    Engine::open_on(Arc::new(SimDisk::from_image(image)), &unlock, options()).unwrap().0
}

/// A copy that needs nothing but frames from here on.
fn base(start: &Start, source: &BlockFile) -> (SimDisk, Mirror) {
    let (disk, file) = other_file();
    let mut mirror = Mirror::begin(start, file).unwrap();
    while mirror.copy_some(source).unwrap() > 0 {}
    assert!(mirror.is_whole());
    (disk, mirror)
}

fn frames(changes: &Subscription) -> Vec<Arc<Frame>> {
    std::iter::from_fn(|| match changes.next(NEVER) {
        Next::Frame(frame) => Some(frame),
        _ => None,
    })
    .collect()
}

fn commit(engine: &Engine, model: &Model, rng: &mut Rng, bulk: bool) -> Model {
    let mut next = model.clone();
    let tx = engine.begin_write().unwrap();
    next.change(&tx, rng);
    if bulk {
        // Grows the file by much, and shrinks it at the next commit.
        let table: TableDefinition<u64, &[u8]> = TableDefinition::new("bulk");
        let mut rows = tx.open_table(table).unwrap();
        rows.insert(0, rng.bytes(600_000).as_slice()).unwrap();
    } else {
        drop(tx.delete_table(TableDefinition::<u64, &[u8]>::new("bulk")));
    }
    tx.commit().unwrap();
    next
}

/// A seed of this run, printed so that it can be repeated.
#[allow(clippy::print_stdout, reason = "the test harness shows it when a test fails")]
fn seeded() -> Rng {
    let given = std::env::var("ALCOVE_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from(std::process::id()) ^ 0x00C4_A93E);
    println!("ALCOVE_SEED={seed}");
    Rng::new(seed)
}

#[test]
fn every_sync_boundary_is_exactly_the_last_acknowledged_commit() {
    let mut rng = seeded();
    let (mut boundaries, mut exact, mut shrunk, mut grown) = (0, 0, 0, 0);
    for _ in 0..3 {
        let engine = create(Arc::new(SimDisk::default()));
        let mut model = Model::default();
        for _ in 0..5 {
            model = commit(&engine, &model, &mut rng, false);
        }
        let (start, changes) = engine.file().subscribe().unwrap();
        let (disk, mut mirror) = base(&start, &engine.file());
        let mut acknowledged = BTreeMap::from([(start.seq, model.clone())]);
        let mut all = Vec::new();
        for round in 0..60 {
            if rng.percent(10) {
                let tx = engine.begin_write().unwrap();
                model.clone().change(&tx, &mut rng);
                tx.abort().unwrap();
            }
            model = commit(&engine, &model, &mut rng, round % 9 == 3);
            all.extend(frames(&changes));
            acknowledged.insert(all.last().unwrap().seq, model.clone());
        }
        let mut blocks = start.blocks;
        for frame in &all {
            assert!(matches!(frame.content, Content::Blocks(_)));
            mirror.apply(frame).unwrap();
            mirror.sync().unwrap();
            let copy = open_other(disk.image());
            let (_, expected) = acknowledged.range(..=frame.seq).next_back().unwrap();
            assert!(Model::read(&copy) == *expected, "at {} not the state acknowledged last", frame.seq);
            assert!(copy.check_integrity().unwrap());
            boundaries += 1;
            exact += usize::from(acknowledged.contains_key(&frame.seq));
            shrunk += usize::from(frame.blocks < blocks);
            grown += usize::from(frame.blocks > blocks);
            blocks = frame.blocks;
        }
    }
    println!("{boundaries} sync boundaries, {exact} of them acknowledged, {grown} growths, {shrunk} shrinkings");
    assert!(boundaries >= 360 && exact >= 180 && shrunk > 0 && grown > 0);
}

#[test]
fn frames_that_are_missing_repeated_reordered_or_senseless_are_refused() {
    let mut rng = seeded();
    let engine = create(Arc::new(SimDisk::default()));
    let model = commit(&engine, &Model::default(), &mut rng, false);
    let (start, changes) = engine.file().subscribe().unwrap();
    let (disk, mut mirror) = base(&start, &engine.file());
    let model = commit(&engine, &model, &mut rng, true);
    commit(&engine, &model, &mut rng, false);
    let frames = frames(&changes);
    assert!(frames.len() >= 4);
    let refused = |mirror: &mut Mirror, frame: &Frame| {
        let before = disk.image();
        let error = mirror.apply(frame).unwrap_err();
        assert!(before == disk.image(), "{error} changed the copy");
        *error.get_ref().unwrap().downcast_ref::<FrameError>().unwrap()
    };
    let out_of_order = |expected, found| FrameError::OutOfOrder { expected, found };
    assert_eq!(refused(&mut mirror, &frames[1]), out_of_order(1, 2), "one is missing");
    mirror.apply(&frames[0]).unwrap();
    assert_eq!(refused(&mut mirror, &frames[0]), out_of_order(2, 1), "it was there already");
    assert_eq!(refused(&mut mirror, &frames[2]), out_of_order(2, 3), "they are in another order");
    let (second, Content::Blocks(content)) = (&*frames[1], &frames[1].content) else { panic!("a gap") };
    let with = |block: u64, bytes: usize| {
        let mut content = content.clone();
        content.insert(block, vec![0; bytes].into());
        Frame { content: Content::Blocks(content), ..second.clone() }
    };
    let senseless = [
        with(second.blocks, 4096),
        with(0, 4095),
        Frame { blocks_min: second.blocks + 1, ..second.clone() },
        Frame { last: second.first - 1, ..second.clone() },
        Frame { content: Content::Gap([second.blocks].into_iter().collect()), ..second.clone() },
    ];
    for frame in senseless {
        assert_eq!(refused(&mut mirror, &frame), FrameError::Malformed);
    }
    mirror.apply(&frames[1]).unwrap();
}

/// Writes whose every state is known from its counter alone.
fn write_steadily(engine: &Engine, stop: &AtomicBool, done: &AtomicU64) {
    let (table, counter) = (TableDefinition::<u64, &[u8]>::new("steady"), TableDefinition::<(), u64>::new("counter"));
    for n in 1_u64.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let tx = engine.begin_write().unwrap();
        for row in 0..20_u64 {
            let value = [n.to_le_bytes().as_slice(), &vec![7; 300 + (n % 5) as usize * 900]].concat();
            tx.open_table(table).unwrap().insert((n * 20 + row) % 400, value.as_slice()).unwrap();
        }
        tx.open_table(counter).unwrap().insert((), n).unwrap();
        tx.commit().unwrap();
        done.store(n, Ordering::SeqCst);
    }
}

fn steady_state(engine: &Engine) -> u64 {
    let tx = engine.begin_read().unwrap();
    let n = tx.open_table(TableDefinition::<(), u64>::new("counter")).unwrap().get(()).unwrap().unwrap().value();
    let rows = tx.open_table(TableDefinition::<u64, &[u8]>::new("steady")).unwrap();
    let mut seen = 0;
    for row in rows.iter().unwrap() {
        let (key, value) = row.unwrap();
        let last = (n.saturating_sub(19)..=n).rev().find(|n| (n * 20..n * 20 + 20).any(|at| at % 400 == key.value()));
        assert_eq!(value.value()[..8], last.unwrap().to_le_bytes(), "row {} at {n}", key.value());
        seen += 1;
    }
    assert_eq!(seen, 400.min(n * 20));
    n
}

#[test]
fn a_base_may_be_copied_while_writes_go_on() {
    let engine = create(Arc::new(SimDisk::default()));
    let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let reach = |n: u64| {
        while done.load(Ordering::SeqCst) < n {
            std::thread::sleep(Duration::from_millis(1));
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| write_steadily(&engine, &stop, &done));
        reach(25);
        for round in 0..12 {
            let file = engine.file();
            let (start, changes) = file.subscribe().unwrap();
            let (disk, copy) = other_file();
            let mut mirror = Mirror::begin(&start, copy).unwrap();
            while mirror.copy_some(&file).unwrap() > 0 {
                reach(done.load(Ordering::SeqCst) + 1);
                // Taken while the copy is made, or only afterwards.
                for frame in if round % 2 == 0 { frames(&changes) } else { Vec::new() } {
                    mirror.apply(&frame).unwrap();
                }
            }
            let copied_at = done.load(Ordering::SeqCst);
            reach(copied_at + 2);
            for frame in frames(&changes) {
                mirror.apply(&frame).unwrap();
            }
            assert!(mirror.is_whole());
            mirror.sync().unwrap();
            let copy = open_other(disk.image());
            assert!(steady_state(&copy) >= copied_at);
            assert!(copy.check_integrity().unwrap());
        }
        stop.store(true, Ordering::SeqCst);
    });
}

#[test]
fn after_a_gap_the_named_blocks_are_enough() {
    let mut rng = seeded();
    let engine = create(Arc::new(SimDisk::default()));
    let model = commit(&engine, &Model::default(), &mut rng, false);
    let (start, changes) = engine.file().subscribe().unwrap();
    let (disk, mut mirror) = base(&start, &engine.file());
    let table: TableDefinition<u64, &[u8]> = TableDefinition::new("bulk");
    let tx = engine.begin_write().unwrap();
    for row in 0..30 {
        tx.open_table(table).unwrap().insert(row, rng.bytes(400_000).as_slice()).unwrap();
    }
    tx.commit().unwrap();
    let model = commit(&engine, &model, &mut rng, true);
    let frames = frames(&changes);
    let gaps = frames.iter().filter(|frame| matches!(frame.content, Content::Gap(_))).count();
    assert!(gaps > 0, "more than a frame holds was written");
    for frame in &frames {
        mirror.apply(frame).unwrap();
    }
    assert!(!mirror.is_whole());
    let mut read_again = 0;
    loop {
        match mirror.copy_some(&engine.file()).unwrap() {
            0 => break,
            bytes => read_again += bytes,
        }
    }
    let named: u64 = frames.iter().filter_map(|frame| gap_of(frame).map(BlockSet::len)).sum();
    assert!(read_again <= named * 4096 && mirror.is_whole(), "{read_again} {named}");
    mirror.sync().unwrap();
    let copy = open_other(disk.image());
    assert!(Model::read(&copy) == model && copy.check_integrity().unwrap());
}

fn gap_of(frame: &Frame) -> Option<&BlockSet> {
    match &frame.content {
        Content::Gap(blocks) => Some(blocks),
        Content::Blocks(_) => None,
    }
}

#[test]
fn a_failed_write_ends_the_stream() {
    let disk = SimDisk::default();
    let engine = create(Arc::new(disk.clone()));
    let mut rng = seeded();
    let model = commit(&engine, &Model::default(), &mut rng, false);
    let (_, changes) = engine.file().subscribe().unwrap();
    let tx = engine.begin_write().unwrap();
    model.clone().change(&tx, &mut rng);
    disk.fail_from(disk.calls() + 1, std::io::ErrorKind::Other);
    tx.commit().unwrap_err();
    while let Next::Frame(_) = changes.next(NEVER) {}
    assert!(matches!(changes.next(NEVER), Next::Ended));
    assert!(engine.file().subscribe().is_err());
    disk.heal();
    commit(&engine, &model, &mut rng, false);
    assert!(engine.file().subscribe().is_ok(), "the file as it was opened anew can be followed");
}

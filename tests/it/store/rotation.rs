//! A new data key while the practice is used: nothing acknowledged is lost, whatever fails and whenever the power goes,
//! and whoever reads or writes does not notice.

use std::{
    io::ErrorKind,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use alcove::{
    crypto::HybridIdentity,
    store::{
        BlockError, Engine, EngineOptions, Keyfile, SlotKind, SlotSecret, Unlock,
        block::{Cipher, Disk, FileDisk, PlaceError, Successor},
        engine::FILE_NAME,
        rotation::{DirPlace, Phase, Place, Progress, Rotate, Rotated, RotationError, rotate},
    },
};
use redb::{ReadableTable, TableDefinition};

use super::{
    ROWS, all_rows, keyfile, open, options,
    power_loss::Model,
    put,
    sim_dir::{DirOp, DirReplay, SimDir, Trouble},
    sim_disk::{Op, Rng, SimDisk},
};

fn made() -> (SimDir, Engine) {
    let (dir, disk) = SimDir::with_file();
    let engine = Engine::create_on(disk, &[SlotSecret::Keyfile(keyfile())], options()).unwrap();
    for key in 0..60_u8 {
        put(&engine, &[key], &vec![key; 200 + usize::from(key) * 300]);
    }
    (dir, engine)
}

fn rotated_in(engine: &Engine, place: &dyn Place, keyfile: Option<&Keyfile>) -> Result<Rotated, RotationError> {
    let progress = Progress::default();
    rotate(engine, Rotate { keyfile, cipher: Cipher::Aes256GcmSiv, place, progress: &progress })
}

fn rotated(engine: &Engine, dir: &SimDir) -> Rotated {
    rotated_in(engine, dir, Some(&keyfile())).unwrap()
}

fn open_image(image: Vec<u8>) -> Engine {
    open(Arc::new(SimDisk::from_image(image))).unwrap().0
}

#[test]
fn everything_is_there_under_another_key_and_the_old_key_opens_nothing_new() {
    let (dir, engine) = made();
    let (before, rows) = (dir.image(), all_rows(&engine));
    let old = engine.seal_info().unwrap();
    let done = rotated(&engine, &dir);
    assert_eq!((done.epoch, done.unreadable_blocks), (old.epoch + 1, 0));
    assert_eq!((dir.named(), dir.has_next()), (1, false));
    assert_eq!(all_rows(&engine), rows);
    put(&engine, b"later", b"value");
    assert!(engine.check_integrity().unwrap());
    let new = engine.seal_info().unwrap();
    assert_eq!((new.epoch, new.generation), (old.epoch + 1, old.generation + 1));
    assert_eq!(all_rows(&engine).len(), rows.len() + 1);
    drop(engine);

    let image = dir.image();
    assert_ne!(before[12..28], image[12..28], "another file id");
    let reopened = open_image(image.clone());
    assert_eq!(all_rows(&reopened).len(), rows.len() + 1);
    assert!(reopened.check_integrity().unwrap());
    assert_eq!(all_rows(&open_image(before.clone())), rows, "an old copy is what it was: the key of then opens it");

    // The old superblock does not fit the new blocks.
    let mixed = [&before[..0x8000], &image[0x8000..]].concat();
    assert!(open(Arc::new(SimDisk::from_image(mixed))).is_err());
    let equal = (0x11_2000..image.len().min(before.len())).step_by(4096);
    let repeated =
        equal.filter(|at| before[*at..at + 4096] == image[*at..at + 4096] && image[*at..at + 4096] != [0; 4096]);
    assert_eq!(repeated.count(), 0, "every block is encrypted anew");
}

#[test]
fn every_way_to_unlock_is_kept_and_no_secret_but_the_keyfile_is_needed() {
    let (dir, engine) = made();
    let kit = HybridIdentity::generate().unwrap();
    engine.add_slot(&SlotSecret::RestoreKit(Box::new(kit.to_recipient().unwrap()))).unwrap();
    let error = rotated_in(&engine, &dir, None).unwrap_err();
    assert!(matches!(error, RotationError::File(BlockError::KeyfileNeeded)), "{error}");
    let error = rotated_in(&engine, &dir, Some(&Keyfile::generate().unwrap())).unwrap_err();
    assert!(matches!(error, RotationError::File(BlockError::WrongKeyfile)), "{error}");
    assert!(!dir.has_next() && dir.named() == 0);
    rotated(&engine, &dir);
    engine.remove_slot(SlotKind::Keyfile).unwrap();
    rotated_in(&engine, &dir, None).unwrap();
    let rows = all_rows(&engine);
    drop(engine);
    let disk = Arc::new(SimDisk::from_image(dir.image()));
    let (engine, _) = Engine::open_on(disk, &Unlock::Kit(kit), options()).unwrap();
    assert_eq!(all_rows(&engine), rows);
    assert_eq!(engine.seal_info().unwrap().epoch, 3);
}

#[test]
fn a_slot_that_changes_meanwhile_is_in_the_new_file_as_it_is_then() {
    let (dir, engine) = made();
    let file = engine.file();
    let make = || Successor::make(&file, dir.make().unwrap(), Some(&keyfile()), Cipher::Aes256GcmSiv).unwrap();
    let mut successor = make();
    while successor.advance(&file).unwrap() > 0 {}
    let kit = HybridIdentity::generate().unwrap();
    engine.add_slot(&SlotSecret::RestoreKit(Box::new(kit.to_recipient().unwrap()))).unwrap();
    assert!(successor.take_over(&file, u64::MAX, || dir.put()).is_err(), "it lacks the kit");
    assert_eq!(dir.named(), 0);
    successor.renew_slots(&file, Some(&keyfile())).unwrap();
    successor.take_over(&file, u64::MAX, || dir.put()).unwrap();
    let disk = Arc::new(SimDisk::from_image(dir.image()));
    assert!(Engine::open_on(disk, &Unlock::Kit(kit), options()).is_ok());
}

#[test]
fn the_cipher_may_change_and_a_file_opens_whatever_this_machine_would_choose() {
    let format = |cipher| {
        let mut options = options();
        options.format.cipher = cipher;
        options
    };
    for (from, to) in [
        (Cipher::ChaCha20Poly1305, Cipher::Aes256GcmSiv),
        (Cipher::Aes256GcmSiv, Cipher::ChaCha20Poly1305),
        (Cipher::ChaCha20Poly1305, Cipher::ChaCha20Poly1305),
    ] {
        let (dir, disk) = SimDir::with_file();
        let secrets = [SlotSecret::Keyfile(keyfile())];
        let engine = Engine::create_on(disk, &secrets, format(from)).unwrap();
        put(&engine, b"key", &vec![5; 30_000]);
        assert_eq!(engine.seal_info().unwrap().cipher, from);
        let progress = Progress::default();
        let how = Rotate { keyfile: Some(&keyfile()), cipher: to, place: &dir, progress: &progress };
        assert_eq!(rotate(&engine, how).unwrap().cipher, to);
        put(&engine, b"later", &vec![6; 30_000]);
        assert_eq!(engine.seal_info().unwrap().cipher, to);
        drop(engine);
        for of_machine in [from, to] {
            let disk = Arc::new(SimDisk::from_image(dir.image()));
            let (engine, _) = Engine::open_on(disk, &Unlock::Keyfile(keyfile()), format(of_machine)).unwrap();
            assert_eq!(all_rows(&engine).len(), 2);
            assert!(engine.check_integrity().unwrap());
        }
    }
}

#[test]
fn who_reads_and_writes_across_it_does_not_notice() {
    let (dir, engine) = made();
    let rows = all_rows(&engine);
    let reader = engine.begin_read().unwrap();
    let writer = engine.begin_write().unwrap();
    writer.open_table(ROWS).unwrap().insert(b"during".as_slice(), vec![9; 50_000].as_slice()).unwrap();
    rotated(&engine, &dir);
    let count = reader.open_table(ROWS).unwrap().iter().unwrap().map(Result::unwrap).count();
    assert_eq!(count, rows.len(), "it sees its own state still");
    writer.open_table(ROWS).unwrap().insert(b"after".as_slice(), vec![8; 50_000].as_slice()).unwrap();
    writer.commit().unwrap();
    let health = engine.health();
    assert!(health.reopened == 0 && !health.broken && health.unauthentic_blocks == 0, "{health:?}");
    drop(reader);
    assert!(engine.check_integrity().unwrap());
    std::mem::forget(engine); // killed
    assert_eq!(all_rows(&open_image(dir.image())).len(), rows.len() + 2);
}

#[test]
fn it_stops_when_told_waits_for_nobody_else_and_needs_room() {
    let (dir, engine) = made();
    let progress = Progress::default();
    let how = Rotate { keyfile: Some(&keyfile()), cipher: Cipher::Aes256GcmSiv, place: &dir, progress: &progress };
    dir.has_room_for_only(4096);
    let before = dir.image();
    assert!(matches!(rotate(&engine, how), Err(RotationError::NoRoom { .. })));
    assert!(dir.image() == before && dir.disk(1).is_none(), "nothing was begun");
    dir.has_room_for_only(u64::MAX);

    let rows = all_rows(&engine);
    let slow = Slow { dir: dir.clone(), seen: AtomicBool::new(false), go_on: AtomicBool::new(false) };
    let how = Rotate { place: &slow, ..how };
    thread::scope(|scope| {
        let running = scope.spawn(|| rotate(&engine, how));
        while !slow.seen.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(progress.seen().phase, Phase::Copying);
        assert!(matches!(rotate(&engine, how), Err(RotationError::Running)));
        progress.stop();
        slow.go_on.store(true, Ordering::SeqCst);
        assert!(matches!(running.join().unwrap(), Err(RotationError::Stopped)));
    });
    assert!(!dir.has_next() && dir.named() == 0 && all_rows(&engine) == rows);
    assert_eq!(progress.seen().phase, Phase::Idle);
    assert!(matches!(rotate(&engine, how), Err(RotationError::Stopped)), "until it is allowed again");
    progress.allow();
    rotate(&engine, how).unwrap();
    assert_eq!((dir.named(), all_rows(&engine) == rows), (2, true));
    let seen = progress.seen();
    assert!(seen.bytes == seen.of && seen.of > 0, "{seen:?}");
}

/// A directory in which making a file takes until it may go on.
#[derive(Debug)]
struct Slow {
    dir: SimDir,
    seen: AtomicBool,
    go_on: AtomicBool,
}

impl Place for Slow {
    fn has_room_for(&self, bytes: u64) -> bool {
        self.dir.has_room_for(bytes)
    }

    fn make(&self) -> Result<Arc<dyn Disk>, BlockError> {
        self.seen.store(true, Ordering::SeqCst);
        while !self.go_on.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
        self.dir.make()
    }

    fn put(&self) -> Result<(), PlaceError> {
        self.dir.put()
    }

    fn discard(&self) {
        self.dir.discard();
    }
}

#[test]
fn whatever_fails_the_practice_goes_on_and_loses_nothing() {
    let (dir, engine) = made();
    let rows = all_rows(&engine);
    dir.will_fail(Trouble::Rename);
    assert!(rotated_in(&engine, &dir, Some(&keyfile())).is_err());
    assert!(dir.named() == 0 && !engine.health().broken);
    put(&engine, b"a", b"1");

    // The new file has the name, perhaps not durably: nothing is written before the file was opened anew.
    let file = engine.file();
    let mut successor = Successor::make(&file, dir.make().unwrap(), Some(&keyfile()), Cipher::Aes256GcmSiv).unwrap();
    while successor.advance(&file).unwrap() > 0 {}
    dir.will_fail(Trouble::DirSync);
    successor.take_over(&file, u64::MAX, || dir.put()).unwrap_err();
    assert!(dir.named() == 2 && engine.health().broken);
    put(&engine, b"b", b"2");
    assert!(engine.health().reopened == 1 && !engine.health().broken);
    assert_eq!((engine.seal_info().unwrap().epoch, all_rows(&engine).len()), (2, rows.len() + 2));

    dir.will_fail(Trouble::DirSync);
    assert_eq!(rotated(&engine, &dir).epoch, 4, "it begins again by itself");
    put(&engine, b"c", b"3");
    std::mem::forget(engine);
    assert_eq!(all_rows(&open_image(dir.image())).len(), rows.len() + 3);
}

#[test]
fn a_failing_disk_at_every_call_of_the_copy_leaves_the_old_file_as_it_is() {
    for kind in [ErrorKind::StorageFull, ErrorKind::Other] {
        for nth in (1..400).step_by(7) {
            let (dir, engine) = made();
            let place = Failing { dir: dir.clone(), nth, kind };
            match rotated_in(&engine, &place, Some(&keyfile())) {
                Ok(_) => assert_eq!(dir.named(), 1),
                Err(error) => {
                    let full = matches!(error, RotationError::File(BlockError::DiskFull));
                    assert_eq!(full, kind == ErrorKind::StorageFull, "{error}");
                    assert!(dir.named() == 0 && !dir.has_next());
                }
            }
            assert!(dir.named() == 1 || !engine.health().broken);
            if let Some(disk) = dir.disk(1) {
                disk.heal();
            }
            put(&engine, b"after", b"value");
            assert_eq!(all_rows(&engine).len(), 61);
            std::mem::forget(engine);
            assert_eq!(all_rows(&open_image(dir.image())).len(), 61);
        }
    }
}

/// A directory whose new file fails from its nth call on.
#[derive(Debug)]
struct Failing {
    dir: SimDir,
    nth: u64,
    kind: ErrorKind,
}

impl Place for Failing {
    fn has_room_for(&self, bytes: u64) -> bool {
        self.dir.has_room_for(bytes)
    }

    fn make(&self) -> Result<Arc<dyn Disk>, BlockError> {
        let disk = self.dir.make()?;
        self.dir.disk(1).unwrap().fail_from(self.nth, self.kind);
        Ok(disk)
    }

    fn put(&self) -> Result<(), PlaceError> {
        self.dir.put()
    }

    fn discard(&self) {
        self.dir.discard();
    }
}

#[test]
fn a_failure_of_the_old_file_meanwhile_makes_it_begin_again() {
    let (dir, engine) = made();
    let file = engine.file();
    let mut successor = Successor::make(&file, dir.make().unwrap(), Some(&keyfile()), Cipher::Aes256GcmSiv).unwrap();
    successor.advance(&file).unwrap();
    let disk = dir.disk(0).unwrap();
    disk.fail_from(disk.calls() + 2, ErrorKind::Other);
    let tx = engine.begin_write().unwrap();
    tx.open_table(ROWS).unwrap().insert(b"lost".as_slice(), [1; 9000].as_slice()).unwrap();
    tx.commit().unwrap_err();
    disk.heal();
    assert!(successor.advance(&file).is_err());
    assert!(successor.take_over(&file, u64::MAX, || dir.put()).is_err());
    assert_eq!(dir.named(), 0);
    rotated(&engine, &dir);
    assert_eq!(engine.health().reopened, 1);
    assert!(engine.check_integrity().unwrap());
}

/// Works while a new file is filled and takes the place, and records everything.
fn record(rng: &mut Rng) -> (Vec<DirOp>, Vec<Model>) {
    let (dir, disk) = SimDir::with_file();
    let engine = Engine::create_on(disk, &[SlotSecret::Keyfile(keyfile())], options()).unwrap();
    dir.mark(Op::Acknowledged(0));
    let mut states = vec![Model::default()];
    let mut commit = |rng: &mut Rng| {
        let mut model = states.last().unwrap().clone();
        let tx = engine.begin_write().unwrap();
        model.change(&tx, rng);
        dir.mark(Op::Begin(model.counter));
        tx.commit().unwrap();
        dir.mark(Op::Acknowledged(model.counter));
        states.push(model);
    };
    for _ in 0..15 {
        commit(rng);
    }
    for _ in 0..2 {
        let file = engine.file();
        let disk = dir.make().unwrap();
        let cipher = if rng.percent(50) { Cipher::Aes256GcmSiv } else { Cipher::ChaCha20Poly1305 };
        let mut successor = Successor::make(&file, disk, Some(&keyfile()), cipher).unwrap();
        while successor.advance(&file).unwrap() > 0 || rng.percent(30) {
            if rng.percent(40) {
                commit(rng);
            }
            if rng.percent(20) {
                successor.sync().unwrap();
            }
        }
        successor.take_over(&file, u64::MAX, || dir.put()).unwrap();
        for _ in 0..4 {
            commit(rng);
        }
    }
    std::mem::forget(engine);
    (dir.take_log(), states)
}

/// Opens an image: it must hold one of the allowed states, whole. Its epoch.
fn check(image: Vec<u8>, allowed: &[Option<u64>], states: &[Model]) -> Result<u32, String> {
    let (engine, _) = open(Arc::new(SimDisk::from_image(image))).map_err(|error| format!("does not open: {error}"))?;
    let found = Model::read(&engine);
    if !allowed.contains(&Some(found.counter)) || !states.contains(&found) {
        return Err(format!("holds {}, allowed {allowed:?}", found.counter));
    }
    match engine.check_integrity() {
        Ok(true) => Ok(engine.seal_info().map_err(|error| error.to_string())?.epoch),
        other => Err(format!("the check says {other:?}")),
    }
}

#[test]
fn a_power_failure_at_any_moment_leaves_the_old_file_or_the_new_one_with_all_that_was_acknowledged() {
    let given = std::env::var("ALCOVE_SEED").ok().and_then(|text| text.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from(std::process::id()) ^ 0x0A17_0C43);
    println!("ALCOVE_SEED={seed}");
    let mut rng = Rng::new(seed);
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let (mut images, mut epochs) = (0, [0; 4]);
    while images < number("ALCOVE_POWER_LOSS_IMAGES").unwrap_or(600) {
        let (log, states) = record(&mut rng);
        let mut replay = DirReplay::default();
        let mut allowed = [None, None];
        for (at, op) in log.iter().enumerate() {
            replay.step(op);
            match op {
                DirOp::On(_, Op::Acknowledged(state)) => allowed = [Some(*state), None],
                DirOp::On(_, Op::Begin(state)) => allowed[1] = Some(*state),
                _ => {}
            }
            let near = &log[at.saturating_sub(6)..(at + 6).min(log.len())];
            let is_turn = near.iter().any(|op| matches!(op, DirOp::Renamed(_)));
            let tries = if is_turn { 12 } else { usize::from(rng.percent(30)) };
            for _ in 0..if allowed[0].is_some() { tries } else { 0 } {
                let epoch = check(replay.image(&mut rng), &allowed, &states)
                    .unwrap_or_else(|error| panic!("ALCOVE_SEED={seed}, step {at}: {error}"));
                epochs[epoch as usize] += 1;
                images += 1;
            }
        }
    }
    println!("{images} images, {epochs:?} by epoch");
    assert!(epochs[1..].iter().all(|count| *count > 20), "{epochs:?}");
}

const COUNTER: TableDefinition<(), u64> = TableDefinition::new("counter");

/// In a real directory, with writers at work and others who want the file all the time.
#[test]
fn the_lock_is_never_let_go_and_writers_wait_but_shortly() {
    let dir = tempfile::tempdir().unwrap();
    let options = EngineOptions { cache_bytes: 4 << 20, ..EngineOptions::default() };
    let engine = Engine::create(dir.path(), &[SlotSecret::Keyfile(keyfile())], options).unwrap();
    let mut rng = Rng::new(7);
    for round in 0..20_u64 {
        let tx = engine.begin_write().unwrap();
        for row in 0..50 {
            let key = (round * 50 + row).to_be_bytes();
            tx.open_table(ROWS).unwrap().insert(key.as_slice(), rng.bytes(20_000).as_slice()).unwrap();
        }
        tx.commit().unwrap();
    }
    let (stop, done, tries) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let place = DirPlace::of(dir.path());
    let mut pauses = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                let n = done.load(Ordering::SeqCst) + 1;
                let tx = engine.begin_write().unwrap();
                tx.open_table(COUNTER).unwrap().insert((), n).unwrap();
                let value = vec![1; 1000];
                tx.open_table(ROWS).unwrap().insert(n.to_be_bytes().as_slice(), value.as_slice()).unwrap();
                tx.commit().unwrap();
                done.store(n, Ordering::SeqCst);
            }
        });
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                let taken = FileDisk::open(&dir.path().join(FILE_NAME)).map(drop);
                assert!(matches!(taken, Err(BlockError::InUse)), "{taken:?}");
                tries.fetch_add(1, Ordering::SeqCst);
                thread::yield_now();
            }
        });
        for _ in 0..8 {
            pauses.push(rotated_in(&engine, &place, Some(&keyfile())).unwrap());
        }
        stop.store(true, Ordering::SeqCst);
    });
    let longest = pauses.iter().map(|done| done.pause.took).max().unwrap();
    let (bytes, took) =
        pauses.iter().fold((0, Duration::ZERO), |(bytes, took), done| (bytes + done.bytes, took + done.took));
    println!(
        "{bytes} bytes in {took:?}, longest pause {longest:?}, {} commits, {} tries",
        done.load(Ordering::SeqCst),
        tries.load(Ordering::SeqCst)
    );
    assert!(tries.load(Ordering::SeqCst) > 100);
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [FILE_NAME]);
    assert_eq!(engine.seal_info().unwrap().epoch, 9);
    drop(engine);
    std::fs::write(dir.path().join("alcove.redb.next"), "half a file").unwrap();
    let (engine, _) = Engine::open(dir.path(), &Unlock::Keyfile(keyfile()), options).unwrap();
    assert!(!dir.path().join("alcove.redb.next").exists(), "what a crash left behind goes");
    let counted = engine.begin_read().unwrap().open_table(COUNTER).unwrap().get(()).unwrap().unwrap().value();
    assert_eq!(counted, done.load(Ordering::SeqCst));
    assert!(engine.check_integrity().unwrap());
}

//! `alcove check`: what is whole is found whole, each kind of damage is named, and nothing is ever changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alcove::backup::{Target, fingerprint_in, restore};
use alcove::clock::Clock;
use alcove::crypto::Kit;
use alcove::crypto::sign::sha256;
use alcove::domain::role::Role;
use alcove::store::block::layout::block_at;
use alcove::store::check::{Part, Report, Scope, Unwatched, Watch, check_closed};
use alcove::store::{BlockError, Engine, EngineOptions, Keyfile, SlotSecret, Store, StoreError, Unlock};
use redb::{ReadableTable as _, TableDefinition};
use serde_json::Value;

use crate::support::{Process, alcove};
use crate::world::{World, actor, file_id};

const RAW: fn(&'static str) -> TableDefinition<'static, &'static [u8], &'static [u8]> =
    |name| TableDefinition::new(name);

fn unwatched() -> Arc<dyn Watch> {
    Arc::new(Unwatched)
}

/// A released practice in a directory of its own.
struct Released {
    home: tempfile::TempDir,
    key: Keyfile,
}

impl Released {
    /// From its backup, so that its sealed files are there.
    fn restored() -> Self {
        let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/1");
        let people: Value = serde_json::from_slice(&fs::read(fixture.join("people.json")).unwrap()).unwrap();
        let (text, home) = (people["restore_kit"].as_str().unwrap(), tempfile::tempdir().unwrap());
        let (key, data) = (Keyfile::generate().unwrap(), home.path().join("data"));
        let make = |dir: &Path| Store::create(dir, &[SlotSecret::Keyfile(key.clone())], Clock::default());
        let target = Target { data_dir: &data, make_store: &make, finish: &|_| Ok(()) };
        let kit = Kit::parse(text).unwrap();
        restore(&fixture.join("backup.age"), kit.identity(), &fingerprint_in(text).unwrap(), &target).unwrap();
        fs::create_dir_all(home.path().join(".config/alcove")).unwrap();
        key.write_new(&home.path().join(".config/alcove/data.key"), &data).unwrap();
        Self { home, key }
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn file(&self) -> PathBuf {
        self.data().join("alcove.redb")
    }

    fn unlock(&self) -> Unlock {
        Unlock::Keyfile(self.key.clone())
    }

    fn check(&self) -> Report {
        loop {
            match check_closed(&self.data(), &self.unlock(), &unwatched()) {
                // Another test's child holds the lock from its birth until it runs its own program.
                Err(StoreError::File(BlockError::InUse)) => std::thread::yield_now(),
                checked => return checked.unwrap().unwrap(),
            }
        }
    }

    /// Changes rows behind everybody's back.
    fn change(&self, change: impl FnOnce(&redb::WriteTransaction)) {
        let (engine, _) = Engine::open(&self.data(), &self.unlock(), EngineOptions::default()).unwrap();
        let tx = engine.begin_write().unwrap();
        change(&tx);
        tx.commit().unwrap();
    }

    fn cli(&self) -> (Option<i32>, Value, String) {
        let output = alcove(self.home.path(), &self.data()).args(["--json", "check"]).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), errors)
    }
}

fn list(dir: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

/// Replaces the value of a table's nth row.
fn edit(tx: &redb::WriteTransaction, name: &'static str, nth: usize, change: impl FnOnce(&mut Vec<u8>)) {
    let mut rows = tx.open_table(RAW(name)).unwrap();
    let (key, mut value) = {
        let (key, value) = rows.iter().unwrap().nth(nth).unwrap().unwrap();
        (key.value().to_vec(), value.value().to_vec())
    };
    change(&mut value);
    rows.insert(key.as_slice(), value.as_slice()).unwrap();
}

fn remove(tx: &redb::WriteTransaction, name: &'static str) {
    tx.open_table(RAW(name)).unwrap().pop_first().unwrap().unwrap();
}

fn parts(report: &Report) -> Vec<Part> {
    let mut parts: Vec<Part> = report.findings.iter().map(|finding| finding.part).collect();
    parts.dedup();
    parts
}

#[test]
fn a_released_practice_is_well_and_stays_as_it_is() {
    let released = Released::restored();
    let before = sha256(&fs::read(released.file()).unwrap());
    let there = list(&released.data());
    let report = released.check();
    assert!(report.is_well(), "{report:#?}");
    let counts = report.counts;
    assert!(
        counts.blocks > 70 && counts.tables > 20 && counts.references > 300 && counts.audit_entries > 50,
        "{counts:?}"
    );
    assert_eq!(report.format, alcove::store::FORMAT);
    assert_eq!(sha256(&fs::read(released.file()).unwrap()), before);
    assert_eq!((counts.files, list(&released.data())), (2, there), "nothing was made beside it");
    let (exit, answer, errors) = released.cli();
    assert_eq!((exit, answer["well"].as_bool(), errors.as_str()), (Some(0), Some(true), ""), "{answer}");
    assert_eq!(sha256(&fs::read(released.file()).unwrap()), before);
}

#[test]
fn each_damage_of_rows_has_its_name() {
    type Damage = fn(&redb::WriteTransaction);
    let damages: [(&str, Damage, Part, &str); 11] = [
        ("cut", |tx| edit(tx, "clients", 0, |value| value.truncate(9)), Part::Rows, "is damaged"),
        ("newer", |tx| edit(tx, "people", 0, |value| value[0] = 9), Part::Rows, "newer Alcove"),
        ("unknown table", |tx| drop(tx.open_table(RAW("poems")).unwrap()), Part::Rows, "no such table"),
        ("no person", |tx| remove(tx, "people"), Part::References, "is not there"),
        ("no grant's space", |tx| remove(tx, "spaces"), Part::References, "its space (spaces) is not there"),
        (
            "other body",
            |tx| edit(tx, "record_bodies", 3, |value| *value.last_mut().unwrap() ^= 1),
            Part::References,
            "not the body",
        ),
        (
            "audit entry",
            |tx| edit(tx, "audit", 7, |value| *value.last_mut().unwrap() ^= 1),
            Part::Chains,
            "breaks here",
        ),
        ("index lacks", |tx| remove(tx, "audit_mentions"), Part::References, "the index of the log lacks it"),
        (
            "index of nothing",
            |tx| {
                let mention = postcard::to_stdvec(&([8_u8; 16], 1_u8, 3_u64)).unwrap();
                let key = [[8; 16].as_slice(), &[1], &3_u64.to_be_bytes()].concat();
                let value = [[1].as_slice(), &mention].concat();
                tx.open_table(RAW("audit_mentions")).unwrap().insert(key.as_slice(), value.as_slice()).unwrap();
            },
            Part::References,
            "does not concern that person",
        ),
        (
            "audit end",
            |tx| drop(tx.open_table(RAW("audit")).unwrap().pop_last().unwrap()),
            Part::Chains,
            "its head names",
        ),
        (
            "directory",
            |tx| edit(tx, "directory", 0, |value| *value.last_mut().unwrap() ^= 1),
            Part::Chains,
            "does not follow",
        ),
    ];
    for (name, damage, part, words) in damages {
        let released = Released::restored();
        released.change(damage);
        let report = released.check();
        assert!(parts(&report).contains(&part), "{name}: {report:#?}");
        let told = report.findings.iter().any(|finding| finding.part == part && finding.what.contains(words));
        assert!(told && report.findings.iter().all(|finding| !finding.next.is_empty()), "{name}: {report:#?}");
    }
}

#[test]
fn a_row_under_another_key_is_found() {
    let released = Released::restored();
    released.change(|tx| {
        let mut rows = tx.open_table(RAW("clients")).unwrap();
        let value = rows.iter().unwrap().next().unwrap().unwrap().1.value().to_vec();
        rows.insert([9; 16].as_slice(), value.as_slice()).unwrap();
    });
    let report = released.check();
    assert!(report.findings.iter().any(|finding| finding.what.contains("not its own")), "{report:#?}");
}

#[test]
fn a_damaged_block_is_found_where_it_is_and_free_ones_are_no_finding() {
    let released = Released::restored();
    let whole = fs::read(released.file()).unwrap();
    let blocks = released.check().counts.blocks;
    let (mut damaged, mut free) = (0, 0);
    for block in (0..blocks).step_by(7) {
        let mut file = whole.clone();
        let at = usize::try_from(block_at(block)).unwrap() + 100;
        if at >= file.len() {
            break;
        }
        file[at] ^= 1;
        fs::write(released.file(), &file).unwrap();
        let report = released.check();
        if report.is_well() {
            free += usize::from(report.notes.iter().any(|note| note.contains("free")));
        } else {
            damaged += 1;
            let place = format!("block {block}");
            assert!(report.findings.iter().any(|finding| finding.place == place), "{block}: {report:#?}");
        }
        assert!(fs::read(released.file()).unwrap() == file, "a check changed the file");
    }
    assert!(damaged > 0, "no used block was hit ({free} free ones)");
    fs::write(released.file(), &whole[..whole.len() / 2]).unwrap();
    let (exit, answer, errors) = released.cli();
    assert_eq!((exit, answer["well"].as_bool()), (Some(5), Some(false)), "{answer}");
    assert!(errors.contains("the check found"), "{errors}");
}

#[test]
fn a_wrong_key_and_an_absent_practice_are_no_findings() {
    let released = Released::restored();
    let other = Unlock::Keyfile(Keyfile::generate().unwrap());
    assert!(matches!(check_closed(&released.data(), &other, &unwatched()), Err(StoreError::File(_))));
    fs::remove_file(released.file()).unwrap();
    let (exit, _, errors) = released.cli();
    assert_eq!(exit, Some(1), "{errors}");
    assert!(errors.contains("there is no practice in"), "{errors}");
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let released = Released::restored();
    released.change(|tx| edit(tx, "meta", 0, |value| value[3] = 9));
    for command in ["check", "claim"] {
        let output = alcove(released.home.path(), &released.data()).arg(command).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{command}: {errors}");
        assert!(errors.contains("newer Alcove (format 9"), "{command}: {errors}");
    }
}

#[test]
fn sealed_files_are_read_to_their_last_byte_while_the_practice_is_served() {
    let home = tempfile::tempdir().unwrap();
    let (world, coach) = World::at(home.path()).owned();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    let content = vec![7; 200_000];
    let made = |n| alcove::app::file::FileMade { file: file_id(n), size_bytes: 200_000, sha256: sha256(&content) };
    for n in 1..=3 {
        world.app.begin_file(&acts, None, chain.space, &made(n)).unwrap();
        world.app.append_file(&acts, file_id(n), 0, &content).unwrap();
    }
    world.app.commit_file(&acts, file_id(1)).unwrap();
    world.app.commit_file(&acts, file_id(2)).unwrap();
    let look = || {
        let report = world.store.check(Scope::All, &unwatched()).unwrap().unwrap();
        assert!(!parts(&report).contains(&Part::Database) && !parts(&report).contains(&Part::Blocks), "{report:#?}");
        let what =
            report.findings.iter().filter(|finding| finding.part == Part::Blobs).map(|finding| finding.what.clone());
        (what.collect::<Vec<_>>(), report)
    };
    let (none, report) = look();
    assert_eq!((none, report.counts.files, report.counts.file_bytes), (vec![], 2, 400_000));
    assert!(!report.not_covered.is_empty());

    let mut blobs = files(&home.path().join("blobs"));
    blobs.sort();
    let whole = fs::read(&blobs[0]).unwrap();
    let mut flipped = whole.clone();
    flipped[70_000] ^= 1;
    for (bytes, words) in
        [(flipped, "part 1 of its file"), (whole[..whole.len() - 1].to_vec(), "bytes and should have")]
    {
        fs::write(&blobs[0], bytes).unwrap();
        let (found, _) = look();
        assert!(found.len() == 1 && found[0].contains(words), "{found:?}");
    }
    fs::remove_file(&blobs[0]).unwrap();
    assert!(look().0[0].contains("missing"));
    fs::write(&blobs[0], whole).unwrap();
    let stray = home.path().join("blobs/ab");
    fs::create_dir_all(&stray).unwrap();
    fs::write(stray.join("0".repeat(30)), "x").unwrap();
    let (none, report) = look();
    assert!(none.is_empty() && report.notes.iter().any(|note| note.contains("1 files with 1 bytes")), "{report:#?}");
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

#[test]
fn a_running_server_answers_and_a_killed_one_leaves_a_sound_file() {
    let mut server = Process::start();
    let output = server.command(&["--json", "check"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), answer["mode"].as_str()), (Some(0), Some("online")), "{answer}");
    for _ in 0..5 {
        assert!(server.command(&["claim"]).status.success());
    }
    server.signal("KILL");
    server.wait();
    let output = server.command(&["check"]);
    let words = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{words}");
    assert!(words.starts_with("Checked offline:") && words.contains("All is well."), "{words}");
}

/// Writes go on while a check runs, and every check sees one whole state.
#[test]
fn writes_beside_a_check_disturb_neither() {
    let (world, coach) = World::with_owner();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..60_u64 {
                let mut id = [0; 16];
                id[8..].copy_from_slice(&n.to_be_bytes());
                let record = alcove::domain::id::RecordId::from_bytes(id);
                let body = crate::world::sealed(&n.to_string(), 40_000);
                let write = alcove::app::record::RecordWrite { record, body, ..crate::world::record(1, 1, "x") };
                world.app.write_record(&acts, None, chain.space, &write).unwrap();
            }
        });
        while !writer.is_finished() {
            let report = world.store.check(Scope::All, &unwatched()).unwrap().unwrap();
            let sound = |part| !parts(&report).contains(&part);
            assert!(sound(Part::Database) && sound(Part::Blocks) && sound(Part::Chains), "{report:#?}");
        }
    });
}

/// A new data key takes its place in the middle of checks, and each check still sees one whole state.
#[test]
fn a_new_data_key_beside_a_check_disturbs_neither() {
    let home = tempfile::tempdir().unwrap();
    let (world, coach) = World::at(home.path()).owned();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    for n in 1..=20 {
        let write = alcove::app::record::RecordWrite {
            body: crate::world::sealed(&n.to_string(), 90_000),
            ..crate::world::record(n, 1, "x")
        };
        world.app.write_record(&acts, None, chain.space, &write).unwrap();
    }
    let keyfile = Keyfile::from_slice(&[7; 32]).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..3 {
                world.store.rotate_key(Some(&keyfile)).unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::Release);
        });
        let mut checks = 0;
        while !done.load(std::sync::atomic::Ordering::Acquire) || checks == 0 {
            let report = world.store.check(Scope::All, &unwatched()).unwrap().unwrap();
            let sound = |part| !parts(&report).contains(&part);
            assert!(sound(Part::Database) && sound(Part::Blocks) && sound(Part::Chains), "{report:#?}");
            checks += 1;
        }
    });
}

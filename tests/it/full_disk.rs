//! A disk that fills while records are written: what was acknowledged stays, reading goes on, writing says why not,
//! and goes on once there is room.

use std::fs;
use std::path::Path;
use std::process::Command;

use alcove::app::Error;
use alcove::app::file::FileMade;
use alcove::app::record::RecordWrite;
use alcove::backup::{self, BackupError, Source};
use alcove::crypto::HybridIdentity;
use alcove::crypto::backup_key::BackupKey;
use alcove::crypto::sign::sha256;
use alcove::domain::file::File;
use alcove::domain::id::{RecordId, SpaceId};
use alcove::domain::role::Role;
use alcove::policy::Actor;
use alcove::store::blobs::{Blob, BlobError, BlobKey};
use alcove::store::{Reads as _, StoreError};

use crate::world::{World, actor, file_id, record, sealed};

/// Set for the process that runs on the small disk.
const INSIDE: &str = "ALCOVE_TEST_SMALL_DISK";
const BODY_BYTES: usize = 48 * 1024;

#[test]
fn a_full_disk_loses_nothing_acknowledged() {
    if let Some(disk) = std::env::var_os(INSIDE) {
        return fill_and_recover(Path::new(&disk));
    }
    let disk = tempfile::tempdir().unwrap();
    let mount = "mount -t tmpfs -o size=20m tmpfs \"$1\" && exec \"$0\" --exact --nocapture full_disk::a_full_disk_loses_nothing_acknowledged";
    let done = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-c", mount])
        .arg(std::env::current_exe().unwrap())
        .arg(disk.path())
        .env(INSIDE, disk.path())
        .output()
        .expect("unshare (util-linux) runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

fn fill_and_recover(disk: &Path) {
    records(disk);
    files_and_backups(disk);
}

/// The disk fills while a file comes: what was acknowledged of it stays, a backup leaves nothing half-made behind, and
/// both go on once there is room.
fn files_and_backups(disk: &Path) {
    let (data, ballast, backups) = (disk.join("files"), disk.join("ballast"), disk.join("backups"));
    fs::remove_dir_all(disk.join("data")).unwrap();
    fs::create_dir_all(&backups).unwrap();
    let (world, coach) = World::at(&data).owned();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    let content: Vec<u8> = (0..6_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let made = FileMade { file: file_id(1), size_bytes: content.len() as u64, sha256: sha256(&content) };
    world.app.begin_file(&acts, None, chain.space, &made).unwrap();
    let received = world.app.append_file(&acts, made.file, 0, &content[..2_000_000]).unwrap();
    let free = rustix::fs::statvfs(disk).map(|disk| disk.f_bavail * disk.f_frsize).unwrap();
    fs::write(&ballast, vec![0; usize::try_from(free).unwrap() - (1 << 19)]).unwrap();
    let full = |done: Result<u64, Error>| matches!(done, Err(Error::Store(StoreError::DiskFull)));
    let rest = |from: u64| &content[usize::try_from(from).unwrap()..];
    assert!(full(world.app.append_file(&acts, made.file, received, rest(received))));
    assert_eq!(world.app.file(&acts, made.file).unwrap().received, received, "what was acknowledged");
    assert!(!world.store.has_room_for(0));
    // Behind the guard's back the disk itself says so.
    let raw = world.store.blobs().append(&blob_of(&world), received, rest(received));
    assert!(matches!(raw, Err(BlobError::DiskFull)), "{raw:?}");
    let key = BackupKey::generate();
    let kit = HybridIdentity::generate().unwrap();
    let source = |now| Source {
        store: &world.store,
        data_dir: &data,
        key: &key,
        recipient: kit.to_recipient().unwrap(),
        install: "ins".to_owned(),
        timeline: 1,
        previous: None,
        made_at: now,
    };
    let filler = vec![0; 1 << 20];
    let _until_nothing_is_left = fs::write(disk.join("last"), filler);
    let made_backup = backup::make(&source(world.clock.now()), &backups);
    assert!(matches!(made_backup, Err(BackupError::DiskFull)));
    assert_eq!(fs::read_dir(&backups).unwrap().count(), 0, "nothing half-made is left");

    fs::remove_file(&ballast).unwrap();
    fs::remove_file(disk.join("last")).unwrap();
    let received = world.app.file(&acts, made.file).unwrap().received;
    world.app.append_file(&acts, made.file, received, rest(received)).unwrap();
    world.app.commit_file(&acts, made.file).unwrap();
    backup::make(&source(world.clock.now()), &backups).map(drop).unwrap();
}

fn blob_of(world: &World) -> Blob {
    let file: Result<Option<File>, StoreError> = world.store.read(|tx| tx.find(&file_id(1)));
    let file = file.unwrap().unwrap();
    Blob { key: BlobKey::from_bytes(file.key), size_bytes: file.size_bytes, sha256: file.sha256 }
}

fn records(disk: &Path) {
    let data = disk.join("data");
    fs::create_dir(&data).unwrap();
    let ballast = disk.join("ballast");
    fs::write(&ballast, vec![0; 4 << 20]).unwrap();
    let (world, coach) = World::at(&data).owned();
    let (_, chain) = world.client(&coach, 1);
    let acts = actor(&coach, Role::Owner);
    let acknowledged = fill(&world, &acts, chain.space);
    assert!(acknowledged > 20, "the disk was full before anything happened ({acknowledged} records)");
    all_there(&world, &acts, chain.space, acknowledged);
    drop(world);

    let world = World::at(&data);
    all_there(&world, &acts, chain.space, acknowledged);
    fs::remove_file(&ballast).unwrap();
    world.app.write_record(&acts, None, chain.space, &nth(acknowledged)).unwrap();
    all_there(&world, &acts, chain.space, acknowledged + 1);
}

/// Writes until the disk is full; says how many records were acknowledged.
fn fill(world: &World, acts: &Actor, space: SpaceId) -> u64 {
    for n in 0..1000 {
        match world.app.write_record(acts, None, space, &nth(n)) {
            Ok(_) => {}
            Err(Error::Store(StoreError::DiskFull)) => return n,
            Err(other) => panic!("after {n} records: {other:?}"),
        }
    }
    panic!("20 MB never filled");
}

fn nth(n: u64) -> RecordWrite {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&n.to_be_bytes());
    RecordWrite {
        record: RecordId::from_bytes(id),
        body: sealed(&n.to_string(), BODY_BYTES),
        device_seq: n + 1,
        ..record(1, 1, "x")
    }
}

fn all_there(world: &World, acts: &Actor, space: SpaceId, count: u64) {
    assert_eq!(world.app.changes(acts, space, 0, 1).unwrap().head, count);
    for n in 0..count {
        let wanted = nth(n);
        let (_, body) = world.app.record_body(acts, space, wanted.record, 1).unwrap();
        assert_eq!(body, wanted.body, "record {n}");
    }
}

//! A disk that fills while records are written: what was acknowledged stays, reading goes on, writing says why not,
//! and goes on once there is room.

use std::fs;
use std::path::Path;
use std::process::Command;

use alcove::app::Error;
use alcove::app::record::RecordWrite;
use alcove::domain::id::{RecordId, SpaceId};
use alcove::domain::role::Role;
use alcove::policy::Actor;
use alcove::store::StoreError;

use crate::world::{World, actor, record, sealed};

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

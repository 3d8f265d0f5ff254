//! A file that had to be opened anew, or cannot be: it is logged, audited, shown to owners, and counted.

use std::{io::ErrorKind, sync::Arc, thread::sleep, time::Duration};

use alcove::{
    app::App,
    clock::Clock,
    domain::{id::PersonId, role::Role},
    policy::{Actor, ActorKind, PersonStanding, Rights},
    store::{Reads as _, Store, StoreError, audit::StoredEntry},
};

use super::{create, sim_disk::SimDisk};

fn owner() -> Actor {
    let device = alcove::domain::id::DeviceId::from_bytes([2; 16]);
    let (person, role) = (PersonId::from_bytes([1; 16]), Role::Owner);
    let (rights, standing) = (Rights::of(role), PersonStanding::GOOD);
    Actor::local(ActorKind::Person { person, role, rights, device, standing })
}

fn app(disk: &SimDisk, dir: &tempfile::TempDir) -> App {
    let store = Store::ready(create(Arc::new(disk.clone())), dir.path(), Clock::default()).unwrap();
    App::new(Arc::new(store), Clock::default())
}

fn codes(app: &App) -> Vec<String> {
    let entries: Result<Vec<StoredEntry>, StoreError> = app.store().read(|tx| tx.scan(&()));
    entries.unwrap().into_iter().map(|stored| stored.entry.code).collect()
}

#[test]
fn a_file_that_was_opened_anew_or_repaired_is_told() {
    let (disk, dir) = (SimDisk::default(), tempfile::tempdir().unwrap());
    let app = app(&disk, &dir);
    app.watch_file().unwrap();
    assert!(codes(&app).is_empty());
    disk.fail_from(disk.calls() + 1, ErrorKind::Other);
    assert!(app.installation().is_err());
    disk.heal();
    sleep(Duration::from_millis(1100));
    app.installation().unwrap();
    app.watch_file().unwrap();
    app.watch_file().unwrap();
    assert_eq!(codes(&app).iter().filter(|code| *code == "store.reopened").count(), 1, "once for each time");
    let trouble = app.safety(&owner()).unwrap().trouble;
    assert!(trouble.reopened_at.is_some() && trouble.recovered_at.is_none());
    app.note_recovered().unwrap();
    assert!(app.safety(&owner()).unwrap().trouble.recovered_at.is_some());
    assert!(codes(&app).contains(&"store.recovered".to_owned()));
    assert!(app.safety(&Actor::local(ActorKind::Visitor)).is_err());
    let seen = app.overview(&Actor::local(ActorKind::Operator)).unwrap();
    assert!(seen.health.reopened > 0 && !seen.health.broken && seen.trouble.recovered_at.is_some());
}

#[test]
fn reopening_in_vain_is_counted_until_it_works() {
    let (disk, dir) = (SimDisk::default(), tempfile::tempdir().unwrap());
    let app = app(&disk, &dir);
    assert_eq!(app.try_file_again(), 0);
    disk.fail_from(disk.calls() + 1, ErrorKind::Other);
    assert!(app.installation().is_err());
    let first = app.try_file_again();
    sleep(Duration::from_millis(1100));
    let second = app.try_file_again();
    assert!(second > first && second > 0, "{first} {second}");
    disk.heal();
    sleep(Duration::from_millis(1100));
    assert_eq!(app.try_file_again(), 0);
}

use std::time::Duration;

use super::*;
use crate::clock::{Clock, Stopwatch};
use crate::crypto::sign::sha256;
use crate::domain::file::File;
use crate::domain::id::{DeviceId, FileId, PersonId, SpaceId};
use crate::store::audit::StoredEntry;
use crate::store::blobs::{Blob, BlobKey};
use crate::store::check::Unwatched;
use crate::store::{Keyfile, Store};

fn app() -> (tempfile::TempDir, App) {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::default());
    let store = Store::open_or_create(dir.path(), &Keyfile::generate().unwrap(), clock.clone()).unwrap().0;
    (dir, App::new(Arc::new(store), clock))
}

/// A complete file whose people and space nobody knows: a finding of the references, and none of the files.
fn put_file(app: &App, n: u8) -> Blob {
    let (content, key) = (vec![n; 100_000], BlobKey::generate().unwrap());
    let blob = Blob { key, size_bytes: 100_000, sha256: sha256(&content) };
    app.store().blobs().append(&blob, 0, content.as_slice()).unwrap();
    app.store().blobs().commit(&blob).unwrap();
    let permit = Actor::local(ActorKind::System).may(Right::Housekeep).unwrap();
    let file = File {
        id: FileId::from_bytes([n; 16]),
        space: SpaceId::from_bytes([1; 32]),
        by: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([1; 16]),
        made_at: app.clock.now(),
        size_bytes: blob.size_bytes,
        sha256: blob.sha256,
        key: blob.key.to_bytes(),
        committed_at: Some(app.clock.now()),
    };
    app.write(|tx| {
        tx.put(&file, &permit)?;
        Ok(tx.audit(&permit, Event::new("test.put"))?)
    })
    .unwrap();
    blob
}

fn state(app: &App) -> Scrub {
    app.read(|tx| Ok(tx.find(&())?)).unwrap().unwrap_or_default()
}

fn codes(app: &App) -> Vec<String> {
    app.read(|tx| Ok(tx.scan::<StoredEntry>(&())?)).unwrap().into_iter().map(|stored| stored.entry.code).collect()
}

fn unwatched() -> Arc<dyn Watch> {
    Arc::new(Unwatched)
}

#[test]
fn a_pass_is_made_once_a_week_and_kept() {
    let (_dir, app) = app();
    app.scrub(&unwatched()).unwrap();
    let first = state(&app).last.unwrap();
    assert!(first.found == 0 && first.ended_at.is_some() && first.bytes > 0 && state(&app).under_way.is_none());
    app.scrub(&unwatched()).unwrap();
    assert_eq!(state(&app).last.unwrap(), first, "not due again");
    app.clock.advance_ms(7 * 24 * 3_600_000);
    app.scrub(&unwatched()).unwrap();
    assert_ne!(state(&app).last.unwrap(), first);
    assert_eq!(codes(&app).iter().filter(|code| *code == "scrub.done").count(), 2);
    let system = app.safety(&Actor::local(ActorKind::System));
    assert!(system.is_err(), "not for everybody");
}

#[test]
fn what_it_finds_is_told() {
    let (dir, app) = app();
    let blob = put_file(&app, 1);
    put_file(&app, 2);
    let name = blob.key.name().to_string();
    std::fs::write(dir.path().join("blobs").join(&name[..2]).join(&name[2..]), "short").unwrap();
    app.scrub(&unwatched()).unwrap();
    let last = state(&app).last.unwrap();
    assert_eq!(last.files, 2);
    assert!(last.findings.iter().any(|words| words.starts_with("files:") && words.contains("should have")), "{last:?}");
    assert!(codes(&app).contains(&"scrub.found".to_owned()));
}

/// Ends a pass after so many bytes.
struct Until(std::sync::Mutex<i64>);

impl Watch for Until {
    fn part(&self, _: crate::store::check::Part, _: u64) {}

    fn took(&self, bytes: u64) -> bool {
        *self.0.lock().unwrap() -= i64::try_from(bytes).unwrap();
        !self.is_stopped()
    }

    fn is_stopped(&self) -> bool {
        *self.0.lock().unwrap() <= 0
    }
}

#[test]
fn a_pass_that_was_stopped_goes_on_after_the_database() {
    let (_dir, app) = app();
    put_file(&app, 1);
    let whole: Arc<dyn Watch> = Arc::new(Until(std::sync::Mutex::new(1)));
    app.scrub(&whole).unwrap();
    assert_eq!(state(&app), Scrub::default(), "the database was not read to its end");
    // Enough for the database, whatever its size, and not for the file.
    let mut bytes = 1 << 12;
    while state(&app).under_way.is_none() {
        bytes += 1 << 12;
        let watch: Arc<dyn Watch> = Arc::new(Until(std::sync::Mutex::new(bytes)));
        app.scrub(&watch).unwrap();
    }
    let under_way = state(&app).under_way.unwrap();
    assert!(under_way.database_done && under_way.files == 0 && under_way.ended_at.is_none());
    app.scrub(&unwatched()).unwrap();
    let last = state(&app).last.unwrap();
    assert_eq!((last.began_at, last.files), (under_way.began_at, 1));
}

#[test]
fn it_is_slow_and_a_stop_is_heard() {
    let slowly = Slowly::at(1_000_000);
    let began = Stopwatch::start();
    assert!((0..10).all(|_| slowly.took(10_000)));
    assert!(began.elapsed() >= Duration::from_millis(90), "{:?}", began.elapsed());
    slowly.stop();
    let began = Stopwatch::start();
    assert!(!slowly.took(60_000_000));
    assert!(began.elapsed() < Duration::from_secs(5));
}

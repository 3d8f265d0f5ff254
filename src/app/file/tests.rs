use std::sync::Arc;

use super::*;
use crate::clock::Clock;
use crate::domain::id::DeviceId;
use crate::store::{Keyfile, Store};

#[test]
fn an_upload_that_was_completed_meanwhile_is_not_dropped() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), Clock::default());
    let store = Store::open_or_create(dir.path(), &Keyfile::generate().unwrap(), clock.clone()).unwrap().0;
    let app = App::new(Arc::new(store), clock);
    let permit = Actor::local(ActorKind::System).may(Right::Housekeep).unwrap();
    let (id, by, made_at) = (FileId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]), app.clock.now());
    let file = File {
        id,
        space: SpaceId::from_bytes([3; 32]),
        by,
        device: DeviceId::from_bytes([4; 16]),
        made_at,
        size_bytes: 9,
        sha256: [5; 32],
        key: [6; 32],
        committed_at: Some(made_at),
    };
    app.write(|tx| {
        tx.put(&file, &permit)?;
        Ok(tx.audit(&permit, Event::new("test.put"))?)
    })
    .unwrap();
    // The list of uploads was made before the upload was completed.
    app.drop_upload(&permit, Upload { by, file: id, made_at }).unwrap();
    let kept = app.read(|tx| Ok(tx.find::<File>(&id)?)).unwrap();
    assert!(kept.is_some(), "what was acknowledged stays");
}

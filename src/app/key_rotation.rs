//! A new data key for the practice's file: wanted by the operator, done in the background, noted when it is done.
//!
//! That it is wanted is in the database, so that a rotation which was interrupted, by whatever, is begun again.

use std::{io, thread};

use super::{App, Error};
use crate::domain::audit::Event;
use crate::domain::key_rotation::{DoneRotation, KeyRotation, WantedRotation};
use crate::policy::{Actor, ActorKind, Right};
use crate::store::rotation::{Rotated, RotationError, Seen};
use crate::store::{Keyfile, Reads as _, StoreError};

/// How it stands.
#[derive(Clone, Debug)]
pub struct KeyRotationSeen {
    /// Counts data keys, from 1.
    pub epoch: u32,
    /// Asked for and not done yet.
    pub wanted: Option<WantedRotation>,
    /// The last one.
    pub last: Option<DoneRotation>,
    /// How far the one is that runs.
    pub progress: Seen,
    /// Why the last attempt failed. As long as it is wanted, it is tried again.
    pub trouble: Option<String>,
    /// Blocks that did not authenticate in the last one since the start, and stay so.
    pub unreadable_blocks: u64,
    /// Files that migrations kept, which have the keys of their time.
    pub restore_points: Vec<String>,
}

impl App {
    /// Notes that a new data key is wanted. Wanting it twice is harmless.
    ///
    /// # Errors
    /// The asker may not; there is no room for a second copy of the file, or a secret is missing to wrap the new key;
    /// the store's trouble.
    pub fn want_key_rotation(&self, actor: &Actor, keyfile: Option<&Keyfile>) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        self.store.check_rotation(keyfile).map_err(StoreError::from)?;
        let file = self.store.engine().file().id();
        self.write(|tx| {
            let mut rotation: KeyRotation = tx.find(&())?.unwrap_or_default();
            if rotation.wanted.is_some_and(|wanted| wanted.file == file) {
                return Ok(());
            }
            rotation.wanted = Some(WantedRotation { asked_at: tx.now(), file });
            tx.put(&rotation, &permit)?;
            Ok(tx.audit(&permit, Event::new("key.rotation-wanted"))?)
        })
    }

    /// Makes the new data key, if one is wanted. Blocks for as long as it takes to encrypt everything anew.
    ///
    /// # Errors
    /// The store's trouble; it stays wanted then.
    pub fn rotate_key(&self, keyfile: Option<&Keyfile>) -> Result<Option<Rotated>, Error> {
        let rotation: KeyRotation = self.read(|tx| Ok::<_, Error>(tx.find(&())?.unwrap_or_default()))?;
        if rotation.wanted.is_none() {
            return Ok(None);
        }
        let is_done = rotation.is_done_in(self.store.engine().file().id());
        let rotated = if is_done { None } else { Some(self.store.rotate_key(keyfile).map_err(StoreError::from)?) };
        self.note_rotation(rotated.as_ref())?;
        Ok(rotated)
    }

    fn note_rotation(&self, rotated: Option<&Rotated>) -> Result<(), Error> {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        let epoch = self.store.engine().seal_info().map_err(StoreError::from)?.epoch;
        self.write(|tx| {
            let mut rotation: KeyRotation = tx.find(&())?.unwrap_or_default();
            rotation.finish(tx.now(), epoch);
            tx.put(&rotation, &permit)?;
            let mut event = Event::new("key.rotated").with("epoch", epoch);
            if let Some(rotated) = rotated {
                event = event.with("bytes", rotated.bytes).with("pause_us", rotated.pause.took.as_micros());
                event = event.with("unreadable_blocks", rotated.unreadable_blocks);
            }
            Ok(tx.audit(&permit, event)?)
        })
    }

    /// Begins it in the background, if one is wanted and none runs.
    ///
    /// # Errors
    /// The store's trouble, or the system has no thread to give.
    pub fn start_key_rotation(&self, keyfile: Option<Keyfile>) -> Result<(), Error> {
        let rotation: Option<KeyRotation> = self.read(|tx| Ok::<_, Error>(tx.find(&())?))?;
        if rotation.is_none_or(|rotation| rotation.wanted.is_none()) || self.store.rotation().is_running() {
            return Ok(());
        }
        self.store.rotation().allow();
        let app = self.clone();
        let work = move || match app.rotate_key(keyfile.as_ref()) {
            Ok(Some(rotated)) => tracing::info!(
                epoch = rotated.epoch,
                bytes = rotated.bytes,
                took = ?rotated.took,
                pause = ?rotated.pause.took,
                unreadable_blocks = rotated.unreadable_blocks,
                "the practice's file has a new data key"
            ),
            Ok(None) => {}
            Err(Error::Store(StoreError::Rotation(error))) if matches!(*error, RotationError::Stopped) => {}
            Err(error) => tracing::warn!(%error, "the practice's file has no new data key yet; it is tried again"),
        };
        let spawned = thread::Builder::new().name("key-rotation".to_owned()).spawn(work);
        spawned.map(drop).map_err(|error: io::Error| StoreError::from(RotationError::from(error)).into())
    }

    /// Nothing is wanted any more, and what runs ends. Returns whether there was something to cancel.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn cancel_key_rotation(&self, actor: &Actor) -> Result<bool, Error> {
        let permit = actor.may(Right::Operate)?;
        let was_wanted = self.write(|tx| {
            let mut rotation: KeyRotation = tx.find(&())?.unwrap_or_default();
            if rotation.wanted.take().is_none() {
                return Ok(false);
            }
            tx.put(&rotation, &permit)?;
            tx.audit(&permit, Event::new("key.rotation-cancelled"))?;
            Ok(true)
        })?;
        self.store.rotation().stop();
        Ok(was_wanted)
    }

    /// Ends what runs, soon; it stays wanted.
    pub fn stop_key_rotation(&self) {
        self.store.rotation().stop();
    }

    /// How it stands.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn key_rotation(&self, actor: &Actor) -> Result<KeyRotationSeen, Error> {
        actor.may(Right::Operate)?;
        let KeyRotation { wanted, last } = self.read(|tx| Ok::<_, Error>(tx.find(&())?.unwrap_or_default()))?;
        let epoch = self.store.engine().seal_info().map_err(StoreError::from)?.epoch;
        let progress = self.store.rotation();
        Ok(KeyRotationSeen {
            epoch,
            wanted,
            last,
            progress: progress.seen(),
            trouble: progress.trouble(),
            unreadable_blocks: progress.unreadable_blocks(),
            restore_points: self.store.restore_points()?,
        })
    }

    /// Removes the files that migrations kept: a new data key does not reach them. Returns their names.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn remove_restore_points(&self, actor: &Actor) -> Result<Vec<String>, Error> {
        let permit = actor.may(Right::Operate)?;
        let removed = self.store.remove_restore_points()?;
        if !removed.is_empty() {
            let event = Event::new("restore-points.removed").with("count", removed.len());
            self.write(|tx| Ok::<_, Error>(tx.audit(&permit, event)?))?;
        }
        Ok(removed)
    }
}

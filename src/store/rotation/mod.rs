//! A new data key: everything is encrypted anew into a second file while the first one serves, and the second takes the
//! first one's name between two writes. What has been acknowledged is in whichever file has the name, at any moment.
//!
//! A rotation that was interrupted begins again from the start: its file is thrown away, and nothing else was changed.

mod place;
mod progress;

use std::{thread, time::Duration};

pub use place::{DirPlace, Place};
pub use progress::{Phase, Progress, Seen};

use super::{
    Engine, Store,
    block::{BlockError, BlockFile, Cipher, Keyfile, Pause, Successor, TakeOverError},
};
use crate::clock::Stopwatch;

/// How much is copied between two syncs of the new file: little enough that they do not hold up the old one's.
const SYNC_EVERY_BYTES: u64 = 4 << 20;
/// How much may be left to copy and sync when writers are made to wait.
const PAUSE_BYTES_MAX: u64 = 2 << 20;
/// How long to wait when somebody writes too much just now.
const BREATH: Duration = Duration::from_millis(20);
/// How often a rotation begins again because the file had to be opened anew.
const ATTEMPTS_MAX: usize = 3;

/// What a rotation needs.
#[derive(Clone, Copy, Debug)]
pub struct Rotate<'a> {
    /// The keyfile, if the file has a slot for one.
    pub keyfile: Option<&'a Keyfile>,
    /// How the new file is sealed.
    pub cipher: Cipher,
    /// Where it comes to be.
    pub place: &'a dyn Place,
    /// Who follows it, and may stop it.
    pub progress: &'a Progress,
}

/// What a rotation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// Counts data keys, from 1.
    pub epoch: u32,
    /// How the file is sealed now.
    pub cipher: Cipher,
    /// How much was encrypted anew, what changed meanwhile included.
    pub bytes: u64,
    /// Blocks that could not be read and stay so. A few are normal after a power failure: nothing was in them.
    pub unreadable_blocks: u64,
    /// How long it took.
    pub took: Duration,
    /// How long writers waited at the end.
    pub pause: Pause,
}

/// Why there is no new data key. The old one is still in use.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// One at a time.
    #[error("A new data key is being made already. Wait until it is done, or cancel it.")]
    Running,
    /// Somebody stopped it.
    #[error("Making a new data key was stopped. The old key is still in use.")]
    Stopped,
    /// The disk cannot hold the file twice.
    #[error(
        "The disk has no room for a second copy of the practice's file ({needed_bytes} bytes and a reserve are needed). \
         Free some space, then try again. The old data key is still in use."
    )]
    NoRoom {
        /// How long the file is.
        needed_bytes: u64,
    },
    /// The file or the disk failed.
    #[error(transparent)]
    File(#[from] BlockError),
}

impl From<std::io::Error> for RotationError {
    fn from(error: std::io::Error) -> Self {
        Self::File(error.into())
    }
}

/// Gives an open file a new data key. Blocks for as long as it takes to copy it.
///
/// # Errors
/// A [`RotationError`]: nothing has changed then, unless the new file took the place and its name may not be durable;
/// the next access opens it anew.
pub fn rotate(engine: &Engine, how: Rotate<'_>) -> Result<Rotated, RotationError> {
    let _running = how.progress.begin().ok_or(RotationError::Running)?;
    let rotated = try_to_rotate(engine, how);
    let trouble = rotated.as_ref().err().filter(|error| !matches!(error, RotationError::Stopped));
    how.progress.failed(trouble.map(ToString::to_string));
    if let Ok(rotated) = &rotated {
        how.progress.left(rotated.unreadable_blocks);
    }
    rotated
}

fn try_to_rotate(engine: &Engine, how: Rotate<'_>) -> Result<Rotated, RotationError> {
    let mut attempt = 1;
    loop {
        let file = engine.file();
        let rotated = rotate_once(&file, how);
        if rotated.is_err() {
            how.place.discard();
        }
        match rotated {
            // Whoever accesses the engine next has the file opened anew.
            Err(RotationError::File(error)) if file.is_broken() && attempt < ATTEMPTS_MAX => {
                tracing::warn!(%error, "the practice's file failed while it was given a new data key; it begins again");
                attempt += 1;
                drop(engine.begin_read());
            }
            rotated => return rotated,
        }
    }
}

impl Store {
    /// How far the rotation is that runs.
    #[must_use]
    pub const fn rotation(&self) -> &Progress {
        &self.rotation
    }

    /// Whether a rotation could begin now.
    ///
    /// # Errors
    /// A [`RotationError`] that says what is missing.
    pub fn check_rotation(&self, keyfile: Option<&Keyfile>) -> Result<(), RotationError> {
        let file = self.engine.file();
        need_room(&file, &self.place()?)?;
        Ok(file.check_rewrap(keyfile)?)
    }

    /// Gives the file a new data key, sealed in the way that is best for this machine. Blocks for as long as it takes.
    ///
    /// # Errors
    /// A [`RotationError`]; the old key is still in use then.
    pub fn rotate_key(&self, keyfile: Option<&Keyfile>) -> Result<Rotated, RotationError> {
        let (cipher, place) = (Cipher::of_this_machine(), self.place()?);
        rotate(&self.engine, Rotate { keyfile, cipher, place: &place, progress: &self.rotation })
    }

    fn place(&self) -> Result<DirPlace, RotationError> {
        Ok(DirPlace::of(self.engine.dir().ok_or(BlockError::Missing)?))
    }
}

/// The length of the file, for which there is room once more.
fn need_room(file: &BlockFile, place: &dyn Place) -> Result<u64, RotationError> {
    let needed_bytes = file.disk().len()?;
    if place.has_room_for(needed_bytes) { Ok(needed_bytes) } else { Err(RotationError::NoRoom { needed_bytes }) }
}

fn rotate_once(file: &BlockFile, how: Rotate<'_>) -> Result<Rotated, RotationError> {
    let stopwatch = Stopwatch::start();
    if how.progress.is_stopped() {
        return Err(RotationError::Stopped);
    }
    let needed_bytes = need_room(file, how.place)?;
    let disk = how.place.make()?;
    let mut successor = Successor::make(file, disk, how.keyfile, how.cipher)?;
    let (bytes, pause) = fill_and_put(file, &mut successor, how, needed_bytes)?;
    let epoch = file.seal_info()?.epoch;
    let unreadable_blocks = successor.mirror().unreadable();
    Ok(Rotated { epoch, cipher: how.cipher, bytes, unreadable_blocks, took: stopwatch.elapsed(), pause })
}

fn fill_and_put(
    file: &BlockFile,
    successor: &mut Successor,
    how: Rotate<'_>,
    needed_bytes: u64,
) -> Result<(u64, Pause), RotationError> {
    let (mut bytes, mut unsynced) = (0, 0);
    loop {
        if how.progress.is_stopped() {
            return Err(RotationError::Stopped);
        }
        let step = successor.advance(file)?;
        bytes += step;
        unsynced += step;
        let (copied, blocks) = successor.mirror().progress();
        how.progress.copied(copied, blocks);
        let is_close = step <= PAUSE_BYTES_MAX && successor.mirror().is_whole();
        if unsynced >= SYNC_EVERY_BYTES || (is_close && unsynced > PAUSE_BYTES_MAX) {
            // What is left of the disk belongs to the practice.
            if !how.place.has_room_for(0) {
                return Err(RotationError::NoRoom { needed_bytes });
            }
            successor.sync()?;
            unsynced = 0;
        } else if is_close {
            how.progress.putting_in_place();
            match successor.take_over(file, PAUSE_BYTES_MAX, || how.place.put()) {
                Ok(pause) => return Ok((bytes, pause)),
                Err(TakeOverError::SlotsChanged) => successor.renew_slots(file, how.keyfile)?,
                Err(TakeOverError::Behind) => thread::sleep(BREATH),
                Err(TakeOverError::Failed(error)) => return Err(error.into()),
            }
        }
    }
}

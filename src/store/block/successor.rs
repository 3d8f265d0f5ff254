//! A new file with a new data key that takes the place of the open one. Whoever reads and writes does not notice: both
//! hold the same blocks at that moment, and the change of places happens between two writes.

use std::{io, sync::Arc, time::Duration};

use super::{
    BlockError,
    backend::{BlockFile, Inner},
    changes::{Next, Subscription},
    cipher::{Cipher, DataKey, FileId},
    disk::Disk,
    error::Fault,
    mirror::Mirror,
    open::make,
    slots::{Place, Slot, SlotKind},
    superblock::Superblock,
    unlock::{Keyfile, Unlock},
};
use crate::clock::Stopwatch;

/// Why the new file did not take the place.
#[derive(Debug, thiserror::Error)]
pub enum TakeOverError {
    /// A way to unlock was added or removed since the new file was made: wrap them anew, and try again.
    #[error("the ways to unlock have changed")]
    SlotsChanged,
    /// More was written than a short pause allows: catch up, and try again.
    #[error("too much was written meanwhile")]
    Behind,
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] BlockError),
}

impl From<io::Error> for TakeOverError {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// How long writers waited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// From the moment on at which no write was under way.
    pub took: Duration,
    /// Of that, for what was still to be copied; the rest is syncing and renaming.
    pub copying: Duration,
}

/// The new file while it is filled.
#[derive(Debug)]
pub struct Successor {
    mirror: Mirror,
    changes: Subscription,
    /// Of the old superblock whose slots it has.
    generation: u64,
}

impl Successor {
    /// Makes the new file on an empty disk: a fresh data key and id, the next epoch, the same ways to unlock, and this
    /// cipher.
    ///
    /// # Errors
    /// [`BlockError::KeyfileNeeded`] or [`BlockError::WrongKeyfile`] if there is a keyfile's slot and it is not given,
    /// otherwise what the disk or the machine's cryptography reports.
    pub fn make(
        file: &BlockFile,
        disk: Arc<dyn Disk>,
        keyfile: Option<&Keyfile>,
        cipher: Cipher,
    ) -> Result<Self, BlockError> {
        let old = file.superblock()?;
        let (generation, epoch) = (old.generation + 1, old.epoch + 1);
        let plan = Superblock { cipher, generation, epoch, slots: Vec::new(), ..old.clone() };
        let copy = make(disk, plan, |data_key, place| {
            old.slots.iter().map(|slot| rewrap(&old, slot, keyfile, data_key, place)).collect()
        })?;
        let (start, changes) = file.subscribe()?;
        Ok(Self { mirror: Mirror::begin(&start, copy)?, changes, generation: old.generation })
    }

    /// The copy.
    #[must_use]
    pub const fn mirror(&self) -> &Mirror {
        &self.mirror
    }

    /// Copies some blocks and takes what frames wait. Returns how many bytes that were; none when it is up to date.
    ///
    /// # Errors
    /// [`Fault::Broken`] inside when a write of the open file failed: begin again with the file as it is opened next.
    pub fn advance(&mut self, file: &BlockFile) -> io::Result<u64> {
        let waiting = self.changes.waiting_bytes();
        self.take_frames()?;
        Ok(waiting + self.mirror.copy_some(file)?)
    }

    /// Makes durable what was copied so far.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn sync(&self) -> io::Result<()> {
        self.mirror.sync()
    }

    fn take_frames(&mut self) -> io::Result<()> {
        loop {
            match self.changes.next(Duration::ZERO) {
                Next::Frame(frame) => self.mirror.apply(&frame)?,
                Next::Quiet => return Ok(()),
                Next::Ended => return Err(Fault::Broken.into()),
            }
        }
    }

    /// Wraps the new data key for the ways to unlock that there are now.
    ///
    /// # Errors
    /// As [`Self::make`].
    pub fn renew_slots(&mut self, file: &BlockFile, keyfile: Option<&Keyfile>) -> Result<(), BlockError> {
        let old = file.superblock()?;
        let copy = self.mirror.file();
        let data_key = copy.0.inner().data_key.clone();
        let renewed = |slot, place| rewrap(&old, slot, keyfile, &data_key, place);
        copy.replace_superblock(|superblock| {
            let place = superblock.place();
            superblock.slots = old.slots.iter().map(|slot| renewed(slot, place)).collect::<Result<_, _>>()?;
            Ok(())
        })?;
        self.generation = old.generation;
        Ok(())
    }

    /// Takes the place of the open file: writers wait, the rest is copied and made durable, `put_in_place` gives the new
    /// file the old one's name, and writers go on with it. On an error before the name has changed everything stays as
    /// it was. Should the new name perhaps not be durable, the new file counts, and nothing is written to it
    /// before it is opened anew.
    ///
    /// # Errors
    /// A [`TakeOverError`]; `put_in_place` says whether the name had changed.
    pub fn take_over(
        &mut self,
        file: &BlockFile,
        behind_bytes_max: u64,
        put_in_place: impl FnOnce() -> Result<(), PlaceError>,
    ) -> Result<Pause, TakeOverError> {
        let old = file.0.inner();
        let pause = self.take_over_alone(file, &old, behind_bytes_max, put_in_place);
        // Closing a large file that has no name any more takes a while: nobody but this thread shall wait for it.
        drop(old);
        pause
    }

    fn take_over_alone(
        &mut self,
        file: &BlockFile,
        old: &Inner,
        behind_bytes_max: u64,
        put_in_place: impl FnOnce() -> Result<(), PlaceError>,
    ) -> Result<Pause, TakeOverError> {
        let _alone = file.0.alone();
        let paused = Stopwatch::start();
        if file.superblock()?.generation != self.generation {
            return Err(TakeOverError::SlotsChanged);
        }
        let behind_bytes = self.changes.waiting_bytes() + file.0.changes.unsynced_bytes();
        if behind_bytes > behind_bytes_max || !self.mirror.is_whole() {
            return Err(TakeOverError::Behind);
        }
        self.catch_up(file, old)?;
        let copying = paused.elapsed();
        let new = self.mirror.file().0.inner();
        new.go_on_from(old)?;
        self.mirror.sync()?;
        let placed = put_in_place();
        if let Err(PlaceError::Before(error)) = placed {
            return Err(TakeOverError::Failed(error.into()));
        }
        file.0.put(Arc::clone(&new));
        if let Err(PlaceError::After(error)) = placed {
            new.broken.store(true, std::sync::atomic::Ordering::Release);
            file.0.changes.end();
            return Err(TakeOverError::Failed(error.into()));
        }
        Ok(Pause { took: paused.elapsed(), copying })
    }

    /// All that was written, synced or not: as if there had been a sync just now, which is never wrong.
    fn catch_up(&mut self, file: &BlockFile, old: &Inner) -> Result<(), TakeOverError> {
        let (seq, header) = {
            let journal = old.usable_journal()?;
            (journal.seq, journal.header)
        };
        self.take_frames()?;
        let rest = file.0.changes.unsynced(seq, old.blocks(), &header);
        self.mirror.apply(&rest)?;
        while self.mirror.copy_some(file)? > 0 {}
        Ok(())
    }
}

impl BlockFile {
    /// Identifies the file: one that took another's place has its own.
    #[must_use]
    pub fn id(&self) -> FileId {
        self.0.inner().keys.file_id()
    }

    /// Checks that a new data key could be wrapped for all ways to unlock.
    ///
    /// # Errors
    /// As [`Successor::make`].
    pub fn check_rewrap(&self, keyfile: Option<&Keyfile>) -> Result<(), BlockError> {
        let (superblock, unused) = (self.superblock()?, DataKey::generate()?);
        let mut slots = superblock.slots.iter();
        slots.try_for_each(|slot| rewrap(&superblock, slot, keyfile, &unused, superblock.place()).map(drop))
    }
}

/// A wrong keyfile would lock everyone out who relies on it, so the given one must open the old slot.
fn rewrap(
    old: &Superblock,
    slot: &Slot,
    keyfile: Option<&Keyfile>,
    data_key: &DataKey,
    place: Place,
) -> Result<Slot, BlockError> {
    if let (SlotKind::Keyfile, Some(keyfile)) = (slot.kind, keyfile) {
        slot.unwrap(&Unlock::Keyfile(keyfile.clone()), old.place())?;
    }
    slot.rewrap(data_key, keyfile, place)
}

/// Where giving a new file the old one's name failed.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The old file has its name still.
    #[error(transparent)]
    Before(io::Error),
    /// The new file has it, but it may not be durable.
    #[error(transparent)]
    After(io::Error),
}

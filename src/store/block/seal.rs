//! How a file is sealed: what anyone may see of it without a key, and changes of its slots that are proved before they
//! count.

use std::path::Path;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::{
    BlockError,
    backend::BlockFile,
    cipher::Cipher,
    disk::{Disk, FileDisk},
    slots::{Slot, SlotInfo, SlotKind},
    superblock::{self, Superblock},
    unlock::{SlotSecret, Unlock},
};

/// What anyone may see of a file: it is in the clear. Of a file that is not open it is not authenticated either.
#[derive(Clone, Debug)]
pub struct SealInfo {
    /// How blocks are sealed.
    pub cipher: Cipher,
    /// Counts data keys, from 1.
    pub epoch: u32,
    /// Counts changes of the slots, from 1.
    pub generation: u64,
    /// The ways to unlock.
    pub slots: Vec<SlotInfo>,
}

impl SealInfo {
    fn of(superblock: &Superblock) -> Result<Self, BlockError> {
        let slots = superblock.slots.iter().map(Slot::info).collect::<Result<_, _>>()?;
        let Superblock { cipher, epoch, generation, .. } = *superblock;
        Ok(Self { cipher, epoch, generation, slots })
    }

    /// Whether there is a way to unlock of this kind.
    #[must_use]
    pub fn has(&self, kind: SlotKind) -> bool {
        self.slots.iter().any(|slot| slot.kind == kind)
    }
}

/// Looks at a file without a key and without changing anything, whether or not somebody has it open.
///
/// # Errors
/// [`BlockError::Missing`], [`BlockError::NotOurs`], [`BlockError::Newer`], [`BlockError::Truncated`] or
/// [`BlockError::Damaged`].
pub fn look(path: &Path) -> Result<SealInfo, BlockError> {
    look_at(&FileDisk::look(path)?)
}

/// The same on any disk.
///
/// # Errors
/// As there.
pub fn look_at(disk: &dyn Disk) -> Result<SealInfo, BlockError> {
    SealInfo::of(&superblock::find(disk)?.superblock)
}

/// Checks that this unlocks a file, without opening it and whether or not somebody has it open.
///
/// # Errors
/// As opening it would.
pub fn try_unlock(path: &Path, unlock: &Unlock) -> Result<(), BlockError> {
    superblock::find(&FileDisk::look(path)?)?.unlock(unlock).map(drop)
}

impl BlockFile {
    /// How this file is sealed.
    ///
    /// # Errors
    /// [`BlockError::Damaged`] for a slot that authenticates and still makes no sense.
    pub fn seal_info(&self) -> Result<SealInfo, BlockError> {
        SealInfo::of(&self.superblock()?)
    }

    /// Checks that this opens the file, as it lies on the disk now.
    ///
    /// # Errors
    /// As opening it would.
    pub fn prove(&self, unlock: &Unlock) -> Result<(), BlockError> {
        let inner = self.0.inner();
        let disk = &*inner.disk;
        disk.sync()?;
        disk.forget_cached();
        let (data_key, _) = superblock::find(disk)?.unlock(unlock)?;
        verify_slices_are_equal(data_key.bytes(), inner.data_key.bytes()).map_err(|_| BlockError::Unproven)
    }

    /// Adds a way to unlock in the place of one of the same kind, and proves it: in memory before anything is written,
    /// and once more from the disk. If that last proof fails, the old slots count again.
    ///
    /// # Errors
    /// [`BlockError::Unproven`] if `unlock` does not open what `secret` wrapped; otherwise as [`Self::add_slot`].
    pub fn add_proved_slot(&self, secret: &SlotSecret, unlock: &Unlock) -> Result<(), BlockError> {
        let _turn = self.0.turn();
        let before = self.superblock()?;
        let slot = Slot::wrap(&self.0.inner().data_key, secret, before.place())?;
        if unlock.kind() != slot.kind || slot.unwrap(unlock, before.place()).is_err() {
            return Err(BlockError::Unproven);
        }
        self.replace_superblock(|superblock| {
            superblock.put(slot);
            Ok(())
        })?;
        self.prove(unlock).or_else(|_| {
            self.replace_superblock(|superblock| {
                superblock.slots = before.slots;
                Ok(())
            })?;
            Err(BlockError::Unproven)
        })
    }
}

//! Making, opening and unlocking the encrypted file, and changing its slots.

use std::{
    collections::BTreeSet,
    io,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use super::{
    BlockError,
    backend::{BlockFile, Handle, Inner, Journal, Pending},
    cipher::{Cipher, DataKey, Keys},
    disk::Disk,
    error::Fault,
    groups::Groups,
    layout::{EMPTY_BYTES, RING_AT, RING_BYTES, logical_len, sealed_blocks},
    ring::{self, HEADER_BYTES, Record},
    slots::{Place, Slot, SlotInfo, SlotKind},
    superblock::{self, Found, Superblock},
    unlock::{SlotSecret, Unlock},
};

/// What is fixed when a file is made.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// How blocks are sealed.
    pub cipher: Cipher,
    /// Bytes of the commit ring; tests make it small, so that it wraps often.
    pub ring_bytes: u64,
}

impl Default for Format {
    fn default() -> Self {
        Self { cipher: Cipher::of_this_machine(), ring_bytes: RING_BYTES }
    }
}

/// Makes a new, empty encrypted file on an empty disk, with a fresh data key, and opens it.
///
/// # Errors
/// [`BlockError::NoSlot`] without any secret, otherwise what the disk or the machine's cryptography reports.
pub fn format(disk: Arc<dyn Disk>, secrets: &[SlotSecret], format: Format) -> Result<BlockFile, BlockError> {
    if secrets.is_empty() {
        return Err(BlockError::NoSlot(SlotKind::Keyfile));
    }
    let Format { cipher, ring_bytes } = format;
    let plan = Superblock { cipher, file_id: [0; 16], generation: 1, epoch: 1, ring_bytes, slots: Vec::new() };
    make(disk, plan, |data_key, place| secrets.iter().map(|secret| Slot::wrap(data_key, secret, place)).collect())
}

/// Makes a new, empty file with a fresh data key and id, and what else is planned.
pub(super) fn make(
    disk: Arc<dyn Disk>,
    mut superblock: Superblock,
    wrap: impl FnOnce(&DataKey, Place) -> Result<Vec<Slot>, BlockError>,
) -> Result<BlockFile, BlockError> {
    let data_key = DataKey::generate()?;
    getrandom::fill(&mut superblock.file_id)?;
    for slot in wrap(&data_key, superblock.place())? {
        superblock.put(slot);
    }
    let keys = Keys::derive(&data_key, superblock.file_id, superblock.epoch, superblock.cipher)?;
    let ring_bytes = superblock.ring_bytes;
    disk.set_len(EMPTY_BYTES)?;
    // Space for records must never be what a full disk lacks.
    disk.write_at(RING_AT, &vec![0; usize::try_from(ring_bytes).map_err(io::Error::other)?])?;
    let found = superblock::write_new(&*disk, &keys, superblock)?;
    let first = Record { seq: 1, offset: 0, oldest: 1, previous: 0, header: [0; HEADER_BYTES], entries: Vec::new() };
    disk.write_at(RING_AT, &first.seal(&keys)?)?;
    disk.sync()?;
    assemble(disk, data_key, keys, found)
}

/// Opens and unlocks an encrypted file. Nothing on the disk changes yet.
///
/// # Errors
/// Each [`BlockError`] says what is wrong: another file, a wrong key, damage, a newer version.
pub fn open(disk: Arc<dyn Disk>, unlock: &Unlock) -> Result<BlockFile, BlockError> {
    // A killed process leaves pages in the system's memory that look durable and are not; a failed sync leaves pages
    // that will never be. Only what is read from the disk itself counts.
    disk.sync()?;
    disk.forget_cached();
    let found = superblock::find(&*disk)?;
    let (data_key, keys) = found.unlock(unlock)?;
    if disk.len()? < EMPTY_BYTES {
        return Err(BlockError::Truncated);
    }
    assemble(disk, data_key, keys, found)
}

/// Opens a file anew after a failure, with the key it has; the old handle is fenced.
///
/// # Errors
/// As [`open`].
pub fn reopen(old: &BlockFile) -> Result<BlockFile, BlockError> {
    old.fence();
    let disk = old.disk();
    disk.sync()?;
    disk.forget_cached();
    let found = superblock::find(&*disk)?;
    let data_key = old.0.inner().data_key.clone();
    let superblock = &found.superblock;
    let keys = Keys::derive(&data_key, superblock.file_id, superblock.epoch, superblock.cipher)?;
    found.authenticate(&keys)?;
    assemble(disk, data_key, keys, found)
}

/// Reads the ring and replays it in memory.
fn assemble(disk: Arc<dyn Disk>, data_key: DataKey, keys: Keys, found: Found) -> Result<BlockFile, BlockError> {
    let ring_bytes = found.superblock.ring_bytes;
    let records = ring::read(&*disk, &keys, ring_bytes)?;
    let last = records.last().ok_or(BlockError::Damaged { what: "the commit ring" })?;
    let journal = Journal {
        seq: last.seq,
        previous: last.seq,
        oldest: last.oldest,
        head: (last.offset + last.bytes()) % ring_bytes,
        // The opening makes a checkpoint before any other record, and that resets this.
        used: ring_bytes / 2,
        ring_bytes,
        header: last.header,
        synced_header: last.header,
        header_changed: false,
        pending: Pending::default(),
        dirty: BTreeSet::new(),
        begun: false,
    };
    let len = disk.len()?;
    let inner = Inner {
        disk,
        data_key,
        keys,
        superblock: Mutex::new(found),
        journal: Mutex::new(journal),
        groups: Groups::default(),
        len: AtomicU64::new(len),
        poison: AtomicBool::new(false),
        broken: AtomicBool::new(false),
        unauthentic: AtomicU64::new(0),
        snapshots: RwLock::default(),
    };
    let dirty = replay(&inner, &records).map_err(replay_error)?;
    inner.journal.lock().map_err(|_| io::Error::from(Fault::Broken))?.dirty = dirty;
    Ok(BlockFile(Arc::new(Handle::new(inner))))
}

/// Blocks beyond the end were cut off after they were written. Damaged tags are found when a block of theirs is read.
fn replay(inner: &Inner, records: &[Record]) -> io::Result<BTreeSet<u64>> {
    let blocks = sealed_blocks(logical_len(inner.len.load(Ordering::Acquire)));
    let mut dirty = BTreeSet::new();
    for record in records {
        for (block, entry) in record.entries.iter().filter(|(block, _)| *block < blocks) {
            if inner.groups.replay(&inner.source(), record.seq, *block, entry)? {
                dirty.insert(super::layout::group_of(*block));
            }
        }
    }
    Ok(dirty)
}

fn replay_error(error: io::Error) -> BlockError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
        Some(Fault::Tags(_)) => BlockError::Damaged { what: "the tags of a group" },
        _ => error.into(),
    }
}

impl BlockFile {
    /// The slots of this file.
    ///
    /// # Errors
    /// [`BlockError::Damaged`] for a slot that authenticates and still makes no sense.
    pub fn slots(&self) -> Result<Vec<SlotInfo>, BlockError> {
        self.superblock()?.slots.iter().map(Slot::info).collect()
    }

    /// Adds a way to unlock, in the place of one of the same kind. It is durable on return; after a crash either the
    /// old slots or the new ones count.
    ///
    /// # Errors
    /// What the disk or the machine's cryptography reports.
    pub fn add_slot(&self, secret: &SlotSecret) -> Result<(), BlockError> {
        let _turn = self.0.turn();
        let place = self.superblock()?.place();
        let slot = Slot::wrap(&self.0.inner().data_key, secret, place)?;
        self.replace_superblock(|superblock| {
            superblock.put(slot);
            Ok(())
        })
    }

    /// Removes a way to unlock. Copies of the file that were made before keep it: only a new data key ends that.
    ///
    /// # Errors
    /// [`BlockError::NoSlot`], [`BlockError::LastSlot`], or what the disk reports.
    pub fn remove_slot(&self, kind: SlotKind) -> Result<(), BlockError> {
        let _turn = self.0.turn();
        self.replace_superblock(|superblock| {
            superblock.slot(kind).ok_or(BlockError::NoSlot(kind))?;
            superblock.slots.retain(|slot| slot.kind != kind);
            let is_way_left = superblock.slots.iter().any(|slot| slot.kind.is_known());
            if is_way_left { Ok(()) } else { Err(BlockError::LastSlot) }
        })
    }

    pub(super) fn superblock(&self) -> Result<Superblock, BlockError> {
        Ok(self.0.inner().superblock.lock().map_err(|_| io::Error::from(Fault::Broken))?.superblock.clone())
    }

    /// Only for who holds the turn: another file in place of this one must have its slots.
    pub(super) fn replace_superblock(
        &self,
        change: impl FnOnce(&mut Superblock) -> Result<(), BlockError>,
    ) -> Result<(), BlockError> {
        let inner = self.0.inner();
        let mut found = inner.superblock.lock().map_err(|_| io::Error::from(Fault::Broken))?;
        let mut superblock = found.superblock.clone();
        change(&mut superblock)?;
        found.replace(&*inner.disk, &inner.keys, superblock)
    }
}

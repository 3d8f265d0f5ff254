//! The superblock: what the file is, and the slots that hold its data key. Two copies, of which one is always whole.
//!
//! ```text
//! magic 8 | version 2 | cipher 2 | file id 16 | generation 8 | epoch 4 | ring bytes 4 | slots 2 | length 4 | slots …
//! one date per slot, 8 (Unix milliseconds when it was made; 0: not known) | … zeros …
//! HMAC 32 (keyed from the data key) | SHA-256 32 (of all before: tells a torn copy from a wrong key)
//! ```
//!
//! Numbers are little-endian; `slots` says what a slot holds. The epoch counts data keys, the generation changes of the
//! slots. Until the data key is known, nothing here is authentic: whoever can write the file can write this. So every
//! number is checked before it is used, and the HMAC before anything that it covers is believed.
//!
//! A change writes the stale copy, syncs, then overwrites the other. The whole copy of the higher generation counts and
//! the other is never asked, so that a slot that was removed stays removed when the machine stopped in between.

use std::io;

use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};

use super::{
    BlockError,
    cipher::{Cipher, DataKey, FileId, Keys},
    disk::Disk,
    layout::{BLOCK, RING_BYTES, RING_BYTES_MIN, SUPERBLOCK_BYTES, SUPERBLOCKS_AT},
    slots::{Place, Slot, SlotKind},
    unlock::Unlock,
};

const MAGIC: &[u8; 8] = b"ALCOVE\x1a\n";
const VERSION: u16 = 1;
const HEAD_BYTES: usize = 50;
const DATE_BYTES: usize = 8;
const MAC_AT: usize = SUPERBLOCK_BYTES - 64;
const SUM_AT: usize = SUPERBLOCK_BYTES - 32;

/// A decoded superblock.
#[derive(Clone, Debug)]
pub(super) struct Superblock {
    pub cipher: Cipher,
    pub file_id: FileId,
    pub generation: u64,
    pub epoch: u32,
    pub ring_bytes: u64,
    pub slots: Vec<Slot>,
}

/// The two copies as they lie on the disk.
#[derive(Debug)]
pub(super) struct Found {
    pub superblock: Superblock,
    raw: Box<[u8]>,
    /// The copy that does not equal the one that counts.
    pub stale: Option<usize>,
}

impl Superblock {
    pub fn place(&self) -> Place {
        Place { file_id: self.file_id, epoch: self.epoch }
    }

    pub fn slot(&self, kind: SlotKind) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.kind == kind)
    }

    /// Puts a slot in the place of one of its kind.
    pub fn put(&mut self, slot: Slot) {
        self.slots.retain(|other| other.kind != slot.kind);
        self.slots.push(slot);
    }

    fn encode(&self, keys: &Keys) -> Result<Box<[u8]>, BlockError> {
        let full = BlockError::Damaged { what: "the superblock has no room for this slot" };
        let mut slots = Vec::new();
        let encoded: Option<()> = self.slots.iter().try_for_each(|slot| slot.encode(&mut slots));
        if encoded.is_none() || HEAD_BYTES + slots.len() + DATE_BYTES * self.slots.len() > MAC_AT {
            return Err(full);
        }
        let length = u32::try_from(slots.len()).unwrap_or_default();
        let count = u16::try_from(self.slots.len()).unwrap_or_default();
        let ring = u32::try_from(self.ring_bytes).unwrap_or_default();
        let mut raw = Vec::with_capacity(SUPERBLOCK_BYTES);
        raw.extend_from_slice(MAGIC);
        raw.extend_from_slice(&VERSION.to_le_bytes());
        raw.extend_from_slice(&self.cipher.id().to_le_bytes());
        raw.extend_from_slice(&self.file_id);
        raw.extend_from_slice(&self.generation.to_le_bytes());
        raw.extend_from_slice(&self.epoch.to_le_bytes());
        raw.extend_from_slice(&ring.to_le_bytes());
        raw.extend_from_slice(&count.to_le_bytes());
        raw.extend_from_slice(&length.to_le_bytes());
        raw.extend_from_slice(&slots);
        raw.extend(self.slots.iter().flat_map(|slot| slot.made_at_ms.to_le_bytes()));
        raw.resize(MAC_AT, 0);
        raw.extend_from_slice(&keys.superblock_mac(&raw));
        raw.extend_from_slice(digest::digest(&digest::SHA256, &raw).as_ref());
        Ok(raw.into_boxed_slice())
    }

    /// A whole copy, nothing if it is torn or not ours.
    fn decode(raw: &[u8]) -> Result<Option<Self>, BlockError> {
        if raw.get(..8) != Some(MAGIC) || digest::digest(&digest::SHA256, &raw[..SUM_AT]).as_ref() != &raw[SUM_AT..] {
            return Ok(None);
        }
        let version = u16::from_le_bytes(array(raw, 8));
        if version != VERSION {
            return Err(BlockError::Newer { found: version });
        }
        let ring_bytes = u64::from(u32::from_le_bytes(array(raw, 40)));
        let ring_fits = ring_bytes.is_multiple_of(BLOCK) && (RING_BYTES_MIN..=RING_BYTES).contains(&ring_bytes);
        let Some(cipher) = Cipher::from_id(u16::from_le_bytes(array(raw, 10))).filter(|_| ring_fits) else {
            return Ok(None);
        };
        Ok(decode_slots(raw).map(|slots| Self {
            cipher,
            file_id: array(raw, 12),
            generation: u64::from_le_bytes(array(raw, 28)),
            epoch: u32::from_le_bytes(array(raw, 36)),
            ring_bytes,
            slots,
        }))
    }
}

fn decode_slots(raw: &[u8]) -> Option<Vec<Slot>> {
    let length = usize::try_from(u32::from_le_bytes(array(raw, 46))).ok()?;
    let mut rest = raw[..MAC_AT].get(HEAD_BYTES..HEAD_BYTES.checked_add(length)?)?;
    let count = u16::from_le_bytes(array(raw, 44));
    let slots: Option<Vec<Slot>> = (0..count).map(|_| Slot::decode(&mut rest)).collect();
    let mut slots = slots.filter(|slots| rest.is_empty() && !slots.is_empty())?;
    let dates = raw[..MAC_AT].get(HEAD_BYTES + length..)?.chunks_exact(DATE_BYTES);
    for (slot, date) in slots.iter_mut().zip(dates) {
        slot.made_at_ms = u64::from_le_bytes(array(date, 0));
    }
    Some(slots)
}

fn array<const N: usize>(raw: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&raw[at..at + N]);
    out
}

/// Finds the superblock that counts.
///
/// # Errors
/// [`BlockError::NotOurs`], [`BlockError::Newer`], [`BlockError::Truncated`] or [`BlockError::Damaged`].
pub(super) fn find(disk: &dyn Disk) -> Result<Found, BlockError> {
    let mut copies = [vec![0; SUPERBLOCK_BYTES], vec![0; SUPERBLOCK_BYTES]];
    let long_enough = disk.len()? >= SUPERBLOCKS_AT[1] + SUPERBLOCK_BYTES as u64;
    if !long_enough {
        return Err(if is_ours(disk)? { BlockError::Truncated } else { BlockError::NotOurs });
    }
    for (copy, at) in copies.iter_mut().zip(SUPERBLOCKS_AT) {
        disk.read_at(at, copy)?;
    }
    let decoded = [Superblock::decode(&copies[0])?, Superblock::decode(&copies[1])?];
    let generation = |copy: &Option<Superblock>| copy.as_ref().map(|superblock| superblock.generation);
    let newest = usize::from(generation(&decoded[1]) > generation(&decoded[0]));
    let stale = (copies[0] != copies[1]).then_some(1 - newest);
    let ours = copies.iter().any(|copy| copy.starts_with(MAGIC));
    let [first, second] = decoded;
    let [raw_first, raw_second] = copies;
    let (superblock, raw) = if newest == 0 { (first, raw_first) } else { (second, raw_second) };
    let damage = if ours { BlockError::Damaged { what: "both superblocks" } } else { BlockError::NotOurs };
    let superblock = superblock.ok_or(damage)?;
    Ok(Found { superblock, raw: raw.into_boxed_slice(), stale })
}

fn is_ours(disk: &dyn Disk) -> io::Result<bool> {
    let mut magic = [0; 8];
    Ok(disk.len()? >= 8 && disk.read_at(0, &mut magic).map(|()| magic == *MAGIC)?)
}

impl Found {
    /// Unwraps the data key and authenticates the whole superblock with it.
    ///
    /// # Errors
    /// [`BlockError::NoSlot`], [`BlockError::WrongKeyfile`] and its like, or [`BlockError::Damaged`].
    pub fn unlock(&self, unlock: &Unlock) -> Result<(DataKey, Keys), BlockError> {
        let superblock = &self.superblock;
        let slot = superblock.slot(unlock.kind()).ok_or(BlockError::NoSlot(unlock.kind()))?;
        let data_key = slot.unwrap(unlock, superblock.place())?;
        let keys = Keys::derive(&data_key, superblock.file_id, superblock.epoch, superblock.cipher)?;
        self.authenticate(&keys)?;
        Ok((data_key, keys))
    }

    /// Checks that whoever wrote this superblock had the data key.
    pub fn authenticate(&self, keys: &Keys) -> Result<(), BlockError> {
        verify_slices_are_equal(&keys.superblock_mac(&self.raw[..MAC_AT]), &self.raw[MAC_AT..SUM_AT])
            .map_err(|_| BlockError::Damaged { what: "the superblock was changed by something else" })
    }

    /// Overwrites a stale copy, so that one damaged copy is never the last.
    pub fn repair(&mut self, disk: &dyn Disk) -> io::Result<()> {
        if let Some(copy) = self.stale {
            disk.write_at(SUPERBLOCKS_AT[copy], &self.raw)?;
            disk.sync()?;
            self.stale = None;
        }
        Ok(())
    }

    /// Writes a changed superblock as the next generation. On an error the old one or the new one counts.
    pub fn replace(&mut self, disk: &dyn Disk, keys: &Keys, mut superblock: Superblock) -> Result<(), BlockError> {
        self.repair(disk)?;
        superblock.generation = self.superblock.generation + 1;
        let raw = superblock.encode(keys)?;
        for at in [SUPERBLOCKS_AT[1], SUPERBLOCKS_AT[0]] {
            disk.write_at(at, &raw)?;
            disk.sync()?;
        }
        (self.superblock, self.raw) = (superblock, raw);
        Ok(())
    }
}

/// Writes both copies of a new file's superblock, unsynced.
pub(super) fn write_new(disk: &dyn Disk, keys: &Keys, superblock: Superblock) -> Result<Found, BlockError> {
    let raw = superblock.encode(keys)?;
    for at in SUPERBLOCKS_AT {
        disk.write_at(at, &raw)?;
    }
    Ok(Found { superblock, raw, stale: None })
}

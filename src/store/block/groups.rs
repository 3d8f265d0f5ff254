//! Tag blocks: for each group of 126 blocks, what opens them. Two copies on the disk take turns, and the turn passes only
//! after a sync has returned, so that the durable copy is never overwritten.
//!
//! Tag block: MAC 16 | seq 8 | jseq 8 | reserved 32 | 126 × entry 32. `jseq` is the newest record that it includes.

use std::{
    collections::HashMap,
    io,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::{
    cipher::{ENTRY_BYTES, Entry, Keys},
    disk::Disk,
    error::Fault,
    layout::{BLOCK, BLOCK_BYTES, GROUP_BLOCKS, group_of, place_of, tags_at},
};

const MAC_BYTES: usize = 16;
const SEQ_AT: usize = 16;
const JSEQ_AT: usize = 24;
const ENTRIES_AT: usize = 64;
/// 16 MiB of tags cover 2 GiB of blocks.
const CACHED_MAX: usize = 4096;

/// A group's tags in memory.
#[derive(Debug)]
struct Group {
    tags: Box<[u8]>,
    /// The copy that must not be overwritten.
    durable: usize,
    /// Has entries that neither copy holds.
    dirty: bool,
}

impl Group {
    fn number(&self, at: usize) -> u64 {
        number(&self.tags, at)
    }

    fn entry(&self, place: usize) -> Entry {
        let mut entry = [0; ENTRY_BYTES];
        entry.copy_from_slice(&self.tags[ENTRIES_AT + place * ENTRY_BYTES..][..ENTRY_BYTES]);
        entry
    }

    fn put(&mut self, place: usize, entry: &Entry) {
        self.tags[ENTRIES_AT + place * ENTRY_BYTES..][..ENTRY_BYTES].copy_from_slice(entry);
        self.dirty = true;
    }
}

/// All tags of a file, as many in memory as were used lately. It must outlive no other writer of the same disk.
#[derive(Debug, Default)]
pub(super) struct Groups(RwLock<HashMap<u64, Group>>);

/// What the tags are read with.
pub(super) struct Source<'a> {
    pub disk: &'a dyn Disk,
    pub keys: &'a Keys,
    /// The file's length: tags beyond it do not exist.
    pub len: u64,
    /// Damaged tags read as never written, instead of as an error, while redb repairs.
    pub poison: bool,
}

impl Groups {
    /// The entries of a run of blocks within one group.
    pub fn entries(&self, source: &Source<'_>, first: u64, count: usize) -> io::Result<Vec<Entry>> {
        let places = || (first..).take(count).map(place_of);
        if let Some(group) = self.read().get(&group_of(first)) {
            return Ok(places().map(|place| group.entry(place)).collect());
        }
        let mut groups = self.write();
        let group = loaded(&mut groups, source, group_of(first))?;
        Ok(places().map(|place| group.entry(place)).collect())
    }

    /// Remembers new entries. Returns the groups that became dirty.
    pub fn put(&self, source: &Source<'_>, first: u64, entries: &[Entry]) -> io::Result<Vec<u64>> {
        let mut groups = self.write();
        let mut dirty = Vec::new();
        for (block, entry) in (first..).zip(entries) {
            let group = loaded(&mut groups, source, group_of(block))?;
            if !group.dirty {
                dirty.push(group_of(block));
            }
            group.put(place_of(block), entry);
        }
        Ok(dirty)
    }

    /// Applies an entry of a record, unless the group includes that record. Returns whether it did.
    pub fn replay(&self, source: &Source<'_>, seq: u64, block: u64, entry: &Entry) -> io::Result<bool> {
        let mut groups = self.write();
        let group = loaded(&mut groups, source, group_of(block))?;
        let newer = seq > group.number(JSEQ_AT);
        if newer {
            group.put(place_of(block), entry);
        }
        Ok(newer)
    }

    /// Writes dirty groups to their non-durable copies, unsynced.
    pub fn write_home<'a>(
        &self,
        source: &Source<'_>,
        jseq: u64,
        dirty: impl Iterator<Item = &'a u64>,
    ) -> io::Result<()> {
        let mut groups = self.write();
        for index in dirty {
            let Some(group) = groups.get_mut(index) else { continue };
            let seq = group.number(SEQ_AT) + 1;
            group.tags[SEQ_AT..SEQ_AT + 8].copy_from_slice(&seq.to_le_bytes());
            group.tags[JSEQ_AT..JSEQ_AT + 8].copy_from_slice(&jseq.to_le_bytes());
            let mac = source.keys.tags_mac(*index, &group.tags[MAC_BYTES..]);
            group.tags[..MAC_BYTES].copy_from_slice(&mac);
            source.disk.write_at(tags_at(*index) + (1 - group.durable) as u64 * BLOCK, &group.tags)?;
        }
        Ok(())
    }

    /// Passes the turn, after the sync that made [`Self::write_home`] durable.
    pub fn flip<'a>(&self, written: impl Iterator<Item = &'a u64>) {
        let mut groups = self.write();
        for index in written {
            if let Some(group) = groups.get_mut(index) {
                group.durable = 1 - group.durable;
                group.dirty = false;
            }
        }
    }

    /// Forgets groups that begin at or beyond this many blocks.
    pub fn cut(&self, blocks: u64) {
        self.write().retain(|index, _| index * GROUP_BLOCKS < blocks);
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<u64, Group>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<u64, Group>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn loaded<'a>(groups: &'a mut HashMap<u64, Group>, source: &Source<'_>, index: u64) -> io::Result<&'a mut Group> {
    if !groups.contains_key(&index) && groups.len() >= CACHED_MAX {
        let clean = groups.iter().filter(|(_, group)| !group.dirty).map(|(index, _)| *index);
        for index in clean.take(CACHED_MAX / 4).collect::<Vec<_>>() {
            groups.remove(&index);
        }
    }
    match groups.entry(index) {
        std::collections::hash_map::Entry::Occupied(group) => Ok(group.into_mut()),
        std::collections::hash_map::Entry::Vacant(vacant) => Ok(vacant.insert(load(source, index)?)),
    }
}

/// The newer of the two copies that authenticate. A group that was never written has none, and reads as zeros: no
/// block of it opens.
fn load(source: &Source<'_>, index: u64) -> io::Result<Group> {
    let mut copies = vec![0; 2 * BLOCK_BYTES];
    if tags_at(index) + 2 * BLOCK <= source.len {
        source.disk.read_at(tags_at(index), &mut copies)?;
    }
    let authentic = copies.chunks_exact(BLOCK_BYTES).enumerate().filter(|(_, tags)| {
        let mac = source.keys.tags_mac(index, &tags[MAC_BYTES..]);
        number(tags, SEQ_AT) > 0 && verify_slices_are_equal(&mac, &tags[..MAC_BYTES]).is_ok()
    });
    let newest = authentic.max_by_key(|(_, tags)| number(tags, SEQ_AT));
    if let Some((durable, tags)) = newest {
        return Ok(Group { tags: tags.into(), durable, dirty: false });
    }
    let torn_at_birth = copies.chunks_exact(BLOCK_BYTES).any(|tags| tags.iter().all(|byte| *byte == 0));
    if !torn_at_birth && !source.poison {
        return Err(Fault::Tags(index).into());
    }
    Ok(Group { tags: vec![0; BLOCK_BYTES].into(), durable: 1, dirty: false })
}

fn number(tags: &[u8], at: usize) -> u64 {
    let mut raw = [0; 8];
    raw.copy_from_slice(&tags[at..at + 8]);
    u64::from_le_bytes(raw)
}

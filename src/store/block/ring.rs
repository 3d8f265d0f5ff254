//! Commit records and the ring that holds them.
//!
//! A record is a multiple of 4 KiB: magic 8 | seq 8 | entry 32 | pages 4 | zero 12, then sealed: seq 8 | offset 8 |
//! oldest 8 | previous 8 | count 4 | zero 4 | redb's super-header 512 | count × (block 8, entry 32) | zeros.
//!
//! `oldest` is the first record that a replay needs; `previous` chains them, so that a hole is noticed. A stale record of
//! an earlier lap does not count: its sequence number is older than `oldest` of the newest.

use std::io;

use super::{
    BlockError,
    cipher::{ENTRY_BYTES, Entry, Keys, Kind},
    disk::Disk,
    layout::{BLOCK_BYTES, RING_AT},
};

const MAGIC: &[u8; 8] = b"ALCOVEcr";
const CLEAR_BYTES: usize = 64;
const FIXED_BYTES: usize = 40;
/// How much of redb's block 0 is ever used.
pub const HEADER_BYTES: usize = 512;
const ENTRIES_AT: usize = FIXED_BYTES + HEADER_BYTES;
const ROW_BYTES: usize = 8 + ENTRY_BYTES;

/// One durable step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub seq: u64,
    /// Where in the ring it lies.
    pub offset: u64,
    pub oldest: u64,
    pub previous: u64,
    pub header: [u8; HEADER_BYTES],
    pub entries: Vec<(u64, Entry)>,
}

/// Bytes in the ring of a record with so many entries.
pub(super) fn record_bytes(entries: usize) -> u64 {
    record_size(entries) as u64
}

fn record_size(entries: usize) -> usize {
    (CLEAR_BYTES + ENTRIES_AT + entries * ROW_BYTES).next_multiple_of(BLOCK_BYTES)
}

/// The most entries a record may hold: a commit beyond is a checkpoint.
pub(super) fn entries_max(ring_bytes: u64) -> usize {
    usize::try_from(ring_bytes / 4 / ROW_BYTES as u64).unwrap_or(usize::MAX).min(1500)
}

impl Record {
    pub fn bytes(&self) -> u64 {
        record_bytes(self.entries.len())
    }

    fn size(&self) -> usize {
        record_size(self.entries.len())
    }

    pub fn seal(&self, keys: &Keys) -> io::Result<Vec<u8>> {
        let size = self.size();
        let mut raw = vec![0; size];
        let (clear, body) = raw.split_at_mut(CLEAR_BYTES);
        for (at, number) in [self.seq, self.offset, self.oldest, self.previous].into_iter().enumerate() {
            body[at * 8..at * 8 + 8].copy_from_slice(&number.to_le_bytes());
        }
        body[32..36].copy_from_slice(&u32::try_from(self.entries.len()).unwrap_or_default().to_le_bytes());
        body[FIXED_BYTES..ENTRIES_AT].copy_from_slice(&self.header);
        for ((block, entry), row) in self.entries.iter().zip(body[ENTRIES_AT..].chunks_exact_mut(ROW_BYTES)) {
            row[..8].copy_from_slice(&block.to_le_bytes());
            row[8..].copy_from_slice(entry);
        }
        let entry = keys.seal(Kind::Record, self.seq, body)?;
        clear[..8].copy_from_slice(MAGIC);
        clear[8..16].copy_from_slice(&self.seq.to_le_bytes());
        clear[16..48].copy_from_slice(&entry);
        clear[48..52].copy_from_slice(&u32::try_from(size / BLOCK_BYTES).unwrap_or_default().to_le_bytes());
        Ok(raw)
    }

    /// The record at the beginning of `ring`, whose offset is given; nothing if there is none.
    fn open(keys: &Keys, ring: &[u8], offset: u64) -> Option<Self> {
        let (clear, rest) = ring.split_first_chunk::<CLEAR_BYTES>()?;
        if !clear.starts_with(MAGIC) {
            return None;
        }
        let seq = number(clear, 8);
        let entry: Entry = clear[16..48].try_into().ok()?;
        let pages = usize::try_from(u32::from_le_bytes(clear[48..52].try_into().ok()?)).ok()?;
        let mut body = rest.get(..pages.checked_mul(BLOCK_BYTES)?.checked_sub(CLEAR_BYTES)?)?.to_vec();
        keys.open(Kind::Record, seq, &entry, &mut body).ok()?;
        let count = usize::try_from(u32::from_le_bytes(body[32..36].try_into().ok()?)).ok()?;
        let rows = body.get(ENTRIES_AT..ENTRIES_AT + count * ROW_BYTES)?;
        let entries = rows.chunks_exact(ROW_BYTES).map(|row| Some((number(row, 0), row[8..].try_into().ok()?)));
        let header = body[FIXED_BYTES..ENTRIES_AT].try_into().ok()?;
        let [inner_seq, inner_offset, oldest, previous] = std::array::from_fn(|at| number(&body, at * 8));
        let record = Self { seq, offset, oldest, previous, header, entries: entries.collect::<Option<_>>()? };
        (inner_seq == seq && inner_offset == offset).then_some(record)
    }
}

fn number(bytes: &[u8], at: usize) -> u64 {
    let mut raw = [0; 8];
    raw.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(raw)
}

/// The records that a replay needs, oldest first; the last one gives redb's super-header.
///
/// # Errors
/// [`BlockError::Damaged`] if there is no record, or one that is needed is missing.
pub(super) fn read(disk: &dyn Disk, keys: &Keys, ring_bytes: u64) -> Result<Vec<Record>, BlockError> {
    let mut ring = vec![0; usize::try_from(ring_bytes).map_err(io::Error::other)?];
    disk.read_at(RING_AT, &mut ring)?;
    let mut records = Vec::new();
    let mut at = 0;
    while at < ring.len() {
        let record = Record::open(keys, &ring[at..], at as u64);
        at += record.as_ref().map_or(BLOCK_BYTES, Record::size);
        records.extend(record);
    }
    needed(records).ok_or(BlockError::Damaged { what: "the commit ring" })
}

fn needed(mut records: Vec<Record>) -> Option<Vec<Record>> {
    records.sort_by_key(|record| record.seq);
    let oldest = records.last()?.oldest;
    records.retain(|record| record.seq >= oldest);
    let unbroken = records.windows(2).all(|pair| pair[1].previous == pair[0].seq);
    (records.first()?.seq == oldest && unbroken).then_some(records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::block::cipher::{Cipher, DataKey};

    fn keys() -> Keys {
        Keys::derive(&DataKey::from_slice(&[1; 32]).unwrap(), [2; 16], 1, Cipher::Aes256GcmSiv).unwrap()
    }

    fn record(seq: u64, oldest: u64, previous: u64, entries: u64) -> Record {
        let entries = (0..entries).map(|block| (block, [7; ENTRY_BYTES])).collect();
        Record { seq, offset: 4096, oldest, previous, header: [5; HEADER_BYTES], entries }
    }

    #[test]
    fn records_round_trip_in_their_place_only() {
        for entries in [0, 1, 87, 88, 1500] {
            let record = record(9, 3, 8, entries);
            let raw = record.seal(&keys()).unwrap();
            assert_eq!(raw.len() as u64, record.bytes());
            assert_eq!(Record::open(&keys(), &raw, 4096), Some(record));
            assert_eq!(Record::open(&keys(), &raw, 8192), None);
            assert_eq!(Record::open(&keys(), &raw[..raw.len() - 4096], 4096), None);
        }
    }

    #[test]
    fn a_hole_in_the_chain_is_noticed() {
        let chain = |seqs: &[(u64, u64, u64)]| {
            needed(seqs.iter().map(|&(seq, oldest, previous)| record(seq, oldest, previous, 0)).collect())
                .map(|records| records.iter().map(|record| record.seq).collect::<Vec<_>>())
        };
        assert_eq!(chain(&[(6, 4, 4), (2, 1, 1), (4, 1, 2)]), Some(vec![4, 6]));
        assert_eq!(chain(&[(6, 4, 5), (4, 1, 2)]), None, "5 is missing");
        assert_eq!(chain(&[(6, 3, 5), (5, 3, 4), (4, 3, 3)]), None, "3 is missing");
        assert_eq!(chain(&[]), None);
    }
}

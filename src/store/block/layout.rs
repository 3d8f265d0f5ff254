//! Where things lie in the file. Arithmetic only.
//!
//! ```text
//! 0x000000  superblock A (16 KiB)     0x004000  superblock B (16 KiB)
//! 0x008000  commit ring, 1 MiB
//! 0x110000  groups of 512 KiB: tag copy 0 (4 KiB) | tag copy 1 (4 KiB) | 126 blocks of 4 KiB
//! ```
//!
//! redb's block 0, its super-header, has no place of its own: it lives in commit records. A *sealed block* number
//! counts from redb's block 1.

use std::io;

use super::error::Fault;

/// Bytes of a block, and of redb's pages.
pub const BLOCK_BYTES: usize = 4096;
/// [`BLOCK_BYTES`], for offsets.
pub const BLOCK: u64 = BLOCK_BYTES as u64;
/// Bytes of one superblock copy.
pub const SUPERBLOCK_BYTES: usize = 16 * 1024;
/// Where the two superblock copies begin.
pub const SUPERBLOCKS_AT: [u64; 2] = [0, SUPERBLOCK_BYTES as u64];
/// Where the commit ring begins.
pub const RING_AT: u64 = 0x8000;
/// Bytes of the commit ring.
pub const RING_BYTES: u64 = 1 << 20;
/// The smallest ring that still holds two checkpoints of records; tests use it to wrap often.
pub const RING_BYTES_MIN: u64 = 64 * 1024;
/// Where the groups begin.
pub const GROUPS_AT: u64 = 0x11_0000;
/// Length of a file that holds nothing yet.
pub const EMPTY_BYTES: u64 = GROUPS_AT - BLOCK;
/// Sealed blocks per group.
pub const GROUP_BLOCKS: u64 = GROUP_PLACES as u64;
const GROUP_PLACES: usize = 126;
const GROUP_BYTES: u64 = (GROUP_BLOCKS + 2) * BLOCK;

/// redb's length for a file this long.
#[must_use]
pub fn logical_len(physical: u64) -> u64 {
    if physical < GROUPS_AT {
        return 0;
    }
    let (groups, rest) = ((physical - GROUPS_AT) / GROUP_BYTES, (physical - GROUPS_AT) % GROUP_BYTES);
    (1 + groups * GROUP_BLOCKS + (rest / BLOCK).saturating_sub(2)) * BLOCK
}

/// The file's length for a length of redb's, rounded up to a whole block.
#[must_use]
pub fn physical_len(logical: u64) -> u64 {
    if logical == 0 {
        return EMPTY_BYTES;
    }
    let sealed = sealed_blocks(logical);
    let (groups, rest) = (sealed / GROUP_BLOCKS, sealed % GROUP_BLOCKS);
    GROUPS_AT + groups * GROUP_BYTES + if rest > 0 { (2 + rest) * BLOCK } else { 0 }
}

/// How many sealed blocks a length of redb's holds.
#[must_use]
pub fn sealed_blocks(logical: u64) -> u64 {
    logical.div_ceil(BLOCK).saturating_sub(1)
}

/// The group of a sealed block.
#[must_use]
pub fn group_of(block: u64) -> u64 {
    block / GROUP_BLOCKS
}

/// The place of a sealed block within its group.
#[must_use]
pub fn place_of(block: u64) -> usize {
    usize::try_from(block % GROUP_BLOCKS).unwrap_or_default()
}

/// Where a sealed block lies.
#[must_use]
pub fn block_at(block: u64) -> u64 {
    tags_at(group_of(block)) + (2 + block % GROUP_BLOCKS) * BLOCK
}

/// Where a group's two tag copies lie.
#[must_use]
pub fn tags_at(group: u64) -> u64 {
    GROUPS_AT + group * GROUP_BYTES
}

/// The first sealed block of an access within redb's `len`, or nothing for its super-header: only that is read and
/// written in parts, pages are whole blocks.
///
/// # Errors
/// The access ends behind `len`, or is no whole block.
pub fn first_block(offset: u64, bytes: usize, len: u64) -> io::Result<Option<u64>> {
    if offset.checked_add(bytes as u64).is_none_or(|end| end > len) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let aligned = offset.is_multiple_of(BLOCK) && bytes.is_multiple_of(BLOCK_BYTES);
    match offset / BLOCK {
        0 => Ok(None),
        _ if !aligned => Err(Fault::Alignment.into()),
        block => Ok(Some(block - 1)),
    }
}

/// Splits a run of sealed blocks where groups end: (first block, number of blocks).
pub fn runs(first: u64, count: usize) -> impl Iterator<Item = (u64, usize)> {
    let (mut next, mut left) = (first, count);
    std::iter::from_fn(move || {
        (left > 0).then(|| {
            let run = (GROUP_PLACES - place_of(next)).min(left);
            (next, left) = (next + run as u64, left - run);
            (next - run as u64, run)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_invert() {
        for blocks in (0..3000).chain([100_000, 126 * 7 + 1]) {
            let logical = blocks * BLOCK;
            assert_eq!(logical_len(physical_len(logical)), logical, "{blocks}");
            assert_eq!(physical_len(logical_len(physical_len(logical))), physical_len(logical));
        }
    }

    #[test]
    fn runs_end_with_groups() {
        assert_eq!(runs(120, 140).collect::<Vec<_>>(), [(120, 6), (126, 126), (252, 8)]);
        assert_eq!(runs(5, 0).count(), 0);
        assert_eq!(block_at(126), tags_at(1) + 2 * BLOCK);
        assert_eq!(physical_len(BLOCK), GROUPS_AT);
    }

    #[test]
    fn only_the_super_header_is_reached_in_parts() {
        let len = 3 * BLOCK;
        assert_eq!(first_block(7, 100, len).ok(), Some(None));
        assert_eq!(first_block(BLOCK, 2 * BLOCK_BYTES, len).ok(), Some(Some(0)));
        for (offset, bytes) in [(BLOCK, 2), (BLOCK + 1, BLOCK_BYTES)] {
            assert!(first_block(offset, bytes, len).is_err_and(|error| Fault::is_in(&error)), "{offset}");
        }
        for (offset, bytes) in [(2 * BLOCK, 2 * BLOCK_BYTES), (u64::MAX, 1), (0, 1 + 3 * BLOCK_BYTES)] {
            let refused = first_block(offset, bytes, len).map_err(|error| error.kind());
            assert_eq!(refused, Err(io::ErrorKind::UnexpectedEof), "{offset}");
        }
    }
}

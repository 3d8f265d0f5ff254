//! Files: sealed bytes beside the records, uploaded in parts and committed on their hash. Name and type are sealed.

use std::fmt;

use jiff::Timestamp;

use super::id::{DeviceId, FileId, PersonId, SpaceId};

/// The largest sealed file, in bytes.
pub const FILE_BYTES_MAX: u64 = 1_100_000_000;
/// The size of a part, in bytes; only the last may be smaller.
pub const PART_BYTES: u64 = 8 * 1024 * 1024;
/// How many uploads one person may have under way.
pub const UPLOADS_MAX: usize = 16;
/// How long an upload may take before it is dropped, in days.
pub const UPLOAD_DAYS_MAX: i64 = 14;

/// A sealed file, uploaded or on its way.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// The space whose members may have it.
    pub space: SpaceId,
    /// Who uploads it.
    pub by: PersonId,
    /// With which device.
    pub device: DeviceId,
    /// When the upload began.
    pub made_at: Timestamp,
    /// Its size as sealed, in bytes.
    pub size_bytes: u64,
    /// SHA-256 of the sealed bytes.
    pub sha256: [u8; 32],
    /// The key under which it rests on this server's disk; never leaves the store.
    pub key: [u8; 32],
    /// When all of it had come and its hash matched.
    pub committed_at: Option<Timestamp>,
}

/// Which bytes of a file are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// All of them.
    All,
    /// From one place to another, both included; to the end without the second.
    From(u64, Option<u64>),
    /// So many at the end.
    Last(u64),
}

impl Span {
    /// Offset and length within a file of this size; `None` when it holds none of the wanted bytes (RFC 9110, 14.1.2).
    #[must_use]
    pub fn within(self, size_bytes: u64) -> Option<(u64, u64)> {
        match self {
            Self::All => Some((0, size_bytes)),
            Self::From(first, last) if first < size_bytes => {
                let last = last.map_or(size_bytes - 1, |last| last.min(size_bytes - 1));
                Some((first, last.checked_sub(first)? + 1))
            }
            Self::Last(count) if count > 0 => {
                let count = count.min(size_bytes);
                Some((size_bytes - count, count))
            }
            Self::From(..) | Self::Last(_) => None,
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, space, size_bytes) = (self.id, self.space, self.size_bytes);
        f.debug_struct("File")
            .field("id", &id)
            .field("space", &space)
            .field("size_bytes", &size_bytes)
            .finish_non_exhaustive()
    }
}

/// An upload that is under way: the look-up from its person's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Who uploads.
    pub by: PersonId,
    /// What.
    pub file: FileId,
    /// When it began.
    pub made_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_cut_to_the_file() {
        assert_eq!(Span::All.within(10), Some((0, 10)));
        assert_eq!(Span::From(2, Some(4)).within(10), Some((2, 3)));
        assert_eq!(Span::From(9, None).within(10), Some((9, 1)));
        assert_eq!(Span::From(8, Some(99)).within(10), Some((8, 2)));
        assert_eq!(Span::Last(3).within(10), Some((7, 3)));
        assert_eq!(Span::Last(99).within(10), Some((0, 10)));
        for none in [Span::From(10, None), Span::From(4, Some(3)), Span::Last(0)] {
            assert_eq!(none.within(10), None);
        }
    }
}

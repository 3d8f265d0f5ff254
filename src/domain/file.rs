//! Files: sealed bytes beside the records, uploaded in parts and committed on their hash. Name and type are sealed.

use std::fmt;

use jiff::Timestamp;

use super::id::{DeviceId, FileId, PersonId, SpaceId};

/// The largest content of a file, in bytes, unless whoever runs the server says otherwise.
pub const CONTENT_BYTES_MAX: u64 = 1_000_000_000;
/// The size of a part, in bytes; only the last may be smaller.
pub const PART_BYTES: u64 = 8 * 1024 * 1024;
/// How many uploads one person may have under way.
pub const UPLOADS_MAX: usize = 16;
/// How long an upload may take before it is dropped, in days.
pub const UPLOAD_DAYS_MAX: i64 = 14;

/// How much of the disk sealed files may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageLimits {
    /// The largest content of one file, in bytes.
    pub content_bytes_max: u64,
    /// All sealed files together, in bytes; as much as the disk holds without it.
    pub practice_bytes_max: Option<u64>,
}

impl Default for StorageLimits {
    fn default() -> Self {
        Self { content_bytes_max: CONTENT_BYTES_MAX, practice_bytes_max: None }
    }
}

impl StorageLimits {
    /// The largest sealed file: sealing and padding add less than a tenth.
    #[must_use]
    pub const fn sealed_bytes_max(&self) -> u64 {
        self.content_bytes_max.saturating_add(self.content_bytes_max / 10).saturating_add(64 * 1024)
    }
}

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

/// Which bytes, and of which content: of another one, everything is wanted (RFC 9110, 13.1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which bytes.
    pub span: Span,
    /// SHA-256 of the sealed bytes that the asker has the rest of.
    pub of: Option<[u8; 32]>,
}

impl From<Span> for Wanted {
    fn from(span: Span) -> Self {
        Self { span, of: None }
    }
}

impl Wanted {
    /// The bytes that are wanted of a file with this hash.
    #[must_use]
    pub fn span_of(&self, sha256: &[u8; 32]) -> Span {
        if self.of.is_none_or(|of| of == *sha256) { self.span } else { Span::All }
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
    fn a_range_of_another_content_is_everything() {
        let wanted = Wanted { span: Span::Last(3), of: Some([1; 32]) };
        assert_eq!((wanted.span_of(&[1; 32]), wanted.span_of(&[2; 32])), (Span::Last(3), Span::All));
        assert_eq!(Wanted::from(Span::Last(3)).span_of(&[2; 32]), Span::Last(3));
        assert_eq!(StorageLimits::default().sealed_bytes_max(), 1_100_065_536);
    }

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

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

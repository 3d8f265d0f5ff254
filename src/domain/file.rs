//! Files: sealed bytes beside the records, uploaded in parts and committed on their hash. Name and type are sealed.

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// When all of it had come and its hash matched.
    pub committed_at: Option<Timestamp>,
}

//! What the practice remembers of its last backup.

use jiff::Timestamp;

/// The last backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastBackup {
    /// When its state was taken.
    pub made_at: Timestamp,
    /// Its file's name.
    pub file_name: String,
    /// Its size.
    pub size_bytes: u64,
    /// Database rows in it.
    pub rows: u64,
    /// Other files in it.
    pub files: u64,
    /// SHA-256 of its signed manifest; the next one names it.
    pub manifest_hash: [u8; 32],
    /// When its test restore succeeded.
    pub proven_at: Option<Timestamp>,
}

//! How each noun is kept: one file per noun, with every version that was ever released.

mod anomaly;
pub mod answer;
pub mod backup_key;
pub mod certificate_key;
pub mod change;
mod claim;
pub mod client;
pub mod device;
pub mod directory;
mod epoch_counts;
mod factor;
pub mod file;
pub mod file_key;
mod file_trouble;
pub mod invite;
pub mod key_rotation;
pub mod keyring;
pub mod last_backup;
mod link;
pub mod person;
pub mod practice;
pub mod record;
mod recovery;
pub mod restore;
mod review;
mod role;
mod scrub;
mod security_policy;
pub mod session;
pub mod slot;
pub mod space;
mod team;

use jiff::Timestamp;

use super::RowError;

/// An instant as rows keep it.
pub(super) fn to_ms(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// The instant of a row.
pub(super) fn from_ms(table: &'static str, ms: i64) -> Result<Timestamp, RowError> {
    Timestamp::from_millisecond(ms).map_err(|_| RowError::Damaged { table })
}

/// A value that a row keeps as text.
pub(super) fn parse<T: std::str::FromStr>(table: &'static str, text: &str) -> Result<T, RowError> {
    text.parse().map_err(|_| RowError::Damaged { table })
}

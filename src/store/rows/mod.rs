//! How each noun is kept: one file per noun, each with its versions.

pub mod backup_key;
pub mod client;
pub mod file;
pub mod invite;
pub mod record;
pub mod space;

use jiff::Timestamp;

use super::RowError;

/// The instant that a row keeps as milliseconds.
fn from_ms(table: &'static str, ms: i64) -> Result<Timestamp, RowError> {
    Timestamp::from_millisecond(ms).map_err(|_| RowError::Damaged { table })
}

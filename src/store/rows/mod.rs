//! The rows of each noun: how domain values become bytes. Old bytes stay readable; nothing here decides anything.

pub mod client;
pub mod file;
pub mod invite;
pub mod record;
pub mod space;

use jiff::Timestamp;

use super::RowError;

fn at(table: &'static str, ms: i64) -> Result<Timestamp, RowError> {
    Timestamp::from_millisecond(ms).map_err(|_| RowError::Damaged { table })
}

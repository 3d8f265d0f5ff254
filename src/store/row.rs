//! Rows: a domain value as a version byte and a body. The domain type is free to change, old bytes are not: each
//! version that was ever released stays decodable, with a fixture.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Key, RowError};

/// A value that lives in a table of its own.
pub trait Row: Sized {
    /// The table's name; never reused for something else.
    const TABLE: &'static str;
    /// The version that [`Row::encode`] writes.
    const VERSION: u8;
    /// What finds it.
    type Key: Key;

    /// Its key.
    fn key(&self) -> Self::Key;
    /// Its body in the current version, without the version byte.
    fn encode(&self) -> Vec<u8>;
    /// The value of a body in this or an older version.
    ///
    /// # Errors
    /// The body is damaged or from a newer version.
    fn decode(version: u8, body: &[u8]) -> Result<Self, RowError>;
}

/// A body from a serde struct: postcard, compact and with a published, stable format.
pub fn encode_body(row: &impl Serialize) -> Vec<u8> {
    // Writing plain structs into memory has no failure; an empty body would be refused by every decoder.
    postcard::to_stdvec(row).unwrap_or_default()
}

/// The serde struct of a body.
///
/// # Errors
/// The body is damaged.
pub fn decode_body<T: DeserializeOwned>(table: &'static str, body: &[u8]) -> Result<T, RowError> {
    match postcard::take_from_bytes(body) {
        Ok((row, [])) => Ok(row),
        _ => Err(RowError::Damaged { table }),
    }
}

pub(super) fn to_value<R: Row>(row: &R) -> Vec<u8> {
    let mut value = vec![R::VERSION];
    value.extend(row.encode());
    value
}

pub(super) fn from_value<R: Row>(value: &[u8]) -> Result<R, RowError> {
    match value.split_first() {
        Some((&version, body)) if version <= R::VERSION => R::decode(version, body),
        Some((&version, _)) => Err(RowError::WrittenByNewerVersion { table: R::TABLE, version }),
        None => Err(RowError::Damaged { table: R::TABLE }),
    }
}

//! From format 1 to 2: the index of whom each entry of the audit log concerns.

use redb::WriteTransaction;

use super::super::audit::StoredEntry;
use super::super::read::table;
use super::super::row::{from_value, to_value};
use super::super::{Key as _, Row as _, StoreError};
use crate::domain::audit::Mention;

/// Makes the index from the entries. One that cannot be read is left out; a check tells of it.
pub(super) fn index(tx: &WriteTransaction) -> Result<(), StoreError> {
    let log = tx.open_table(table(StoredEntry::TABLE))?;
    let mut index = tx.open_table(table(Mention::TABLE))?;
    for pair in redb::ReadableTable::iter(&log)? {
        let Ok(stored) = from_value::<StoredEntry>(pair?.1.value()) else { continue };
        for mention in Mention::of(&stored.entry) {
            index.insert(mention.key().to_bytes().as_slice(), to_value(&mention).as_slice())?;
        }
    }
    Ok(())
}

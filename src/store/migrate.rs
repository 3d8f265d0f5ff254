//! The file's format, and the append-only list of steps that bring an older file up to it. Each step that was ever
//! released keeps a fixture file from the version before it.

use redb::{TableError, WriteTransaction};

use super::read::table;
use super::{Engine, ReadTx, StoreError};

/// The format this version writes.
pub const FORMAT: u32 = 1;

pub(super) const META: &str = "meta";
const FORMAT_KEY: &[u8] = b"format";

type Step = fn(&WriteTransaction) -> Result<(), StoreError>;

/// `STEPS[n]` turns format `n + 1` into `n + 2`.
const STEPS: [Step; (FORMAT - 1) as usize] = [];

/// Brings the file to [`FORMAT`]; an empty file becomes one of that format.
pub(super) fn run(db: &Engine) -> Result<(), StoreError> {
    let found = match format(db)? {
        Some(FORMAT) => return Ok(()),
        Some(found) if found > FORMAT => return Err(StoreError::NewerFormat { found, known: FORMAT }),
        found => found,
    };
    let tx = db.begin_write()?;
    if let Some(found) = found {
        for step in STEPS.iter().skip(found as usize - 1) {
            step(&tx)?;
        }
    }
    tx.open_table(table(META))?.insert(FORMAT_KEY, FORMAT.to_be_bytes().as_slice())?;
    tx.commit()?;
    Ok(())
}

fn format(db: &Engine) -> Result<Option<u32>, StoreError> {
    format_of(&ReadTx::new(db.begin_read()?))
}

/// The format of this state of a file; nothing for an empty one.
pub(super) fn format_of(tx: &ReadTx) -> Result<Option<u32>, StoreError> {
    let rows = match tx.raw_tx().open_table(table(META)) {
        Ok(rows) => rows,
        Err(TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(value) = rows.get(FORMAT_KEY)? else { return Ok(None) };
    Ok(value.value().try_into().ok().map(u32::from_be_bytes))
}

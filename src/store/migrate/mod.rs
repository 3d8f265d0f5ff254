//! The file's format, and the append-only list of steps that bring an older file up to it. Each step that was ever
//! released keeps a fixture file from the version before it.
//!
//! A practice's own file is never changed by a step: a copy is (`scratch`), and it takes the file's place once it was
//! checked. Steps change rows, never sealed files.

mod mentions;
mod points;
mod scratch;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use redb::{ReadableDatabase as _, TableError, WriteTransaction};

use super::block::{BlockFile, FileDisk};
use super::read::table;
use super::{Engine, EngineOptions, Opened, ReadTx, StoreError, Unlock};
use crate::clock::Clock;

/// The format this version writes.
pub const FORMAT: u32 = 2;

pub(super) const META: &str = "meta";
const FORMAT_KEY: &[u8] = b"format";

type Step = fn(&WriteTransaction) -> Result<(), StoreError>;

/// `STEPS[n]` turns format `n + 1` into `n + 2`.
const STEPS: [Step; (FORMAT - 1) as usize] = [mentions::index];

/// The first format with an index of the audit log.
pub(super) const INDEXED_FROM: u32 = 2;

/// Where migrations lead, and how. Tests bring their own.
pub(super) struct Plan<'a> {
    pub format: u32,
    pub steps: &'a [Step],
    /// Room that a copy needs beyond the length of the file.
    pub spare_bytes: u64,
    /// Is told of each stage that is done.
    pub reached: &'a dyn Fn(Stage),
}

/// The stages of a migration, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// There is a copy.
    Copied,
    /// The steps are done on it.
    Migrated,
    /// It was checked.
    Checked,
    /// The file as it was is a restore point, too.
    Kept,
    /// The copy has the file's name.
    Renamed,
}

const PLAN: Plan<'_> = Plan { format: FORMAT, steps: &STEPS, spare_bytes: 64 << 20, reached: &|_| () };

/// Opens a practice's file, locked in its directory, after bringing it to this version's format if it has an older one.
pub(super) fn open(at: &Place<'_>, disk: Arc<FileDisk>) -> Result<(Engine, Opened), StoreError> {
    open_by(&PLAN, at, disk)
}

/// Whose file it is that is migrated.
pub(super) struct Place<'a> {
    pub dir: &'a std::path::Path,
    pub unlock: &'a Unlock,
    pub clock: &'a Clock,
}

fn open_by(plan: &Plan<'_>, at: &Place<'_>, disk: Arc<FileDisk>) -> Result<(Engine, Opened), StoreError> {
    let options = EngineOptions::default();
    let file = Engine::file_in(at.dir, disk, at.unlock)?;
    scratch::clear(at.dir)?;
    let file = match format_at_rest(&file) {
        Some(found) if found < plan.format => scratch::migrate(plan, at, file, found)?,
        _ => file,
    };
    let (engine, opened) = Engine::of(file, options)?;
    match format(&engine)? {
        // The last stop was no clean one, and now redb has repaired the file: what it holds is known only now.
        Some(found) if found < plan.format => {
            let file = scratch::migrate(plan, at, engine.into_file()?, found)?;
            Ok((Engine::of(file, options)?.0.in_dir(at.dir), opened))
        }
        _ => {
            run_by(plan, &engine)?;
            Ok((engine.in_dir(at.dir), opened))
        }
    }
}

/// Brings a file in place to [`FORMAT`]: a new one, or one that a restore has just filled.
pub(super) fn run(db: &Engine) -> Result<(), StoreError> {
    run_by(&PLAN, db)
}

fn run_by(plan: &Plan<'_>, db: &Engine) -> Result<(), StoreError> {
    let found = match format(db)? {
        Some(found) if found == plan.format => return Ok(()),
        Some(found) if found > plan.format => return Err(StoreError::NewerFormat { found, known: plan.format }),
        found => found,
    };
    let tx = db.begin_write()?;
    if let Some(found) = found {
        for step in plan.steps.iter().skip(found as usize - 1) {
            step(&tx)?;
        }
    }
    tx.open_table(table(META))?.insert(FORMAT_KEY, plan.format.to_be_bytes().as_slice())?;
    tx.commit()?;
    Ok(())
}

fn format(db: &Engine) -> Result<Option<u32>, StoreError> {
    format_of(&ReadTx::new(db.begin_read()?))
}

/// The format of a file that was closed cleanly, without changing it; nothing if that cannot be said.
fn format_at_rest(file: &BlockFile) -> Option<u32> {
    let snapshot = file.snapshot(Arc::new(|_| Ok(()))).ok()?;
    let mut builder = redb::Database::builder();
    builder.set_cache_size(1 << 20).set_repair_callback(redb::RepairSession::abort);
    let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| builder.create_with_backend(snapshot)));
    // It must outlive the transaction.
    let db = opened.ok()?.ok()?;
    let tx = db.begin_read().ok()?;
    format_of(&ReadTx::new(tx)).ok()?
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

//! A migration on a copy: copied, changed in one transaction, checked, and only then in the file's place by one rename.
//! The file as it was becomes the restore point. Whatever fails or stops in between, the file is as it was.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::block::{self, BlockError, BlockFile, FileDisk, sync_dir};
use super::super::check::{self, Report};
use super::super::engine::FILE_NAME;
use super::super::room::Room;
use super::super::{Engine, EngineOptions, StoreError};
use super::{Place, Plan, Stage, points, run_by};

/// The copy's name while it is none yet.
const COPY_NAME: &str = "alcove.redb.migrating";

/// Removes what a stopped migration left behind. Only for whoever holds the file's lock.
pub(super) fn clear(dir: &Path) -> Result<(), StoreError> {
    match fs::remove_file(dir.join(COPY_NAME)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => Ok(removed.map_err(BlockError::from)?),
    }
}

/// Migrates; what it returns has the file's name and lock. `file` is not used again.
pub(super) fn migrate(plan: &Plan<'_>, at: &Place<'_>, file: BlockFile, found: u32) -> Result<BlockFile, StoreError> {
    need_room(plan, at)?;
    tracing::info!(from = found, to = plan.format, "the practice's file is of an older format; it is migrated");
    let before = check::of_file(&file)?;
    let migrated = on_copy(plan, at, &before);
    if migrated.is_err() {
        // Best effort: the next start removes it, too.
        let _ = clear(at.dir);
    }
    let migrated = migrated?;
    points::keep(at, found)?;
    (plan.reached)(Stage::Kept);
    fs::rename(at.dir.join(COPY_NAME), at.dir.join(FILE_NAME)).map_err(BlockError::from)?;
    sync_dir(at.dir).map_err(BlockError::from)?;
    (plan.reached)(Stage::Renamed);
    points::thin_out(at.dir)?;
    tracing::info!(format = plan.format, "migrated; the file as it was lies in restore-points");
    // Its lock goes last, when the new file's is held.
    drop(file);
    Ok(migrated)
}

fn need_room(plan: &Plan<'_>, at: &Place<'_>) -> Result<(), StoreError> {
    let length = fs::metadata(at.dir.join(FILE_NAME)).map_err(BlockError::from)?.len();
    let needed = length.saturating_add(plan.spare_bytes);
    if Room::of(at.dir.to_owned()).is_for(needed) {
        return Ok(());
    }
    Err(StoreError::NoRoomToMigrate { needed_mb: needed.div_ceil(1_000_000) })
}

fn on_copy(plan: &Plan<'_>, at: &Place<'_>, before: &Report) -> Result<BlockFile, StoreError> {
    let path = copy(at.dir).map_err(BlockError::from)?;
    (plan.reached)(Stage::Copied);
    let disk = Arc::new(FileDisk::open(&path)?);
    let (engine, _) = Engine::of(block::open(disk, at.unlock)?, EngineOptions::default())?;
    run_by(plan, &engine).map_err(|error| StoreError::MigrationFailed { why: Box::new(error) })?;
    let copy = engine.into_file()?;
    (plan.reached)(Stage::Migrated);
    let after = check::of_file(&copy)?;
    if after.found > before.found {
        let what = after.findings.first().map(|finding| format!("{}: {}", finding.place, finding.what));
        return Err(StoreError::MigrationUnsound { what: what.unwrap_or_default() });
    }
    (plan.reached)(Stage::Checked);
    Ok(copy)
}

/// Copies the file as it lies on the disk; nothing writes on it now.
fn copy(dir: &Path) -> io::Result<PathBuf> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = dir.join(COPY_NAME);
    let mut into = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    io::copy(&mut fs::File::open(dir.join(FILE_NAME))?, &mut into)?;
    into.sync_all()?;
    Ok(path)
}

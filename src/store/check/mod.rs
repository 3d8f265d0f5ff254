//! Checking the whole practice: every sealed block, the database inside, every row, what rows name, the chains, every
//! sealed file. It changes nothing, neither of a file at rest nor of one that is served.
//!
//! redb's own check repairs, and wants the database for itself. Here it gets a state of the file whose changes stay in
//! memory, so that it runs beside a server; a read transaction keeps that state whole meanwhile.

mod blobs;
mod chains;
mod file;
mod links;
mod report;
mod rows;
mod tables;

use std::{io, path::Path, sync::Arc};

pub use blobs::FilesChecked;
pub use report::{Counts, Finding, Mode, Part, Report};

use super::block::{self, BlockError, BlockFile, FileDisk, Pace, Snapshot, Unlock};
use super::engine::FILE_NAME;
use super::{Blobs, FORMAT, Store, StoreError};

/// Follows a check, paces it, and may stop it.
pub trait Watch: Send + Sync {
    /// A part begins that will read about so many bytes.
    fn part(&self, part: Part, bytes: u64);

    /// So many bytes were read; it may wait. False ends the check.
    fn took(&self, bytes: u64) -> bool;

    /// Whether the check was told to end.
    fn is_stopped(&self) -> bool;
}

/// Neither shows nor slows anything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn part(&self, _: Part, _: u64) {}

    fn took(&self, _: u64) -> bool {
        true
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// Which parts to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// The database without the sealed files; blocks that it uses are read in any case.
    Database,
}

impl Store {
    /// Checks the practice while it is served. Nothing if the watch ended it.
    ///
    /// # Errors
    /// The disk fails or the file must be opened anew: nothing is known then. What is wrong with the data is in the
    /// report.
    pub fn check(&self, scope: Scope, watch: &Arc<dyn Watch>) -> Result<Option<Report>, StoreError> {
        let (pin, snapshot) = self.engine.snapshot(pace(watch))?;
        let report = run(&snapshot, &self.blobs, Report::begin(Mode::Online), scope, &**watch);
        drop(pin);
        if snapshot.file().is_broken() || snapshot.is_lost() {
            return Err(StoreError::File(BlockError::Busy));
        }
        report
    }
}

/// Checks a practice that nobody has open. Nothing of it is changed. Nothing is returned if the watch ended it.
///
/// # Errors
/// It is in use, missing, does not open with this key, or was written by a newer version.
pub fn check_closed(dir: &Path, unlock: &Unlock, watch: &Arc<dyn Watch>) -> Result<Option<Report>, StoreError> {
    let disk = FileDisk::open_to_look(&dir.join(FILE_NAME))?;
    let mut report = Report::begin(Mode::Offline);
    let file = match block::open(Arc::new(disk), unlock) {
        Err(error @ (BlockError::Damaged { .. } | BlockError::Truncated | BlockError::NotOurs)) => {
            report.find(Part::Blocks, FILE_NAME, error.to_string());
            return Ok(Some(report));
        }
        opened => opened?,
    };
    let snapshot = file.snapshot(pace(watch)).map_err(BlockError::from)?;
    let report = run(&snapshot, &Blobs::at(dir), report, Scope::All, &**watch)?;
    match report {
        Some(Report { format: found, .. }) if found > FORMAT => Err(StoreError::NewerFormat { found, known: FORMAT }),
        report => Ok(report),
    }
}

/// Checks a file that nobody writes on, whatever its format, without sealed files.
pub(super) fn of_file(file: &BlockFile) -> Result<Report, StoreError> {
    let watch: Arc<dyn Watch> = Arc::new(Unwatched);
    let snapshot = file.snapshot(pace(&watch)).map_err(BlockError::from)?;
    let report = run(&snapshot, &Blobs::at(Path::new("")), Report::begin(Mode::Offline), Scope::Database, &*watch)?;
    report.ok_or(StoreError::File(BlockError::Busy))
}

fn run(
    snapshot: &Snapshot,
    blobs: &Blobs,
    mut report: Report,
    scope: Scope,
    watch: &dyn Watch,
) -> Result<Option<Report>, StoreError> {
    let checked = file::check(snapshot, scope, &mut report, watch).and_then(|()| {
        rows::check(snapshot, &mut report, watch)?;
        if scope == Scope::All && !watch.is_stopped() {
            blobs::check(snapshot, blobs, &mut report, watch)?;
        }
        Ok(())
    });
    match checked {
        _ if watch.is_stopped() => Ok(None),
        Err(error) => Err(error),
        Ok(()) => Ok(Some(report)),
    }
}

fn pace(watch: &Arc<dyn Watch>) -> Pace {
    let watch = Arc::clone(watch);
    Arc::new(move |bytes| if watch.took(bytes) { Ok(()) } else { Err(stopped()) })
}

fn stopped() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "the check was told to end")
}

fn file_bytes(file: &BlockFile) -> u64 {
    block::walk_bytes(file)
}

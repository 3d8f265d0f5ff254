//! The test restore of a backup that was just made: read back from where it lies, restored into scratch, compared.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::restore::{Target, create_private_dir, fill};
use super::{BackupError, Made};
use crate::crypto::backup_key::BackupKey;
use crate::store::{Store, StoreError};

/// What the names of scratch directories begin with.
const SCRATCH: &str = "test-restore-";

/// That a backup restores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Rows that came back.
    pub rows: u64,
    /// Files that came back.
    pub files: u64,
    /// One hash over the whole state.
    pub state_hash: String,
}

/// Where a test restore goes: beside what it proves, so that it needs no other place with room, and encrypted under a
/// key that is dropped.
#[must_use]
pub fn scratch_in(data_dir: &Path, began: Timestamp) -> PathBuf {
    data_dir.join(format!("{SCRATCH}{}", began.as_millisecond()))
}

/// Removes test restores that a crash left behind. Call it only while holding the data directory, before any backup.
///
/// # Errors
/// They cannot be listed or removed.
pub fn clear_scratch(data_dir: &Path) -> Result<(), BackupError> {
    let clearing = || BackupError::io("cannot remove what a test restore left behind");
    for entry in fs::read_dir(data_dir).map_err(clearing())? {
        let entry = entry.map_err(clearing())?;
        let is_ours = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        if is_ours && entry.file_type().map_err(clearing())?.is_dir() {
            fs::remove_dir_all(entry.path()).map_err(clearing())?;
        }
    }
    Ok(())
}

/// Restores `made` into `scratch`, which must not exist, checks it against its manifest and removes it again.
///
/// # Errors
/// The backup does not restore; keep the one before it and look at the disk it lies on.
pub fn prove(
    made: &Made,
    key: &BackupKey,
    scratch: &Path,
    make_store: &dyn Fn(&Path) -> Result<Store, StoreError>,
) -> Result<Proof, BackupError> {
    create_private_dir(scratch).map_err(BackupError::io("cannot make room for the test restore"))?;
    let target = Target { data_dir: scratch, make_store, finish: &|_| Ok(()) };
    let restored = fill(&made.path, &made.drill, &key.fingerprint(), scratch, &target);
    let removed = fs::remove_dir_all(scratch).map_err(BackupError::io("cannot remove the test restore"));
    let restored = restored?;
    removed?;
    if restored.manifest != made.manifest {
        return Err(BackupError::damaged("the test restore found another state than was backed up"));
    }
    Ok(Proof {
        rows: restored.rows,
        files: restored.manifest.files.len() as u64,
        state_hash: restored.manifest.state_hash(),
    })
}

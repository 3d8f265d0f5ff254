//! Restoring: everything goes into a directory beside the target first, is compared with the signed manifest, and
//! only then takes the target's place. A backup that is damaged, forged or from a newer version leaves nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::BackupError;
use super::manifest::Manifest;
use super::unpack::Unpack;
use crate::crypto::HybridIdentity;
use crate::crypto::sealing::open_reader;
use crate::store::{Store, StoreError};

/// Where a backup goes.
pub struct Target<'a> {
    /// The data directory to be; absent or empty.
    pub data_dir: &'a Path,
    /// Makes the new encrypted file, with a new data key, in a data directory.
    pub make_store: &'a dyn Fn(&Path) -> Result<Store, StoreError>,
    /// Runs on the filled store before it takes its place: voids what must not come back to life.
    pub finish: &'a dyn Fn(Store) -> Result<(), BackupError>,
}

/// What came back.
#[derive(Debug)]
pub struct Restored {
    /// The manifest it was checked against.
    pub manifest: Manifest,
    /// Rows loaded.
    pub rows: u64,
}

/// Restores the backup at `from`, sealed to `identity` and signed by the key with this fingerprint.
///
/// # Errors
/// Says what failed; the target is then as it was.
pub fn restore(
    from: &Path,
    identity: &HybridIdentity,
    fingerprint: &str,
    target: &Target<'_>,
) -> Result<Restored, BackupError> {
    let staging = staging_for(target.data_dir)?;
    let restored = fill(from, identity, fingerprint, &staging, target).and_then(|restored| {
        take_place(&staging, target.data_dir)?;
        Ok(restored)
    });
    if restored.is_err() {
        // Best effort: what is left is encrypted under a key that nobody has.
        let _ = fs::remove_dir_all(&staging);
    }
    restored
}

pub(super) fn fill(
    from: &Path,
    identity: &HybridIdentity,
    fingerprint: &str,
    staging: &Path,
    target: &Target<'_>,
) -> Result<Restored, BackupError> {
    let opening = || BackupError::io(format!("cannot open {}", from.display()));
    let file = File::open(from).map_err(opening())?;
    let size_bytes = file.metadata().map_err(opening())?.len();
    need_room(staging, size_bytes)?;
    let store = (target.make_store)(staging)?;
    let mut archive = tar::Archive::new(open_reader(identity, file)?);
    let mut unpack = Unpack::begin(&mut archive, staging, size_bytes)?;
    let rows = store.load_raw(&mut unpack)?;
    let manifest = unpack.check(fingerprint)?;
    drop(archive);
    (target.finish)(store)?;
    Ok(Restored { manifest, rows })
}

/// What comes out of a backup takes at least as much as it does: nothing in it is packed more tightly. A file system that
/// does not say what is free is trusted.
fn need_room(dir: &Path, needed: u64) -> Result<(), BackupError> {
    let Ok(disk) = rustix::fs::statvfs(dir) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if disk.f_blocks == 0 || free >= needed { Ok(()) } else { Err(BackupError::NoRoom { needed, free }) }
}

/// An empty directory beside the target, on the same file system.
fn staging_for(data_dir: &Path) -> Result<PathBuf, BackupError> {
    let in_use = fs::read_dir(data_dir).is_ok_and(|mut entries| entries.next().is_some()) || data_dir.is_file();
    if in_use {
        return Err(BackupError::TargetInUse { path: data_dir.display().to_string() });
    }
    let name = data_dir.file_name().ok_or_else(|| BackupError::damaged("the target directory has no name"))?;
    let mut staged = name.to_owned();
    staged.push(".restoring");
    let staging = data_dir.with_file_name(staged);
    let making = || BackupError::io(format!("cannot make {}", staging.display()));
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(making())?;
    }
    create_private_dir(&staging).map_err(making())?;
    Ok(staging)
}

fn take_place(staging: &Path, data_dir: &Path) -> Result<(), BackupError> {
    let moving = || BackupError::io(format!("cannot move the restored data to {}", data_dir.display()));
    sync_dirs(staging).map_err(moving())?;
    if data_dir.exists() {
        fs::remove_dir(data_dir).map_err(moving())?;
    }
    fs::rename(staging, data_dir).map_err(moving())?;
    let parent = data_dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(parent).and_then(|dir| dir.sync_all()).map_err(moving())
}

/// The files in it are durable already; their names are only once each directory is.
fn sync_dirs(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_dirs(&entry.path())?;
        }
    }
    File::open(dir)?.sync_all()
}

/// Makes a directory that only its owner may enter.
pub(super) fn create_private_dir(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The fingerprint of the backup key that a kit file names in its `# backup key: …` line.
#[must_use]
pub fn fingerprint_in(kit_text: &str) -> Option<String> {
    kit_text.lines().find_map(|line| {
        let rest = line.trim().trim_start_matches('#').trim_start();
        let value = rest.strip_prefix("backup key:").or_else(|| rest.strip_prefix("Backup key:"))?;
        Some(value.split_whitespace().collect())
    })
}

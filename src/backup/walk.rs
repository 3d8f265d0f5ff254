//! The files of a data directory that belong into a backup, and paths out of one that may be written.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::BackupError;

/// Folders of the data directory that are copied as they are: blobs are ciphertext already, and certificates keep a
/// restored server at its address.
pub(super) const FOLDERS: [&str; 2] = ["blobs", "tls"];

/// All files in [`FOLDERS`], as paths below `data_dir`, sorted.
pub(super) fn files(data_dir: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        visit(data_dir, Path::new(folder), &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn visit(root: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result<(), BackupError> {
    let here = root.join(below);
    let entries = match fs::read_dir(&here) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(BackupError::io(format!("cannot look into {}", here.display()))(error)),
    };
    for entry in entries {
        let entry = entry.map_err(BackupError::io("cannot list a folder"))?;
        let path = below.join(entry.file_name());
        let kind = entry.file_type().map_err(BackupError::io("cannot list a folder"))?;
        if kind.is_dir() {
            visit(root, &path, found)?;
        } else if kind.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// The path of a file inside a backup, if it may be written below a new data directory: one of our folders, and no
/// way out of it.
pub(super) fn safe(path: &Path) -> Result<PathBuf, BackupError> {
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    let ours = path.components().next().is_some_and(|first| FOLDERS.iter().any(|folder| first.as_os_str() == *folder));
    if plain && ours && path.components().count() > 1 {
        Ok(path.to_owned())
    } else {
        Err(BackupError::damaged("it holds a file that does not belong into a practice"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside_our_folders() {
        for bad in ["../x", "/etc/passwd", "blobs/../../x", "blobs", "alcove.redb", "other/x", ""] {
            assert!(safe(Path::new(bad)).is_err(), "{bad}");
        }
        assert!(safe(Path::new("blobs/ab/cd")).is_ok());
    }
}

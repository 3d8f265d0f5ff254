//! Restore points: the encrypted file as it was before a migration, with a note. The newest two stay.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::super::block::{BlockError, sync_dir};
use super::super::engine::FILE_NAME;
use super::super::{Store, StoreError};
use super::Place;

/// Where they lie in the data directory.
pub(super) const FOLDER: &str = "restore-points";
/// How many stay.
const KEPT: usize = 2;

/// Keeps the file as it is under another name. On most file systems that takes no room: both names lead to the same
/// bytes until the new file takes one of them.
pub(super) fn keep(at: &Place<'_>, format: u32) -> Result<(), StoreError> {
    let done = || -> io::Result<()> {
        let folder = at.dir.join(FOLDER);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let now = at.clock.now();
        let name = format!("{}-format-{format}", now.strftime("%Y%m%dT%H%M%S%3fZ"));
        let (from, to) = (at.dir.join(FILE_NAME), folder.join(format!("{name}.redb")));
        if fs::hard_link(&from, &to).is_err() {
            fs::copy(&from, &to)?;
            fs::File::open(&to)?.sync_all()?;
        }
        let note = folder.join(format!("{name}.txt"));
        let mut note = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(note)?;
        note.write_all(words(&name, &now.to_string(), format).as_bytes())?;
        note.sync_all()?;
        sync_dir(&folder)?;
        sync_dir(at.dir)
    };
    Ok(done().map_err(BlockError::from)?)
}

fn words(name: &str, at: &str, format: u32) -> String {
    format!(
        "The practice's encrypted file as it was before Alcove {} changed its format.\n\n\
         Made: {at}\nFormat: {format}\n\n\
         To go back: stop Alcove, move {FILE_NAME} aside, copy {FOLDER}/{name}.redb to {FILE_NAME}, and start the version \
         that you had before. What was written since is lost then. It opens with the keys of that time.\n",
        env!("CARGO_PKG_VERSION"),
    )
}

/// The restore points of a data directory, oldest first.
fn found(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(dir.join(FOLDER)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "redb") {
            files.push(path);
        }
    }
    // Their names begin with their time.
    files.sort();
    Ok(files)
}

/// Removes these, with their notes.
fn remove(files: &[PathBuf]) -> io::Result<()> {
    for file in files {
        fs::remove_file(file)?;
        match fs::remove_file(file.with_extension("txt")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Removes all but the newest, with their notes.
pub(super) fn thin_out(dir: &Path) -> Result<(), StoreError> {
    let done = || {
        let files = found(dir)?;
        remove(&files[..files.len().saturating_sub(KEPT)])
    };
    Ok(done().map_err(BlockError::from)?)
}

impl Store {
    /// The names of the restore points: each is the file as it was before a migration, with the keys of that time.
    ///
    /// # Errors
    /// What the system reports.
    pub fn restore_points(&self) -> Result<Vec<String>, StoreError> {
        let Some(dir) = self.engine().dir() else { return Ok(Vec::new()) };
        let files = found(dir).map_err(BlockError::from)?;
        Ok(files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect())
    }

    /// Removes all of them. Returns their names.
    ///
    /// # Errors
    /// What the system reports; some may be gone then.
    pub fn remove_restore_points(&self) -> Result<Vec<String>, StoreError> {
        let names = self.restore_points()?;
        if let Some(dir) = self.engine().dir()
            && !names.is_empty()
        {
            let done = || remove(&found(dir)?).and_then(|()| sync_dir(&dir.join(FOLDER)));
            done().map_err(BlockError::from)?;
        }
        Ok(names)
    }
}

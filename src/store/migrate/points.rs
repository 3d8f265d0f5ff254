//! Restore points: the encrypted file as it was before a migration, with a note. The newest two stay.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use super::super::StoreError;
use super::super::block::{BlockError, sync_dir};
use super::super::engine::FILE_NAME;
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

/// Removes all but the newest, with their notes.
pub(super) fn thin_out(dir: &Path) -> Result<(), StoreError> {
    let done = || -> io::Result<()> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir.join(FOLDER))? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "redb") {
                names.push(path);
            }
        }
        // They begin with their time.
        names.sort();
        for old in names.iter().rev().skip(KEPT) {
            fs::remove_file(old)?;
            match fs::remove_file(old.with_extension("txt")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    };
    Ok(done().map_err(BlockError::from)?)
}

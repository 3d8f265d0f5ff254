//! Keyfiles on the disk: 32 random bytes that only their owner reads, outside the data directory.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process,
};

use zeroize::Zeroizing;

use super::{BlockError, Keyfile, sync_dir};

/// Group and others may not write; others may not read; a group may read only what nobody can write, which is how
/// systemd hands out credentials.
const FORBIDDEN_BITS: u32 = 0o037;
const WRITABLE_BY_OWNER_READABLE_BY_GROUP: u32 = 0o240;

impl Keyfile {
    /// Reads a keyfile.
    ///
    /// # Errors
    /// [`BlockError::KeyfileInside`], [`BlockError::KeyfileReadable`], [`BlockError::KeyfileLength`], or what the
    /// system reports.
    pub fn read(path: &Path, data_dir: &Path) -> Result<Self, BlockError> {
        refuse_inside(path, data_dir)?;
        let mut file = File::open(path)?;
        let mode = file.metadata()?.mode();
        let shared = mode & WRITABLE_BY_OWNER_READABLE_BY_GROUP == WRITABLE_BY_OWNER_READABLE_BY_GROUP;
        if mode & FORBIDDEN_BITS != 0 || shared {
            return Err(BlockError::KeyfileReadable);
        }
        let mut bytes = Zeroizing::new([0; super::KEY_BYTES + 1]);
        let mut length = 0;
        while length < bytes.len() {
            match file.read(&mut bytes[length..])? {
                0 => break,
                read => length += read,
            }
        }
        Self::from_slice(&bytes[..length])
    }

    /// Writes this keyfile, durably, where none is yet.
    ///
    /// # Errors
    /// [`BlockError::KeyfileInside`], or what the system reports, `AlreadyExists` among it.
    pub fn write_new(&self, path: &Path, data_dir: &Path) -> Result<(), BlockError> {
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
        refuse_inside(path, data_dir)?;
        // Whole before it has its name: half a key would stand in the way of every later start.
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(format!(".{}.new", process::id()));
        let unfinished = PathBuf::from(unfinished);
        let linked = self.write_whole(&unfinished).and_then(|()| fs::hard_link(&unfinished, path));
        let removed = fs::remove_file(&unfinished);
        linked?;
        removed?;
        Ok(sync_dir(dir)?)
    }

    fn write_whole(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(self.bytes())?;
        file.sync_all()
    }
}

/// Links are followed, so that one into the data directory is found out.
fn refuse_inside(path: &Path, data_dir: &Path) -> Result<(), BlockError> {
    let parent = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let data_dir = match fs::canonicalize(data_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    let inside = |found: io::Result<std::path::PathBuf>| found.is_ok_and(|found| found.starts_with(&data_dir));
    if inside(fs::canonicalize(path)) || inside(fs::canonicalize(parent)) {
        return Err(BlockError::KeyfileInside);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_keyfile_is_private_whole_and_outside() {
        let (data, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let keyfile = Keyfile::generate().unwrap();
        let path = outside.path().join("alcove/data.key");
        keyfile.write_new(&path, data.path()).unwrap();
        assert_eq!(Keyfile::read(&path, data.path()).unwrap().bytes(), keyfile.bytes());
        assert!(matches!(keyfile.write_new(&path, data.path()), Err(BlockError::Io(_))));
        let inside = data.path().join("data.key");
        assert!(matches!(keyfile.write_new(&inside, data.path()), Err(BlockError::KeyfileInside)));
        fs::write(&inside, [1; 32]).unwrap();
        std::os::unix::fs::symlink(&inside, outside.path().join("link")).unwrap();
        let link = Keyfile::read(&outside.path().join("link"), data.path());
        assert!(matches!(link, Err(BlockError::KeyfileInside)));
    }

    #[test]
    fn shared_or_short_keyfiles_are_refused() {
        let (data, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = outside.path().join("data.key");
        let read = |bytes: &[u8], mode| {
            let _ = fs::remove_file(&path);
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Keyfile::read(&path, data.path())
        };
        assert!(matches!(read(&[1; 32], 0o644), Err(BlockError::KeyfileReadable)));
        assert!(matches!(read(&[1; 32], 0o640), Err(BlockError::KeyfileReadable)));
        assert!(read(&[1; 32], 0o440).is_ok());
        assert!(matches!(read(&[1; 31], 0o600), Err(BlockError::KeyfileLength)));
        assert!(matches!(read(&[1; 33], 0o600), Err(BlockError::KeyfileLength)));
    }
}

//! A disk as this module sees it: bytes at offsets, a length, and a sync. Real files here; tests bring their own.

use std::{
    fmt::Debug,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt},
    path::Path,
};

use super::BlockError;

/// Bytes at offsets. Writes are durable only once a later `sync` has returned; before, any part of them may be lost.
pub trait Disk: Debug + Send + Sync + 'static {
    /// The length in bytes.
    ///
    /// # Errors
    /// What the system reports.
    fn len(&self) -> io::Result<u64>;

    /// Whether nothing was ever written.
    ///
    /// # Errors
    /// What the system reports.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Fills `out` from `offset`.
    ///
    /// # Errors
    /// `UnexpectedEof` beyond the end, otherwise what the system reports.
    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;

    /// Writes all of `data` at `offset`.
    ///
    /// # Errors
    /// What the system reports; any part may have been written.
    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()>;

    /// Cuts or extends (with zeros) to `len` bytes.
    ///
    /// # Errors
    /// What the system reports.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Reserves space, at or beyond the end too, so that a later write there does not find the disk full. It does not
    /// change the length, and may do nothing.
    ///
    /// # Errors
    /// `StorageFull` if there is no room.
    fn reserve(&self, _offset: u64, _bytes: u64) -> io::Result<()> {
        Ok(())
    }

    /// Makes everything written durable.
    ///
    /// # Errors
    /// What the system reports. Nothing may be concluded from a later success.
    fn sync(&self) -> io::Result<()>;

    /// Forgets cached pages, so that reads show what the disk holds. Called after a sync; advice, and may do nothing.
    fn forget_cached(&self) {}
}

/// How often a file is opened anew that another process has just replaced.
const OPENINGS_MAX: usize = 8;

/// A file, locked for this process as long as it is open.
#[derive(Debug)]
pub struct FileDisk(File);

impl FileDisk {
    /// Opens an existing file and locks it.
    ///
    /// # Errors
    /// [`BlockError::Missing`], [`BlockError::InUse`], or what the system reports.
    pub fn open(path: &Path) -> Result<Self, BlockError> {
        Self::locked(path, || existing(path, OpenOptions::new().read(true).write(true)))
    }

    /// Opens an existing file for looking only, and locks it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_to_look(path: &Path) -> Result<Self, BlockError> {
        Self::locked(path, || existing(path, OpenOptions::new().read(true)))
    }

    /// Opens an existing file for a look: without the lock, and without any right to change it.
    ///
    /// # Errors
    /// [`BlockError::Missing`], or what the system reports.
    pub fn look(path: &Path) -> Result<Self, BlockError> {
        existing(path, OpenOptions::new().read(true)).map(Self)
    }

    /// Makes an empty file that only its owner can read, over a left-over of an earlier attempt, and locks it.
    ///
    /// # Errors
    /// [`BlockError::InUse`], or what the system reports.
    pub fn create(path: &Path) -> Result<Self, BlockError> {
        let disk = Self::locked(path, || Ok(Self::create_or_open(path)?.0))?;
        disk.0.set_len(0)?;
        Ok(disk)
    }

    /// Opens a file as it is, or makes it; without the lock, for files that one caller at a time holds anyway.
    pub(in crate::store) fn create_or_open(path: &Path) -> io::Result<Self> {
        OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map(Self)
    }

    /// Rust opens files close-on-exec, so a child process cannot keep the lock. Between opening and locking, another
    /// process may put another file in place and let go of this one: a lock counts only on what has the name still.
    fn locked(path: &Path, open: impl Fn() -> Result<File, BlockError>) -> Result<Self, BlockError> {
        for _ in 0..OPENINGS_MAX {
            let file = open()?;
            match file.try_lock() {
                Ok(()) if is_at(&file, path)? => return Ok(Self(file)),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(BlockError::InUse),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Err(BlockError::InUse)
    }
}

fn existing(path: &Path, how: &OpenOptions) -> Result<File, BlockError> {
    how.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BlockError::Missing,
        _ => error.into(),
    })
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let (ours, named) = (
        file.metadata()?,
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            named => named?,
        },
    );
    Ok((ours.dev(), ours.ino()) == (named.dev(), named.ino()))
}

impl Disk for FileDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(out, offset)
    }

    fn write_at(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write_all_at(data, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn reserve(&self, offset: u64, bytes: u64) -> io::Result<()> {
        crate::sys::file_space::reserve(&self.0, offset, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn forget_cached(&self) {
        crate::sys::file_space::forget_cached(&self.0);
    }
}

/// Makes a rename or a new file in this directory durable.
///
/// # Errors
/// What the system reports.
pub fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_on_a_file_that_lost_its_name_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let (path, next) = (dir.path().join("file"), dir.path().join("next"));
        fs::write(&path, "old").unwrap();
        fs::write(&next, "newer").unwrap();
        let renamed = std::cell::Cell::new(false);
        let disk = FileDisk::locked(&path, || {
            let file = OpenOptions::new().read(true).write(true).open(&path)?;
            if !renamed.replace(true) {
                fs::rename(&next, &path)?;
            }
            Ok(file)
        });
        assert_eq!(disk.unwrap().len().unwrap(), 5, "the one that has the name");
        let gone = FileDisk::locked(&path, || {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
            fs::remove_file(&path)?;
            Ok(file)
        });
        assert!(matches!(gone, Err(BlockError::InUse)));
    }
}

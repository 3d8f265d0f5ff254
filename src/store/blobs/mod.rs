//! Sealed files beside the database. Members' devices seal them first; this layer encrypts them once more, so that a copy
//! of the disk shows neither which is whose nor what belongs together.
//!
//! ```text
//! uploads/<name>        parts as they come, whole chunks only
//! blobs/ab/cd…          complete, its hash verified; it appears here in one step
//! ```
//! A name comes from the file's own random key, which lies in its row: without the row it says nothing. Chunks are
//! 64 KiB, each: nonce 12 | ciphertext | tag 16; place and end are authenticated. Memory stays at one chunk.
//!
//! All calls block; call them from a blocking thread.

mod chunk;
mod error;
mod publish;
mod read;
mod upload;
mod verify;

use std::{
    collections::{HashMap, HashSet},
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

pub use chunk::{BlobKey, BlobName, CHUNK_BYTES};
pub use error::BlobError;
pub use read::BlobReader;
pub use upload::Part;
use upload::Progress;
pub use verify::BlobFault;

use super::block::{FileDisk, sync_dir};

/// What is known of a file before its first part comes.
#[derive(Clone, Debug)]
pub struct Blob {
    /// Its own key.
    pub key: BlobKey,
    /// Its size, as the member's device sealed it.
    pub size_bytes: u64,
    /// SHA-256 of the same bytes.
    pub sha256: [u8; 32],
}

/// The files of one data directory.
#[derive(Debug)]
pub struct Blobs {
    complete: PathBuf,
    uploads: PathBuf,
    progress: Mutex<HashMap<BlobName, Arc<Mutex<Option<Progress>>>>>,
    #[cfg(test)]
    pub(crate) steps: Mutex<publish::Steps>,
    /// How many parts ever began.
    turns: AtomicU64,
}

impl Blobs {
    /// The files in this data directory.
    ///
    /// # Errors
    /// When the folders cannot be made.
    pub fn open(data_dir: &Path) -> Result<Self, BlobError> {
        let blobs = Self::at(data_dir);
        for folder in [&blobs.complete, &blobs.uploads] {
            fs::create_dir_all(folder)?;
        }
        sync_dir(data_dir)?;
        Ok(blobs)
    }

    /// The files in this data directory, for looking only: nothing is made.
    #[must_use]
    pub fn at(data_dir: &Path) -> Self {
        let (complete, uploads) = (data_dir.join("blobs"), data_dir.join("uploads"));
        Self {
            complete,
            uploads,
            progress: Mutex::default(),
            turns: AtomicU64::default(),
            #[cfg(test)]
            steps: Mutex::default(),
        }
    }

    /// How many bytes of an upload are safe on the disk; the next part begins there.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn received(&self, blob: &Blob) -> Result<u64, BlobError> {
        if self.is_complete(blob)? {
            return Ok(blob.size_bytes);
        }
        self.with_progress(blob, |progress, path| self.settle(progress, path))
    }

    /// Begins a part of an upload; any earlier part of it that is still on its way has to give way.
    ///
    /// # Errors
    /// [`BlobError::OffsetMoved`] says where to go on.
    pub fn begin_part(&self, blob: &Blob, offset: u64) -> Result<Part, BlobError> {
        if self.is_complete(blob)? {
            return Err(BlobError::OffsetMoved { received: blob.size_bytes });
        }
        let turn = self.turns.fetch_add(1, Ordering::Relaxed) + 1;
        self.with_progress(blob, |progress, path| {
            self.settle(progress, path)?;
            progress.begin(offset, turn)
        })?;
        Ok(Part::new(blob.clone(), turn))
    }

    /// Seals and writes the whole chunks of what a part holds.
    ///
    /// # Errors
    /// [`BlobError::DiskFull`] leaves what was durable as it was; [`BlobError::Overtaken`] when another part began.
    pub fn write_part(&self, part: &mut Part) -> Result<(), BlobError> {
        let blob = part.blob.clone();
        self.with_progress(&blob, |progress, path| {
            let disk = FileDisk::create_or_open(path)?;
            progress.write(&disk, part)
        })
    }

    /// Writes the rest of a part and makes it durable: the bytes received so far. Bytes after the last whole chunk are
    /// dropped unless the file ends there.
    ///
    /// # Errors
    /// As [`Self::write_part`]. Whole chunks of a part that breaks off or is too long are kept.
    pub fn finish_part(&self, mut part: Part) -> Result<u64, BlobError> {
        self.write_part(&mut part)?;
        self.with_progress(&part.blob, |progress, path| self.settle(progress, path))
    }

    /// Appends a part that is at hand: [`Self::begin_part`] to [`Self::finish_part`] in one.
    ///
    /// # Errors
    /// As those; [`BlobError::BrokeOff`] when `bytes` fails.
    pub fn append(&self, blob: &Blob, offset: u64, mut bytes: impl io::Read) -> Result<u64, BlobError> {
        let (mut part, mut piece) = (self.begin_part(blob, offset)?, vec![0; CHUNK_BYTES]);
        loop {
            match bytes.read(&mut piece) {
                Ok(0) => return self.finish_part(part),
                Ok(read) => {
                    part.take(&piece[..read]);
                    self.write_part(&mut part)?;
                }
                Err(error) => return Err(BlobError::BrokeOff(error)),
            }
        }
    }

    /// Makes whatever parts have left behind durable: the bytes received so far.
    fn settle(&self, progress: &mut Progress, path: &Path) -> Result<u64, BlobError> {
        if progress.is_settled() {
            return Ok(progress.received());
        }
        let is_first = progress.received() == 0;
        let received = progress.settle(&FileDisk::create_or_open(path)?)?;
        // The first part also makes the file's name durable.
        if is_first {
            sync_dir(&self.uploads)?;
        }
        Ok(received)
    }

    /// Makes an upload a file, once all of it is there and its hash is the one that was announced. A retry is harmless.
    ///
    /// # Errors
    /// [`BlobError::Incomplete`] says where to go on; after [`BlobError::HashDiffers`] the upload begins again.
    pub fn commit(&self, blob: &Blob) -> Result<(), BlobError> {
        self.with_progress(blob, |progress, path| {
            if self.is_complete(blob)? {
                return self.keep_name(blob.key.name());
            }
            self.settle(progress, path)?;
            if progress.matches(blob)? {
                return self.publish(blob.key.name());
            }
            *progress = Progress::none();
            self.remove(&blob.key)?;
            Err(BlobError::HashDiffers)
        })
    }

    /// Reads `length` bytes from `offset` of a complete file. Every byte is authenticated before it is handed out.
    ///
    /// # Errors
    /// [`BlobError::Missing`], [`BlobError::RangeOutside`], or what the disk reports.
    pub fn read(&self, blob: &Blob, offset: u64, length: u64) -> Result<BlobReader, BlobError> {
        let file = fs::File::open(self.path(blob.key.name())).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::Missing,
            _ => error.into(),
        })?;
        BlobReader::new(file, blob, offset, length)
    }

    /// Removes a file, or an upload that is under way. Without its key's row nothing could read it anyway.
    ///
    /// # Errors
    /// What the disk reports; that it is gone already is none.
    pub fn remove(&self, key: &BlobKey) -> Result<(), BlobError> {
        self.remove_named(key.name())
    }

    fn remove_named(&self, name: BlobName) -> Result<(), BlobError> {
        self.forget(name);
        for path in [self.upload_path(name), self.path(name)] {
            remove_if_there(&path)?;
        }
        Ok(())
    }

    /// The names of complete files and uploads that were last written before the given time.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn last_written_before(&self, before: SystemTime) -> Result<Vec<BlobName>, BlobError> {
        let mut found = Vec::new();
        for (name, metadata) in self.listed()? {
            if metadata.modified()? < before {
                found.push(name);
            }
        }
        Ok(found)
    }

    /// Removes those of the files that no row names. Returns how many were removed.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn remove_unknown(&self, names: &[BlobName], known: &HashSet<BlobName>) -> Result<u64, BlobError> {
        let mut removed = 0;
        for name in names.iter().filter(|name| !known.contains(name)) {
            self.remove_named(*name)?;
            removed += 1;
        }
        Ok(removed)
    }

    fn path(&self, name: BlobName) -> PathBuf {
        let text = name.to_string();
        self.complete.join(&text[..2]).join(&text[2..])
    }

    fn upload_path(&self, name: BlobName) -> PathBuf {
        self.uploads.join(name.to_string())
    }

    fn is_complete(&self, blob: &Blob) -> Result<bool, BlobError> {
        Ok(self.path(blob.key.name()).try_exists()?)
    }

    /// One call at a time per upload. After a failure of the disk the next call looks at what is really there.
    fn with_progress<T>(
        &self,
        blob: &Blob,
        work: impl FnOnce(&mut Progress, &Path) -> Result<T, BlobError>,
    ) -> Result<T, BlobError> {
        let shared = {
            let mut all = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(blob.key.name()).or_default())
        };
        let mut slot = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.upload_path(blob.key.name());
        let mut progress = match slot.take() {
            Some(progress) => progress,
            None if path.try_exists()? => Progress::found(&FileDisk::create_or_open(&path)?, blob)?,
            None => Progress::none(),
        };
        let done = work(&mut progress, &path);
        let unsure = progress.unsure || matches!(done, Err(BlobError::Io(_)));
        *slot = (!unsure).then_some(progress);
        done
    }

    fn forget(&self, name: BlobName) {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// `uploads/abcd…` or `blobs/ab/cd…`; nothing for what is not ours.
fn name_of(path: &Path) -> Option<BlobName> {
    let file = path.file_name().and_then(OsStr::to_str)?;
    let folder = path.parent()?.file_name().and_then(OsStr::to_str)?;
    file.parse().or_else(|()| format!("{folder}{file}").parse()).ok()
}

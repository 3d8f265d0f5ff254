//! Looking whether a complete file is still what was uploaded, and which files there are. Changes nothing.

use std::{fs, io, os::unix::fs::FileExt, path::PathBuf};

use aws_lc_rs::digest;

use super::{
    Blob, BlobError, BlobName, Blobs,
    chunk::{ChunkCipher, Place},
    name_of,
};

/// What is wrong with a complete file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlobFault {
    /// Not there.
    #[error("its file is missing")]
    Missing,
    /// Cut off, or longer than it may be.
    #[error("its file has {found} bytes and should have {expected}")]
    Length {
        /// Bytes on the disk.
        found: u64,
        /// Bytes that there should be.
        expected: u64,
    },
    /// Something changed it.
    #[error("part {chunk} of its file does not authenticate")]
    Chunk {
        /// Which 64 KiB part, from 0.
        chunk: u64,
    },
    /// All parts authenticate, and still it is another content.
    #[error("its file holds another content than was uploaded")]
    Content,
}

impl Blobs {
    /// Reads a complete file and authenticates all of it; `took` is told of the bytes. Nothing if all is well.
    ///
    /// # Errors
    /// The disk fails, or `took` ends it.
    pub fn verify(
        &self,
        blob: &Blob,
        took: &mut dyn FnMut(u64) -> io::Result<()>,
    ) -> Result<Option<BlobFault>, BlobError> {
        let file = match fs::File::open(self.path(blob.key.name())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(BlobFault::Missing)),
            file => file?,
        };
        let (found, expected) = (file.metadata()?.len(), Place::sealed_len(blob));
        if found != expected {
            return Ok(Some(BlobFault::Length { found, expected }));
        }
        let (cipher, mut sealed) = (ChunkCipher::new(&blob.key)?, Vec::new());
        let (mut next, mut sum) = (0, digest::Context::new(&digest::SHA256));
        while let Some(place) = Place::of(blob, next) {
            sealed.resize(place.sealed_bytes(), 0);
            file.read_exact_at(&mut sealed, place.at())?;
            let Some(plain) = cipher.open(place, &mut sealed) else {
                return Ok(Some(BlobFault::Chunk { chunk: place.index }));
            };
            sum.update(plain);
            next += place.bytes as u64;
            took(place.sealed_bytes() as u64)?;
        }
        Ok((sum.finish().as_ref() != blob.sha256).then_some(BlobFault::Content))
    }

    /// The names of the complete files and of the uploads under way, each with its size. Files that are not ours are
    /// passed over.
    ///
    /// # Errors
    /// What the disk reports.
    pub fn names(&self) -> Result<Vec<(BlobName, u64)>, BlobError> {
        Ok(self.listed()?.into_iter().map(|(name, metadata)| (name, metadata.len())).collect())
    }

    pub(super) fn listed(&self) -> Result<Vec<(BlobName, fs::Metadata)>, BlobError> {
        let mut found = Vec::new();
        for folder in self.folders()? {
            for entry in entries(&folder)? {
                let Some(name) = name_of(&entry.path()) else { continue };
                match entry.metadata() {
                    Ok(metadata) => found.push((name, metadata)),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(found)
    }

    /// The folders that hold files: uploads, and one for each beginning of a name.
    fn folders(&self) -> Result<Vec<PathBuf>, BlobError> {
        let mut folders = vec![self.uploads.clone()];
        folders.extend(entries(&self.complete)?.iter().map(fs::DirEntry::path).filter(|path| path.is_dir()));
        Ok(folders)
    }
}

/// What a folder holds; a folder that is not there holds nothing.
fn entries(folder: &std::path::Path) -> io::Result<Vec<fs::DirEntry>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed?.collect(),
    }
}

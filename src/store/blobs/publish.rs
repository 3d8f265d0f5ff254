//! Making an upload a file, step by step: its bytes are durable before it has its name, and its name is before a row
//! says that it is complete. A failure of the power between any two steps leaves an upload that can be completed.

use std::{fs, io};

use super::{BlobError, BlobName, Blobs, sync_dir};

/// What happens to the disk, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The bytes are made durable.
    SyncFile,
    /// The file gets its name.
    Rename,
    /// The name is made durable.
    SyncFolders,
}

/// Which steps were done, and before which one the power fails.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Steps {
    pub done: Vec<Step>,
    pub fails_before: Option<Step>,
}

impl Blobs {
    /// The file is whole and durable before it has its name.
    pub(super) fn publish(&self, name: BlobName) -> Result<(), BlobError> {
        let (from, to) = (self.upload_path(name), self.path(name));
        fs::create_dir_all(to.parent().unwrap_or(&self.complete))?;
        self.step(Step::SyncFile, || fs::File::open(&from)?.sync_all())?;
        self.step(Step::Rename, || fs::rename(&from, &to))?;
        self.keep_name(name)
    }

    /// Makes the name durable. After a crash the file may have its name already, and nobody knows whether for good.
    pub(super) fn keep_name(&self, name: BlobName) -> Result<(), BlobError> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.complete);
        self.step(Step::SyncFolders, || [folder, &self.complete, &self.uploads].into_iter().try_for_each(sync_dir))?;
        self.forget(name);
        Ok(())
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, reason = "tests count the steps and end at one")]
    fn step(&self, _: Step, work: impl FnOnce() -> io::Result<()>) -> Result<(), BlobError> {
        Ok(work()?)
    }

    #[cfg(test)]
    fn step(&self, step: Step, work: impl FnOnce() -> io::Result<()>) -> Result<(), BlobError> {
        let mut steps = self.steps.lock().unwrap();
        if steps.fails_before == Some(step) {
            return Err(io::Error::other("the power failed").into());
        }
        steps.done.push(step);
        Ok(work()?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::path::Path;

    use aws_lc_rs::digest;

    use super::super::{Blob, BlobKey, CHUNK_BYTES};
    use super::*;

    fn uploaded(dir: &Path) -> (Blob, Vec<u8>) {
        let content = vec![3; 2 * CHUNK_BYTES + 10];
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest::digest(&digest::SHA256, &content).as_ref());
        let blob = Blob { key: BlobKey::generate().unwrap(), size_bytes: content.len() as u64, sha256 };
        Blobs::open(dir).unwrap().append(&blob, 0, content.as_slice()).unwrap();
        (blob, content)
    }

    fn whole(blobs: &Blobs, blob: &Blob, content: &[u8]) -> bool {
        let mut read = Vec::new();
        blobs.read(blob, 0, blob.size_bytes).is_ok_and(|mut file| file.read_to_end(&mut read).is_ok())
            && read == content
    }

    /// The row is written after `commit` alone (`app::file`), so these are all the places where a crash leaves
    /// something between an upload and a complete file.
    #[test]
    fn no_crash_leaves_a_completed_file_that_is_not_there() {
        for fails_before in [Step::SyncFile, Step::Rename, Step::SyncFolders] {
            for name_is_lost in [false, true] {
                let dir = tempfile::tempdir().unwrap();
                let (blob, content) = uploaded(dir.path());
                let blobs = Blobs::open(dir.path()).unwrap();
                blobs.steps.lock().unwrap().fails_before = Some(fails_before);
                assert!(blobs.commit(&blob).is_err(), "nobody writes a row now");

                // What was not synced may be gone, or not.
                let renamed = blobs.path(blob.key.name()).exists();
                assert_eq!(renamed, fails_before == Step::SyncFolders);
                if renamed && name_is_lost {
                    fs::rename(blobs.path(blob.key.name()), blobs.upload_path(blob.key.name())).unwrap();
                }
                let after = Blobs::open(dir.path()).unwrap();
                assert_eq!(after.received(&blob).unwrap(), blob.size_bytes);
                after.commit(&blob).unwrap();
                assert_eq!(after.steps.lock().unwrap().done.last(), Some(&Step::SyncFolders), "{fails_before:?}");
                assert!(whole(&after, &blob, &content), "{fails_before:?} {name_is_lost}");
            }
        }
    }

    #[test]
    fn bytes_are_durable_before_the_name_and_the_name_before_the_row() {
        let dir = tempfile::tempdir().unwrap();
        let (blob, _) = uploaded(dir.path());
        let blobs = Blobs::open(dir.path()).unwrap();
        blobs.commit(&blob).unwrap();
        assert_eq!(blobs.steps.lock().unwrap().done, [Step::SyncFile, Step::Rename, Step::SyncFolders]);
    }
}

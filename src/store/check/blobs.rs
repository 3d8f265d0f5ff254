//! Sealed files against the rows that name them: there, of the right size, every part authentic; and what no row names.

use std::collections::HashSet;
use std::ops::Bound;
use std::sync::Arc;

use super::{Mode, Part, Report, Watch, file, rows, stopped};
use crate::domain::file::File;
use crate::domain::id::FileId;
use crate::store::blobs::{Blob, BlobError, BlobKey, BlobName, Blobs};
use crate::store::block::Snapshot;
use crate::store::row::from_value;
use crate::store::{Key as _, ReadTx, Reads as _, Row as _, Store, StoreError};

/// A file that a row names.
struct Named {
    place: String,
    blob: Blob,
    /// Whether all of it must be there.
    complete: bool,
}

impl Named {
    fn of(file: &File) -> Self {
        let key = BlobKey::from_bytes(file.key);
        let blob = Blob { key, size_bytes: file.size_bytes, sha256: file.sha256 };
        Self { place: rows::place(File::TABLE, file.id.as_bytes()), blob, complete: file.committed_at.is_some() }
    }
}

/// Checks all of them.
pub(super) fn check(
    snapshot: &Snapshot,
    blobs: &Blobs,
    report: &mut Report,
    watch: &dyn Watch,
) -> Result<(), StoreError> {
    let Ok((_db, tx)) = file::read(snapshot) else { return Ok(()) };
    // A file that came since this state was taken has its row in a later one: what has none is no finding.
    let present = blobs.names()?;
    let Ok(named) = named(&tx) else { return Ok(()) };
    watch.part(Part::Blobs, named.iter().map(|named| named.blob.size_bytes).sum());
    for named in named.iter().filter(|named| named.complete) {
        if !look(named, blobs, report, watch)? {
            return Ok(());
        }
    }
    tell_orphans(&present, &named, report);
    Ok(())
}

/// Reads one file to its end; false if the watch ended it.
fn look(named: &Named, blobs: &Blobs, report: &mut Report, watch: &dyn Watch) -> Result<bool, StoreError> {
    let Named { place, blob, .. } = named;
    let mut took = |bytes| if watch.took(bytes) { Ok(()) } else { Err(stopped()) };
    match blobs.verify(blob, &mut took) {
        Ok(None) => {}
        Ok(Some(fault)) => report.find(Part::Blobs, place, format!("{fault} ({})", blob.key.name())),
        Err(_) if watch.is_stopped() => return Ok(false),
        Err(BlobError::Io(error)) => {
            report.find(Part::Blobs, place, format!("its file cannot be read ({}): {error}", blob.key.name()));
        }
        Err(error) => return Err(error.into()),
    }
    report.counts.files += 1;
    report.counts.file_bytes += blob.size_bytes;
    Ok(true)
}

/// Some files that were looked at, in the order of their rows.
#[derive(Clone, Debug)]
pub struct FilesChecked {
    /// What was found.
    pub report: Report,
    /// The last one; nothing when there are no more.
    pub after: Option<FileId>,
}

impl Store {
    /// Looks at complete files after this one, until about so many bytes were read. Nothing if the watch ended it.
    ///
    /// # Errors
    /// The store's trouble; what is wrong with the files is in the report.
    pub fn check_files(
        &self,
        after: Option<FileId>,
        bytes_max: u64,
        watch: &Arc<dyn Watch>,
    ) -> Result<Option<FilesChecked>, StoreError> {
        let mut report = Report::begin(Mode::Online);
        let mut after = after;
        while report.counts.file_bytes < bytes_max {
            let Some(file) = self.read(|tx| file_after(tx, after))? else {
                return Ok(Some(FilesChecked { report, after: None }));
            };
            after = Some(file.id);
            if file.committed_at.is_some() && !look(&Named::of(&file), &self.blobs, &mut report, &**watch)? {
                return Ok(None);
            }
        }
        Ok(Some(FilesChecked { report, after }))
    }
}

fn file_after(tx: &ReadTx, after: Option<FileId>) -> Result<Option<File>, StoreError> {
    let start = after.map(|id| id.to_bytes());
    let start = start.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let found = tx.raw_range(File::TABLE, (start, Bound::Unbounded), false, 1)?;
    Ok(found.first().map(|value| from_value(value)).transpose()?)
}

fn named(tx: &ReadTx) -> Result<Vec<Named>, StoreError> {
    let mut named = Vec::new();
    if !tx.tables()?.iter().any(|name| name == File::TABLE) {
        return Ok(named);
    }
    tx.each_raw(File::TABLE, |_, value| {
        // A row that cannot be read was told already.
        if let Ok(file) = from_value::<File>(value) {
            named.push(Named::of(&file));
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(named)
}

fn tell_orphans(present: &[(BlobName, u64)], named: &[Named], report: &mut Report) {
    let known: HashSet<BlobName> = named.iter().map(|named| named.blob.key.name()).collect();
    let orphans = || present.iter().filter(|(name, _)| !known.contains(name));
    let (count, bytes) = (orphans().count(), orphans().map(|(_, bytes)| bytes).sum::<u64>());
    if count > 0 {
        report.note(format!(
            "{count} files with {bytes} bytes belong to no row: an upload may be about to get its row, and what is older than a day is removed by itself while the server runs"
        ));
    }
}

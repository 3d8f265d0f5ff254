//! Sealed files against the rows that name them: there, of the right size, every part authentic; and what no row names.

use std::collections::HashSet;

use super::{Part, Report, Watch, file, rows, stopped};
use crate::domain::file::File;
use crate::store::blobs::{Blob, BlobError, BlobKey, BlobName, Blobs};
use crate::store::block::Snapshot;
use crate::store::row::from_value;
use crate::store::{ReadTx, Row as _, StoreError};

/// A file that a row names.
struct Named {
    place: String,
    blob: Blob,
    /// Whether all of it must be there.
    complete: bool,
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
    for Named { place, blob, .. } in named.iter().filter(|named| named.complete) {
        let mut took = |bytes| if watch.took(bytes) { Ok(()) } else { Err(stopped()) };
        match blobs.verify(blob, &mut took) {
            Ok(None) => {}
            Ok(Some(fault)) => report.find(Part::Blobs, place, format!("{fault} ({})", blob.key.name())),
            Err(_) if watch.is_stopped() => return Ok(()),
            Err(BlobError::Io(error)) => {
                report.find(Part::Blobs, place, format!("its file cannot be read ({}): {error}", blob.key.name()));
            }
            Err(error) => return Err(error.into()),
        }
        report.counts.files += 1;
        report.counts.file_bytes += blob.size_bytes;
    }
    tell_orphans(&present, &named, report);
    Ok(())
}

fn named(tx: &ReadTx) -> Result<Vec<Named>, StoreError> {
    let mut named = Vec::new();
    if !tx.tables()?.iter().any(|name| name == File::TABLE) {
        return Ok(named);
    }
    tx.each_raw(File::TABLE, |key, value| {
        // A row that cannot be read was told already.
        if let Ok(file) = from_value::<File>(value) {
            let key_of = BlobKey::from_bytes(file.key);
            let blob = Blob { key: key_of, size_bytes: file.size_bytes, sha256: file.sha256 };
            named.push(Named { place: rows::place(File::TABLE, key), blob, complete: file.committed_at.is_some() });
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

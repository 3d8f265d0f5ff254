//! The encrypted file: each sealed block, then redb's own checksums and structure.

use std::panic::{AssertUnwindSafe, catch_unwind};

use redb::{Database, ReadableDatabase as _};

use super::{Part, Report, Scope, Watch, file_bytes};
use crate::store::block::{BlockError, Snapshot, Walked};
use crate::store::{ReadTx, StoreError};

/// What a check's own database may keep in memory.
const CACHE_BYTES: usize = 16 << 20;

/// Checks blocks and structure.
pub(super) fn check(
    snapshot: &Snapshot,
    scope: Scope,
    report: &mut Report,
    watch: &dyn Watch,
) -> Result<(), StoreError> {
    let bytes = file_bytes(snapshot.file());
    watch.part(Part::Database, bytes);
    let sound = structure(snapshot, report)?;
    report.counts.database_bytes = bytes;
    if watch.is_stopped() || (scope == Scope::Database && sound) {
        return Ok(());
    }
    watch.part(Part::Blocks, bytes);
    let walked = snapshot.walk().map_err(BlockError::from)?;
    tell(&walked, snapshot, sound, report);
    Ok(())
}

/// redb's own check, on a copy of its state. Whether all was well.
fn structure(snapshot: &Snapshot, report: &mut Report) -> Result<bool, StoreError> {
    let checked = catch_unwind(AssertUnwindSafe(|| -> Result<bool, redb::Error> {
        let mut db = open(snapshot)?;
        Ok(db.check_integrity()?)
    }));
    let what = match checked {
        Ok(Ok(true)) => return Ok(true),
        Ok(Ok(false)) => "its parts do not fit together; an older state of a part may have been put back".to_owned(),
        Ok(Err(redb::Error::Io(error))) if !is_ours(&error) => return Err(BlockError::from(error).into()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it is damaged beyond reading".to_owned(),
    };
    report.find(Part::Database, crate::store::engine::FILE_NAME, what);
    Ok(false)
}

/// A damaged file, rather than a disk that fails or a check that was ended.
fn is_ours(error: &std::io::Error) -> bool {
    crate::store::block::Fault::is_in(error) || error.kind() == std::io::ErrorKind::UnexpectedEof
}

/// A block that redb did not ask for, in a state that it found sound, is free: what a crash left there is no damage.
fn tell(walked: &Walked, snapshot: &Snapshot, sound: bool, report: &mut Report) {
    report.counts.blocks = walked.written;
    for group in &walked.lost_groups {
        report.find(
            Part::Blocks,
            format!("group {group}"),
            "its tags do not authenticate: none of its blocks can be read",
        );
    }
    let mut free = 0;
    for block in &walked.unauthentic {
        if sound && !snapshot.is_used(*block) {
            free += 1;
        } else {
            report.find(Part::Blocks, format!("block {block}"), "it is not what was written there");
        }
    }
    if free > 0 {
        let blocks = if free == 1 { "block does".to_owned() } else { format!("{free} blocks do") };
        report.note(format!(
            "{blocks} not authenticate and hold nothing: they are free, and a stop without a clean end leaves such blocks"
        ));
    }
}

/// Opens redb on a state of the file; what it writes stays in memory.
pub(super) fn open(snapshot: &Snapshot) -> Result<Database, redb::Error> {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    Ok(builder.create_with_backend(snapshot.clone())?)
}

/// A transaction on a state of the file. A block that fails ends what a database can read, so each table has its own.
pub(super) fn read(snapshot: &Snapshot) -> Result<(Database, ReadTx), StoreError> {
    let opened = catch_unwind(AssertUnwindSafe(|| open(snapshot)));
    let db = opened.map_err(|_| BlockError::Damaged { what: "the database inside it" })?.map_err(BlockError::from)?;
    let tx = ReadTx::new(db.begin_read()?);
    Ok((db, tx))
}

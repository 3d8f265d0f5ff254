//! Making one backup while the server runs: one consistent state of the database, then the files it names.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::archive::{Archive, MANIFEST, add_tables};
use super::manifest::{AuditMark, FORMAT, Manifest};
use super::{BackupError, walk};
use crate::crypto::backup_key::BackupKey;
use crate::crypto::sealing::seal_writer;
use crate::crypto::sign::sha256;
use crate::crypto::{HybridIdentity, HybridRecipient};
use crate::domain::text::b64u;
use crate::store::audit::AuditHead;
use crate::store::{Reads as _, Store};

/// What is backed up, and as whom.
pub struct Source<'a> {
    /// The open store.
    pub store: &'a Store,
    /// Its data directory.
    pub data_dir: &'a Path,
    /// Signs the manifest.
    pub key: &'a BackupKey,
    /// The restore kit's recipient: only that kit opens the backup.
    pub recipient: HybridRecipient,
    /// The installation.
    pub install: String,
    /// Its timeline.
    pub timeline: u64,
    /// Hash of the previous backup's manifest.
    pub previous: Option<[u8; 32]>,
    /// The time of making.
    pub made_at: Timestamp,
}

/// A finished backup.
pub struct Made {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size.
    pub size_bytes: u64,
    /// What it holds.
    pub manifest: Manifest,
    /// SHA-256 of the signed manifest; the next backup names it.
    pub manifest_hash: [u8; 32],
    /// How many unfinished backups of earlier runs were removed first.
    pub cleared: usize,
    /// Opens this one backup for its test restore. In memory only; dropped with this value.
    pub(super) drill: HybridIdentity,
}

/// Writes a backup into `dir`, which must exist. An unfinished one never carries the final name, and nothing that is
/// there is overwritten; unfinished ones that nobody writes any more are removed first.
///
/// # Errors
/// Says what failed; the directory is left without a new backup.
pub fn make(source: &Source<'_>, dir: &Path) -> Result<Made, BackupError> {
    let name = format!("alcove-{}.age", source.made_at.strftime("%Y%m%dT%H%M%S%3fZ"));
    let (path, partial) = (dir.join(&name), dir.join(format!("{name}.partial")));
    let cleared = clear_unfinished(dir)?;
    let made = write_to(source, &partial).and_then(|Written { file, manifest, manifest_hash, drill }| {
        publish(&partial, &path, dir)?;
        let size_bytes = file.metadata().map_err(BackupError::io("cannot look at the backup"))?.len();
        Ok(Made { path, size_bytes, manifest, manifest_hash, cleared, drill })
    });
    if made.is_err() {
        // Best effort: a left-over `.partial` is never taken for a backup.
        let _ = fs::remove_file(&partial);
    }
    made
}

/// Whoever writes a backup holds a lock on it, which ends with them: one that can be locked was left by a crash.
fn clear_unfinished(dir: &Path) -> Result<usize, BackupError> {
    let clearing = || BackupError::io("cannot remove an unfinished backup");
    let mut cleared = 0;
    for entry in fs::read_dir(dir).map_err(clearing())? {
        let entry = entry.map_err(clearing())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = name.starts_with("alcove-") && name.ends_with(".age.partial");
        if !is_ours || !entry.file_type().map_err(clearing())?.is_file() {
            continue;
        }
        // Where locks are not known, nothing is removed.
        if File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            fs::remove_file(entry.path()).map_err(clearing())?;
            cleared += 1;
        }
    }
    Ok(cleared)
}

/// A backup that is whole and durable, and has no name yet.
struct Written {
    /// Locked as long as this is open.
    file: File,
    manifest: Manifest,
    manifest_hash: [u8; 32],
    drill: HybridIdentity,
}

fn write_to(source: &Source<'_>, partial: &Path) -> Result<Written, BackupError> {
    let writing = || BackupError::io(format!("cannot write {}", partial.display()));
    let file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(partial).map_err(writing())?;
    // Some file systems know no locks; there, an unfinished backup stays until somebody removes it.
    let _ = file.try_lock();
    let drill = HybridIdentity::generate().map_err(|_| BackupError::damaged("no drill key could be made"))?;
    let drill_recipient = drill.to_recipient().map_err(|_| BackupError::damaged("no drill key could be made"))?;
    let sealed = seal_writer(&[source.recipient.clone(), drill_recipient], BufWriter::new(file))?;
    let (sealed, manifest, manifest_hash) = fill(source, sealed)?;
    let buffered = sealed.finish().map_err(writing())?;
    let file = buffered.into_inner().map_err(|error| writing()(error.into_error()))?;
    file.sync_all().map_err(writing())?;
    Ok(Written { file, manifest, manifest_hash, drill })
}

fn fill<W: Write>(source: &Source<'_>, output: W) -> Result<(W, Manifest, [u8; 32]), BackupError> {
    let at_s = u64::try_from(source.made_at.as_second()).unwrap_or_default();
    let mut archive = Archive::begin(output, at_s)?;
    let (tables, audit) = source.store.read(|tx| {
        let head: AuditHead = tx.find(&())?.unwrap_or_default();
        Ok::<_, BackupError>((add_tables(&mut archive, tx)?, head))
    })?;
    // After the rows: a blob's file is complete before its row exists, so every blob that a row names is here.
    let files = walk::files(source.data_dir)?;
    let files = files.iter().map(|below| archive.add_file(source.data_dir, below)).collect::<Result<_, _>>()?;
    let manifest = Manifest {
        v: FORMAT,
        key: b64u(&source.key.public()),
        install: source.install.clone(),
        timeline: source.timeline,
        made_at: source.made_at.to_string(),
        alcove: env!("CARGO_PKG_VERSION").to_owned(),
        previous: source.previous.map(|hash| b64u(&hash)),
        audit: AuditMark { size: audit.size, root: b64u(&audit.root) },
        tables,
        files,
        excluded: vec!["unfinished uploads: their owners' devices continue them".into()],
    };
    let signed = manifest.sign(source.key)?;
    archive.add_bytes(MANIFEST, signed.as_bytes())?;
    Ok((archive.end()?, manifest, sha256(signed.as_bytes())))
}

/// Gives the finished file its name, unless something has that name already.
fn publish(partial: &Path, path: &Path, dir: &Path) -> Result<(), BackupError> {
    fs::hard_link(partial, path)
        .or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(error),
            // Some file systems on USB disks know no hard links.
            _ if !path.exists() => fs::rename(partial, path),
            _ => Err(error),
        })
        .map_err(BackupError::io(format!("cannot name the backup {}", path.display())))?;
    let _ = fs::remove_file(partial);
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(BackupError::io("cannot finish the backup"))
}

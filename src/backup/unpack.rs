//! Reading one backup from front to back: rows come out one by one, files are written on the way, and what passed is
//! compared with the signed manifest at the end.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::vec;

use aws_lc_rs::digest::{Context, SHA256};

use super::archive::{Hashed, MANIFEST, README, TABLES, finish};
use super::frames::{self, PART_BYTES};
use super::manifest::{FileMark, Manifest, TableMark};
use super::restore::create_private_dir;
use super::{BackupError, walk};
use crate::store::dump::RawRow;

/// A part is cut after the row that passes [`PART_BYTES`]; a row is far below this.
const PART_BYTES_MAX: u64 = 16 * PART_BYTES as u64;
const MANIFEST_BYTES_MAX: u64 = 256 << 20;

/// An iterator over the rows of a backup.
pub(super) struct Unpack<'a, R: Read> {
    entries: tar::Entries<'a, R>,
    into: PathBuf,
    /// So much may still come out: until its signature is checked at the end, a backup is not believed to hold more
    /// than itself.
    left: u64,
    rows: vec::IntoIter<RawRow>,
    tables: BTreeMap<String, (u64, Context)>,
    files: Vec<FileMark>,
    manifest: Option<String>,
}

impl<'a, R: Read> Unpack<'a, R> {
    /// Begins to read a backup of so many bytes; files go below `into`.
    pub(super) fn begin(archive: &'a mut tar::Archive<R>, into: &Path, size_bytes: u64) -> Result<Self, BackupError> {
        Ok(Self {
            // Raw: nothing that the format can blow up (sparse files, long names) is looked into.
            entries: archive.entries().map_err(unreadable)?.raw(true),
            into: into.to_owned(),
            left: size_bytes,
            rows: Vec::new().into_iter(),
            tables: BTreeMap::new(),
            files: Vec::new(),
            manifest: None,
        })
    }

    /// After the last row: whether exactly what the manifest lists has passed.
    pub(super) fn check(self, fingerprint: &str) -> Result<Manifest, BackupError> {
        let signed = self.manifest.ok_or_else(|| BackupError::damaged("its end is missing"))?;
        let manifest = Manifest::open(&signed, fingerprint)?;
        let passed = |(name, (rows, context))| TableMark { name, rows, sha256: finish(context) };
        let tables: Vec<TableMark> = self.tables.into_iter().map(passed).collect();
        let listed: Vec<&TableMark> = manifest.tables.iter().filter(|table| table.rows > 0).collect();
        if !tables.iter().eq(listed) {
            return Err(BackupError::damaged("its rows are not those that its manifest lists"));
        }
        if self.files != manifest.files {
            return Err(BackupError::damaged("its files are not those that its manifest lists"));
        }
        Ok(manifest)
    }

    /// Reads entries until one brings rows; `false` at the end.
    fn advance(&mut self) -> Result<bool, BackupError> {
        while let Some(entry) = self.entries.next() {
            let entry = entry.map_err(unreadable)?;
            if !entry.header().entry_type().is_file() {
                return Err(BackupError::damaged("it holds something that is not a plain file"));
            }
            let left = self.left.checked_sub(entry.size());
            self.left =
                left.ok_or_else(|| BackupError::damaged("it is cut off, or claims to hold more than its own size"))?;
            let path = entry.path().map_err(unreadable)?.into_owned();
            if self.manifest.is_some() {
                return Err(BackupError::damaged("something follows its manifest"));
            }
            match path.to_str() {
                Some(README) => {}
                Some(MANIFEST) => self.manifest = Some(read_text(entry)?),
                Some(text) if text.starts_with(TABLES) => {
                    self.take_part(text, entry)?;
                    return Ok(true);
                }
                _ => self.take_file(&path, entry)?,
            }
        }
        Ok(false)
    }

    fn take_part(&mut self, path: &str, entry: impl Read) -> Result<(), BackupError> {
        let name = match path.split('/').collect::<Vec<_>>()[..] {
            [_, name, _] if !name.is_empty() => name,
            _ => return Err(BackupError::damaged("a part of a table has no table")),
        };
        let mut part = Vec::new();
        entry.take(PART_BYTES_MAX + 1).read_to_end(&mut part).map_err(unreadable)?;
        if part.len() as u64 > PART_BYTES_MAX {
            return Err(BackupError::damaged("a part of a table is too large"));
        }
        let (count, context) = self.tables.entry(name.to_owned()).or_insert_with(|| (0, Context::new(&SHA256)));
        context.update(&part);
        let (mut rest, mut rows) = (part.as_slice(), Vec::new());
        while let Some((key, value)) = frames::pop(&mut rest)? {
            rows.push(RawRow { table: name.to_owned(), key: key.to_vec(), value: value.to_vec() });
        }
        *count += rows.len() as u64;
        self.rows = rows.into_iter();
        Ok(())
    }

    fn take_file(&mut self, path: &Path, entry: impl Read) -> Result<(), BackupError> {
        let below = walk::safe(path)?;
        let at = self.into.join(&below);
        let writing = || BackupError::io(format!("cannot write {}", at.display()));
        create_private_dir(at.parent().unwrap_or(&self.into)).map_err(writing())?;
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&at).map_err(writing())?;
        let mut hashed = Hashed { inner: entry, context: Context::new(&SHA256), read: 0 };
        io::copy(&mut hashed, &mut file).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => unreadable(error),
            _ => writing()(error),
        })?;
        file.sync_all().map_err(writing())?;
        let path = below.to_str().ok_or_else(|| BackupError::damaged("a file name is not text"))?.to_owned();
        self.files.push(FileMark { path, size: hashed.read, sha256: finish(hashed.context) });
        Ok(())
    }
}

impl<R: Read> Iterator for Unpack<'_, R> {
    type Item = Result<RawRow, BackupError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(Ok(row));
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

fn read_text(entry: impl Read) -> Result<String, BackupError> {
    let mut text = String::new();
    entry.take(MANIFEST_BYTES_MAX).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// The stream under the tar is authenticated: an error in it is damage, or the disk's.
fn unreadable(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
            BackupError::damaged("it is cut off or changed")
        }
        _ => BackupError::io("cannot read the backup")(error),
    }
}

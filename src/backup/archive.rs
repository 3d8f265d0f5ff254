//! Writing one backup: a tar inside an age file, each entry hashed as it goes in.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};

use super::BackupError;
use super::frames::{self, PART_BYTES};
use super::manifest::{FileMark, TableMark};
use crate::domain::text::b64u;
use crate::store::{ReadTx, StoreError};

/// Name of the last entry: the signed manifest.
pub(super) const MANIFEST: &str = "manifest.signed";
/// Name of the first entry: words for whoever opens it by hand.
pub(super) const README: &str = "README.txt";
/// Where the parts of tables are.
pub(super) const TABLES: &str = "tables";

const README_TEXT: &[u8] = b"This is a backup of an Alcove practice.\n\n\
To bring the practice back:\n  alcove restore --from THIS-FILE --kit KIT-FILE --data-dir NEW-DIRECTORY\n\n\
tables/    rows of the database; what coach and client share is sealed inside them\n\
blobs/     sealed files\ntls/       certificates\nmanifest.signed   what belongs in here, signed by the practice's backup key\n";

/// A backup being written to `W`.
pub(super) struct Archive<W: Write> {
    tar: tar::Builder<W>,
    at_s: u64,
}

impl<W: Write> Archive<W> {
    /// Begins it with its words. `at_s`, in Unix seconds, dates its entries.
    pub(super) fn begin(output: W, at_s: u64) -> Result<Self, BackupError> {
        let mut archive = Self { tar: tar::Builder::new(output), at_s };
        archive.add_bytes(README, README_TEXT)?;
        Ok(archive)
    }

    /// Adds a whole table in parts.
    pub(super) fn add_table(&mut self, tx: &ReadTx, name: &str) -> Result<TableMark, BackupError> {
        let (mut hash, mut rows, mut parts, mut part) = (Context::new(&SHA256), 0, 0_u32, Vec::new());
        let mut flush = |part: &mut Vec<u8>, archive: &mut Self| {
            hash.update(part);
            parts += 1;
            archive.add_bytes(&format!("{TABLES}/{name}/{parts:08}"), part)?;
            part.clear();
            Ok::<_, BackupError>(())
        };
        tx.each_raw(name, |key, value| {
            frames::push(&mut part, key, value)?;
            rows += 1;
            if part.len() >= PART_BYTES { flush(&mut part, self) } else { Ok(()) }
        })?;
        if !part.is_empty() {
            flush(&mut part, self)?;
        }
        Ok(TableMark { name: name.to_owned(), rows, sha256: finish(hash) })
    }

    /// Adds a file that lies at `below` in the data directory.
    pub(super) fn add_file(&mut self, data_dir: &Path, below: &Path) -> Result<FileMark, BackupError> {
        let reading = || BackupError::io(format!("cannot read {}", below.display()));
        let file = File::open(data_dir.join(below)).map_err(reading())?;
        let size = file.metadata().map_err(reading())?.len();
        let path = below.to_str().ok_or_else(|| BackupError::damaged("a file name is not text"))?.to_owned();
        let mut hashed = Hashed { inner: file.take(size), context: Context::new(&SHA256), read: 0 };
        let header = self.header(size);
        self.append(header, &path, &mut hashed)?;
        if hashed.read != size {
            return Err(BackupError::damaged(format!("{path} changed while it was copied")));
        }
        Ok(FileMark { path, size, sha256: finish(hashed.context) })
    }

    /// Adds a small file from memory.
    pub(super) fn add_bytes(&mut self, path: &str, bytes: &[u8]) -> Result<(), BackupError> {
        let header = self.header(bytes.len() as u64);
        self.append(header, path, bytes)
    }

    /// Ends the tar and gives the output back.
    pub(super) fn end(self) -> Result<W, BackupError> {
        self.tar.into_inner().map_err(BackupError::io("cannot write the backup"))
    }

    fn header(&self, size: u64) -> tar::Header {
        let mut header = tar::Header::new_gnu();
        header.set_size(size);
        header.set_mode(0o600);
        header.set_mtime(self.at_s);
        header
    }

    fn append(&mut self, mut header: tar::Header, path: &str, bytes: impl Read) -> Result<(), BackupError> {
        self.tar.append_data(&mut header, path, bytes).map_err(BackupError::io("cannot write the backup"))
    }
}

/// A reader that hashes what passes.
pub(super) struct Hashed<R> {
    pub(super) inner: R,
    pub(super) context: Context,
    pub(super) read: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.context.update(&into[..read]);
        self.read += read as u64;
        Ok(read)
    }
}

/// A finished hash, base64url.
pub(super) fn finish(context: Context) -> String {
    b64u(context.finish().as_ref())
}

/// Lists the tables of one state and adds each.
pub(super) fn add_tables<W: Write>(archive: &mut Archive<W>, tx: &ReadTx) -> Result<Vec<TableMark>, BackupError> {
    let names = tx.tables().map_err(|error: StoreError| BackupError::from(error))?;
    names.iter().map(|name| archive.add_table(tx, name)).collect()
}

//! The logical content of the database as one stream: what a backup carries and a restore reads. Written from one read
//! transaction, so it is one consistent state however long it takes and whatever is committed meanwhile. It is plain:
//! whoever stores it seals it first.
//!
//! ```text
//! "alcove-snapshot/1\n", then frames:
//!   1 | name length 2 | name                          a table begins
//!   2 | key length 4 | value length 4 | key | value   a row of it, in key order
//!   0 | tables 8 | rows 8 | SHA-256 of all before     the end
//! ```
//! Numbers are little-endian. Every table maps bytes to bytes.

use std::io::{self, Read, Write};

use aws_lc_rs::digest;
use redb::{ReadTransaction, ReadableTable, TableDefinition, TableHandle};

use super::{Engine, StoreError};

const TYPE_LINE: &[u8] = b"alcove-snapshot/1\n";
const END: u8 = 0;
const TABLE: u8 = 1;
const ROW: u8 = 2;
const KEY_BYTES_MAX: u32 = 64 << 10;
const VALUE_BYTES_MAX: u32 = 256 << 20;
/// How much is restored per commit, so that memory stays bounded.
const COMMIT_BYTES: usize = 8 << 20;

/// What was in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many tables.
    pub tables: u64,
    /// How many rows in all of them.
    pub rows: u64,
    /// SHA-256 of the stream up to its end frame's sum.
    pub sha256: [u8; 32],
}

/// Why a snapshot could not be written or restored.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Another kind of stream.
    #[error("This is not a snapshot of a practice. Choose another file.")]
    NotSnapshot,
    /// Malformed, or its sum differs.
    #[error("The snapshot is damaged or cut off. Use another copy, or an older backup.")]
    Damaged,
    /// Restoring never overwrites.
    #[error("There is something in this database already. Restore into an empty directory.")]
    NotEmpty,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Reading or writing the stream failed.
    #[error("The snapshot could not be read or written: {0}")]
    Io(#[source] io::Error),
}

impl From<io::Error> for SnapshotError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged,
            _ => Self::Io(error),
        }
    }
}

fn table(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}

/// Writes everything that this transaction sees.
///
/// # Errors
/// What the database or the stream reports.
pub fn write_snapshot(tx: &ReadTransaction, output: impl Write) -> Result<Summary, SnapshotError> {
    let mut out = Summing::new(output);
    out.write_all(TYPE_LINE)?;
    let (mut tables, mut rows) = (0, 0);
    for handle in tx.list_tables().map_err(StoreError::from)? {
        tables += 1;
        let name = handle.name();
        let length = u16::try_from(name.len()).map_err(io::Error::other)?;
        out.write_all(&[&[TABLE], length.to_le_bytes().as_slice(), name.as_bytes()].concat())?;
        let found = tx.open_table(table(name)).map_err(StoreError::from)?;
        for row in found.iter().map_err(StoreError::from)? {
            let (key, value) = row.map_err(StoreError::from)?;
            write_row(&mut out, key.value(), value.value())?;
            rows += 1;
        }
    }
    out.write_all(&[END])?;
    out.write_all(&u64::to_le_bytes(tables))?;
    out.write_all(&u64::to_le_bytes(rows))?;
    let sha256 = out.sum();
    out.inner.write_all(&sha256)?;
    out.inner.flush()?;
    Ok(Summary { tables, rows, sha256 })
}

fn write_row(out: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    let mut head = [ROW; 9];
    head[1..5].copy_from_slice(&u32::try_from(key.len()).map_err(io::Error::other)?.to_le_bytes());
    head[5..].copy_from_slice(&u32::try_from(value.len()).map_err(io::Error::other)?.to_le_bytes());
    out.write_all(&head)?;
    out.write_all(key)?;
    out.write_all(value)
}

/// Fills a database that was just made. After an error it must be thrown away.
///
/// # Errors
/// [`SnapshotError::NotEmpty`], a damaged stream, or what the database reports.
pub fn restore_snapshot(engine: &Engine, input: impl Read) -> Result<Summary, SnapshotError> {
    let tx = engine.begin_read().map_err(StoreError::from)?;
    if tx.list_tables().map_err(StoreError::from)?.next().is_some() {
        return Err(SnapshotError::NotEmpty);
    }
    let mut input = Summing::new(input);
    let mut type_line = [0; TYPE_LINE.len()];
    input.read_exact(&mut type_line)?;
    if type_line != TYPE_LINE {
        return Err(SnapshotError::NotSnapshot);
    }
    let (mut counted, mut name) = (Summary { tables: 0, rows: 0, sha256: [0; 32] }, None);
    loop {
        match restore_batch(engine, &mut input, &mut counted, &mut name)? {
            Some(end) if (end.tables, end.rows) == (counted.tables, counted.rows) => return Ok(end),
            Some(_) => return Err(SnapshotError::Damaged),
            None => {}
        }
    }
}

/// One commit's worth of frames. The summary at the end of the stream, nothing before.
fn restore_batch(
    engine: &Engine,
    input: &mut Summing<impl Read>,
    counted: &mut Summary,
    name: &mut Option<String>,
) -> Result<Option<Summary>, SnapshotError> {
    let tx = engine.begin_write().map_err(StoreError::from)?;
    let (mut bytes, mut end) = (0, None);
    while bytes < COMMIT_BYTES && end.is_none() {
        match byte(input)? {
            TABLE => {
                let length = u16::from_le_bytes(array(input)?);
                let text = String::from_utf8(sized(input, length.into())?).map_err(|_| SnapshotError::Damaged)?;
                if text.is_empty() {
                    return Err(SnapshotError::Damaged);
                }
                tx.open_table(table(&text)).map_err(StoreError::from)?;
                *name = Some(text);
                counted.tables += 1;
            }
            ROW => {
                let name = name.as_deref().ok_or(SnapshotError::Damaged)?;
                let mut rows = tx.open_table(table(name)).map_err(StoreError::from)?;
                bytes += restore_row(input, |key, value| Ok(rows.insert(key, value).map(drop)?))?;
                counted.rows += 1;
            }
            END => end = Some(read_end(input)?),
            _ => return Err(SnapshotError::Damaged),
        }
    }
    tx.commit().map_err(StoreError::from)?;
    Ok(end)
}

fn restore_row(
    input: &mut impl Read,
    mut insert: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<usize, SnapshotError> {
    let (key, value) = (u32::from_le_bytes(array(input)?), u32::from_le_bytes(array(input)?));
    if key > KEY_BYTES_MAX || value > VALUE_BYTES_MAX {
        return Err(SnapshotError::Damaged);
    }
    let (key, value) = (sized(input, key)?, sized(input, value)?);
    insert(&key, &value)?;
    Ok(key.len() + value.len())
}

fn read_end<R: Read>(input: &mut Summing<R>) -> Result<Summary, SnapshotError> {
    let (tables, rows) = (u64::from_le_bytes(array(input)?), u64::from_le_bytes(array(input)?));
    let sha256 = input.sum();
    let mut found = [0; 32];
    input.inner.read_exact(&mut found)?;
    if found == sha256 { Ok(Summary { tables, rows, sha256 }) } else { Err(SnapshotError::Damaged) }
}

fn byte(input: &mut impl Read) -> io::Result<u8> {
    array::<1>(input).map(|[byte]| byte)
}

fn array<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Grows with what really comes, so that a false length costs nothing.
fn sized(input: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if input.take(length.into()).read_to_end(&mut bytes)? < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// Passes bytes on and sums them.
struct Summing<T> {
    inner: T,
    sum: digest::Context,
}

impl<T> Summing<T> {
    fn new(inner: T) -> Self {
        Self { inner, sum: digest::Context::new(&digest::SHA256) }
    }

    fn sum(&self) -> [u8; 32] {
        let mut sum = [0; 32];
        sum.copy_from_slice(self.sum.clone().finish().as_ref());
        sum
    }
}

impl<T: Write> Write for Summing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Summing<T> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.sum.update(&out[..read]);
        Ok(read)
    }
}

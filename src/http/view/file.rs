//! Files, and the bytes of one on their way out.

use std::io::{self, Read as _};

use bytes::Bytes;
use futures_util::{Stream, stream};
use poem::Body;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Object};
use tokio::sync::mpsc;

use super::text::Text;
use crate::app::file::{FileMade, FileRead, FileSeen};
use crate::domain::file::{File, PART_BYTES};
use crate::domain::id::FileId;
use crate::domain::text::b64u;
use crate::store::blobs::BlobReader;

/// How much is read from the disk at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// How many chunks wait for a slow reader.
const CHUNKS_WAITING: usize = 4;

/// A file to be uploaded.
#[derive(Clone, Debug, Object)]
#[oai(rename = "FileMade")]
pub struct FileMadeView {
    /// Its id, made on the device.
    pub file: Text<FileId>,
    /// Its size as sealed, in bytes.
    pub size: u64,
    /// SHA-256 of the sealed bytes.
    pub sha256: Text<[u8; 32]>,
}

/// Where an upload stands.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Upload")]
pub struct UploadView {
    /// Its id.
    pub file: Text<FileId>,
    /// Bytes received; the next part begins there.
    pub received: u64,
    /// The size of a part.
    pub part_bytes: u64,
}

/// How many bytes have come.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Received")]
pub struct ReceivedView {
    /// Bytes received; the next part begins there.
    pub received: u64,
}

/// A complete file.
#[derive(Clone, Debug, Object)]
#[oai(rename = "FileCommitted")]
pub struct FileCommittedView {
    /// Its id.
    pub file: Text<FileId>,
    /// Its size as sealed, in bytes.
    pub size: u64,
    /// SHA-256 of the sealed bytes.
    pub sha256: Text<[u8; 32]>,
}

/// A file.
#[derive(Clone, Debug, Object)]
#[oai(rename = "File")]
pub struct FileView {
    /// Its id.
    pub file: Text<FileId>,
    /// Its size as sealed, in bytes.
    pub size: u64,
    /// Bytes received.
    pub received: u64,
    /// Whether it is complete.
    pub committed: bool,
}

/// Sealed bytes of a file.
#[derive(ApiResponse)]
pub enum ContentView {
    /// All of it.
    #[oai(status = 200)]
    All(
        Binary<Body>,
        #[oai(header = "Content-Length")] u64,
        #[oai(header = "Accept-Ranges")] String,
        #[oai(header = "ETag")] String,
    ),
    /// The range that was asked for.
    #[oai(status = 206)]
    Part(
        Binary<Body>,
        #[oai(header = "Content-Length")] u64,
        #[oai(header = "Content-Range")] String,
        #[oai(header = "ETag")] String,
    ),
}

impl From<FileMadeView> for FileMade {
    fn from(view: FileMadeView) -> Self {
        Self { file: view.file.0, size_bytes: view.size, sha256: view.sha256.0 }
    }
}

impl From<FileSeen> for UploadView {
    fn from(seen: FileSeen) -> Self {
        Self { file: Text(seen.file.id), received: seen.received, part_bytes: PART_BYTES }
    }
}

impl From<FileSeen> for FileView {
    fn from(seen: FileSeen) -> Self {
        let committed = seen.file.committed_at.is_some();
        Self { file: Text(seen.file.id), size: seen.file.size_bytes, received: seen.received, committed }
    }
}

impl From<File> for FileCommittedView {
    fn from(file: File) -> Self {
        Self { file: Text(file.id), size: file.size_bytes, sha256: Text(file.sha256) }
    }
}

impl From<FileRead> for ContentView {
    fn from(read: FileRead) -> Self {
        let FileRead { file, offset, length, bytes } = read;
        let (size, etag) = (file.size_bytes, format!("\"{}\"", b64u(&file.sha256)));
        let body = Binary(Body::from_bytes_stream(chunks(bytes)));
        if length == size {
            return Self::All(body, length, "bytes".to_owned(), etag);
        }
        let last = offset + length.saturating_sub(1);
        Self::Part(body, length, format!("bytes {offset}-{last}/{size}"), etag)
    }
}

/// Reads on a blocking thread, a few chunks ahead of whoever receives them. A failure ends the stream in an error, so
/// that the receiver sees a broken transfer and never a short file.
fn chunks(bytes: BlobReader) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (send, receive) = mpsc::channel(CHUNKS_WAITING);
    tokio::task::spawn_blocking(move || pump(bytes, &send));
    stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive)))
}

fn pump(mut bytes: BlobReader, send: &mpsc::Sender<io::Result<Bytes>>) {
    loop {
        let mut chunk = vec![0; CHUNK_BYTES];
        let next = match bytes.read(&mut chunk) {
            Ok(0) => return,
            Ok(count) => {
                chunk.truncate(count);
                Ok(Bytes::from(chunk))
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a sealed file could not be read");
                Err(error)
            }
        };
        let ends = next.is_err();
        // Nobody receives any more: the download was given up.
        if send.blocking_send(next).is_err() || ends {
            return;
        }
    }
}

//! Files, and the bytes of one on their way out.

use std::io::{self, Read};

use bytes::Bytes;
use futures_util::{Stream, stream};
use poem::Body;
use poem_openapi::payload::Binary;
use poem_openapi::{ApiResponse, Object};

use super::text::Text;
use crate::app::file::{FileMade, FileRead, FileSeen};
use crate::domain::file::{File, PART_BYTES};
use crate::domain::id::FileId;
use crate::domain::text::b64u;

/// How much is read from the disk at once.
const CHUNK_BYTES: usize = 64 * 1024;

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

/// Reads each chunk on a blocking thread when the receiver asks for it: a reader that takes nothing holds no thread, so
/// that many of them cannot keep everybody else from theirs. A failure ends the stream in an error, so that the receiver
/// sees a broken transfer and never a short file.
fn chunks(bytes: impl Read + Send + 'static) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold(Some(bytes), async |bytes| {
        let read = tokio::task::spawn_blocking(move || chunk(bytes?));
        // A panic was logged where it happened; the transfer breaks off.
        read.await.unwrap_or_else(|_| Some((Err(io::ErrorKind::Other.into()), None)))
    })
}

/// The next chunk and what is left to read; nothing at the end.
fn chunk<R: Read>(mut bytes: R) -> Option<(io::Result<Bytes>, Option<R>)> {
    let mut chunk = vec![0; CHUNK_BYTES];
    match bytes.read(&mut chunk) {
        Ok(0) => None,
        Ok(count) => {
            chunk.truncate(count);
            Some((Ok(Bytes::from(chunk)), Some(bytes)))
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a sealed file could not be read");
            Some((Err(error), None))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt as _;

    use super::*;

    #[test]
    fn readers_that_take_nothing_hold_no_thread() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().max_blocking_threads(2).build();
        let others_go_on = async {
            let mut stalled = Vec::new();
            for _ in 0..4 {
                let mut chunks = Box::pin(chunks(io::repeat(7)));
                assert_eq!(chunks.next().await.unwrap().unwrap().len(), CHUNK_BYTES);
                stalled.push(chunks);
            }
            tokio::task::spawn_blocking(|| ()).await.unwrap();
        };
        let patient = async { tokio::time::timeout(Duration::from_secs(5), others_go_on).await };
        runtime.unwrap().block_on(patient).expect("a thread is free");
    }

    #[test]
    fn a_failure_ends_the_stream() {
        struct Failing;
        impl Read for Failing {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::InvalidData.into())
            }
        }
        let (first, rest) = chunk(Failing).unwrap();
        assert!(first.is_err() && rest.is_none());
        assert!(chunk(io::empty()).is_none());
    }
}

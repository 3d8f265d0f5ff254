//! What can go wrong with a sealed file.

use std::io;

/// Why a file could not be uploaded, completed or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The part begins elsewhere.
    #[error("The upload stands at {received} bytes. Send the part that begins there.")]
    OffsetMoved {
        /// Where the next part begins.
        received: u64,
    },
    /// Another part of the same upload began meanwhile.
    #[error("This upload goes on elsewhere. Ask where it stands.")]
    Overtaken,
    /// More bytes than were announced.
    #[error("The file is longer than was announced. Begin the upload again.")]
    TooLong,
    /// Parts are missing.
    #[error("The upload is not complete: {received} bytes have come. Send the rest.")]
    Incomplete {
        /// Where the next part begins.
        received: u64,
    },
    /// All is there, but it is not what was announced.
    #[error("The file changed on its way: its hash differs. Begin the upload again.")]
    HashDiffers,
    /// Not there.
    #[error("This file is not on the server. Ask whoever shared it to upload it again, or restore a backup.")]
    Missing,
    /// Something changed it, or it is cut off.
    #[error("This file is damaged on the server. Restore it from a backup, or ask whoever shared it.")]
    Damaged,
    /// Reading beyond its end.
    #[error("The file is {size_bytes} bytes long. Ask for a part within that.")]
    RangeOutside {
        /// Its size.
        size_bytes: u64,
    },
    /// No room left.
    #[error("The disk is full: free some space and go on with the upload. What was acknowledged is kept.")]
    DiskFull,
    /// The machine's random source or cipher failed.
    #[error("This machine's cryptography failed. Restart the machine, and tell us if it repeats.")]
    Crypto,
    /// What sends the part failed.
    #[error("The part broke off: {0}. Go on where the upload stands.")]
    BrokeOff(#[source] io::Error),
    /// The disk failed.
    #[error("The disk reported an error: {0}. Check the disk, then try again.")]
    Io(#[source] io::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<aws_lc_rs::error::Unspecified> for BlobError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Crypto
    }
}

impl From<getrandom::Error> for BlobError {
    fn from(_: getrandom::Error) -> Self {
        Self::Crypto
    }
}

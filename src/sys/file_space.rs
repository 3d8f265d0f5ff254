//! Two calls about a file's space that the standard library lacks.
//!
//! After a failed fsync Linux keeps the lost pages in memory and calls them clean: a reader would take for durable what
//! the disk never held. Only `posix_fadvise` drops them. And only `fallocate` reserves space ahead.
#![allow(unsafe_code, reason = "both calls take a descriptor and numbers, no pointers, and have no safe wrapper here")]

use std::{fs::File, io, os::fd::AsRawFd};

/// Advises the system to drop the file's clean pages from memory. Failure is harmless and therefore not reported.
pub fn forget_cached(file: &File) {
    // SAFETY: the descriptor is open for the duration of the borrow, and the call touches no memory of ours.
    unsafe {
        libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED);
    }
}

/// Reserves space without changing the length, where the file system can; elsewhere it does nothing.
///
/// # Errors
/// `StorageFull` if there is none left.
pub fn reserve(file: &File, offset: u64, bytes: u64) -> io::Result<()> {
    let (Ok(offset), Ok(bytes)) = (libc::off_t::try_from(offset), libc::off_t::try_from(bytes)) else {
        return Err(io::ErrorKind::FileTooLarge.into());
    };
    // SAFETY: as above.
    if unsafe { libc::fallocate(file.as_raw_fd(), libc::FALLOC_FL_KEEP_SIZE, offset, bytes) } == 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => Err(error),
        _ => Ok(()),
    }
}

//! Forgetting cached pages of a file.
//!
//! After a failed fsync Linux keeps the lost pages in memory and calls them clean: a reader would take for durable what
//! the disk never held. Only `posix_fadvise` drops them, and the standard library has no call for it.
#![allow(unsafe_code, reason = "posix_fadvise has no safe wrapper here; it takes no pointers")]

use std::{fs::File, os::fd::AsRawFd};

/// Advises the system to drop the file's clean pages from memory. Failure is harmless and therefore not reported.
pub fn forget(file: &File) {
    // SAFETY: the descriptor is open for the duration of the borrow, and the call touches no memory of ours.
    unsafe {
        libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED);
    }
}

//! How this process takes memory from the system.

/// Takes small pages only, from here on. The allocator asks for huge ones, and each keeps 2 MiB resident for as long as
/// one small thing in it lives: an idle practice held twice the memory that it used. Without effect on systems that
/// know no huge pages. Call it before there are threads.
pub fn take_small_pages() {
    // SAFETY: the call reads no memory of ours and changes one flag of this process; without it pages are only larger.
    #[allow(unsafe_code, reason = "the system call has no safe face")]
    unsafe {
        libc::prctl(libc::PR_SET_THP_DISABLE, 1, 0, 0, 0);
    }
}

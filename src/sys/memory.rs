//! How this process takes memory from the system, and that nobody gets a copy of it when it dies.

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

/// No core is written when this process crashes: it would hold keys and what people do. A limit of 1 is less than any
/// core, and the one value that Linux heeds for a handler behind a pipe, too (`man 5 core`: "Piping core dumps to a
/// program"). Without effect where the system forbids to change the limit. Call it before there are threads.
pub fn leave_no_core() {
    let none = libc::rlimit { rlim_cur: 1, rlim_max: 1 };
    // SAFETY: the call reads the structure, which outlives it, and changes one limit of this process.
    #[allow(unsafe_code, reason = "the system call has no safe face")]
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
    }
}

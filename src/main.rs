//! The program: hands the command line to the library.
//!
//! The module `alcove::sys::resolver` is linked in with it; see there why.

use std::process::ExitCode;

/// Key stretching in several threads at once makes glibc's allocator keep gigabytes; this one gives them back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    alcove::cli::run()
}

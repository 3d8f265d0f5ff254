//! Random bytes from the kernel.

/// So many random bytes. Without a random source nothing is safe to go on with: the process stops.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    if getrandom::fill(&mut out).is_err() {
        tracing::error!("the system's random source failed; stopping");
        std::process::abort();
    }
    out
}

//! Backups that only the restore kit opens, that nobody can forge, and that are proven by restoring them.
//!
//! One backup is one age file holding one tar: every table in parts, every blob as it lies on disk, the
//! certificates, and at its end a signed manifest that says what belongs in it (`FORMAT.md` beside this file).
//! This module moves bytes; it decides nothing and opens no sealed record.

mod archive;
mod error;
mod frames;
mod make;
pub mod manifest;
mod prove;
mod restore;
mod unpack;
mod walk;

pub use error::BackupError;
pub use make::{Made, Source, make};
pub use prove::{Proof, clear_scratch, prove, scratch_in};
pub use restore::{Restored, Target, fingerprint_in, restore};

#[cfg(test)]
mod tests;

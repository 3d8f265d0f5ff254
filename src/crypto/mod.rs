//! Keys at rest, and age files to hybrid recipients. Nothing here opens a sealed record: the server cannot.

pub mod hybrid;
pub mod kit;
pub mod sealing;
mod stanza;

pub use hybrid::{HybridIdentity, HybridRecipient, KeyTextError};
pub use kit::{Kit, KitError};
pub use sealing::{OpenError, SealError, open_with, seal_to};

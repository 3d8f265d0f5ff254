//! Keys at rest, tokens, signatures, age files to hybrid recipients. Nothing here opens a sealed record, and no
//! function for it exists.

pub mod backup_key;
pub mod hybrid;
pub mod kit;
pub mod login;
pub mod passkey;
pub mod passphrase;
pub mod random;
pub mod recovery;
pub mod recovery_code;
pub mod roster;
pub mod sealing;
pub mod security_key;
pub mod sign;
mod stanza;
pub mod statement;
pub mod token;
pub mod totp;

pub use hybrid::{HybridIdentity, HybridRecipient, KeyTextError};
pub use kit::{Kit, KitError};
pub use passphrase::{Cost, Passphrase, PassphraseError};
pub use sealing::{OpenError, SealError, open_with, seal_to};

//! `alcove seal`: how the data is sealed, and opening, locking and changing that.

mod migrate;
mod status;
mod turn;

use clap::Subcommand;

use super::{error::CommandError, output::Output};
use crate::config::Places;

pub use migrate::migrate_open;
pub use status::{describe, status_of_open};

/// What to do with the seal.
#[derive(Subcommand)]
pub enum Verb {
    /// Show how the data is sealed: the ways to unlock it, since when, and where the key file lies.
    Status,
    /// Open a sealed server with its passphrase, its restore kit or its key file.
    Unseal,
    /// Seal a running server: its keys leave memory, and it waits to be unsealed.
    Lock,
    /// Change how the data is unlocked. The new way is proved before the old one is removed.
    Migrate(migrate::Options),
}

/// Runs `alcove seal …`.
pub fn run(places: &Places, verb: &Verb, output: Output) -> Result<(), CommandError> {
    match verb {
        Verb::Status => status::run(places, output),
        Verb::Unseal => turn::unseal(places, output),
        Verb::Lock => turn::lock(places, output),
        Verb::Migrate(options) => migrate::run(places, options, output),
    }
}

//! What a backup needs to know of the practice, and what the practice remembers of it.

use super::{App, Error, Refusal};
use crate::crypto::HybridRecipient;
use crate::domain::audit::Event;
use crate::domain::backup::LastBackup;
use crate::domain::id::InstallId;
use crate::domain::practice::{Installation, Practice};
use crate::policy::{Actor, Right};
use crate::store::Reads as _;

/// What a backup is made for and after.
#[derive(Clone, Debug)]
pub struct BackupFacts {
    /// The restore kit's recipient.
    pub recipient: HybridRecipient,
    /// The installation.
    pub install: InstallId,
    /// Its timeline.
    pub timeline: u64,
    /// Hash of the last backup's manifest.
    pub previous: Option<[u8; 32]>,
}

impl App {
    /// What a backup needs to know.
    ///
    /// # Errors
    /// `no-restore-kit` before set-up has made one; the asker may not; the store's trouble.
    pub fn backup_facts(&self, actor: &Actor) -> Result<BackupFacts, Error> {
        actor.may(Right::Operate)?;
        self.read(|tx| {
            let practice: Practice = tx.find(&())?.ok_or_else(no_kit)?;
            let installation: Installation = tx.find(&())?.ok_or_else(no_kit)?;
            Ok(BackupFacts {
                recipient: practice.restore_kit.parse().map_err(|_| no_kit())?,
                install: installation.install,
                timeline: installation.timeline,
                previous: tx.find::<LastBackup>(&())?.map(|last| last.manifest_hash),
            })
        })
    }

    /// Remembers a backup that was made and proven.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn note_backup(&self, actor: &Actor, made: &LastBackup) -> Result<(), Error> {
        let permit = actor.may(Right::Operate)?;
        self.write(|tx| {
            tx.put(made, &permit)?;
            let proven = if made.proven_at.is_some() { "yes" } else { "no" };
            let event = Event::new("backup.made").with("rows", made.rows).with("files", made.files);
            Ok(tx.audit(&permit, event.with("size_bytes", made.size_bytes).with("proven", proven))?)
        })
    }

    /// The last backup, for the owner's checklist.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn last_backup(&self, actor: &Actor) -> Result<Option<LastBackup>, Error> {
        actor.may(Right::SeeBackups)?;
        self.read(|tx| Ok(tx.find(&())?))
    }
}

fn no_kit() -> Error {
    Refusal::new(
        "no-restore-kit",
        "there is no restore kit yet: finish setting the practice up in the browser, then back it up",
    )
    .into()
}

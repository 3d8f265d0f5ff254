//! The practice's backup-signing key: made once, when the file is new.

use super::{App, Error};
use crate::crypto::backup_key::BackupKey;
use crate::domain::audit::Event;
use crate::policy::{Actor, ActorKind, Right};
use crate::store::Reads as _;
use crate::store::rows::backup_key::BackupKeyRow;

impl App {
    /// The backup-signing key, made at the first call.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn backup_key(&self) -> Result<BackupKey, Error> {
        if let Some(row) = self.read(|tx| Ok(tx.find::<BackupKeyRow>(&())?))? {
            return Ok(row.0);
        }
        self.write(|tx| {
            if let Some(row) = tx.find::<BackupKeyRow>(&())? {
                return Ok(row.0);
            }
            let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
            let row = BackupKeyRow(BackupKey::generate());
            tx.put(&row, &permit)?;
            tx.audit(&permit, Event::new("backup.key-made").with("fingerprint", row.0.fingerprint()))?;
            Ok(row.0)
        })
    }
}

//! How the practice's file is doing: what went wrong is logged, written into the audit log, and told to owners.

use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::{App, Error};
use crate::domain::audit::Event;
use crate::domain::backup::LastBackup;
use crate::domain::scrub::Scrub;
use crate::domain::trouble::FileTrouble;
use crate::policy::{Actor, ActorKind, Right};
use crate::store::{Health, Reads as _};

/// What an operator wants to know at a glance.
#[derive(Clone, Debug)]
pub struct Overview {
    /// When this process opened the practice.
    pub opened_at: Timestamp,
    /// The time now.
    pub now: Timestamp,
    /// The last backup.
    pub last_backup: Option<LastBackup>,
    /// The engine.
    pub health: Health,
    /// What happened to the file.
    pub trouble: FileTrouble,
    /// The background checks.
    pub scrub: Scrub,
    /// Whether the disk takes nothing new.
    pub disk_full: bool,
}

impl App {
    /// Raises the alarm after an opening that had to go back to the last whole state.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn note_recovered(&self) -> Result<(), Error> {
        tracing::error!(
            "a part of the practice's file did not authenticate, and it went back to its last whole state: after a power \
             failure that can happen; otherwise check the disk, and whether somebody changed the file"
        );
        self.note_trouble("store.recovered", |trouble, now| trouble.recovered_at = Some(now))
    }

    /// Raises the alarm when the file had to be opened anew since the last look.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn watch_file(&self) -> Result<(), Error> {
        let reopened = self.store.engine().health().reopened;
        if self.live.reopened_seen.load(Ordering::Acquire) >= reopened {
            return Ok(());
        }
        tracing::error!(reopened, "the practice's file failed and was opened anew: check the disk");
        self.note_trouble("store.reopened", |trouble, now| trouble.reopened_at = Some(now))?;
        self.live.reopened_seen.store(reopened, Ordering::Release);
        Ok(())
    }

    /// Has a file that failed opened anew, and says how many times in a row that did not work.
    #[must_use]
    pub fn try_file_again(&self) -> u64 {
        let engine = self.store.engine();
        let health = engine.health();
        if !health.broken && health.failed_reopenings == 0 {
            return 0;
        }
        engine.try_again();
        engine.health().failed_reopenings
    }

    /// Brings the file to rest if nobody writes, so that a start after a crash is quick.
    pub fn settle_file(&self) {
        if let Err(error) = self.store.settle() {
            tracing::warn!(%error, "the practice's file could not be brought to rest: a start after a crash takes longer");
        }
    }

    /// What an operator wants to know.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn overview(&self, actor: &Actor) -> Result<Overview, Error> {
        actor.may(Right::Operate)?;
        let health = self.store.engine().health();
        let (opened_at, now, disk_full) = (self.opened_at, self.clock.now(), !self.store.has_room_for(0));
        self.read(|tx| {
            let (last_backup, trouble) = (tx.find(&())?, tx.find(&())?.unwrap_or_default());
            let scrub = tx.find(&())?.unwrap_or_default();
            Ok(Overview { opened_at, now, last_backup, health, trouble, scrub, disk_full })
        })
    }

    /// What an owner should know of the file.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn file_trouble(&self, actor: &Actor) -> Result<FileTrouble, Error> {
        actor.may(Right::SeeBackups)?;
        let trouble: FileTrouble = self.read(|tx| Ok::<_, Error>(tx.find(&())?.unwrap_or_default()))?;
        Ok(trouble.shown(self.clock.now()))
    }

    fn note_trouble(&self, code: &'static str, note: impl FnOnce(&mut FileTrouble, Timestamp)) -> Result<(), Error> {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        self.write(|tx| {
            let mut trouble: FileTrouble = tx.find(&())?.unwrap_or_default();
            note(&mut trouble, tx.now());
            tx.put(&trouble, &permit)?;
            Ok(tx.audit(&permit, Event::new(code))?)
        })
    }
}

//! The background pass: what `alcove check` looks at, slowly, once a week, going on after a restart where it was. What
//! it finds is told: in the log, in the audit log, and to the owner.

mod slowly;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::changes::account_change;
use super::{App, Error};
use crate::domain::audit::Event;
use crate::domain::backup::LastBackup;
use crate::domain::change::ChangeKind;
use crate::domain::practice::Practice;
use crate::domain::scrub::{Pass, Scrub};
use crate::domain::trouble::FileTrouble;
use crate::policy::{Actor, ActorKind, Right};
use crate::store::Reads as _;
use crate::store::check::{FilesChecked, Report, Scope, Watch};

pub use slowly::Slowly;

/// After so many bytes of sealed files the position is kept.
const SLICE_BYTES: u64 = 256 << 20;

/// What the owner sees of how safe the practice's data is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    /// The last backup.
    pub backup: Option<LastBackup>,
    /// The background passes.
    pub scrub: Scrub,
    /// Whether the disk takes nothing new.
    pub disk_full: bool,
    /// What happened to the practice's file of late.
    pub trouble: FileTrouble,
}

impl App {
    /// What the owner sees of how safe the data is.
    ///
    /// # Errors
    /// The asker may not; the store's trouble.
    pub fn safety(&self, actor: &Actor) -> Result<Safety, Error> {
        let backup = self.last_backup(actor)?;
        let scrub = self.read(|tx| Ok(tx.find(&())?))?.unwrap_or_default();
        Ok(Safety { backup, scrub, disk_full: !self.store.has_room_for(0), trouble: self.file_trouble(actor)? })
    }

    /// Goes on with a pass, or begins one that is due. Ends when the pass does or the watch ends it. Blocks for long.
    ///
    /// # Errors
    /// The store's trouble; what it finds is none.
    pub fn scrub(&self, watch: &Arc<dyn Watch>) -> Result<(), Error> {
        let scrub: Scrub = self.read(|tx| Ok(tx.find(&())?))?.unwrap_or_default();
        if !scrub.is_due(self.clock.now()) {
            return Ok(());
        }
        let last = scrub.last;
        let mut pass = scrub.under_way.unwrap_or_else(|| Pass::begin(self.clock.now()));
        if !pass.database_done {
            let Some(report) = self.store.check(Scope::Database, watch)? else { return Ok(()) };
            (pass.database_done, pass.bytes, pass.rows) = (true, report.counts.database_bytes, report.counts.rows);
            self.go_on(last.as_ref(), &mut pass, &report)?;
        }
        while let Some(FilesChecked { report, after }) = self.store.check_files(pass.after, SLICE_BYTES, watch)? {
            pass.files += report.counts.files;
            pass.bytes += report.counts.file_bytes;
            match after {
                Some(_) => pass.after = after,
                None => pass.ended_at = Some(self.clock.now()),
            }
            self.go_on(last.as_ref(), &mut pass, &report)?;
            if pass.ended_at.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Keeps where the pass is, and tells what was found.
    fn go_on(&self, last: Option<&Pass>, pass: &mut Pass, report: &Report) -> Result<(), Error> {
        let words = |finding: &crate::store::check::Finding| {
            format!("{}: {}: {}", finding.part.word(), finding.place, finding.what)
        };
        pass.add_findings(report.found, report.findings.iter().map(words));
        if let Some(first) = report.findings.first() {
            tracing::error!(found = report.found, first = words(first), next = first.next, "the data is damaged");
        }
        let scrub = match pass.ended_at {
            Some(_) => Scrub { last: Some(pass.clone()), under_way: None },
            None => Scrub { last: last.cloned(), under_way: Some(pass.clone()) },
        };
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        self.write(|tx| {
            tx.put(&scrub, &permit)?;
            let code = if pass.ended_at.is_some() { "scrub.done" } else { "scrub.went-on" };
            let event = Event::new(code).with("bytes", pass.bytes).with("files", pass.files);
            tx.audit(&permit, event.with("found", pass.found))?;
            if report.found > 0 {
                tx.audit(&permit, Event::new("scrub.found").with("found", report.found))?;
                if let Some(practice) = tx.find::<Practice>(&())? {
                    account_change(tx, &permit, practice.owner, ChangeKind::Damage, &report.found)?;
                }
            }
            Ok(())
        })
    }
}

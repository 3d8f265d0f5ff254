//! Every row of every table: can it be read, does it lie under its own key, is what it names there.

use std::fmt::Write as _;

use super::links::{LINKS, Link};
use super::tables::{self, Table};
use super::{Part, Report, Watch, chains, file};
use crate::domain::practice::Installation;
use crate::store::block::Snapshot;
use crate::store::rows::restore::RestoreSigned;
use crate::store::{ReadTx, Reads as _, Row as _, StoreError, migrate};

/// How many missing references of one kind are told one by one.
const TOLD_PER_LINK_MAX: u64 = 5;

/// Checks all tables. What cannot be read at all is a finding, too.
pub(super) fn check(snapshot: &Snapshot, report: &mut Report, watch: &dyn Watch) -> Result<(), StoreError> {
    watch.part(Part::Rows, 0);
    let Some((names, restored)) = begin(snapshot, report) else { return Ok(()) };
    for name in &names {
        if watch.is_stopped() {
            return Ok(());
        }
        let Some(table) = tables::known(name) else {
            if name != migrate::META {
                report.find(Part::Rows, name, "this version knows no such table; a newer one may have made it");
            }
            continue;
        };
        let (_db, tx) = file::read(snapshot)?;
        report.counts.tables += 1;
        if let Err(error) = look_through(&tx, table, restored, report) {
            report.find(Part::Rows, name, format!("it cannot be read to its end: {error}"));
        }
    }
    let (_db, tx) = file::read(snapshot)?;
    chains::check(&tx, report, watch)
}

/// The tables, and whether this is a practice that was restored; nothing if not even that can be read.
fn begin(snapshot: &Snapshot, report: &mut Report) -> Option<(Vec<String>, bool)> {
    let looked = file::read(snapshot).and_then(|(_db, tx)| {
        report.format = migrate::format_of(&tx)?.unwrap_or_default();
        report.scrub = tx.find(&()).ok().flatten();
        let restored = tx.find::<Installation>(&()).ok().flatten().is_some_and(|found| found.restored.is_some());
        Ok((tx.tables()?, restored || tx.last::<RestoreSigned>(&()).is_ok_and(|signed| signed.is_some())))
    });
    match looked {
        Ok(looked) => Some(looked),
        Err(error) => {
            report.find(Part::Rows, "all tables", format!("none can be read: {error}"));
            None
        }
    }
}

fn look_through(tx: &ReadTx, table: &Table, restored: bool, report: &mut Report) -> Result<(), StoreError> {
    let links: Vec<&Link> = LINKS.iter().filter(|link| link.from == table.name).collect();
    let mut missing = vec![0; links.len()];
    let mut unreadable = 0;
    tx.each_raw(table.name, |key, value| {
        report.counts.rows += 1;
        if let Err(error) = (table.look)(key, value) {
            unreadable += 1;
            if unreadable <= TOLD_PER_LINK_MAX {
                report.find(Part::Rows, place(table.name, key), error.to_string());
            } else {
                report.found += 1;
            }
            return Ok(());
        }
        for (link, missing) in links.iter().zip(&mut missing) {
            let Ok(keys) = (link.keys)(value) else { continue };
            report.counts.references += keys.len() as u64;
            for to in keys {
                if tx.raw(link.to, &to)?.is_none() {
                    *missing += 1;
                    tell(link, *missing, restored, &place(table.name, key), report);
                }
            }
        }
        chains::look(tx, table.name, key, value, report)
    })?;
    for (link, missing) in links.iter().zip(missing).filter(|(_, missing)| *missing > 0) {
        report.note(format!("{} rows of {}: {} ({}) not there", missing, link.from, link.what, link.to));
    }
    Ok(())
}

fn tell(link: &Link, nth: u64, restored: bool, place: &str, report: &mut Report) {
    match (link.may_be_lost && restored, nth <= TOLD_PER_LINK_MAX) {
        (true, _) => {}
        (false, true) => report.find(Part::References, place, format!("{} ({}) is not there", link.what, link.to)),
        (false, false) => report.found += 1,
    }
}

/// A row's place in words: its table and the beginning of its key. Keys are ids and numbers, never content.
pub(super) fn place(table: &str, key: &[u8]) -> String {
    const SHOWN: usize = 24;
    let mut place = table.to_owned();
    for (n, byte) in key.iter().take(SHOWN).enumerate() {
        let gap = if n == 0 { " " } else { "" };
        // Writing into text does not fail.
        let _ = write!(place, "{gap}{byte:02x}");
    }
    if key.len() > SHOWN {
        place.push('…');
    }
    place
}

/// The name of the audit log's table, for whoever follows its chain.
pub(super) const AUDIT: &str = crate::store::audit::StoredEntry::TABLE;

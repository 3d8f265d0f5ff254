//! What hangs together across rows: the audit log and the directory as hash chains, the log
//! with its index, and each body with its change.

use super::{Part, Report, Watch, rows};
use crate::crypto::sign::sha256;
use crate::crypto::statement::{directory_head, leaf_hash};
use crate::domain::audit::{Entry, Mention};
use crate::domain::directory::{DirectoryHead, Leaf};
use crate::domain::person::Person;
use crate::domain::record::Change;
use crate::store::audit::{AuditHead, StoredEntry, chain};
use crate::store::row::from_value;
use crate::store::rows::record::RecordBody;
use crate::store::{Key as _, ReadTx, Reads as _, Row as _, StoreError, migrate};

/// Follows both chains.
pub(super) fn check(tx: &ReadTx, report: &mut Report, watch: &dyn Watch) -> Result<(), StoreError> {
    watch.part(Part::Chains, 0);
    let has = |table: &str| tx.tables().map(|names| names.iter().any(|name| name == table));
    let head: AuditHead = found(tx.find(&())).unwrap_or_default();
    let end = if has(rows::AUDIT)? { audit(tx, report)? } else { AuditHead::default() };
    report.counts.audit_entries = end.size;
    if end != head {
        let what = format!("its head names {} entries, the chain has {} and another end", head.size, end.size);
        report.find(Part::Chains, rows::AUDIT, what);
    }
    let head: DirectoryHead = found(tx.find(&())).unwrap_or_default();
    let end = if has(Leaf::TABLE)? { directory(tx)? } else { DirectoryHead::default() };
    if end != head {
        report.find(Part::Chains, Leaf::TABLE, "its head does not follow from its leaves");
    }
    Ok(())
}

/// A row that cannot be read was told already.
fn found<T>(found: Result<Option<T>, StoreError>) -> Option<T> {
    found.ok().flatten()
}

/// Where the chain really ends. The first entry that breaks it is told; the rest cannot be vouched for.
fn audit(tx: &ReadTx, report: &mut Report) -> Result<AuditHead, StoreError> {
    let (mut end, mut broken) = (AuditHead::default(), false);
    tx.each_raw(rows::AUDIT, |key, value| {
        let Ok(stored) = from_value::<StoredEntry>(value) else { return Ok(()) };
        let fits = stored.entry.n == end.size + 1 && stored.root == chain(&end.root, &stored.entry_bytes());
        indexed(tx, &stored.entry, report)?;
        if !fits && !broken {
            broken = true;
            let what = "the chain breaks here: an entry was changed, removed or put in";
            report.find(Part::Chains, rows::place(rows::AUDIT, key), what);
        }
        end = AuditHead { size: stored.entry.n, root: stored.root };
        Ok::<_, StoreError>(())
    })?;
    Ok(end)
}

/// Whether the index leads to this entry from everybody whom it concerns. An older format has no index.
fn indexed(tx: &ReadTx, entry: &Entry, report: &mut Report) -> Result<(), StoreError> {
    if report.format < migrate::INDEXED_FROM {
        return Ok(());
    }
    for mention in Mention::of(entry) {
        report.counts.references += 1;
        if tx.raw(Mention::TABLE, &mention.key().to_bytes())?.is_none() {
            let what = "the index of the log lacks it for somebody whom it concerns";
            report.find(Part::References, rows::place(rows::AUDIT, &entry.n.to_bytes()), what);
        }
    }
    Ok(())
}

fn directory(tx: &ReadTx) -> Result<DirectoryHead, StoreError> {
    let mut end = DirectoryHead::default();
    tx.each_raw(Leaf::TABLE, |_, value| {
        if let Ok(leaf) = from_value::<Leaf>(value) {
            end = DirectoryHead { size: leaf.n, head: directory_head(&end.head, &leaf.tag, &leaf.hash) };
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(end)
}

/// What one row must agree on with another.
pub(super) fn look(tx: &ReadTx, table: &str, key: &[u8], value: &[u8], report: &mut Report) -> Result<(), StoreError> {
    match table {
        RecordBody::TABLE => {
            let body: RecordBody = from_value(value)?;
            let Ok(Some(change)) = tx.find::<Change>(&(body.space, body.seq)) else { return Ok(()) };
            if sha256(&body.bytes) != change.hash || body.bytes.len() as u64 != change.size_bytes {
                report.find(Part::References, rows::place(table, key), "it is not the body that its change names");
            }
        }
        Person::TABLE => {
            let person: Person = from_value(value)?;
            let Ok(Some(leaf)) = tx.find::<Leaf>(&person.leaf) else { return Ok(()) };
            if leaf.hash != leaf_hash(&person.salt, &person.statement) {
                report.find(Part::References, rows::place(table, key), "the directory names other keys");
            }
        }
        Mention::TABLE => {
            let mention: Mention = from_value(value)?;
            let Ok(Some(stored)) = tx.find::<StoredEntry>(&mention.n) else { return Ok(()) };
            if !Mention::of(&stored.entry).any(|known| known == mention) {
                report.find(Part::References, rows::place(table, key), "its entry does not concern that person");
            }
        }
        _ => {}
    }
    Ok(())
}

//! The directory: appending leaves and handing them to every device.

use super::{App, Error};
use crate::crypto::statement::{directory_head, leaf_hash};
use crate::domain::directory::{DirectoryHead, Leaf};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads, WriteTx};

/// Leaves in one answer at most.
const PAGE: usize = 5_000;

/// Leaves from somewhere on, and where the chain ends.
#[derive(Clone, Debug)]
pub struct DirectoryPage {
    /// The leaves, in order.
    pub leaves: Vec<Leaf>,
    /// Where the whole chain ends.
    pub end: DirectoryHead,
}

impl App {
    /// The leaves from position `from` (counted from 1) on.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn directory(&self, actor: &Actor, from: u64) -> Result<DirectoryPage, Error> {
        actor.may(Right::OwnAccount)?;
        self.read(|tx| {
            let leaves = tx.scan_after(&(), &from.saturating_sub(1), PAGE)?;
            Ok(DirectoryPage { leaves, end: end(tx)? })
        })
    }
}

/// Where the chain ends.
///
/// # Errors
/// The store's trouble.
pub(super) fn end(tx: &impl Reads) -> Result<DirectoryHead, Error> {
    Ok(tx.find(&())?.unwrap_or_default())
}

/// Appends the leaf of a key statement.
///
/// # Errors
/// The store's trouble.
pub(super) fn append(
    tx: &mut WriteTx,
    permit: &Permit,
    tag: [u8; 16],
    salt: &[u8; 16],
    statement: &str,
) -> Result<Leaf, Error> {
    continue_by(tx, permit, tag, leaf_hash(salt, statement))
}

/// Appends a leaf.
///
/// # Errors
/// The store's trouble.
pub(super) fn continue_by(tx: &mut WriteTx, permit: &Permit, tag: [u8; 16], hash: [u8; 32]) -> Result<Leaf, Error> {
    let before = end(tx)?;
    let leaf = Leaf { n: before.size + 1, tag, hash };
    tx.put(&leaf, permit)?;
    let head = directory_head(&before.head, &leaf.tag, &leaf.hash);
    tx.put(&DirectoryHead { size: leaf.n, head }, permit)?;
    Ok(leaf)
}

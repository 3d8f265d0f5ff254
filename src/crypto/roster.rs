//! Roster entries as they travel: parsed from the signed JSON (`WIRE.md`, "Spaces and roster"), the signature checked
//! against the one key that may have made it, then given to the rules of `domain::roster`. Opens nothing.

mod payload;

use jiff::Timestamp;

use super::sign::{Statement, sha256};
use crate::domain::id::SpaceId;
use crate::domain::roster::{Entry, Genesis, Roster, RosterRefused};

/// The most bytes that one entry may have; a hybrid recipient alone is about 2,000 characters.
const ENTRY_BYTES_MAX: usize = 32 * 1024;

/// Begins a space by its genesis entry: parsed, signed by its creator, allowed.
///
/// # Errors
/// The rule that it breaks.
pub fn begin(text: &str) -> Result<Roster, RosterRefused> {
    let (statement, hash) = parts(text)?;
    let genesis: Genesis = payload::genesis(&statement.payload, SpaceId::from_bytes(hash))?;
    if !statement.is_by("roster", &genesis.creator.sign) {
        return Err(RosterRefused::BadSignature);
    }
    Roster::begin(genesis, hash)
}

/// Continues a roster by one entry: parsed, signed by whoever has to have signed it, allowed. A refused entry leaves
/// the roster as it was. `now` is `None` for entries that are offered again after a restore.
///
/// # Errors
/// The rule that it breaks.
pub fn append(roster: &mut Roster, text: &str, now: Option<Timestamp>) -> Result<Entry, RosterRefused> {
    let (statement, hash) = parts(text)?;
    let entry = payload::entry(&statement.payload, hash)?;
    let signer = roster.signer_of(&entry)?;
    if !statement.is_by(signer.kind, &signer.key) {
        return Err(RosterRefused::BadSignature);
    }
    roster.apply(&entry, now)?;
    Ok(entry)
}

/// The hash that the next entry has to name.
#[must_use]
pub fn hash_of(text: &str) -> [u8; 32] {
    sha256(text.as_bytes())
}

fn parts(text: &str) -> Result<(Statement, [u8; 32]), RosterRefused> {
    if text.len() > ENTRY_BYTES_MAX {
        return Err(RosterRefused::Malformed);
    }
    let statement = Statement::parse(text).ok_or(RosterRefused::Malformed)?;
    Ok((statement, hash_of(text)))
}

//! Beginning a space. Its genesis entry must be the creator's own, with the keys that the directory has for them.

use super::{Error, Refusal, grants};
use crate::app::changes::account_change as tell;
use crate::app::record::begin_counts;
use crate::crypto::roster;
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::id::{ClientId, PersonId, SpaceId};
use crate::domain::roster::RosterRefused;
use crate::domain::space::{Membership, RosterLine, Space, SpaceKind};
use crate::policy::Permit;
use crate::store::{Notice, Reads as _, WriteTx};

/// A space as its creator's device makes it.
#[derive(Clone, Debug)]
pub struct SpaceMade {
    /// The signed genesis entry.
    pub genesis: String,
    /// The first epoch's secret, sealed to the creator.
    pub grants: Vec<GrantMade>,
}

/// A grant as a device makes it.
#[derive(Clone, Debug)]
pub struct GrantMade {
    /// For whom.
    pub to: PersonId,
    /// The highest epoch inside.
    pub epoch: u64,
    /// The age file.
    pub body: Vec<u8>,
}

/// Who begins a space, with the keys that the directory has for them.
#[derive(Clone, Copy, Debug)]
pub struct Creator<'a> {
    /// Who.
    pub person: PersonId,
    /// Their signing key.
    pub sign: &'a [u8; 32],
    /// Their recipient.
    pub recipient: &'a str,
}

/// Begins a space of this kind, with its first grants and an audit entry.
pub(in crate::app) fn begin_space(
    tx: &mut WriteTx,
    permit: &Permit,
    made: &SpaceMade,
    creator: &Creator,
    kind: SpaceKind,
    client: Option<ClientId>,
) -> Result<SpaceId, Error> {
    let roster = roster::begin(&made.genesis)?;
    if roster.kind != kind {
        return Err(RosterRefused::Malformed.into());
    }
    let ours = roster.members.iter().all(|member| {
        member.person == creator.person && member.sign == *creator.sign && member.recipient == creator.recipient
    });
    if !ours {
        return Err(RosterRefused::KeysDiffer.into());
    }
    let space = roster.space;
    if tx.find::<Space>(&space)?.is_some() {
        return Err(Refusal::new("space-exists", "this space was already begun").into());
    }
    let row = Space { roster, client, begun_at: tx.now() };
    tx.put(&row, permit)?;
    tx.put(&RosterLine { space, n: 0, text: made.genesis.clone() }, permit)?;
    tx.put(&Membership { person: creator.person, space }, permit)?;
    begin_counts(tx, permit, space, row.roster.epoch())?;
    grants::take_grants(tx, permit, &row, &made.grants, creator.person)?;
    super::check_covered(&row, &made.grants, tx.now())?;
    tx.audit(permit, Event::new("space.begun").with("space", space).with("kind", kind.word()).about(creator.person))?;
    tell(tx, permit, creator.person, ChangeKind::Space, &space)?;
    tx.notify(Notice::Roster { space, size: 1 });
    Ok(space)
}

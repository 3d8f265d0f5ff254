//! Looking at spaces: one's own, their rosters and members.

use jiff::Timestamp;

use super::{Error, cursor_of, space_of};
use crate::app::App;
use crate::domain::id::{ClientId, PersonId, SpaceId};
use crate::domain::person::{Person, PersonState};
use crate::domain::roster::{RIGHT_ROSTER, Roster};
use crate::domain::space::{Membership, RosterLine, Space, SpaceKind};
use crate::policy::{Actor, Right};
use crate::store::Reads;

/// A space, as one of its members sees it in the list of theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpaceSeen {
    /// The space.
    pub space: SpaceId,
    /// What it is for.
    pub kind: SpaceKind,
    /// The client whom it is about.
    pub client: Option<ClientId>,
    /// Hash of the last roster entry.
    pub roster_head: [u8; 32],
    /// How many roster entries.
    pub roster_size: u64,
    /// The current epoch.
    pub epoch: u64,
    /// Sequence number of the last change.
    pub changes_head: u64,
    /// The person's role there.
    pub role: String,
    /// Members who may not come in; told to whoever keeps the space, whose devices take them out of it.
    pub away: Vec<MemberAway>,
}

/// A member whose account is suspended or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberAway {
    /// Who.
    pub person: PersonId,
    /// Since when and why.
    pub state: PersonState,
}

/// Roster entries from some place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterPage {
    /// The signed entries.
    pub entries: Vec<String>,
    /// Hash of the last entry of the whole chain.
    pub head: [u8; 32],
    /// How many entries the whole chain has.
    pub size: u64,
}

/// A member with what a device needs to check their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSeen {
    /// Who, with name, key statement, salt and leaf.
    pub person: Person,
    /// Their role in the space.
    pub role: String,
}

impl App {
    /// The roster's entries from `from` on.
    ///
    /// # Errors
    /// The actor is no member.
    pub fn roster(&self, actor: &Actor, space: SpaceId, from: u64) -> Result<RosterPage, Error> {
        let person = actor.may(Right::ReadSpaces)?.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        self.read(|tx| {
            let row = space_of(tx, space, person, now)?;
            Ok(page(&row, lines(tx, space, from)?))
        })
    }

    /// The members who have an account here, with their key statements.
    ///
    /// # Errors
    /// The actor is no member.
    pub fn members(&self, actor: &Actor, space: SpaceId) -> Result<Vec<MemberSeen>, Error> {
        let person = actor.may(Right::ReadSpaces)?.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        self.read(|tx| {
            let row = space_of(tx, space, person, now)?;
            let mut members = Vec::with_capacity(row.roster.members.len());
            for member in &row.roster.members {
                if let Some(person) = tx.find::<Person>(&member.person)? {
                    members.push(MemberSeen { person, role: member.role.clone() });
                }
            }
            Ok(members)
        })
    }
}

/// The spaces that a person belongs to at this instant.
pub(in crate::app) fn spaces_of(tx: &impl Reads, person: PersonId, now: Timestamp) -> Result<Vec<SpaceSeen>, Error> {
    let mut seen = Vec::new();
    for membership in tx.scan::<Membership>(&person)? {
        let Some(Space { roster, client, .. }) = tx.find(&membership.space)? else { continue };
        let Some(member) = roster.member_at(person, now) else { continue };
        let changes_head = cursor_of(tx, roster.space)?.changes;
        let away = if roster.allows(&member.role, RIGHT_ROSTER) { away_of(tx, &roster)? } else { Vec::new() };
        seen.push(SpaceSeen {
            space: roster.space,
            kind: roster.kind,
            client,
            roster_head: roster.head,
            roster_size: roster.size,
            epoch: roster.epoch(),
            changes_head,
            role: member.role.clone(),
            away,
        });
    }
    Ok(seen)
}

fn away_of(tx: &impl Reads, roster: &Roster) -> Result<Vec<MemberAway>, Error> {
    let mut away = Vec::new();
    for member in &roster.members {
        if let Some(person) = tx.find::<Person>(&member.person)?.filter(|person| !person.is_active()) {
            away.push(MemberAway { person: person.person, state: person.state });
        }
    }
    Ok(away)
}

/// The lines of a roster from `from` on.
pub(in crate::app) fn lines(tx: &impl Reads, space: SpaceId, from: u64) -> Result<Vec<RosterLine>, Error> {
    match from.checked_sub(1) {
        Some(after) => Ok(tx.scan_after(&space, &after, usize::MAX)?),
        None => Ok(tx.scan(&space)?),
    }
}

fn page(space: &Space, lines: Vec<RosterLine>) -> RosterPage {
    let entries = lines.into_iter().map(|line| line.text).collect();
    RosterPage { entries, head: space.roster.head, size: space.roster.size }
}

//! Spaces, rosters, grants and members.

use jiff::Timestamp;
use poem_openapi::Object;

use super::text::Text;
use crate::app::space::{GrantMade, InviteMade, MemberSeen, RosterAppended, RosterChange, RosterPage, SpaceMade};
use crate::domain::id::{ClientId, InviteId, PersonId};
use crate::domain::space::Grant;

/// A space as its creator's device makes it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SpaceMade")]
pub struct SpaceMadeView {
    /// The signed genesis entry.
    pub genesis: String,
    /// The first epoch's secret, sealed to the creator.
    pub grants: Vec<GrantMadeView>,
}

/// A grant as a device makes it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GrantMade")]
pub struct GrantMadeView {
    /// For whom.
    pub to: Text<PersonId>,
    /// The highest epoch inside.
    pub epoch: u64,
    /// The age file.
    pub body: Text<Vec<u8>>,
}

impl From<SpaceMadeView> for SpaceMade {
    fn from(view: SpaceMadeView) -> Self {
        Self { genesis: view.genesis, grants: view.grants.into_iter().map(Into::into).collect() }
    }
}

impl From<GrantMadeView> for GrantMade {
    fn from(view: GrantMadeView) -> Self {
        Self { to: view.to.0, epoch: view.epoch, body: view.body.0 }
    }
}

/// A change of a roster: all of it happens, or nothing.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RosterAppend")]
pub struct RosterAppendView {
    /// The head that the entries build on.
    pub head: Text<[u8; 32]>,
    /// The signed entries.
    pub entries: Vec<String>,
    /// Grants that belong to them.
    #[oai(default)]
    pub grants: Vec<GrantMadeView>,
    /// What the server keeps for the invite among the entries.
    pub invite: Option<InviteMadeView>,
}

/// The server's part of a new invite.
#[derive(Clone, Debug, Object)]
#[oai(rename = "InviteMade")]
pub struct InviteMadeView {
    /// Its id.
    pub invite: Text<InviteId>,
    /// For whom.
    pub client: Text<ClientId>,
    /// The pending grant, an age file.
    pub pending_grant: Text<Vec<u8>>,
    /// Until when.
    pub expires_at: Text<Timestamp>,
}

/// Where a roster ends.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RosterHead")]
pub struct RosterHeadView {
    /// Hash of its last entry.
    pub head: Text<[u8; 32]>,
    /// How many entries it has.
    pub size: u64,
}

/// Entries of a roster.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Roster")]
pub struct RosterView {
    /// The signed entries, in order.
    pub entries: Vec<String>,
    /// Hash of the last entry of the whole chain.
    pub head: Text<[u8; 32]>,
    /// How many entries the whole chain has.
    pub size: u64,
}

/// One's grants in a space.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Grants")]
pub struct GrantsView {
    /// Oldest first.
    pub grants: Vec<GrantView>,
}

/// A grant to oneself.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Grant")]
pub struct GrantView {
    /// The highest epoch inside.
    pub epoch: u64,
    /// The age file.
    pub body: Text<Vec<u8>>,
    /// When it came.
    pub at: Text<Timestamp>,
}

/// Grants for other members.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GrantsMade")]
pub struct GrantsMadeView {
    /// The grants.
    pub grants: Vec<GrantMadeView>,
}

/// The members of a space.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Members")]
pub struct MembersView {
    /// In the order of joining.
    pub members: Vec<MemberView>,
}

/// A member with what a device needs to check their keys against the directory.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Member")]
pub struct MemberView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// `active`, `suspended` or `deleted`: whoever is not active should be removed, and the space given a new epoch.
    pub state: String,
    /// Their role in the space.
    pub role: String,
    /// Their key statement, signed.
    pub statement: String,
    /// Salt of their directory leaf.
    pub salt: Text<[u8; 16]>,
    /// Number of their directory leaf.
    pub leaf: u64,
}

impl From<RosterAppendView> for RosterChange {
    fn from(view: RosterAppendView) -> Self {
        Self {
            head: view.head.0,
            entries: view.entries,
            grants: view.grants.into_iter().map(Into::into).collect(),
            invite: view.invite.map(Into::into),
        }
    }
}

impl From<InviteMadeView> for InviteMade {
    fn from(view: InviteMadeView) -> Self {
        let (pending_grant, expires_at) = (view.pending_grant.0, view.expires_at.0);
        Self { invite: view.invite.0, client: view.client.0, pending_grant, expires_at }
    }
}

impl From<RosterAppended> for RosterHeadView {
    fn from(done: RosterAppended) -> Self {
        Self { head: Text(done.head), size: done.size }
    }
}

impl From<RosterPage> for RosterView {
    fn from(page: RosterPage) -> Self {
        Self { entries: page.entries, head: Text(page.head), size: page.size }
    }
}

impl From<Vec<Grant>> for GrantsView {
    fn from(grants: Vec<Grant>) -> Self {
        let view = |grant: Grant| GrantView { epoch: grant.epoch, body: Text(grant.body), at: Text(grant.at) };
        Self { grants: grants.into_iter().map(view).collect() }
    }
}

impl From<Vec<MemberSeen>> for MembersView {
    fn from(members: Vec<MemberSeen>) -> Self {
        Self { members: members.into_iter().map(Into::into).collect() }
    }
}

impl From<MemberSeen> for MemberView {
    fn from(MemberSeen { person, role }: MemberSeen) -> Self {
        let (salt, leaf) = (Text(person.salt), person.leaf);
        let state = person.state.word().to_owned();
        Self { person: Text(person.person), name: person.name, state, role, statement: person.statement, salt, leaf }
    }
}

//! Spaces with their rosters, counters, memberships, grants and roster lines.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::from_ms;
use crate::domain::id::{ClientId, InviteId, PersonId, SpaceId};
use crate::domain::roster::{How, Invite, InviteState, Member, Roster};
use crate::domain::space::{Grant, Membership, RosterLine, Space, SpaceCursor};
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct SpaceRow<M> {
    space: [u8; 32],
    kind: String,
    rights: BTreeMap<String, Vec<String>>,
    size: u64,
    head: [u8; 32],
    members: Vec<M>,
    commits: Vec<[u8; 32]>,
    invites: Vec<InviteV1>,
    rotation_pending: bool,
    closed: bool,
    client: Option<[u8; 16]>,
    begun_at_ms: i64,
}

#[derive(Serialize, Deserialize)]
struct MemberV1 {
    person: [u8; 16],
    role: String,
    sign: [u8; 32],
    recipient: String,
    key_hash: [u8; 32],
    how: Option<String>,
}

/// Since version 2 a member's place may have an end.
#[derive(Serialize, Deserialize)]
struct MemberV2 {
    member: MemberV1,
    until_ms: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct InviteV1 {
    invite: [u8; 16],
    key: [u8; 32],
    role: String,
    expires_at_ms: i64,
    coach: [u8; 32],
    state: InviteStateV1,
}

#[derive(Serialize, Deserialize)]
pub(super) enum InviteStateV1 {
    Open,
    Spent,
    Revoked,
}

impl From<InviteState> for InviteStateV1 {
    fn from(state: InviteState) -> Self {
        match state {
            InviteState::Open => Self::Open,
            InviteState::Spent => Self::Spent,
            InviteState::Revoked => Self::Revoked,
        }
    }
}

impl From<InviteStateV1> for InviteState {
    fn from(row: InviteStateV1) -> Self {
        match row {
            InviteStateV1::Open => Self::Open,
            InviteStateV1::Spent => Self::Spent,
            InviteStateV1::Revoked => Self::Revoked,
        }
    }
}

const SPACES: &str = "spaces";

impl Row for Space {
    const TABLE: &'static str = SPACES;
    const VERSION: u8 = 2;
    type Key = SpaceId;

    fn key(&self) -> SpaceId {
        self.roster.space
    }

    /// An epoch that is owed is no state to keep: requests that end in one are refused.
    fn encode(&self) -> Vec<u8> {
        let roster = &self.roster;
        encode_body(&SpaceRow {
            space: *roster.space.as_bytes(),
            kind: roster.kind.word().to_owned(),
            rights: roster.rights.clone(),
            size: roster.size,
            head: roster.head,
            members: roster.members.iter().map(member_row).collect(),
            commits: roster.commits.clone(),
            invites: roster.invites.iter().map(invite_row).collect(),
            rotation_pending: roster.rotation_pending,
            closed: roster.closed,
            client: self.client.map(|id| *id.as_bytes()),
            begun_at_ms: self.begun_at.as_millisecond(),
        })
    }

    fn decode(version: u8, body: &[u8]) -> Result<Self, RowError> {
        if version < 2 {
            let row: SpaceRow<MemberV1> = decode_body(SPACES, body)?;
            return space(row, |member| MemberV2 { member, until_ms: None });
        }
        space(decode_body(SPACES, body)?, |member: MemberV2| member)
    }
}

fn space<M>(row: SpaceRow<M>, current: impl Fn(M) -> MemberV2) -> Result<Space, RowError> {
    let roster = Roster {
        space: SpaceId::from_bytes(row.space),
        kind: row.kind.parse().map_err(|()| RowError::Damaged { table: SPACES })?,
        rights: row.rights,
        size: row.size,
        head: row.head,
        members: row.members.into_iter().map(|row| member(current(row))).collect::<Result<_, _>>()?,
        commits: row.commits,
        invites: row.invites.into_iter().map(invite).collect::<Result<_, _>>()?,
        owes_epoch: None,
        rotation_pending: row.rotation_pending,
        closed: row.closed,
    };
    Ok(Space { roster, client: row.client.map(ClientId::from_bytes), begun_at: from_ms(SPACES, row.begun_at_ms)? })
}

fn member_row(member: &Member) -> MemberV2 {
    let until_ms = member.until.map(jiff::Timestamp::as_millisecond);
    let member = MemberV1 {
        person: *member.person.as_bytes(),
        role: member.role.clone(),
        sign: member.sign,
        recipient: member.recipient.clone(),
        key_hash: member.key_hash,
        how: member.how.map(|how| how.word().to_owned()),
    };
    MemberV2 { member, until_ms }
}

fn member(MemberV2 { member: row, until_ms }: MemberV2) -> Result<Member, RowError> {
    let until = until_ms.map(|ms| from_ms(SPACES, ms)).transpose()?;
    let how =
        row.how.as_deref().map(|word| How::of_word(word).ok_or(RowError::Damaged { table: SPACES })).transpose()?;
    let person = PersonId::from_bytes(row.person);
    let MemberV1 { role, sign, recipient, key_hash, .. } = row;
    Ok(Member { person, role, sign, recipient, key_hash, how, until })
}

fn invite_row(invite: &Invite) -> InviteV1 {
    InviteV1 {
        invite: *invite.invite.as_bytes(),
        key: invite.key,
        role: invite.role.clone(),
        expires_at_ms: invite.expires_at.as_millisecond(),
        coach: invite.coach,
        state: invite.state.into(),
    }
}

fn invite(row: InviteV1) -> Result<Invite, RowError> {
    Ok(Invite {
        invite: InviteId::from_bytes(row.invite),
        key: row.key,
        role: row.role,
        expires_at: from_ms(SPACES, row.expires_at_ms)?,
        coach: row.coach,
        state: row.state.into(),
    })
}

impl Row for SpaceCursor {
    const TABLE: &'static str = "space_cursors";
    const VERSION: u8 = 1;
    type Key = SpaceId;

    fn key(&self) -> SpaceId {
        self.space
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.space.as_bytes(), self.changes, self.grants))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (space, changes, grants) = decode_body(Self::TABLE, body)?;
        Ok(Self { space: SpaceId::from_bytes(space), changes, grants })
    }
}

impl Row for Membership {
    const TABLE: &'static str = "memberships";
    const VERSION: u8 = 1;
    type Key = (PersonId, SpaceId);

    fn key(&self) -> Self::Key {
        (self.person, self.space)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), self.space.as_bytes()))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, space) = decode_body(Self::TABLE, body)?;
        Ok(Self { person: PersonId::from_bytes(person), space: SpaceId::from_bytes(space) })
    }
}

#[derive(Serialize, Deserialize)]
struct GrantV1 {
    space: [u8; 32],
    to: [u8; 16],
    n: u64,
    epoch: u64,
    by: [u8; 16],
    at_ms: i64,
    body: Vec<u8>,
}

impl Row for Grant {
    const TABLE: &'static str = "grants";
    const VERSION: u8 = 1;
    type Key = (SpaceId, PersonId, u64);

    fn key(&self) -> Self::Key {
        (self.space, self.to, self.n)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&GrantV1 {
            space: *self.space.as_bytes(),
            to: *self.to.as_bytes(),
            n: self.n,
            epoch: self.epoch,
            by: *self.by.as_bytes(),
            at_ms: self.at.as_millisecond(),
            body: self.body.clone(),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: GrantV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            space: SpaceId::from_bytes(row.space),
            to: PersonId::from_bytes(row.to),
            n: row.n,
            epoch: row.epoch,
            by: PersonId::from_bytes(row.by),
            at: from_ms(Self::TABLE, row.at_ms)?,
            body: row.body,
        })
    }
}

impl Row for RosterLine {
    const TABLE: &'static str = "roster_lines";
    const VERSION: u8 = 1;
    type Key = (SpaceId, u64);

    fn key(&self) -> Self::Key {
        (self.space, self.n)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.space.as_bytes(), self.n, &self.text))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (space, n, text) = decode_body(Self::TABLE, body)?;
        Ok(Self { space: SpaceId::from_bytes(space), n, text })
    }
}

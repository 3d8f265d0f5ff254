//! The rules: who may write which entry, and what it changes. A member whose role holds the right `roster` is a keeper.

use jiff::{SignedDuration, Timestamp};

use super::{
    Admission, Entry, EpochEntry, Genesis, How, INVITE_DAYS_MAX, Invite, InviteEntry, InviteState, MEMBERS_MAX, Member,
    Op, Owing, RIGHT_EPOCH, RIGHT_ROSTER, Roster, RosterRefused, Signer,
};
use crate::domain::id::{InviteId, PersonId};

/// How far a device's clock may run ahead of the server's before an invite counts as too long.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_hours(1);

impl Roster {
    /// The roster that a genesis entry begins. Its signature must be the creator's.
    ///
    /// # Errors
    /// The creator could not change the roster.
    pub fn begin(genesis: Genesis, head: [u8; 32]) -> Result<Self, RosterRefused> {
        let Genesis { space, kind, rights, creator, commit } = genesis;
        let keeps = rights.get(&creator.role).is_some_and(|held| held.iter().any(|right| right == RIGHT_ROSTER));
        if !keeps {
            return Err(RosterRefused::NotAllowed);
        }
        Ok(Self {
            space,
            kind,
            rights,
            size: 1,
            head,
            members: vec![member(creator, None)],
            commits: vec![commit],
            invites: Vec::new(),
            owes_epoch: None,
            rotation_pending: false,
            closed: false,
        })
    }

    /// Whose key has to have signed this entry.
    ///
    /// # Errors
    /// The entry is by no member, or joins by an invite that this chain does not have.
    pub fn signer_of(&self, entry: &Entry) -> Result<Signer, RosterRefused> {
        if let Op::Join { invite, .. } = &entry.op {
            let invite = self.invite(*invite).ok_or(RosterRefused::NoSuchInvite)?;
            return Ok(Signer { kind: "join", key: invite.key });
        }
        let member = self.member(entry.by).ok_or(RosterRefused::NotAMember)?;
        Ok(Signer { kind: "roster", key: member.sign })
    }

    /// Continues the chain with an entry whose signature was verified. A refused entry changes nothing. `now` is
    /// `None` for entries that were accepted before and are offered again: their own times count then.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn apply(&mut self, entry: &Entry, now: Option<Timestamp>) -> Result<(), RosterRefused> {
        self.check_place(entry)?;
        self.check_order(entry)?;
        self.check_end(entry, now)?;
        match &entry.op {
            Op::Epoch(epoch) => self.apply_epoch(entry.by, *epoch)?,
            Op::Remove(person) => self.apply_remove(entry.by, *person)?,
            Op::Invite(invite) => self.apply_invite(entry.by, invite, now.unwrap_or(entry.at))?,
            Op::Revoke(invite) => self.apply_revoke(entry.by, *invite)?,
            Op::Join { invite, admission, coach } => {
                self.check_join(*invite, coach, now.map_or(entry.at, |now| now.max(entry.at)))?;
                self.apply_join(entry.by, *invite, admission)?;
            }
            Op::Add { admission, how, until } => self.apply_add(entry.by, admission, *how, *until)?,
            Op::Role { person, role } => self.apply_role(entry.by, *person, role)?,
            Op::Close => {
                self.keeper(entry.by)?;
                self.closed = true;
            }
        }
        self.size += 1;
        self.head = entry.hash;
        Ok(())
    }

    /// Whether a request may end here: an epoch that a join or removal calls for belongs to the same request.
    ///
    /// # Errors
    /// The epoch is missing.
    pub const fn check_settled(&self) -> Result<(), RosterRefused> {
        if self.owes_epoch.is_some() { Err(RosterRefused::EpochMissing) } else { Ok(()) }
    }

    fn check_place(&self, entry: &Entry) -> Result<(), RosterRefused> {
        if entry.space != self.space {
            return Err(RosterRefused::WrongSpace);
        }
        if entry.n != self.size || entry.prev != self.head { Err(RosterRefused::WrongPlace) } else { Ok(()) }
    }

    /// Nothing follows a close; nothing comes between a join or removal and its epoch.
    fn check_order(&self, entry: &Entry) -> Result<(), RosterRefused> {
        if self.closed {
            return Err(RosterRefused::Closed);
        }
        let Some(owing) = self.owes_epoch else { return Ok(()) };
        let continues = match entry.op {
            Op::Epoch(_) => true,
            Op::Remove(person) => owing.removed && person != entry.by,
            _ => false,
        };
        if continues && entry.by == owing.person { Ok(()) } else { Err(RosterRefused::EpochMissing) }
    }

    /// Whose place has ended may still leave, and nothing else.
    fn check_end(&self, entry: &Entry, now: Option<Timestamp>) -> Result<(), RosterRefused> {
        let at = now.map_or(entry.at, |now| now.max(entry.at));
        let leaves = matches!(entry.op, Op::Remove(person) if person == entry.by);
        let ended = self.member(entry.by).is_some_and(|member| member.has_ended(at));
        if ended && !leaves { Err(RosterRefused::Ended) } else { Ok(()) }
    }

    /// An end for somebody who may change the roster could leave a space without anybody who may.
    fn check_end_fits(&self, role: &str, until: Option<Timestamp>) -> Result<(), RosterRefused> {
        if until.is_some() && self.allows(role, RIGHT_ROSTER) { Err(RosterRefused::EndUnfit) } else { Ok(()) }
    }

    fn keeper(&self, by: PersonId) -> Result<&Member, RosterRefused> {
        let member = self.member(by).ok_or(RosterRefused::NotAMember)?;
        if self.allows(&member.role, RIGHT_ROSTER) { Ok(member) } else { Err(RosterRefused::NotAllowed) }
    }

    /// Any other member may begin an epoch only when one is due: else they could close epochs to make what others
    /// write unreadable.
    fn apply_epoch(&mut self, by: PersonId, epoch: EpochEntry) -> Result<(), RosterRefused> {
        let role = &self.member(by).ok_or(RosterRefused::NotAMember)?.role;
        let due = self.rotation_pending || self.owes_epoch.is_some();
        if !self.allows(role, RIGHT_EPOCH) || !(due || self.allows(role, RIGHT_ROSTER)) {
            return Err(RosterRefused::NotAllowed);
        }
        let follows = epoch.n == self.epoch() + 1 && self.commits.last() == Some(&epoch.prev);
        if !follows || self.commits.contains(&epoch.commit) {
            return Err(RosterRefused::EpochUnfit);
        }
        self.commits.push(epoch.commit);
        self.owes_epoch = None;
        self.rotation_pending = false;
        Ok(())
    }

    fn apply_invite(&mut self, by: PersonId, invite: &InviteEntry, now: Timestamp) -> Result<(), RosterRefused> {
        let coach = self.keeper(by)?.key_hash;
        self.check_role(&invite.role)?;
        let longest = SignedDuration::from_hours(24 * INVITE_DAYS_MAX) + CLOCK_SLACK;
        let waits = invite.expires_at.duration_since(now);
        let known = self.invite(invite.invite).is_some();
        if known || waits > longest || invite.epoch != self.epoch() || invite.coach != coach {
            return Err(RosterRefused::InviteUnfit);
        }
        self.invites.push(Invite {
            invite: invite.invite,
            key: invite.key,
            role: invite.role.clone(),
            expires_at: invite.expires_at,
            coach: invite.coach,
            state: InviteState::Open,
        });
        Ok(())
    }

    fn apply_revoke(&mut self, by: PersonId, invite: InviteId) -> Result<(), RosterRefused> {
        self.keeper(by)?;
        let invite = self.invite_mut(invite)?;
        if invite.state == InviteState::Spent {
            return Err(RosterRefused::InviteSpent);
        }
        invite.state = InviteState::Revoked;
        Ok(())
    }

    fn check_join(&self, invite: InviteId, coach: &[u8; 32], at: Timestamp) -> Result<(), RosterRefused> {
        let offered = self.invite(invite).ok_or(RosterRefused::NoSuchInvite)?;
        match offered.state {
            InviteState::Spent => Err(RosterRefused::InviteSpent),
            InviteState::Revoked => Err(RosterRefused::InviteRevoked),
            InviteState::Open if at > offered.expires_at => Err(RosterRefused::InviteExpired),
            InviteState::Open if offered.coach != *coach => Err(RosterRefused::JoinUnfit),
            InviteState::Open => Ok(()),
        }
    }

    fn apply_join(&mut self, by: PersonId, invite: InviteId, admission: &Admission) -> Result<(), RosterRefused> {
        if by != admission.person || self.invite_mut(invite)?.role != admission.role {
            return Err(RosterRefused::JoinUnfit);
        }
        if self.member(by).is_some() {
            return Err(RosterRefused::AlreadyMember);
        }
        self.admit(admission, None, None)?;
        self.invite_mut(invite)?.state = InviteState::Spent;
        self.owes_epoch = Some(Owing { person: by, removed: false });
        Ok(())
    }

    fn apply_add(
        &mut self,
        by: PersonId,
        admission: &Admission,
        how: How,
        until: Option<Timestamp>,
    ) -> Result<(), RosterRefused> {
        self.keeper(by)?;
        self.check_end_fits(&admission.role, until)?;
        let Some(known) = self.members.iter_mut().find(|member| member.person == admission.person) else {
            return self.admit(admission, Some(how), until);
        };
        if known.role != admission.role || known.key_hash != admission.key_hash {
            return Err(RosterRefused::KeysDiffer);
        }
        known.until = until;
        // What was compared in person stays so.
        if !known.how.is_some_and(How::compared) || how.compared() {
            known.how = Some(how);
        }
        Ok(())
    }

    /// A keeper who removes another begins the next epoch at once. Somebody who leaves must not: they would know its
    /// secret.
    fn apply_remove(&mut self, by: PersonId, person: PersonId) -> Result<(), RosterRefused> {
        self.member(person).ok_or(RosterRefused::NoSuchMember)?;
        if by != person {
            self.keeper(by)?;
        }
        self.check_keeper_left(person)?;
        self.members.retain(|member| member.person != person);
        if by == person {
            self.rotation_pending = true;
        } else {
            self.owes_epoch = Some(Owing { person: by, removed: true });
        }
        Ok(())
    }

    fn apply_role(&mut self, by: PersonId, person: PersonId, role: &str) -> Result<(), RosterRefused> {
        self.keeper(by)?;
        self.check_role(role)?;
        if !self.allows(role, RIGHT_ROSTER) {
            self.check_keeper_left(person)?;
        }
        let until = self.member(person).and_then(|member| member.until);
        self.check_end_fits(role, until)?;
        let member = self.members.iter_mut().find(|member| member.person == person);
        role.clone_into(&mut member.ok_or(RosterRefused::NoSuchMember)?.role);
        Ok(())
    }

    fn check_keeper_left(&self, without: PersonId) -> Result<(), RosterRefused> {
        let keeps = |member: &Member| member.person != without && self.allows(&member.role, RIGHT_ROSTER);
        if self.members.iter().any(keeps) { Ok(()) } else { Err(RosterRefused::LastKeeper) }
    }

    fn admit(
        &mut self,
        admission: &Admission,
        how: Option<How>,
        until: Option<Timestamp>,
    ) -> Result<(), RosterRefused> {
        self.check_role(&admission.role)?;
        if self.members.len() >= MEMBERS_MAX {
            return Err(RosterRefused::Full);
        }
        self.members.push(Member { until, ..member(admission.clone(), how) });
        Ok(())
    }

    fn check_role(&self, role: &str) -> Result<(), RosterRefused> {
        if self.rights.contains_key(role) { Ok(()) } else { Err(RosterRefused::NoSuchRole) }
    }

    fn invite_mut(&mut self, invite: InviteId) -> Result<&mut Invite, RosterRefused> {
        self.invites.iter_mut().find(|known| known.invite == invite).ok_or(RosterRefused::NoSuchInvite)
    }
}

fn member(admission: Admission, how: Option<How>) -> Member {
    let Admission { person, role, sign, recipient, key_hash } = admission;
    Member { person, role, sign, recipient, key_hash, how, until: None }
}

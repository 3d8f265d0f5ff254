//! The rules: who may write which entry, and what it changes.

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
    /// The creator could not change the roster or begin an epoch.
    pub fn begin(genesis: Genesis, head: [u8; 32]) -> Result<Self, RosterRefused> {
        let Genesis { space, kind, rights, creator, commit } = genesis;
        let mut roster = Self {
            space,
            kind,
            rights,
            size: 1,
            head,
            members: Vec::new(),
            epoch: 1,
            commit,
            invites: Vec::new(),
            owes_epoch: None,
            closed: false,
        };
        if !roster.allows(&creator.role, RIGHT_ROSTER) || !roster.allows(&creator.role, RIGHT_EPOCH) {
            return Err(RosterRefused::NotAllowed);
        }
        roster.members.push(member(creator, None));
        Ok(roster)
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
        let owing = self.owes_epoch.as_ref().filter(|owing| owing.person == entry.by).map(|owing| owing.sign);
        let key = owing.or_else(|| self.member(entry.by).map(|member| member.sign)).ok_or(RosterRefused::NotAMember)?;
        Ok(Signer { kind: "roster", key })
    }

    /// Continues the chain with an entry whose signature was verified. A refused entry changes nothing.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn apply(&mut self, entry: &Entry, now: Timestamp) -> Result<(), RosterRefused> {
        self.check_place(entry)?;
        match (&entry.op, &self.owes_epoch) {
            (Op::Epoch(epoch), _) => self.apply_epoch(entry.by, *epoch)?,
            (_, Some(_)) => return Err(RosterRefused::EpochMissing),
            (Op::Remove(person), None) => self.apply_remove(entry.by, *person)?,
            (_, None) if self.closed => return Err(RosterRefused::Closed),
            (Op::Invite(invite), None) => self.apply_invite(entry.by, invite, now)?,
            (Op::Revoke(invite), None) => self.apply_revoke(entry.by, *invite)?,
            (Op::Join { invite, admission, coach }, None) => {
                self.apply_join(entry.by, *invite, admission, coach, now)?
            }
            (Op::Add { admission, how }, None) => self.apply_add(entry.by, admission, *how)?,
            (Op::Role { person, role }, None) => self.apply_role(entry.by, *person, role)?,
            (Op::Close, None) => {
                self.demand(entry.by, RIGHT_ROSTER)?;
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

    fn demand(&self, by: PersonId, right: &str) -> Result<&Member, RosterRefused> {
        let member = self.member(by).ok_or(RosterRefused::NotAMember)?;
        if self.allows(&member.role, right) { Ok(member) } else { Err(RosterRefused::NotAllowed) }
    }

    fn apply_epoch(&mut self, by: PersonId, epoch: EpochEntry) -> Result<(), RosterRefused> {
        match &self.owes_epoch {
            Some(owing) if owing.person != by => return Err(RosterRefused::EpochMissing),
            Some(_) => {}
            // Without a join or removal of their own before it, only those who look after the roster may rotate.
            None => {
                self.demand(by, RIGHT_ROSTER)?;
                self.demand(by, RIGHT_EPOCH)?;
            }
        }
        if epoch.n != self.epoch + 1 || epoch.prev != self.commit {
            return Err(RosterRefused::EpochUnfit);
        }
        self.epoch = epoch.n;
        self.commit = epoch.commit;
        self.owes_epoch = None;
        Ok(())
    }

    fn apply_invite(&mut self, by: PersonId, invite: &InviteEntry, now: Timestamp) -> Result<(), RosterRefused> {
        self.demand(by, RIGHT_ROSTER)?;
        self.check_role(&invite.role)?;
        let longest = SignedDuration::from_hours(24 * INVITE_DAYS_MAX) + CLOCK_SLACK;
        let waits = invite.expires_at.duration_since(now);
        let known = self.invite(invite.invite).is_some();
        if known || waits > longest || invite.epoch != self.epoch {
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
        self.demand(by, RIGHT_ROSTER)?;
        let invite = self.invite_mut(invite)?;
        if invite.state == InviteState::Spent {
            return Err(RosterRefused::InviteSpent);
        }
        invite.state = InviteState::Revoked;
        Ok(())
    }

    fn apply_join(
        &mut self,
        by: PersonId,
        invite: InviteId,
        admission: &Admission,
        coach: &[u8; 32],
        now: Timestamp,
    ) -> Result<(), RosterRefused> {
        let offered = self.invite(invite).ok_or(RosterRefused::NoSuchInvite)?;
        match offered.state {
            InviteState::Spent => return Err(RosterRefused::InviteSpent),
            InviteState::Revoked => return Err(RosterRefused::InviteRevoked),
            InviteState::Open if now >= offered.expires_at => return Err(RosterRefused::InviteExpired),
            InviteState::Open => {}
        }
        if by != admission.person || offered.role != admission.role || offered.coach != *coach {
            return Err(RosterRefused::JoinUnfit);
        }
        self.admit(admission, None)?;
        self.invite_mut(invite)?.state = InviteState::Spent;
        self.owes_epoch = Some(Owing { person: by, sign: admission.sign });
        Ok(())
    }

    fn apply_add(&mut self, by: PersonId, admission: &Admission, how: How) -> Result<(), RosterRefused> {
        self.demand(by, RIGHT_ROSTER)?;
        let Some(known) = self.members.iter_mut().find(|member| member.person == admission.person) else {
            return self.admit(admission, Some(how));
        };
        let same = known.role == admission.role && known.sign == admission.sign;
        if !same || known.recipient != admission.recipient {
            return Err(RosterRefused::KeysDiffer);
        }
        if known.how.is_some_and(|before| before >= how) {
            return Err(RosterRefused::AlreadyMember);
        }
        known.how = Some(how);
        Ok(())
    }

    fn apply_remove(&mut self, by: PersonId, person: PersonId) -> Result<(), RosterRefused> {
        let remover = if by == person {
            self.member(by).ok_or(RosterRefused::NotAMember)?
        } else {
            self.demand(by, RIGHT_ROSTER)?
        };
        let owing = Owing { person: by, sign: remover.sign };
        self.member(person).ok_or(RosterRefused::NoSuchMember)?;
        self.members.retain(|member| member.person != person);
        self.owes_epoch = Some(owing);
        Ok(())
    }

    fn apply_role(&mut self, by: PersonId, person: PersonId, role: &str) -> Result<(), RosterRefused> {
        self.demand(by, RIGHT_ROSTER)?;
        self.check_role(role)?;
        let member = self.members.iter_mut().find(|member| member.person == person);
        role.clone_into(&mut member.ok_or(RosterRefused::NoSuchMember)?.role);
        Ok(())
    }

    fn admit(&mut self, admission: &Admission, how: Option<How>) -> Result<(), RosterRefused> {
        self.check_role(&admission.role)?;
        if self.member(admission.person).is_some() {
            return Err(RosterRefused::AlreadyMember);
        }
        if self.members.len() >= MEMBERS_MAX {
            return Err(RosterRefused::Full);
        }
        self.members.push(member(admission.clone(), how));
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
    let Admission { person, role, sign, recipient } = admission;
    Member { person, role, sign, recipient, how }
}

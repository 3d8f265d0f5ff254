//! The team: begun by whoever invites the first colleague, and the list of colleagues for those who belong to it.

use jiff::Timestamp;

use super::guard::guard_work;
use super::idempotency::Once;
use super::roles::{custom_role, rights_of};
use super::space::{Creator, SpaceMade, begin_space};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::id::{PersonId, SpaceId};
use crate::domain::invite::{Invited, NewColleague, Offer, Standing};
use crate::domain::person::Person;
use crate::domain::role::Role;
use crate::domain::roster::{How, RosterRefused};
use crate::domain::space::{Space, SpaceKind};
use crate::domain::team::{Team, check_place};
use crate::policy::{Actor, Party, Right, may_give};
use crate::store::{Reads, WriteTx};

/// The team as one of its members sees it.
#[derive(Clone, Debug, Default)]
pub struct TeamSeen {
    /// The space, once it was begun.
    pub space: Option<SpaceId>,
    /// Its members, in the order of joining.
    pub colleagues: Vec<ColleagueSeen>,
    /// The open invites, for those who may make some.
    pub invites: Vec<ColleagueInvited>,
}

/// A colleague who has not joined yet.
#[derive(Clone, Debug)]
pub struct ColleagueInvited {
    /// Their invite.
    pub offer: Offer,
    /// What they are invited to.
    pub colleague: NewColleague,
    /// The name of the role, if the practice made it for itself.
    pub role_name: Option<String>,
}

/// A colleague in that list.
#[derive(Clone, Debug)]
pub struct ColleagueSeen {
    /// Who.
    pub person: Person,
    /// The name of their role, if the practice made it for itself.
    pub role_name: Option<String>,
    /// Whether they may look after clients.
    pub manages_clients: bool,
    /// How their keys are known, by the roster; `None` for whoever began the team and for a join that nobody confirmed.
    pub how: Option<How>,
}

impl App {
    /// Begins the practice's team, with the asker as its only member; anew where all accounts of an earlier one are closed.
    ///
    /// # Errors
    /// `team-exists`, `roster-refused`, or the actor may not manage people.
    pub fn begin_team(&self, actor: &Actor, once: Option<&Once>, made: &SpaceMade) -> Result<(), Error> {
        self.write_once(actor, Right::ManagePeople, once, |tx, permit| {
            let by = permit.person().ok_or(Error::NotFound)?;
            guard_work(tx, by)?;
            if team(tx)?.map_or(Ok(false), |team| has_people(tx, &team))? {
                return Err(Refusal::new("team-exists", "the team was begun already; fetch it and try again").into());
            }
            let me: Person = tx.find(&by)?.ok_or(Error::NotFound)?;
            let creator = Creator { person: by, sign: &me.sign, recipient: &me.recipient };
            let space = begin_space(tx, permit, made, &creator, SpaceKind::Team, None)?;
            let row: Space = tx.find(&space)?.ok_or(Error::NotFound)?;
            check_keeper(&row, by)?;
            tx.put(&Team { space, begun_at: tx.now() }, permit)?;
            tx.audit(permit, Event::new("team.begun").with("space", space))?;
            Ok(())
        })
    }

    /// The colleagues, for those who are in the team; an empty list before there is one.
    ///
    /// # Errors
    /// The actor is a client.
    pub fn colleagues(&self, actor: &Actor) -> Result<TeamSeen, Error> {
        let person = actor.may(Right::ReadSpaces)?.person().ok_or(Error::NotFound)?;
        let now = self.clock.now();
        self.read(|tx| {
            let me: Person = tx.find(&person)?.ok_or(Error::NotFound)?;
            if me.role == Role::Client {
                return Err(Error::NotFound);
            }
            let Some(space) = team(tx)? else { return Ok(TeamSeen::default()) };
            if space.roster.member(person).is_none() {
                return Ok(TeamSeen::default());
            }
            let invites = if actor.rights().has(Right::ManagePeople) { open_invites(tx, now)? } else { Vec::new() };
            Ok(TeamSeen { invites, ..look(tx, &space)? })
        })
    }
}

fn look(tx: &impl Reads, space: &Space) -> Result<TeamSeen, Error> {
    let mut colleagues = Vec::with_capacity(space.roster.members.len());
    for member in &space.roster.members {
        let Some(person) = tx.find::<Person>(&member.person)? else { continue };
        let role_name = custom_role(tx, person.role)?.map(|role| role.name);
        let manages_clients = person.is_active() && rights_of(tx, person.role)?.has(Right::ManageClients);
        colleagues.push(ColleagueSeen { person, role_name, manages_clients, how: member.how });
    }
    Ok(TeamSeen { space: Some(space.roster.space), colleagues, invites: Vec::new() })
}

fn open_invites(tx: &impl Reads, now: Timestamp) -> Result<Vec<ColleagueInvited>, Error> {
    let mut invites = Vec::new();
    for offer in tx.scan::<Offer>(&())? {
        let Invited::Colleague(colleague) = offer.to.clone() else { continue };
        if offer.standing(now) == Standing::Open && may_offer(tx, offer.by, colleague.role)? {
            let role_name = custom_role(tx, colleague.role)?.map(|role| role.name);
            invites.push(ColleagueInvited { offer, colleague, role_name });
        }
    }
    Ok(invites)
}

/// The team's space, once it was begun.
///
/// # Errors
/// The store's trouble.
pub(super) fn team(tx: &impl Reads) -> Result<Option<Space>, Error> {
    let Some(team) = tx.find::<Team>(&())? else { return Ok(None) };
    Ok(tx.find(&team.space)?)
}

/// Whether anybody is in a team whose account is not closed. Nobody could ever be let into one without: another is begun.
fn has_people(tx: &impl Reads, team: &Space) -> Result<bool, Error> {
    for member in &team.roster.members {
        if tx.find::<Person>(&member.person)?.is_some_and(|person| !person.is_deleted()) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn check_keeper(space: &Space, person: PersonId) -> Result<(), Error> {
    let member = space.roster.member(person).ok_or(RosterRefused::NoSuchMember)?;
    Ok(check_place(&member.role, true)?)
}

/// Whether somebody may offer this role now: they manage people, and the role is no wider than their own.
///
/// # Errors
/// `role-too-wide`, or the store's trouble.
pub(super) fn check_offer(tx: &WriteTx, by: PersonId, role: Role) -> Result<(), Error> {
    if may_offer(tx, by, role)? {
        return Ok(());
    }
    Err(Refusal::new("role-too-wide", "nobody gives a role that is wider than their own").into())
}

/// The same as an answer: an invite ends with the right to make it.
pub(super) fn may_offer(tx: &impl Reads, by: PersonId, role: Role) -> Result<bool, Error> {
    let Some(inviter) = tx.find::<Person>(&by)?.filter(Person::is_active) else { return Ok(false) };
    let (theirs, offered) = (rights_of(tx, inviter.role)?, rights_of(tx, role)?);
    // A role that is gone gives nothing to be invited to.
    let exists = role.custom().is_none() || custom_role(tx, role)?.is_some();
    let by = Party { person: by, role: inviter.role, rights: theirs };
    Ok(exists && role != Role::Client && theirs.has(Right::ManagePeople) && may_give(&by, role, offered))
}

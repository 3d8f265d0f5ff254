//! The people of the practice: who they are, what they may do, and the verbs that change it. Whoever acts is looked at
//! again inside the transaction, so that somebody suspended a moment ago changes nobody any more.

mod change;
mod close;
mod erase;
mod operator;
mod reset;

use jiff::Timestamp;

use super::changes::account_change;
use super::factor::factors_of;
use super::roles::{custom_role, rights_of};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::factor::Factors;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, PersonState};
use crate::domain::role::Role;
use crate::domain::session::{Session, Standing};
use crate::domain::slot::{Slot, SlotWord};
use crate::domain::space::{Membership, Space};
use crate::policy::{Actor, Denied, OutOfReach, Party, Permit, Right, Rights, keeps_an_owner, may_give, may_manage};
use crate::store::{Reads, WriteTx};

pub use close::DataChoice;

/// Somebody, as those see them who look after people.
#[derive(Clone, Debug)]
pub struct PersonSeen {
    /// Who.
    pub person: Person,
    /// The name of a role of the practice's own making.
    pub role_name: Option<String>,
    /// What the role may do.
    pub rights: Rights,
    /// How many sessions they have.
    pub sessions: usize,
    /// Their second factors.
    pub factors: Factors,
    /// How many passkeys they have: one proves two things by itself.
    pub passkeys: usize,
    /// Whether whoever asks may change them.
    pub manageable: bool,
}

impl App {
    /// Everybody in the practice, oldest first; closed accounts, too, whose names stand in its history.
    ///
    /// # Errors
    /// The actor may not see people.
    pub fn people(&self, actor: &Actor) -> Result<Vec<PersonSeen>, Error> {
        let permit = actor.may(Right::SeePeople)?;
        let now = self.clock.now();
        self.read(|tx| {
            let by = acting(tx, &permit)?;
            let sessions: Vec<Session> = tx.scan(&())?;
            let people: Vec<Person> = tx.scan(&())?;
            people.into_iter().map(|person| see(tx, &by, person, &sessions, now)).collect()
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// The actor may not see people, or there is nobody of that id.
    pub fn person(&self, actor: &Actor, id: PersonId) -> Result<PersonSeen, Error> {
        let permit = actor.may(Right::SeePeople)?;
        let now = self.clock.now();
        self.read(|tx| {
            let by = acting(tx, &permit)?;
            let person: Person = tx.find(&id)?.ok_or(Error::NotFound)?;
            see(tx, &by, person, &tx.scan::<Session>(&())?, now)
        })
    }
}

impl App {
    /// Notes that an owner or admin said, by a fresh proof, that they are still who looks after the practice.
    ///
    /// # Errors
    /// The proof is too old; or it is nobody who has to say so.
    pub fn attest(&self, actor: &Actor) -> Result<(), Error> {
        let permit = actor.may(Right::OwnAccount)?;
        actor.must_be_fresh()?;
        self.write(|tx| {
            let id = acting(tx, &permit)?.person;
            let person: Person = tx.find(&id)?.ok_or(Error::NotFound)?;
            if !person.role.looks_after_practice() {
                return Err(Error::NotFound);
            }
            tx.put(&Person { attested_at: Some(tx.now()), ..person }, &permit)?;
            Ok(tx.audit(&permit, Event::new("person.attested").with("person", id))?)
        })
    }
}

fn see(tx: &impl Reads, by: &Party, person: Person, sessions: &[Session], now: Timestamp) -> Result<PersonSeen, Error> {
    let whom = party(tx, &person)?;
    let live = |session: &&Session| {
        session.person() == Some(person.person) && session.standing(session.proved_at, now) != Standing::Ended
    };
    let slots: Vec<Slot> = tx.scan(&person.person)?;
    Ok(PersonSeen {
        factors: factors_of(tx, person.person)?,
        passkeys: slots.iter().filter(|slot| slot.kind.word() == SlotWord::Passkey).count(),
        role_name: custom_role(tx, person.role)?.map(|role| role.name),
        rights: whom.rights,
        sessions: sessions.iter().filter(live).count(),
        manageable: by.rights.has(Right::ManagePeople) && !person.is_deleted() && may_manage(by, &whom).is_ok(),
        person,
    })
}

/// Somebody as the rules look at them.
fn party(tx: &impl Reads, person: &Person) -> Result<Party, Error> {
    Ok(Party { person: person.person, role: person.role, rights: rights_of(tx, person.role)? })
}

/// Whoever acts, as they stand in this transaction.
///
/// # Errors
/// They may not come in any more.
pub(super) fn acting(tx: &impl Reads, permit: &Permit) -> Result<Party, Error> {
    let id = permit.person().ok_or(Denied::SignedOut)?;
    let person: Person = tx.find(&id)?.filter(Person::is_active).ok_or(Denied::SignedOut)?;
    let party = party(tx, &person)?;
    if party.rights.has(permit.right()) { Ok(party) } else { Err(Denied::NotAllowed.into()) }
}

/// Somebody whom this actor may change, inside the transaction that does.
fn managed(tx: &impl Reads, permit: &Permit, id: PersonId) -> Result<(Party, Person), Error> {
    let by = acting(tx, permit)?;
    guard_confirmed(tx, by.person)?;
    let person: Person = tx.find(&id)?.filter(|person: &Person| !person.is_deleted()).ok_or(Error::NotFound)?;
    match may_manage(&by, &party(tx, &person)?) {
        Ok(()) => Ok((by, person)),
        Err(OutOfReach::Oneself) => Err(oneself().into()),
        Err(OutOfReach::Wider) => {
            let detail = "this person may do more than you, or is an owner and you are none";
            Err(Refusal::new("person-beyond-you", detail).into())
        }
    }
}

/// An owner who has not proved to hold the papers is not one yet where it matters.
pub(super) fn guard_confirmed(tx: &impl Reads, by: PersonId) -> Result<(), Error> {
    match tx.find::<Person>(&by)? {
        Some(person) if person.waits_for_kits() => {
            let detail = "you are an owner from the moment you typed back the last words of your kits";
            Err(Refusal::new("owner-unconfirmed", detail).into())
        }
        _ => Ok(()),
    }
}

/// Refuses to take away the practice's last active owner.
fn guard_last_owner(tx: &impl Reads, losing: &Person) -> Result<(), Error> {
    if losing.role != Role::Owner || !losing.is_active() || keeps_an_owner(&active_owners(tx)?, losing.person) {
        return Ok(());
    }
    Err(Refusal::new("last-owner", "the practice would be without an active owner; make somebody else one first")
        .into())
}

/// The owners who may come in.
pub(super) fn active_owners(tx: &impl Reads) -> Result<Vec<PersonId>, Error> {
    let people: Vec<Person> = tx.scan(&())?;
    let owners = people.into_iter().filter(|person| person.role == Role::Owner && person.is_active());
    Ok(owners.map(|owner| owner.person).collect())
}

/// Whether whoever acts may make somebody what this role is: asked again where the role is given.
///
/// # Errors
/// `role-too-wide`, `role-refused` when the practice has no such role; the store's trouble.
pub(super) fn may_give_role(tx: &impl Reads, permit: &Permit, role: Role) -> Result<(), Error> {
    let by = acting(tx, permit)?;
    if role.custom().is_some() && custom_role(tx, role)?.is_none() {
        return Err(Refusal::new("role-refused", "there is no such role here any more").into());
    }
    if may_give(&by, role, rights_of(tx, role)?) { Ok(()) } else { Err(too_wide().into()) }
}

/// What nobody may give who does not hold it.
pub(super) fn too_wide() -> Refusal {
    Refusal::new("role-too-wide", "this role may do more than you may")
}

/// What nobody does to themselves.
pub(super) fn oneself() -> Refusal {
    Refusal::new("not-oneself", "nobody changes their own role, closes themselves out or brings themselves back")
}

/// Tells the devices of everybody in a space with this person, by the space's name and nobody's, that they should look at
/// its members: keepers begin a new epoch without somebody who is gone.
fn tell_fellows(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    let now = tx.now();
    for membership in tx.scan::<Membership>(&person)? {
        let Some(space) = tx.find::<Space>(&membership.space)? else { continue };
        let fellows = space.roster.members.iter().filter(|fellow| fellow.person != person && !fellow.has_ended(now));
        for fellow in fellows {
            account_change(tx, permit, fellow.person, ChangeKind::Member, &membership.space)?;
        }
    }
    Ok(())
}

/// Tells the person and every active owner that something was done to the person's account.
pub(super) fn tell_owners(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    let mut told = active_owners(tx)?;
    told.push(person);
    told.sort_unstable();
    told.dedup();
    for one in told {
        account_change(tx, permit, one, ChangeKind::Security, &person)?;
    }
    Ok(())
}

/// Puts somebody into another state.
fn set_state(tx: &mut WriteTx, permit: &Permit, person: &Person, state: PersonState) -> Result<(), Error> {
    Ok(tx.put(&Person { state, ..person.clone() }, permit)?)
}

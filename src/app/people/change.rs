//! Changing what somebody is and whether they may come in.

use jiff::{SignedDuration, Timestamp};

use super::{active_owners, guard_last_owner, managed, may_give_role, set_state, tell_fellows, tell_owners};
use crate::app::security_policy::policy_in;
use crate::app::session::end_others;
use crate::app::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, PersonState, SuspendedWhy};
use crate::domain::role::Role;
use crate::domain::security_policy::SecurityPolicy;
use crate::policy::{Actor, ActorKind, Permit, Right, keeps_an_owner};
use crate::store::{Reads as _, WriteTx};

impl App {
    /// Gives somebody another role.
    ///
    /// # Errors
    /// `person-beyond-you`, `not-oneself`, `role-too-wide`, `role-refused`, `role-unfit` between clients and colleagues,
    /// `last-owner`, `owner-unconfirmed`; or there is nobody of that id.
    pub fn change_role(&self, actor: &Actor, id: PersonId, role: Role) -> Result<(), Error> {
        let permit = actor.may(Right::ManagePeople)?;
        self.write(|tx| {
            let (_, person) = managed(tx, &permit, id)?;
            may_give_role(tx, &permit, role)?;
            if person.role.is_colleague() != role.is_colleague() {
                let detail = "a client's account stays a client's, and a colleague's a colleague's; invite them anew";
                return Err(Refusal::new("role-unfit", detail).into());
            }
            if role == person.role {
                return Ok(());
            }
            if role != Role::Owner {
                guard_last_owner(tx, &person)?;
            }
            let event = Event::new("person.role-changed").with("person", id).with("from", person.role);
            tx.put(&Person { role, ..person }, &permit)?;
            tx.audit(&permit, event.with("to", role))?;
            tell_owners(tx, &permit, id)
        })
    }

    /// Suspends somebody: their sessions end at once, and nothing is handed to them until they are reinstated.
    ///
    /// # Errors
    /// `person-beyond-you`, `not-oneself`, `last-owner`, `owner-unconfirmed`; or there is nobody of that id.
    pub fn suspend(&self, actor: &Actor, id: PersonId) -> Result<(), Error> {
        let permit = actor.may(Right::ManagePeople)?;
        self.write(|tx| {
            let (by, person) = managed(tx, &permit, id)?;
            self.suspend_in(tx, &permit, &person, SuspendedWhy::By(by.person))
        })
    }

    /// Lets somebody in again.
    ///
    /// # Errors
    /// `person-beyond-you`, `not-oneself`, `owner-unconfirmed`; or there is nobody of that id.
    pub fn reinstate(&self, actor: &Actor, id: PersonId) -> Result<(), Error> {
        let permit = actor.may(Right::ManagePeople)?;
        self.write(|tx| {
            let (_, person) = managed(tx, &permit, id)?;
            reinstate_in(tx, &permit, &person)
        })
    }

    /// Ends all sessions of somebody.
    ///
    /// # Errors
    /// `person-beyond-you`, `not-oneself`, `owner-unconfirmed`; or there is nobody of that id.
    pub fn end_sessions_of(&self, actor: &Actor, id: PersonId) -> Result<(), Error> {
        let permit = actor.may(Right::ManagePeople)?;
        self.write(|tx| {
            managed(tx, &permit, id)?;
            end_others(tx, &self.live, &permit, id, None, "ended-by-admin")?;
            tx.audit(&permit, Event::new("person.sessions-ended").with("person", id))?;
            tell_owners(tx, &permit, id)
        })
    }

    /// Suspends whoever did not come for longer than the policy allows; never the last active owner. A job calls it.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn suspend_inactive(&self) -> Result<(), Error> {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        let now = self.clock.now();
        let silent = self.read(|tx| {
            let (policy, people) = (policy_in(tx)?, tx.scan::<Person>(&())?);
            let silent = people.into_iter().filter(|person| is_silent(policy, person, now));
            Ok(silent.map(|person| person.person).collect::<Vec<_>>())
        })?;
        for id in silent {
            self.write(|tx| {
                // They may have come in, or the rule may have changed, since this was looked at.
                let policy = policy_in(tx)?;
                let person = tx.find::<Person>(&id)?.filter(|person| is_silent(policy, person, tx.now()));
                let Some(person) = person else { return Ok(()) };
                let is_owner = person.role == Role::Owner;
                if is_owner && !keeps_an_owner(&active_owners(tx)?, id) {
                    return Ok(());
                }
                self.suspend_in(tx, &permit, &person, SuspendedWhy::Inactive)
            })?;
        }
        Ok(())
    }

    pub(super) fn suspend_in(
        &self,
        tx: &mut WriteTx,
        permit: &Permit,
        person: &Person,
        why: SuspendedWhy,
    ) -> Result<(), Error> {
        if !person.is_active() {
            return Ok(());
        }
        guard_last_owner(tx, person)?;
        let (id, at) = (person.person, tx.now());
        set_state(tx, permit, person, PersonState::Suspended { at, why })?;
        end_others(tx, &self.live, permit, id, None, "suspended")?;
        tx.audit(permit, Event::new("person.suspended").with("person", id).with("why", why.word()))?;
        tell_owners(tx, permit, id)?;
        tell_fellows(tx, permit, id)
    }
}

/// Whether somebody may come in and did not for longer than the policy allows them.
fn is_silent(policy: SecurityPolicy, person: &Person, now: Timestamp) -> bool {
    let longest = SignedDuration::from_hours(24 * i64::from(policy.inactive_days));
    let is_concerned = person.role.is_colleague() || policy.inactive_clients;
    is_concerned && person.is_active() && now.duration_since(person.visited_at) >= longest
}

/// Lets somebody in again; their time of silence begins anew.
pub(super) fn reinstate_in(tx: &mut WriteTx, permit: &Permit, person: &Person) -> Result<(), Error> {
    if person.is_active() {
        return Ok(());
    }
    let id = person.person;
    let visited_at = tx.now();
    set_state(tx, permit, &Person { visited_at, ..person.clone() }, PersonState::Active)?;
    tx.audit(permit, Event::new("person.reinstated").with("person", id))?;
    tell_owners(tx, permit, id)?;
    tell_fellows(tx, permit, id)
}

//! What whoever runs the server may do about an account when nobody inside can: let somebody in again, or shut somebody
//! out. Never their keys: what is sealed stays sealed.

use super::change::reinstate_in;
use super::tell_owners;
use crate::app::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::person::{Person, SuspendedWhy};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads, WriteTx};

impl App {
    /// Everybody in the practice, for the command line.
    ///
    /// # Errors
    /// The actor is not the operator, or the store's trouble.
    pub fn people_on_machine(&self, actor: &Actor) -> Result<Vec<Person>, Error> {
        actor.may(Right::Operate)?;
        self.read(|tx| Ok(tx.scan(&())?))
    }

    /// Lets somebody sign in again by their first proof alone: no suspension, no second factors, no waiting after failed
    /// attempts. The owners and they are told.
    ///
    /// # Errors
    /// `person-unknown`, `person-ambiguous`; or the actor is not the operator.
    pub fn recover_account(&self, actor: &Actor, named: &str) -> Result<Person, Error> {
        let permit = actor.may(Right::Operate)?;
        let person = self.write(|tx| {
            let person = one(tx, named)?;
            tx.audit(&permit, Event::new("person.recovered").with("person", person.person))?;
            self.reset_factors_in(tx, &permit, person.person)?;
            reinstate_in(tx, &permit, &person)?;
            tell(tx, &permit, &person)?;
            Ok(person)
        })?;
        self.live.throttle.forget_person(person.person);
        Ok(person)
    }

    /// Suspends somebody from the server's machine.
    ///
    /// # Errors
    /// `person-unknown`, `person-ambiguous`, `last-owner`; or the actor is not the operator.
    pub fn disable_account(&self, actor: &Actor, named: &str) -> Result<Person, Error> {
        let permit = actor.may(Right::Operate)?;
        self.write(|tx| {
            let person = one(tx, named)?;
            self.suspend_in(tx, &permit, &person, SuspendedWhy::Operator)?;
            tx.audit(&permit, Event::new("person.disabled").with("person", person.person))?;
            Ok(person)
        })
    }
}

fn tell(tx: &mut WriteTx, permit: &Permit, person: &Person) -> Result<(), Error> {
    if person.is_active() { tell_owners(tx, permit, person.person) } else { Ok(()) }
}

/// The one person of this id or name who has an account.
fn one(tx: &impl Reads, named: &str) -> Result<Person, Error> {
    let people: Vec<Person> = tx.scan(&())?;
    let fits = |person: &Person| {
        person.person.to_string() == named || person.name.to_lowercase() == named.trim().to_lowercase()
    };
    let mut found = people.into_iter().filter(|person| !person.is_deleted() && fits(person));
    match (found.next(), found.next()) {
        (Some(person), None) => Ok(person),
        (Some(_), Some(_)) => {
            let detail = "several people have this name; give the id that `alcove admin list` shows";
            Err(Refusal::new("person-ambiguous", detail).into())
        }
        (None, _) => {
            let detail = "nobody here has this id or name; `alcove admin list` shows everybody";
            Err(Refusal::new("person-unknown", detail).into())
        }
    }
}

//! What people answer to a plan: agreeing, declining, and, of colleagues, signing that it is the practice's. That a
//! keyring was sealed to the plan's recipient only its device knows.

use super::sweep::stop_all;
use super::{in_force, no_plan, plan_moved, word};
use crate::app::people::acting;
use crate::app::{App, Error, Refusal};
use crate::crypto::recovery::EndorseStatement;
use crate::domain::audit::Event;
use crate::domain::person::Person;
use crate::domain::recovery::{Answer, Endorsement, PlanHead};
use crate::policy::{Actor, Denied, Right};
use crate::store::Reads as _;

impl App {
    /// Notes that the asker lets the practice bring them back under the plan with this number.
    ///
    /// # Errors
    /// `no-plan`, `plan-moved`; the proof is too old.
    pub fn agree_to_recovery(&self, actor: &Actor, n: u64) -> Result<(), Error> {
        let permit = actor.may(Right::ChangeSignIn)?;
        self.write(|tx| {
            let person = acting(tx, &permit)?.person;
            let plan = in_force(tx)?.ok_or_else(no_plan)?;
            if plan.n != n {
                return Err(plan_moved(plan.n).into());
            }
            tx.put(&Answer { person, n, agreed: true, at: tx.now() }, &permit)?;
            Ok(tx.audit(&permit, Event::new("recovery.agreed").about(person).with("n", n))?)
        })
    }

    /// Notes that the asker does not want to be brought back, or not any more. Cases about them end.
    ///
    /// # Errors
    /// The proof is too old.
    pub fn decline_recovery(&self, actor: &Actor) -> Result<(), Error> {
        let permit = actor.may(Right::ChangeSignIn)?;
        self.write(|tx| {
            let person = acting(tx, &permit)?.person;
            let n = tx.find::<PlanHead>(&())?.map_or(0, |head| head.n);
            tx.put(&Answer { person, n, agreed: false, at: tx.now() }, &permit)?;
            tx.audit(&permit, Event::new("recovery.declined").about(person).with("n", n))?;
            stop_all(tx, &permit, |case| case.person == person)
        })
    }

    /// Keeps a colleague's word for the plan, for people who know that colleague's keys.
    ///
    /// # Errors
    /// `no-plan`, `plan-moved`, `endorsement-refused` with a reason; the actor is a client, or the proof is too old.
    pub fn endorse_recovery(&self, actor: &Actor, text: &str) -> Result<(), Error> {
        let permit = actor.may(Right::OwnAccount)?;
        actor.must_be_fresh()?;
        self.write(|tx| {
            let id = acting(tx, &permit)?.person;
            let person: Person = tx.find(&id)?.ok_or(Error::NotFound)?;
            if !person.role.is_colleague() {
                return Err(Denied::NotAllowed.into());
            }
            let plan = in_force(tx)?.ok_or_else(no_plan)?;
            let stated =
                EndorseStatement::parse(text, &person.sign).map_err(|error| refused(word(error), error.to_string()))?;
            if stated.by != id {
                return Err(refused("signer", "the statement is signed in another name").into());
            }
            if stated.plan != plan.hash {
                return Err(plan_moved(plan.n).into());
            }
            tx.put(&Endorsement { person: id, statement: text.to_owned(), at: tx.now() }, &permit)?;
            Ok(tx.audit(&permit, Event::new("recovery.endorsed").about(id).with("n", plan.n))?)
        })
    }
}

fn refused(reason: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::new("endorsement-refused", detail).with("reason", reason)
}

//! The plan: signed by an owner, put in force and switched off. A new one asks everybody again.

use super::sweep::stop_all;
use super::{acting_owner, is_file, owners, owners_now, plan_moved, word};
use crate::app::changes::account_change;
use crate::app::{App, Error, Refusal};
use crate::crypto::recovery::PlanStatement;
use crate::crypto::sign::sha256;
use crate::domain::audit::Event;
use crate::domain::change::ChangeKind;
use crate::domain::person::Person;
use crate::domain::recovery::{
    Endorsement, NestedFile, Plan, PlanHead, PlanPaper, PlanRefused, check_files, check_papers,
};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads as _, Row as _, WriteTx};

/// A plan as an owner's device made it.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// The signed statement.
    pub statement: String,
    /// The secret, sealed to each pair of papers, or to a sole one.
    pub files: Vec<NestedFile>,
}

impl App {
    /// Puts a plan in force. Cases under the one before end.
    ///
    /// # Errors
    /// `plan-moved` with the number of the last plan, `plan-refused` with a reason, `owner-unconfirmed`; the actor is no
    /// owner, or the proof is too old.
    pub fn set_up_recovery(&self, actor: &Actor, new: &NewPlan) -> Result<(), Error> {
        let permit = actor.may(Right::Recover)?;
        self.write(|tx| {
            let owner = acting_owner(tx, &permit)?;
            let stated = PlanStatement::parse(&new.statement, &owner.sign)
                .map_err(|error| refused(word(error), error.to_string()))?;
            if stated.by != owner.person {
                return Err(refused("signer", "the plan is signed in another name").into());
            }
            let head: Option<PlanHead> = tx.find(&())?;
            if PlanHead::next(head.as_ref()) != (stated.n, stated.prev) {
                return Err(plan_moved(head.map_or(0, |head| head.n)).into());
            }
            let named = stated.papers.into_iter();
            let papers: Vec<_> = named.map(|(person, recipient)| PlanPaper { person, recipient }).collect();
            check_papers(&papers, &owners_now(&owners(tx)?)).map_err(unfit)?;
            check_files(&papers, &new.files).map_err(unfit)?;
            if !new.files.iter().all(|file| is_file(&file.body)) {
                return Err(refused("files", "each file is one binary age file of at most 32 KiB").into());
            }
            clear(tx, &permit)?;
            for file in &new.files {
                tx.put(file, &permit)?;
            }
            let event = Event::new("recovery.plan-made").about(owner.person).with("n", stated.n);
            tx.audit(&permit, event.with("papers", papers.len()))?;
            let (statement, hash) = (new.statement.clone(), sha256(new.statement.as_bytes()));
            let plan = Plan { statement, by: owner.person, made_at: tx.now(), papers };
            tx.put(&PlanHead { n: stated.n, hash, plan: Some(plan) }, &permit)?;
            tell_all(tx, &permit)
        })
    }

    /// Switches practice recovery off: nobody can be brought back by it until an owner sets it up again.
    ///
    /// # Errors
    /// `owner-unconfirmed`; the actor is no owner, or the proof is too old.
    pub fn switch_recovery_off(&self, actor: &Actor) -> Result<(), Error> {
        let permit = actor.may(Right::Recover)?;
        self.write(|tx| {
            let owner = acting_owner(tx, &permit)?;
            let Some(head) = tx.find::<PlanHead>(&())?.filter(|head| head.plan.is_some()) else { return Ok(()) };
            clear(tx, &permit)?;
            let event = Event::new("recovery.switched-off").about(owner.person).with("n", head.n);
            tx.put(&PlanHead { plan: None, ..head }, &permit)?;
            tx.audit(&permit, event)?;
            tell_all(tx, &permit)
        })
    }
}

/// What belongs to the plan before goes: its files, what colleagues signed for it, and its cases.
fn clear(tx: &mut WriteTx, permit: &Permit) -> Result<(), Error> {
    stop_all(tx, permit, |_| true)?;
    for file in tx.scan::<NestedFile>(&())? {
        tx.remove::<NestedFile>(&file.key(), permit)?;
    }
    for endorsed in tx.scan::<Endorsement>(&())? {
        tx.remove::<Endorsement>(&endorsed.person, permit)?;
    }
    Ok(())
}

/// Tells everybody's devices that there is something to answer, or nothing any more.
fn tell_all(tx: &mut WriteTx, permit: &Permit) -> Result<(), Error> {
    let people: Vec<Person> = tx.scan(&())?;
    for person in people.into_iter().filter(Person::is_active) {
        account_change(tx, permit, person.person, ChangeKind::Recovery, &"plan")?;
    }
    Ok(())
}

fn unfit(why: PlanRefused) -> Refusal {
    refused(why.word(), why.to_string())
}

fn refused(reason: &'static str, detail: impl Into<String>) -> Refusal {
    Refusal::new("plan-refused", detail).with("reason", reason)
}

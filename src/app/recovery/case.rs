//! Cases: asked for by an owner with their own paper's half, listed, and called off.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::look::name_of;
use super::sweep::end_case;
use super::{InForce, acting_owner, has_agreed, in_force, is_file, may_look, not_agreed};
use crate::app::people::{active_owners, oneself, tell_owners};
use crate::app::{App, Error, Refusal};
use crate::crypto::random;
use crate::domain::audit::Event;
use crate::domain::id::{CaseId, PersonId};
use crate::domain::person::Person;
use crate::domain::recovery::{Case, CaseOver, CaseState, End, HalfFile, Purpose, parse_reason};
use crate::policy::{Actor, Right};
use crate::store::{Reads, WriteTx};

/// A case as an owner asks for it.
#[derive(Clone, Debug)]
pub struct NewCase {
    /// Whom it is about.
    pub person: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// Why; the person reads it.
    pub reason: String,
    /// What the asker's own paper opened, still sealed to each other paper. None for a sole one.
    pub halves: Vec<NewHalf>,
}

/// A file that the first paper of a pair opened.
#[derive(Clone, Debug)]
pub struct NewHalf {
    /// Whose paper opens it.
    pub then: PersonId,
    /// The age file.
    pub body: Vec<u8>,
}

/// A case as somebody sees it.
#[derive(Clone, Debug)]
pub struct CaseSeen {
    /// The case.
    pub case: Case,
    /// How it stands.
    pub state: CaseState,
    /// What the person is called.
    pub name: String,
    /// What who asked is called.
    pub by_name: String,
    /// Who was handed the keyring last, by name.
    pub opened_by: Option<String>,
    /// Who ended it, by name.
    pub ended_by: Option<String>,
    /// Whether the looker asked for it.
    pub mine: bool,
    /// Whether the looker may open it now.
    pub open_to_me: bool,
}

impl App {
    /// Asks for somebody to be brought back. They and all owners are told.
    ///
    /// # Errors
    /// `not-oneself`, `not-agreed`, `no-recovery-paper`, `needs-two-owners`, `case-open`, `halves-refused`,
    /// `reason-refused`, `owner-unconfirmed`; there is nobody of that id; the actor is no owner, or the proof is too old.
    pub fn ask_recovery(&self, actor: &Actor, new: NewCase) -> Result<CaseSeen, Error> {
        let permit = actor.may(Right::Recover)?;
        let reason = parse_reason(&new.reason)
            .ok_or_else(|| Refusal::new("reason-refused", "a reason has 3 to 500 characters"))?;
        self.write(|tx| {
            let by = acting_owner(tx, &permit)?.person;
            let person =
                tx.find::<Person>(&new.person)?.filter(|person| !person.is_deleted()).ok_or(Error::NotFound)?;
            if person.person == by {
                return Err(oneself().into());
            }
            let now = tx.now();
            let case = begin(tx, by, &new, reason, now)?;
            for half in new.halves {
                tx.put(&HalfFile { case: case.case, then: half.then, body: half.body }, &permit)?;
            }
            tx.put(&case, &permit)?;
            tx.audit(&permit, told("recovery.asked", &case))?;
            tell_owners(tx, &permit, case.person)?;
            see(tx, case, Some(by), now)
        })
    }

    /// Every case, the newest first.
    ///
    /// # Errors
    /// The actor is no owner.
    pub fn recoveries(&self, actor: &Actor) -> Result<Vec<CaseSeen>, Error> {
        let looker = may_look(actor)?.person();
        self.cases(looker, |_| true)
    }

    /// The cases about the asker, the newest first.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn own_recoveries(&self, actor: &Actor) -> Result<Vec<CaseSeen>, Error> {
        let person = actor.may(Right::OwnAccount)?.person();
        self.cases(person, |case| Some(case.person) == person)
    }

    fn cases(&self, looker: Option<PersonId>, wanted: impl Fn(&Case) -> bool) -> Result<Vec<CaseSeen>, Error> {
        let now = self.clock.now();
        self.read(|tx| {
            let cases: Vec<Case> = tx.scan(&())?;
            cases.into_iter().rev().filter(wanted).map(|case| see(tx, case, looker, now)).collect()
        })
    }

    /// Calls a case off.
    ///
    /// # Errors
    /// `case-over`, `owner-unconfirmed`; there is no such case; the actor is no owner, or the proof is too old.
    pub fn stop_recovery(&self, actor: &Actor, id: CaseId) -> Result<(), Error> {
        let permit = actor.may(Right::Recover)?;
        self.write(|tx| {
            acting_owner(tx, &permit)?;
            let case = going_on(tx, id)?;
            end_case(tx, &permit, case, End::Stopped)
        })
    }

    /// Calls off a case about the asker.
    ///
    /// # Errors
    /// `case-over`; there is no such case about them; the proof is too old.
    pub fn stop_own_recovery(&self, actor: &Actor, id: CaseId) -> Result<(), Error> {
        let permit = actor.may(Right::ChangeSignIn)?;
        self.write(|tx| {
            tx.find::<Case>(&id)?.filter(|case| permit.person() == Some(case.person)).ok_or(Error::NotFound)?;
            let case = going_on(tx, id)?;
            end_case(tx, &permit, case, End::Stopped)
        })
    }
}

/// The case that is asked for, if everything about it is in order.
fn begin(tx: &impl Reads, by: PersonId, new: &NewCase, reason: String, now: Timestamp) -> Result<Case, Error> {
    let person = new.person;
    let InForce { n, plan, .. } = in_force(tx)?.ok_or_else(not_agreed)?;
    if !has_agreed(tx, person, n)? {
        return Err(not_agreed().into());
    }
    let is_open = |case: &Case| case.person == person && case.check_open(now).is_ok();
    if tx.scan::<Case>(&())?.iter().any(is_open) {
        return Err(Refusal::new("case-open", "a case about this person was begun already; finish or stop it").into());
    }
    let id = CaseId::new(now, random::bytes());
    let (purpose, holders) = (new.purpose, plan.holders().collect());
    let case =
        Case { case: id, person, purpose, reason, by, plan_n: n, holders, asked_at: now, opened: None, ended: None };
    check_holders(tx, &case)?;
    check_halves(&case, &new.halves)?;
    Ok(case)
}

/// Whether the asker's paper is in the plan, and somebody is left who could confirm.
fn check_holders(tx: &impl Reads, case: &Case) -> Result<(), Error> {
    if !case.holders.contains(&case.by) {
        let detail = "practice recovery was set up without a paper of yours; an owner whose paper is in it has to ask";
        return Err(Refusal::new("no-recovery-paper", detail).into());
    }
    let could_open = |owner: &PersonId| case.may_open(*owner, case.asked_at).is_ok();
    if active_owners(tx)?.iter().any(could_open) {
        return Ok(());
    }
    let detail = "another owner with a paper has to confirm, who is not the person to be brought back";
    Err(Refusal::new("needs-two-owners", detail).into())
}

fn check_halves(case: &Case, halves: &[NewHalf]) -> Result<(), Refusal> {
    let others: BTreeSet<_> = case.holders.iter().filter(|holder| **holder != case.by).collect();
    let found: BTreeSet<_> = halves.iter().map(|half| &half.then).collect();
    if found == others && found.len() == halves.len() && halves.iter().all(|half| is_file(&half.body)) {
        Ok(())
    } else {
        let detail = "there is one age file of at most 32 KiB for each other paper of the plan";
        Err(Refusal::new("halves-refused", detail))
    }
}

/// A case that goes on.
pub(super) fn going_on(tx: &WriteTx, id: CaseId) -> Result<Case, Error> {
    let case: Case = tx.find(&id)?.ok_or(Error::NotFound)?;
    case.check_open(tx.now()).map_err(|CaseOver| over())?;
    Ok(case)
}

pub(super) fn over() -> Refusal {
    Refusal::new("case-over", "this case has ended; begin another one if it is still needed")
}

/// An entry about a case. Its reason stays in the case.
pub(super) fn told(code: &'static str, case: &Case) -> Event {
    Event::new(code).about(case.person).with("case", case.case).with("purpose", case.purpose.word())
}

fn see(tx: &impl Reads, case: Case, looker: Option<PersonId>, now: Timestamp) -> Result<CaseSeen, Error> {
    let name = |id: Option<PersonId>| id.map(|id| name_of(tx, id)).transpose();
    Ok(CaseSeen {
        state: case.state(now),
        name: name_of(tx, case.person)?,
        by_name: name_of(tx, case.by)?,
        opened_by: name(case.opened.map(|(by, _)| by))?,
        ended_by: name(case.ended.and_then(|ended| ended.by))?,
        mine: looker == Some(case.by),
        open_to_me: looker.is_some_and(|looker| case.may_open(looker, now).is_ok()),
        case,
    })
}

/// Whether who asked could still ask: an owner who is shut out meanwhile asks for nothing.
pub(super) fn check_asker(tx: &WriteTx, case: &Case) -> Result<(), Error> {
    if active_owners(tx)?.contains(&case.by) { Ok(()) } else { Err(over().into()) }
}

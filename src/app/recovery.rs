//! Practice recovery: the papers of owners, the plan that they sign, what people answer to it, and the cases in which
//! somebody is brought back. Everything that could open a keyring is opened on owners' devices; what is handed out is
//! noted before.

mod answer;
mod case;
mod finish;
mod look;
mod opening;
mod paper;
mod plan;
mod sweep;

pub use case::{CaseSeen, NewCase, NewHalf};
pub use finish::{Finish, NewLink};
pub use look::{OwnerSeen, PlanSeen, RecoverySeen};
pub use opening::{FirstFile, FirstFiles, Opening};
pub use plan::NewPlan;
pub(super) use sweep::{any_old, forget, sweep};

use super::people::{acting, guard_confirmed};
use super::{Error, Refusal};
use crate::crypto::statement::StatementError;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::recovery::{Answer, FILE_MAX, OwnerNow, Paper, Plan, PlanHead};
use crate::domain::role::Role;
use crate::policy::{Actor, Denied, Permit, Right};
use crate::store::Reads;

/// What every age file begins with.
const AGE_INTRO: &[u8] = b"age-encryption.org/v1\n";

/// Whether this is an age file of sensible size, as far as the server can see.
fn is_file(body: &[u8]) -> bool {
    body.len() <= FILE_MAX && body.starts_with(AGE_INTRO)
}

/// Who may look at cases and files without a fresh proof: whoever may take part.
fn may_look(actor: &Actor) -> Result<Permit, Error> {
    let permit = actor.may(Right::OwnAccount)?;
    if actor.rights().has(Right::Recover) { Ok(permit) } else { Err(Denied::NotAllowed.into()) }
}

/// The owner who acts, as they stand in this transaction.
fn acting_owner(tx: &impl Reads, permit: &Permit) -> Result<Person, Error> {
    let id = acting(tx, permit)?.person;
    guard_confirmed(tx, id)?;
    tx.find(&id)?.ok_or(Error::NotFound)
}

/// The owners who may act, with their papers, oldest first.
fn owners(tx: &impl Reads) -> Result<Vec<(Person, Option<Paper>)>, Error> {
    let people: Vec<Person> = tx.scan(&())?;
    let may_act = |person: &Person| person.role == Role::Owner && person.is_active() && !person.waits_for_kits();
    let with_paper = |person: Person| Ok((tx.find::<Paper>(&person.person)?, person));
    let owners = people.into_iter().filter(may_act).map(with_paper).collect::<Result<Vec<_>, Error>>()?;
    Ok(owners.into_iter().map(|(paper, person)| (person, paper)).collect())
}

/// The same, as the rules look at them.
fn owners_now(owners: &[(Person, Option<Paper>)]) -> Vec<OwnerNow> {
    let now = |(person, paper): &(Person, Option<Paper>)| OwnerNow {
        person: person.person,
        paper: paper.as_ref().map(|paper| paper.recipient.clone()),
    };
    owners.iter().map(now).collect()
}

/// The plan that is in force, with its number and hash.
struct InForce {
    n: u64,
    hash: [u8; 32],
    plan: Plan,
}

fn in_force(tx: &impl Reads) -> Result<Option<InForce>, Error> {
    let head: Option<PlanHead> = tx.find(&())?;
    Ok(head.and_then(|PlanHead { n, hash, plan }| plan.map(|plan| InForce { n, hash, plan })))
}

/// Whether this person agreed that they are brought back under the plan with this number.
fn has_agreed(tx: &impl Reads, person: PersonId, n: u64) -> Result<bool, Error> {
    Ok(tx.find::<Answer>(&person)?.is_some_and(|answer| answer.agreed && answer.n == n))
}

fn not_agreed() -> Refusal {
    Refusal::new("not-agreed", "this person has not agreed that the practice can help them back as it is set up now")
}

fn no_plan() -> Refusal {
    Refusal::new("no-plan", "practice recovery is switched off here")
}

fn plan_moved(n: u64) -> Refusal {
    Refusal::new("plan-moved", "practice recovery was set up anew or switched off meanwhile; fetch it again")
        .with("n", n)
}

/// The reason why a statement is refused, as a word.
const fn word(error: StatementError) -> &'static str {
    match error {
        StatementError::Form => "form",
        StatementError::Signature => "signature",
    }
}

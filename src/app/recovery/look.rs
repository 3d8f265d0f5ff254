//! What everybody sees of practice recovery, and what owners see besides.

use jiff::Timestamp;

use super::{in_force, owners, owners_now};
use crate::app::{App, Error};
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::recovery::{Answer, Endorsement, Paper, PlanHead};
use crate::domain::role::Role;
use crate::policy::{Actor, Right};
use crate::store::Reads;

/// Practice recovery as somebody sees it.
#[derive(Clone, Debug)]
pub struct RecoverySeen {
    /// The number and the predecessor that the next plan has to name.
    pub next: (u64, Option<[u8; 32]>),
    /// The plan that is in force.
    pub plan: Option<PlanSeen>,
    /// The plan that the asker agreed to, and when.
    pub mine: Option<(u64, Timestamp)>,
    /// Whether the asker has not answered to this plan.
    pub asked: bool,
    /// The owners who may act; for them only.
    pub owners: Vec<OwnerSeen>,
    /// How many agreed, of how many; for owners only.
    pub agreed: Option<(usize, usize)>,
}

/// A plan with what is known of it now.
#[derive(Clone, Debug)]
pub struct PlanSeen {
    /// The signed statement.
    pub statement: String,
    /// Its number.
    pub n: u64,
    /// When it came.
    pub made_at: Timestamp,
    /// Who signed, and their name.
    pub by: (PersonId, String),
    /// Whose papers it names.
    pub papers: Vec<(PersonId, String)>,
    /// What colleagues signed for it.
    pub endorsements: Vec<String>,
    /// Whether it should be made anew.
    pub stale: bool,
}

/// An owner with their paper.
#[derive(Clone, Debug)]
pub struct OwnerSeen {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Their signed word for it.
    pub paper: Option<String>,
}

impl App {
    /// Practice recovery as the asker may see it.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn recovery(&self, actor: &Actor) -> Result<RecoverySeen, Error> {
        let person = actor.may(Right::OwnAccount)?.person().ok_or(Error::NotFound)?;
        let takes_part = actor.rights().has(Right::Recover);
        self.read(|tx| {
            let plan = in_force(tx)?;
            let mine: Option<Answer> = tx.find(&person)?;
            let n = plan.as_ref().map(|plan| plan.n);
            Ok(RecoverySeen {
                next: PlanHead::next(tx.find(&())?.as_ref()),
                plan: plan_seen(tx)?,
                mine: mine.filter(|answer| answer.agreed).map(|answer| (answer.n, answer.at)),
                asked: n.is_some() && mine.map(|answer| answer.n) != n,
                owners: if takes_part { owners_seen(tx)? } else { Vec::new() },
                agreed: takes_part.then(|| count(tx, n)).transpose()?,
            })
        })
    }
}

fn plan_seen(tx: &impl Reads) -> Result<Option<PlanSeen>, Error> {
    let Some(held) = in_force(tx)? else { return Ok(None) };
    let named = |id: PersonId| Ok::<_, Error>((id, name_of(tx, id)?));
    let stale = held.plan.is_stale(&owners_now(&owners(tx)?));
    let mut endorsements = Vec::new();
    for endorsed in tx.scan::<Endorsement>(&())? {
        if tx.find::<Person>(&endorsed.person)?.is_some_and(|person| person.is_active()) {
            endorsements.push(endorsed.statement);
        }
    }
    Ok(Some(PlanSeen {
        n: held.n,
        made_at: held.plan.made_at,
        by: named(held.plan.by)?,
        papers: held.plan.holders().map(named).collect::<Result<_, _>>()?,
        statement: held.plan.statement,
        endorsements,
        stale,
    }))
}

fn owners_seen(tx: &impl Reads) -> Result<Vec<OwnerSeen>, Error> {
    let people: Vec<Person> = tx.scan(&())?;
    let active = people.into_iter().filter(|person| person.role == Role::Owner && person.is_active());
    let seen = active.map(|person| {
        let paper = tx.find::<Paper>(&person.person)?.map(|paper| paper.statement);
        Ok(OwnerSeen { person: person.person, name: person.name, paper })
    });
    seen.collect()
}

fn count(tx: &impl Reads, n: Option<u64>) -> Result<(usize, usize), Error> {
    let people: Vec<Person> = tx.scan(&())?;
    let (mut agreed, mut of) = (0, 0);
    for person in people.into_iter().filter(Person::is_active) {
        let answer: Option<Answer> = tx.find(&person.person)?;
        of += 1;
        agreed += usize::from(answer.is_some_and(|answer| answer.agreed && Some(answer.n) == n));
    }
    Ok((agreed, of))
}

/// What somebody is called.
pub(super) fn name_of(tx: &impl Reads, id: PersonId) -> Result<String, Error> {
    Ok(tx.find::<Person>(&id)?.map_or_else(String::new, |person| person.name))
}

//! Opening a case: what the second owner is handed, noted before it leaves.

use super::case::{check_asker, going_on, over, told};
use super::{acting_owner, has_agreed, in_force, may_look, not_agreed};
use crate::app::people::tell_owners;
use crate::app::{App, Error, Refusal};
use crate::domain::id::{CaseId, PersonId};
use crate::domain::recovery::{Case, HalfFile, NestedFile, NotOpen};
use crate::policy::{Actor, Right};
use crate::store::rows::keyring::Keyring;
use crate::store::{Reads, WriteTx};

/// The files that an owner's paper opens first.
#[derive(Clone, Debug)]
pub struct FirstFiles {
    /// The number of the plan; none while practice recovery is off.
    pub n: Option<u64>,
    /// One for each other paper.
    pub files: Vec<FirstFile>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct FirstFile {
    /// Whose paper opens what is inside.
    pub then: PersonId,
    /// The age file.
    pub body: Vec<u8>,
}

/// What whoever opens a case is handed.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The person's keyring.
    pub keyring: Keyring,
    /// What the first owner's paper opened, sealed to the opener's.
    pub half: Option<Vec<u8>>,
    /// The file of a sole paper.
    pub file: Option<Vec<u8>>,
}

impl App {
    /// The files that the asker's paper opens first. What they hold is sealed to another paper.
    ///
    /// # Errors
    /// The actor is no owner.
    pub fn first_recovery_files(&self, actor: &Actor) -> Result<FirstFiles, Error> {
        let person = may_look(actor)?.person().ok_or(Error::NotFound)?;
        self.read(|tx| {
            let held: Vec<NestedFile> = tx.scan(&person)?;
            let first = |file: NestedFile| file.then.map(|then| FirstFile { then, body: file.body });
            Ok(FirstFiles { n: in_force(tx)?.map(|plan| plan.n), files: held.into_iter().filter_map(first).collect() })
        })
    }

    /// Hands out what opens a person's keyring, to the owner who confirms. They, the person and all owners are told.
    ///
    /// # Errors
    /// `case-over`, `needs-another-owner`, `not-agreed`, `owner-unconfirmed`; there is no such case; the
    /// actor is no owner, or the proof is too old.
    pub fn open_recovery(&self, actor: &Actor, id: CaseId) -> Result<Opening, Error> {
        let permit = actor.may(Right::Recover)?;
        self.write(|tx| {
            let owner = acting_owner(tx, &permit)?.person;
            let case = going_on(tx, id)?;
            let now = tx.now();
            check(tx, &case, owner)?;
            let opening = hand(tx, &case, owner)?;
            let case = Case { opened: Some((owner, now)), ..case };
            tx.put(&case, &permit)?;
            tx.audit(&permit, told("recovery.opened", &case).with("keyring", opening.keyring.version))?;
            tell_owners(tx, &permit, case.person)?;
            Ok(opening)
        })
    }
}

/// Whether this owner may be handed the keyring of this case now.
pub(super) fn check(tx: &WriteTx, case: &Case, owner: PersonId) -> Result<(), Error> {
    match case.may_open(owner, tx.now()) {
        Ok(()) => {}
        Err(NotOpen::Over) => return Err(over().into()),
        Err(NotOpen::Another) => {
            let detail = "another owner has to confirm: not the one who asked, nor the one whom it is about";
            return Err(Refusal::new("needs-another-owner", detail).into());
        }
    }
    check_asker(tx, case)?;
    let same_plan = in_force(tx)?.is_some_and(|plan| plan.n == case.plan_n);
    if same_plan && has_agreed(tx, case.person, case.plan_n)? { Ok(()) } else { Err(not_agreed().into()) }
}

fn hand(tx: &impl Reads, case: &Case, owner: PersonId) -> Result<Opening, Error> {
    let keyring: Keyring = tx.find(&case.person)?.ok_or(Error::NotFound)?;
    let (half, file) = if case.is_sole() {
        (None, tx.find::<NestedFile>(&(owner, owner))?.map(|file| file.body))
    } else {
        (tx.find::<HalfFile>(&(case.case, owner))?.map(|half| half.body), None)
    };
    Ok(Opening { keyring, half, file })
}

//! How cases end, and what goes with them: half-opened files are kept for the time of a case only.

use jiff::Timestamp;

use super::case::told;
use crate::app::Error;
use crate::app::people::tell_owners;
use crate::domain::id::PersonId;
use crate::domain::recovery::{Answer, Case, CaseState, End, Ended, Endorsement, HalfFile, Paper};
use crate::policy::Permit;
use crate::store::{Reads, WriteTx};

/// Ends a case, tells the person and all owners.
pub(super) fn end_case(tx: &mut WriteTx, permit: &Permit, case: Case, how: End) -> Result<(), Error> {
    let (event, person) = (told(code(how), &case), case.person);
    end_row(tx, permit, case, how)?;
    tx.audit(permit, event)?;
    tell_owners(tx, permit, person)
}

const fn code(how: End) -> &'static str {
    match how {
        End::Finished => "recovery.finished",
        End::Stopped => "recovery.stopped",
        End::Expired => "recovery.expired",
    }
}

/// Ends a case without telling, and takes its half-opened files away.
pub(super) fn end_row(tx: &mut WriteTx, permit: &Permit, case: Case, how: End) -> Result<(), Error> {
    for half in tx.scan::<HalfFile>(&case.case)? {
        tx.remove::<HalfFile>(&(half.case, half.then), permit)?;
    }
    let ended = Some(Ended { how, by: permit.person(), at: tx.now() });
    Ok(tx.put(&Case { ended, ..case }, permit)?)
}

/// Calls off the open cases that are concerned.
pub(super) fn stop_all(tx: &mut WriteTx, permit: &Permit, concerned: impl Fn(&Case) -> bool) -> Result<(), Error> {
    for case in tx.scan::<Case>(&())? {
        if case.ended.is_none() && concerned(&case) {
            end_case(tx, permit, case, End::Stopped)?;
        }
    }
    Ok(())
}

/// Whether some case has run out.
pub(in crate::app) fn any_old(tx: &impl Reads, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.scan::<Case>(&())?.iter().any(|case| has_run_out(case, now)))
}

/// Ends the cases that have run out; gives how many.
pub(in crate::app) fn sweep(tx: &mut WriteTx, permit: &Permit) -> Result<usize, Error> {
    let (now, mut ran_out) = (tx.now(), 0);
    for case in tx.scan::<Case>(&())? {
        if has_run_out(&case, now) {
            end_case(tx, permit, case, End::Expired)?;
            ran_out += 1;
        }
    }
    Ok(ran_out)
}

fn has_run_out(case: &Case, now: Timestamp) -> bool {
    case.ended.is_none() && case.state(now) == CaseState::Expired
}

/// What somebody whose account is closed agreed to, signed and asked for counts no more.
pub(in crate::app) fn forget(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<(), Error> {
    stop_all(tx, permit, |case| case.person == person || case.by == person)?;
    tx.remove::<Answer>(&person, permit)?;
    tx.remove::<Endorsement>(&person, permit)?;
    tx.remove::<Paper>(&person, permit)?;
    Ok(())
}

//! Making a claim code on the server's machine, and using it up in the browser.

use jiff::SignedDuration;

use super::{App, Error, Refusal, practice::guard_new};
use crate::crypto::{random, sign::sha256};
use crate::domain::audit::Event;
use crate::domain::claim::{Claim, ClaimCode, ClaimError};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads as _, WriteTx};

const MEMORY: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Makes a new claim code. It is returned once and kept only as a hash; codes that are still good stay good, so
    /// that a restart does not spoil the one that somebody is typing.
    ///
    /// # Errors
    /// The actor may not, `already-claimed`, or the store's trouble.
    pub fn make_claim_code(&self, actor: &Actor) -> Result<ClaimCode, Error> {
        let permit = actor.may(Right::Operate)?;
        self.write(|tx| {
            guard_new(tx)?;
            forget_old(tx, &permit)?;
            let code = ClaimCode::from_random(random::bytes());
            tx.put(&Claim::new(hash(&code), tx.now()), &permit)?;
            tx.audit(&permit, Event::new("claim.made"))?;
            Ok(code)
        })
    }
}

/// Uses up a typed code inside the transaction that opens the set-up session.
///
/// # Errors
/// `claim-wrong`, `claim-spent`, `claim-expired`, or the store's trouble.
pub fn spend(tx: &mut WriteTx, permit: &Permit, typed: &str) -> Result<(), Error> {
    let code: ClaimCode = typed.parse().map_err(|_| refusal(ClaimError::Wrong))?;
    let mut claim: Claim = tx.find(&hash(&code))?.ok_or_else(|| refusal(ClaimError::Wrong))?;
    claim.spend(tx.now()).map_err(refusal)?;
    tx.put(&claim, permit)?;
    tx.audit(permit, Event::new("claim.spent"))?;
    Ok(())
}

/// A code can be told from an unknown one for a day after its end, which helps whoever types an old one.
fn forget_old(tx: &mut WriteTx, permit: &Permit) -> Result<(), Error> {
    let now = tx.now();
    for claim in tx.scan::<Claim>(&())? {
        if now.duration_since(claim.expires_at()) > MEMORY {
            tx.remove::<Claim>(&claim.code_hash, permit)?;
        }
    }
    Ok(())
}

fn hash(code: &ClaimCode) -> [u8; 32] {
    sha256(code.plain().as_bytes())
}

fn refusal(error: ClaimError) -> Error {
    Refusal::new(error.code(), error.to_string()).into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Clock;
    use crate::policy::ActorKind;
    use crate::store::{Keyfile, Store};

    #[test]
    fn each_code_works_once_within_its_time_and_no_longer() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::default();
        let store = Store::open_or_create(dir.path(), &Keyfile::generate().unwrap(), clock.clone()).unwrap().0;
        let app = App::new(Arc::new(store), clock.clone());
        let operator = Actor::local(ActorKind::Operator);
        let make = || app.make_claim_code(&operator).unwrap().to_string();
        let try_it = |typed: &str| match app.claim(&Actor::local(ActorKind::Visitor), typed) {
            Ok(_) => "good".to_owned(),
            Err(Error::Refused(refusal)) => refusal.code.to_owned(),
            Err(other) => other.to_string(),
        };
        let (first, second, late) = (make(), make(), make());
        assert_eq!(try_it(&first.to_lowercase()), "good", "a newer one does not spoil it");
        assert_eq!(try_it(&first), "claim-spent");
        assert_eq!(try_it(&second.replace('-', " ")), "good");
        assert_eq!(try_it("no code at all"), "claim-wrong");
        clock.advance_ms(15 * 60 * 1000);
        assert_eq!(try_it(&late), "claim-expired");
        clock.advance_ms(25 * 60 * 60 * 1000);
        make();
        assert_eq!(try_it(&late), "claim-wrong", "forgotten");
        assert!(app.make_claim_code(&Actor::local(ActorKind::Visitor)).is_err(), "only the operator");
    }
}

//! Making a claim code on the server's machine, and using it up in the browser.

use super::{App, Error, Refusal};
use crate::crypto::{random, sign::sha256};
use crate::domain::audit::Event;
use crate::domain::claim::{Claim, ClaimCode, ClaimError};
use crate::policy::{Actor, Permit, Right};
use crate::store::{Reads as _, WriteTx};

impl App {
    /// Makes a new claim code; the one before stops working. It is returned once and kept only as a hash.
    ///
    /// # Errors
    /// The actor may not, or the store's trouble.
    pub fn make_claim_code(&self, actor: &Actor) -> Result<ClaimCode, Error> {
        let permit = actor.may(Right::ClaimPractice)?;
        self.write(|tx| {
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
    let mut claim: Claim = tx.find(&())?.ok_or_else(|| refusal(ClaimError::Wrong))?;
    claim.spend(&hash(&code), tx.now()).map_err(refusal)?;
    tx.put(&claim, permit)?;
    tx.audit(permit, Event::new("claim.spent"))?;
    Ok(())
}

fn hash(code: &ClaimCode) -> [u8; 32] {
    sha256(code.plain().as_bytes())
}

fn refusal(error: ClaimError) -> Error {
    Refusal::new(error.code(), error.to_string()).into()
}

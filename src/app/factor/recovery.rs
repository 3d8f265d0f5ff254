//! Recovery codes: ten at a time, each good once in the place of a second factor, shown when they are made.

use super::{App, Asker, Error, Refusal, factors_of, may_change, settle};
use crate::crypto::recovery_code;
use crate::domain::audit::Event;
use crate::domain::factor::{RecoveryCode, RecoveryCodes};
use crate::domain::id::PersonId;
use crate::policy::Permit;
use crate::store::WriteTx;

impl App {
    /// Ten new codes; the ones before them are no good any more.
    ///
    /// # Errors
    /// `no-factor` for somebody without a second factor, `proof-too-old`, or the store's trouble.
    pub fn renew_recovery_codes(&self, asker: &Asker) -> Result<Vec<RecoveryCode>, Error> {
        let (permit, person) = may_change(asker)?;
        self.write(|tx| {
            if !factors_of(tx, person)?.any() {
                let detail = "recovery codes stand in for a second factor; set one up first";
                return Err(Refusal::new("no-factor", detail).into());
            }
            let codes = renew(tx, &permit, person)?;
            settle(self, tx, &permit, asker, Event::new("recovery-codes.made").with("count", codes.len()))?;
            Ok(codes)
        })
    }
}

/// New codes in the place of whatever there was.
pub(super) fn renew(tx: &mut WriteTx, permit: &Permit, person: PersonId) -> Result<Vec<RecoveryCode>, Error> {
    let codes = recovery_code::make();
    let left = codes.iter().map(|code| recovery_code::hash(person, code)).collect();
    tx.put(&RecoveryCodes { person, left, made_at: tx.now() }, permit)?;
    Ok(codes)
}

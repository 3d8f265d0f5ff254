//! Taking somebody's second factors away who lost them: they come in by their first proof and add new ones. It gives
//! nobody else a way in, and no keys.

use super::{managed, tell_owners};
use crate::app::factor::{factors_of, take_all};
use crate::app::session::end_others;
use crate::app::{App, Error};
use crate::domain::audit::Event;
use crate::domain::id::PersonId;
use crate::policy::{Actor, Permit, Right};
use crate::store::WriteTx;

impl App {
    /// Takes away all second factors of somebody, and ends their sessions. They and the owners are told. Nothing happens
    /// where there are none.
    ///
    /// # Errors
    /// `person-beyond-you`, `not-oneself`, `owner-unconfirmed`; or there is nobody of that id.
    pub fn reset_factors(&self, actor: &Actor, id: PersonId) -> Result<(), Error> {
        let permit = actor.may(Right::ManagePeople)?;
        self.write(|tx| {
            managed(tx, &permit, id)?;
            if self.reset_factors_in(tx, &permit, id)? {
                tell_owners(tx, &permit, id)?;
            }
            Ok(())
        })?;
        self.live.throttle.forget_second(id);
        Ok(())
    }

    /// Gives whether there were any.
    pub(super) fn reset_factors_in(&self, tx: &mut WriteTx, permit: &Permit, id: PersonId) -> Result<bool, Error> {
        let factors = factors_of(tx, id)?;
        if !factors.any() && factors.recovery.is_none() {
            return Ok(false);
        }
        take_all(tx, permit, id)?;
        self.live.forget_begun(|whose, _| whose == id);
        end_others(tx, &self.live, permit, id, None, "factors-reset")?;
        let event = Event::new("person.factors-reset").about(id).with("totp", factors.totp.is_some());
        tx.audit(permit, event.with("keys", factors.keys.len()))?;
        Ok(true)
    }
}

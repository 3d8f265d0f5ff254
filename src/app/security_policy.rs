//! The security policies of the practice.

use super::people::{acting, guard_confirmed};
use super::{App, Error, Refusal};
use crate::domain::audit::Event;
use crate::domain::security_policy::{INACTIVE_DAYS, REVIEW_DAYS, SecurityPolicy};
use crate::policy::{Actor, Right};
use crate::store::Reads;

impl App {
    /// The policies.
    ///
    /// # Errors
    /// The actor may not see people.
    pub fn security_policy(&self, actor: &Actor) -> Result<SecurityPolicy, Error> {
        actor.may(Right::SeePeople)?;
        self.read(policy_in)
    }

    /// Sets the policies; they hold from the next request on.
    ///
    /// # Errors
    /// `policy-refused`, `owner-unconfirmed`; or the actor may not set policies.
    pub fn set_security_policy(&self, actor: &Actor, policy: SecurityPolicy) -> Result<(), Error> {
        let permit = actor.may(Right::SetPolicy)?;
        if !policy.is_sound() {
            let (days, review) = (INACTIVE_DAYS, REVIEW_DAYS);
            let detail = format!(
                "days of inactivity go from {} to {}, days between reviews from {} to {}",
                days.start(),
                days.end(),
                review.start(),
                review.end()
            );
            return Err(Refusal::new("policy-refused", detail).into());
        }
        self.write(|tx| {
            let by = acting(tx, &permit)?;
            guard_confirmed(tx, by.person)?;
            tx.put(&policy, &permit)?;
            let event = Event::new("policy.set").with("second_factor", policy.second_factor.word());
            let event = event.with("profile", policy.profile.word()).with("single_session", policy.single_session);
            let event = event.with("inactive_days", policy.inactive_days);
            let event = event.with("inactive_clients", policy.inactive_clients);
            Ok(tx.audit(&permit, event.with("review_days", policy.review_days))?)
        })
    }
}

/// The policies now.
///
/// # Errors
/// The store's trouble.
pub(super) fn policy_in(tx: &impl Reads) -> Result<SecurityPolicy, Error> {
    Ok(tx.find(&())?.unwrap_or_default())
}

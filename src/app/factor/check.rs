//! Whether a second factor that somebody gives is theirs and was not given before.

use super::super::changes::security_change;
use super::Error;
use crate::crypto::passkey::{Assertion, credential_hash};
use crate::crypto::security_key::{KeyUsing, SecurityKeys};
use crate::crypto::{recovery_code, totp};
use crate::domain::audit::Event;
use crate::domain::factor::{Method, RecoveryCode, RecoveryCodes, SecurityKey, Totp};
use crate::domain::id::PersonId;
use crate::domain::origin::Origin;
use crate::policy::Permit;
use crate::store::{Reads as _, WriteTx};

/// A second factor as it is given. Its text is a secret.
#[derive(Clone)]
pub enum Given {
    /// What the authenticator app shows.
    Totp(String),
    /// A recovery code.
    Recovery(String),
    /// A security key's answer.
    Key(Assertion),
}

impl Given {
    /// In which way it is given.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Totp(_) => Method::Totp,
            Self::Recovery(_) => Method::Recovery,
            Self::Key(_) => Method::Key,
        }
    }
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Given({})", self.method().word())
    }
}

/// Whether this is a second factor of the person; it is used up. A security key answers a challenge at an origin.
///
/// # Errors
/// The store's trouble.
pub(in crate::app) fn check(
    tx: &mut WriteTx,
    permit: &Permit,
    person: PersonId,
    given: &Given,
    asked: Option<(&Origin, &KeyUsing)>,
) -> Result<bool, Error> {
    match given {
        Given::Totp(typed) => check_totp(tx, permit, person, typed),
        Given::Recovery(typed) => spend(tx, permit, person, typed),
        Given::Key(answer) => match asked {
            Some((origin, using)) => check_key(tx, permit, person, answer, origin, using),
            None => Ok(false),
        },
    }
}

fn check_totp(tx: &mut WriteTx, permit: &Permit, person: PersonId, typed: &str) -> Result<bool, Error> {
    let Some(mut known) = tx.find::<Totp>(&person)? else { return Ok(false) };
    let step = totp::step_of(&known.secret, typed, tx.now());
    if !step.is_some_and(|step| known.take(step)) {
        return Ok(false);
    }
    tx.put(&known, permit)?;
    Ok(true)
}

fn spend(tx: &mut WriteTx, permit: &Permit, person: PersonId, typed: &str) -> Result<bool, Error> {
    let (Some(mut codes), Ok(code)) = (tx.find::<RecoveryCodes>(&person)?, typed.parse::<RecoveryCode>()) else {
        return Ok(false);
    };
    if !codes.spend(&recovery_code::hash(person, &code)) {
        return Ok(false);
    }
    tx.put(&codes, permit)?;
    let event = Event::new("recovery-code.used").about(person).with("left", codes.left.len());
    tx.audit(permit, event)?;
    security_change(tx, permit, person)?;
    Ok(true)
}

fn check_key(
    tx: &mut WriteTx,
    permit: &Permit,
    person: PersonId,
    answer: &Assertion,
    origin: &Origin,
    using: &KeyUsing,
) -> Result<bool, Error> {
    let hash = credential_hash(&answer.credential_id);
    let known = tx.scan::<SecurityKey>(&person)?.into_iter().find(|key| key.credential == hash);
    let (Some(known), Ok(keys)) = (known, SecurityKeys::at(origin)) else { return Ok(false) };
    let Ok(moved) = keys.finish_using(using, answer.clone(), &known.verifier) else { return Ok(false) };
    let verifier = moved.unwrap_or_else(|| known.verifier.clone());
    tx.put(&SecurityKey { verifier, used_at: Some(tx.now()), ..known }, permit)?;
    Ok(true)
}

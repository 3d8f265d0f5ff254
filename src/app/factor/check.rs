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

/// What became of a second factor that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Checked {
    /// It is theirs, and used up now.
    Right,
    /// It is not theirs.
    Wrong,
    /// It is a code of their authenticator app, but this one or a later one was given before.
    Used,
}

impl Checked {
    const fn of(is_right: bool) -> Self {
        if is_right { Self::Right } else { Self::Wrong }
    }
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

/// Whether this is a second factor of the person; then it is used up. A security key answers a challenge at an origin.
///
/// # Errors
/// The store's trouble.
pub(in crate::app) fn check(
    tx: &mut WriteTx,
    permit: &Permit,
    person: PersonId,
    given: &Given,
    asked: Option<(&Origin, &KeyUsing)>,
) -> Result<Checked, Error> {
    match (given, asked) {
        (Given::Totp(typed), _) => check_totp(tx, permit, person, typed),
        (Given::Recovery(typed), _) => Ok(Checked::of(spend(tx, permit, person, typed)?)),
        (Given::Key(answer), Some((origin, using))) => {
            Ok(Checked::of(check_key(tx, permit, person, answer, origin, using)?))
        }
        (Given::Key(_), None) => Ok(Checked::Wrong),
    }
}

fn check_totp(tx: &mut WriteTx, permit: &Permit, person: PersonId, typed: &str) -> Result<Checked, Error> {
    let Some(mut known) = tx.find::<Totp>(&person)? else { return Ok(Checked::Wrong) };
    let Some(step) = totp::step_of(&known.secret, typed, tx.now()) else { return Ok(Checked::Wrong) };
    if !known.take(step) {
        return Ok(Checked::Used);
    }
    tx.put(&known, permit)?;
    Ok(Checked::Right)
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

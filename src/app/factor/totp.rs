//! Authenticator apps: set up in two steps, so that nobody depends on an app that shows other codes.

use jiff::{SignedDuration, Timestamp};

use super::super::sign_in::practice;
use super::{App, Asker, Error, Refusal, first_codes, leave, may_change, settle, strengthen};
use crate::crypto::totp;
use crate::domain::audit::Event;
use crate::domain::factor::{RecoveryCode, Totp, TotpSecret};
use crate::domain::person::Person;
use crate::store::Reads as _;

/// How long a set-up waits for the code that confirms it.
const LIFE: SignedDuration = SignedDuration::from_mins(30);

/// A set-up that waits for its code; in memory only.
#[derive(Clone, Debug)]
pub struct Begun {
    /// What the app is to take.
    pub secret: TotpSecret,
    /// Since when.
    pub at: Timestamp,
}

/// What an app is set up with, shown once.
#[derive(Clone, Debug)]
pub struct TotpBegun {
    /// The secret as people type it.
    pub secret: String,
    /// The secret as apps scan it.
    pub uri: String,
}

impl Begun {
    /// Whether nobody confirmed it in time.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() >= LIFE
    }
}

impl App {
    /// Begins to set up an authenticator app. The one that there is stays good until a code of the new one came.
    ///
    /// # Errors
    /// `proof-too-old`, the session is locked, or the store's trouble.
    pub fn begin_totp(&self, asker: &Asker) -> Result<TotpBegun, Error> {
        let (_, person) = may_change(asker)?;
        let (issuer, account) = self.read(|tx| {
            let row: Person = tx.find(&person)?.ok_or(Error::NotFound)?;
            Ok((practice(tx)?.name, row.email.unwrap_or(row.name)))
        })?;
        let (secret, at) = (totp::make(), self.clock.now());
        let begun = TotpBegun { secret: totp::base32(&secret), uri: totp::uri(&secret, &issuer, &account) };
        self.live.begin(person, Begun { secret, at });
        Ok(begun)
    }

    /// Sets the app up by its first code. Gives recovery codes, to be shown once, to whoever has none left.
    ///
    /// # Errors
    /// `totp-refused` if the code does not fit or the set-up is over; `proof-too-old`; the store's trouble.
    pub fn confirm_totp(&self, asker: &Asker, code: &str) -> Result<Vec<RecoveryCode>, Error> {
        let (permit, person) = may_change(asker)?;
        let now = self.clock.now();
        let begun = self.live.begun(person).filter(|begun| !begun.is_over(now));
        let begun = begun.ok_or_else(|| refused("this set-up took too long; begin it again"))?;
        let used_step = totp::step_of(&begun.secret, code, now).ok_or_else(|| {
            refused("this code does not fit; type the one that the app shows now, and check its clock")
        })?;
        let codes = self.write(|tx| {
            tx.put(&Totp { person, secret: begun.secret, used_step, made_at: tx.now() }, &permit)?;
            let codes = first_codes(tx, &permit, person)?;
            strengthen(tx, &permit, asker)?;
            settle(self, tx, &permit, asker, Event::new("factor.added").with("kind", "totp"))?;
            Ok(codes)
        })?;
        self.live.forget_begun(|whose, _| whose == person);
        Ok(codes)
    }

    /// Takes the authenticator app away.
    ///
    /// # Errors
    /// `last-factor`, `proof-too-old`; there is none; the store's trouble.
    pub fn remove_totp(&self, asker: &Asker) -> Result<(), Error> {
        let (permit, person) = may_change(asker)?;
        self.write(|tx| {
            if !tx.remove::<Totp>(&person, &permit)? {
                return Err(Error::NotFound);
            }
            leave(tx, &permit, person)?;
            settle(self, tx, &permit, asker, Event::new("factor.removed").with("kind", "totp"))
        })
    }
}

fn refused(detail: &str) -> Error {
    Refusal::new("totp-refused", detail).into()
}

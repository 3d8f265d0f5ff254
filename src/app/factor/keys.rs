//! Security keys: added by touching them, named, removed. A key belongs to one person.

use super::super::account::field;
use super::super::challenges::Asked;
use super::super::passkey::MakingChallenge;
use super::super::sign_in::{PasskeyChallenge, practice, unavailable};
use super::{App, Asker, Error, Refusal, first_codes, leave, may_change, settle, strengthen};
use crate::crypto::passkey::{Attestation, Made};
use crate::crypto::random;
use crate::crypto::security_key::{SecurityKeys, credential_id};
use crate::domain::audit::Event;
use crate::domain::factor::{KEYS_MAX, RecoveryCode, SecurityKey};
use crate::domain::id::{ChallengeId, KeyId, PersonId};
use crate::domain::person::{Person, parse_name};
use crate::store::rows::slot::Credential;
use crate::store::{Reads, WriteTx};

/// A security key as a device brings it.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The challenge that it answers.
    pub challenge: ChallengeId,
    /// The answer.
    pub answer: Attestation,
    /// What the person calls it.
    pub label: String,
}

impl App {
    /// Begins to add a security key.
    ///
    /// # Errors
    /// `passkeys-unavailable` at a bare address, `proof-too-old`, or the store's trouble.
    pub fn begin_key(&self, asker: &Asker) -> Result<(MakingChallenge, Person), Error> {
        let (_, person) = may_change(asker)?;
        let (practice, row, known) = self.read(|tx| {
            let row: Person = tx.find(&person)?.ok_or(Error::NotFound)?;
            Ok((practice(tx)?, row, tx.scan::<SecurityKey>(&person)?))
        })?;
        let keys = SecurityKeys::at(&practice.origin).map_err(unavailable)?;
        let (bytes, making) = keys.begin_making(person, &row.name).map_err(unavailable)?;
        let wanted = Asked::MakeKey { person, making };
        let challenge = self.live.challenges.put(self.clock.now(), practice.origin, wanted);
        let exclude = known.iter().filter_map(|key| credential_id(&key.verifier)).collect();
        let challenge = PasskeyChallenge { challenge, rp_id: keys.rp_id, bytes };
        Ok((MakingChallenge { challenge, exclude, practice: practice.name }, row))
    }

    /// Adds a security key. Gives recovery codes, to be shown once, to whoever has none left.
    ///
    /// # Errors
    /// `key-refused`, `field-refused` for its label, `proof-too-old`; the store's trouble.
    pub fn add_key(&self, asker: &Asker, new: NewKey) -> Result<(SecurityKey, Vec<RecoveryCode>), Error> {
        let (permit, person) = may_change(asker)?;
        let label = field("label", parse_name(&new.label))?;
        let made = self.check_key(person, new)?;
        self.write(|tx| {
            guard_new(tx, person, &made)?;
            let made_at = tx.now();
            let key = SecurityKey {
                key: KeyId::new(made_at, random::bytes()),
                person,
                label,
                credential: made.credential,
                verifier: made.verifier,
                made_at,
                used_at: None,
            };
            tx.put(&key, &permit)?;
            let codes = first_codes(tx, &permit, person)?;
            strengthen(tx, &permit, asker)?;
            settle(self, tx, &permit, asker, Event::new("factor.added").with("kind", "key").with("key", key.key))?;
            Ok((key, codes))
        })
    }

    /// Takes a security key away.
    ///
    /// # Errors
    /// `last-factor`, `proof-too-old`; there is no such key; the store's trouble.
    pub fn remove_key(&self, asker: &Asker, key: KeyId) -> Result<(), Error> {
        let (permit, person) = may_change(asker)?;
        self.write(|tx| {
            if !tx.remove::<SecurityKey>(&(person, key), &permit)? {
                return Err(Error::NotFound);
            }
            leave(tx, &permit, person)?;
            settle(self, tx, &permit, asker, Event::new("factor.removed").with("kind", "key").with("key", key))
        })
    }

    fn check_key(&self, person: PersonId, new: NewKey) -> Result<Made, Error> {
        let challenge = self.live.challenges.take(self.clock.now(), new.challenge).ok_or_else(refused)?;
        match challenge.asked {
            Asked::MakeKey { person: asked, making } if asked == person => {
                let keys = SecurityKeys::at(&challenge.origin).map_err(unavailable)?;
                keys.finish_making(&making, new.answer).map_err(|_| refused())
            }
            _ => Err(refused()),
        }
    }
}

/// A credential belongs to one person and one purpose: a passkey is no second factor beside itself.
fn guard_new(tx: &WriteTx, person: PersonId, made: &Made) -> Result<(), Error> {
    let all: Vec<SecurityKey> = tx.scan(&())?;
    let is_known = all.iter().any(|key| key.credential == made.credential);
    let mine = all.iter().filter(|key| key.person == person).count();
    if is_known || mine >= KEYS_MAX || tx.find::<Credential>(&made.credential)?.is_some() {
        return Err(refused());
    }
    Ok(())
}

fn refused() -> Error {
    let detail = "this security key does not fit its challenge, came too late or is in use already; add it again";
    Refusal::new("key-refused", detail).into()
}

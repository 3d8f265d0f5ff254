//! What a device sends to make an account, and the checks that need no transaction: signatures, passkeys, forms.

use jiff::Timestamp;

use super::super::challenges::Asked;
use super::super::{App, Error, Refusal};
use crate::crypto::passkey::{Attestation, Passkeys};
use crate::crypto::statement::KeyStatement;
use crate::domain::id::{ChallengeId, PersonId, SlotId};
use crate::domain::origin::Origin;
use crate::domain::person::{FieldError, parse_email, parse_name, parse_zone};
use crate::domain::slot::{Slot, SlotKind, check_slots};

/// Bytes of a keyring at most.
const KEYRING_MAX: usize = 256 * 1024;
/// What every age file begins with.
const AGE_INTRO: &[u8] = b"age-encryption.org/v1\n";

/// An account as a device describes it.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Who; chosen on the device.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Their time zone.
    pub zone: String,
    /// Their key statement, signed.
    pub statement: String,
    /// Tag of their directory leaf.
    pub tag: [u8; 16],
    /// Salt of their directory leaf.
    pub salt: [u8; 16],
    /// Their sealed keyring.
    pub keyring: Vec<u8>,
    /// The ways to unlock it.
    pub slots: Vec<NewSlot>,
}

/// A way to unlock as a device describes it.
#[derive(Clone, Debug)]
pub struct NewSlot {
    /// Which; chosen on the device.
    pub slot: SlotId,
    /// What the person calls it.
    pub label: String,
    /// Public half of its login key.
    pub login_key: [u8; 32],
    /// What kind.
    pub kind: NewSlotKind,
}

/// The kinds of new slot, with what proves or completes them.
#[derive(Clone, Debug)]
pub enum NewSlotKind {
    /// A passkey that answers this challenge.
    Passkey {
        /// Which challenge.
        challenge: ChallengeId,
        /// The answer.
        answer: Attestation,
    },
    /// A password stretched with this salt.
    Password {
        /// The salt.
        salt: [u8; 16],
    },
    /// A kit on paper.
    Kit,
    /// A link for a new device.
    Link,
}

/// An account whose signatures, passkeys and fields are in order.
#[derive(Clone, Debug)]
pub struct CheckedAccount {
    pub(in crate::app) keys: KeyStatement,
    pub(in crate::app) name: String,
    pub(in crate::app) email: Option<String>,
    pub(in crate::app) zone: String,
    pub(in crate::app) statement: String,
    pub(in crate::app) tag: [u8; 16],
    pub(in crate::app) salt: [u8; 16],
    pub(in crate::app) keyring: Vec<u8>,
    pub(in crate::app) slots: Vec<Slot>,
}

impl CheckedAccount {
    /// The keys that the statement names: who it is, what signs, what grants are sealed to.
    #[must_use]
    pub const fn keys(&self) -> &KeyStatement {
        &self.keys
    }
}

impl App {
    /// Checks what needs no transaction. Uses up the passkey challenges that it names.
    ///
    /// # Errors
    /// `field-refused`, `statement-refused`, `slots-refused`, `passkey-refused`, `keyring-refused`.
    pub(crate) fn check_account(&self, new: NewAccount) -> Result<CheckedAccount, Error> {
        let keys = KeyStatement::parse(&new.statement)
            .map_err(|error| Error::from(Refusal::new("statement-refused", error.to_string())))?;
        if keys.person != new.person {
            return Err(Refusal::new("statement-refused", "the key statement names somebody else").into());
        }
        check_keyring(&new.keyring)?;
        let slots = self.check_new_slots(new.person, new.slots)?;
        check_slot_set(&slots)?;
        if slots.iter().any(|slot| slot.kind == SlotKind::Link) {
            return Err(Refusal::new("slots-refused", "a new account has no link yet").into());
        }
        Ok(CheckedAccount {
            keys,
            name: field("name", parse_name(&new.name))?,
            email: new.email.map(|email| field("email", parse_email(&email))).transpose()?,
            zone: field("zone", parse_zone(&new.zone))?,
            statement: new.statement,
            tag: new.tag,
            salt: new.salt,
            keyring: new.keyring,
            slots,
        })
    }

    /// Slots whose passkeys answered their challenges. Their `made_at` is set by whoever stores them.
    pub(in crate::app) fn check_new_slots(&self, person: PersonId, new: Vec<NewSlot>) -> Result<Vec<Slot>, Error> {
        new.into_iter()
            .map(|new| {
                let label = field("label", parse_name(&new.label))?;
                let kind = self.check_kind(person, new.kind)?;
                let made_at = Timestamp::UNIX_EPOCH;
                Ok(Slot { slot: new.slot, person, kind, label, login_key: new.login_key, made_at })
            })
            .collect()
    }

    fn check_kind(&self, person: PersonId, kind: NewSlotKind) -> Result<SlotKind, Error> {
        Ok(match kind {
            NewSlotKind::Password { salt } => SlotKind::Password { salt },
            NewSlotKind::Kit => SlotKind::Kit,
            NewSlotKind::Link => SlotKind::Link,
            NewSlotKind::Passkey { challenge, answer } => {
                let challenge = self.live.challenges.take(self.clock.now(), challenge).ok_or_else(passkey_refused)?;
                let Asked::MakePasskey { person: asked, making } = challenge.asked else {
                    return Err(passkey_refused());
                };
                if asked != person {
                    return Err(passkey_refused());
                }
                finish(&challenge.origin, &making, answer)?
            }
        })
    }
}

fn finish(origin: &Origin, making: &crate::crypto::passkey::Making, answer: Attestation) -> Result<SlotKind, Error> {
    let passkeys = Passkeys::at(origin).map_err(|_| passkey_refused())?;
    let made = passkeys.finish_making(making, answer).map_err(|_| passkey_refused())?;
    Ok(SlotKind::Passkey { credential: made.credential, verifier: made.verifier })
}

fn passkey_refused() -> Error {
    Refusal::new("passkey-refused", "the new passkey does not fit its challenge or came too late; make it again").into()
}

/// Whether a keyring has the form of an age file of sensible size.
pub(in crate::app) fn check_keyring(body: &[u8]) -> Result<(), Error> {
    if body.len() > KEYRING_MAX || !body.starts_with(AGE_INTRO) {
        return Err(Refusal::new("keyring-refused", "a keyring is one binary age file of at most 256 KiB").into());
    }
    Ok(())
}

/// Whether slots together are a sound set.
pub(in crate::app) fn check_slot_set(slots: &[Slot]) -> Result<(), Error> {
    check_slots(slots).map_err(|error| Refusal::new("slots-refused", error.to_string()).into())
}

/// The value of a field, or the refusal that names the field.
pub(in crate::app) fn field<T>(name: &'static str, parsed: Result<T, FieldError>) -> Result<T, Error> {
    parsed.map_err(|error| Refusal::new("field-refused", error.to_string()).with("field", name).into())
}

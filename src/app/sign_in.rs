//! Signing in, unlocking, and proving that the kits are at hand.

use super::challenges::Asked;
use super::delivery::keyring_handed;
use super::guard::closed_to;
use super::me::Me;
use super::proof::{Proof, Taken, failed};
use super::session::{Asker, NewDevice, open, replace};
use super::{App, Error, Refusal, link};
use crate::crypto::login::Decoys;
use crate::crypto::passkey::{PasskeyError, Passkeys};
use crate::crypto::random;
use crate::crypto::token::Token;
use crate::domain::audit::Event;
use crate::domain::device::Device;
use crate::domain::id::{ChallengeId, DeviceId, PersonId};
use crate::domain::person::{KitsProved, Person};
use crate::domain::practice::{Installation, Practice};
use crate::domain::session::{Holder, Session};
use crate::domain::slot::{Slot, SlotKind, SlotWord};
use crate::policy::{Actor, Permit, Right};
use crate::store::rows::keyring::Keyring;
use crate::store::rows::slot::LoginKey;
use crate::store::{Reads, WriteTx};

/// How somebody names themselves before they sign in.
#[derive(Clone, Copy, Debug)]
pub enum LoginBy {
    /// By their id, which the device remembers.
    Person(PersonId),
    /// By the public half of a login key: a kit in a new browser.
    LoginKey([u8; 32]),
}

/// A challenge to sign. It looks the same whether or not the person exists.
#[derive(Clone, Debug)]
pub struct LoginChallenge {
    /// Which.
    pub challenge: ChallengeId,
    /// What to sign.
    pub nonce: [u8; 32],
    /// For whom.
    pub person: PersonId,
    /// Salt of their password.
    pub salt: [u8; 16],
}

/// A challenge for a passkey.
#[derive(Clone, Debug)]
pub struct PasskeyChallenge {
    /// Which.
    pub challenge: ChallengeId,
    /// The host name that passkeys belong to.
    pub rp_id: String,
    /// The bytes to answer.
    pub bytes: Vec<u8>,
}

/// What a device gets when it has signed in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// The session's token: for the cookie, nowhere else.
    pub token: Token,
    /// Who the person is here.
    pub me: Me,
    /// Their sealed keyring.
    pub keyring: Keyring,
}

impl App {
    /// A challenge for a login key.
    ///
    /// # Errors
    /// `not-set-up`, or the store's trouble.
    pub fn login_challenge(&self, actor: &Actor, by: LoginBy) -> Result<LoginChallenge, Error> {
        actor.may(Right::SignIn)?;
        let (origin, person, salt) = self.read(|tx| {
            let practice = practice(tx)?;
            let installation: Installation = tx.find(&())?.ok_or(Error::NotFound)?;
            let decoys = Decoys::new(&installation.decoy_key);
            let person = match by {
                LoginBy::Person(person) => person,
                LoginBy::LoginKey(key) => match tx.find::<LoginKey>(&key)? {
                    Some(known) => known.person,
                    None => decoys.person(&key, installation.made_at),
                },
            };
            let slots: Vec<Slot> = tx.scan(&person)?;
            let salt = slots.iter().find_map(|slot| match slot.kind {
                SlotKind::Password { salt } => Some(salt),
                _ => None,
            });
            Ok((practice.origin, person, salt.unwrap_or_else(|| decoys.salt(person))))
        })?;
        let nonce = random::bytes();
        let challenge = self.live.challenges.put(self.clock.now(), origin, Asked::LoginKey { person, nonce });
        Ok(LoginChallenge { challenge, nonce, person, salt })
    }

    /// A challenge for whichever passkey the authenticator offers.
    ///
    /// # Errors
    /// `not-set-up`, `passkeys-unavailable`, or the store's trouble.
    pub fn passkey_challenge(&self, actor: &Actor) -> Result<PasskeyChallenge, Error> {
        actor.may(Right::SignIn)?;
        let origin = self.read(practice)?.origin;
        let passkeys = Passkeys::at(&origin).map_err(unavailable)?;
        let (bytes, using) = passkeys.begin_using().map_err(unavailable)?;
        let challenge = self.live.challenges.put(self.clock.now(), origin, Asked::UsePasskey(using));
        Ok(PasskeyChallenge { challenge, rp_id: passkeys.rp_id, bytes })
    }

    /// Signs in at a device. The session that the asker had ends, whosever it was: its cookie is replaced.
    ///
    /// # Errors
    /// `sign-in-failed` whatever was wrong, `account-suspended` after a right proof only, `too-many-attempts`, or the
    /// store's trouble.
    pub fn sign_in(&self, asker: &Asker, proof: Proof, device: &NewDevice) -> Result<Entered, Error> {
        let actor = &asker.actor;
        let permit = actor.may(Right::SignIn)?;
        let (taken, counted) = self.take(actor, proof)?;
        let claimed = taken.person;
        let outcome = self.write(|tx| {
            let Some(slot) = entering(tx, &permit, taken, device.device)? else {
                tx.audit(&permit, Event::new("sign-in.failed").with("person", name(tx, claimed)?))?;
                return Ok(Err(failed()));
            };
            if let Some(refusal) = closed_to(tx, &permit, slot.person)? {
                return Ok(Err(refusal));
            }
            let person = visit(tx, &permit, &slot)?;
            let opened = open(tx, &permit, &person, device)?;
            let event = Event::new("sign-in.done").about(person.person).with("slot", slot.slot);
            tx.audit(&permit, event.with("kind", slot.kind.word().word()))?;
            replace(tx, &self.live, &permit, asker, person.person)?;
            let keyring = tx.find::<Keyring>(&person.person)?.ok_or(Error::NotFound)?;
            tx.audit(&permit, keyring_handed(opened.session, &keyring))?;
            let me = Me::of(tx, &person, device.device, false, tx.now())?;
            Ok(Ok(Entered { token: opened, me, keyring }))
        })?;
        if let Ok(entered) = &outcome {
            self.proved(actor, entered.keyring.person, &counted);
            self.live.note_keyring(entered.token.session, entered.keyring.version);
        }
        Ok(outcome?)
    }

    /// Unlocks a session by a new proof of the same person.
    ///
    /// # Errors
    /// `sign-in-failed` whatever was wrong, `too-many-attempts`, or the store's trouble.
    pub fn unlock_session(&self, asker: &Asker, proof: Proof) -> Result<(), Error> {
        let permit = asker.actor.may(Right::SignIn)?;
        let id = asker.session.ok_or(Error::Denied(crate::policy::Denied::SignedOut))?;
        let holder = permit.person();
        let (taken, counted) = self.take(&asker.actor, proof)?;
        let outcome = self.write(|tx| {
            let Some(slot) = taken.check(tx)?.filter(|slot| holder == Some(slot.person)) else {
                tx.audit(&permit, Event::new("session.unlock-failed").with("session", id))?;
                return Ok(Err(failed()));
            };
            let session: Session = tx.find(&id)?.ok_or(Error::NotFound)?;
            see_device(tx, &permit, &session)?;
            visit(tx, &permit, &slot)?;
            tx.put(&Session { locked: false, proved_at: tx.now(), ..session }, &permit)?;
            tx.audit(&permit, Event::new("session.unlocked").with("session", id).with("slot", slot.slot))?;
            Ok(Ok(()))
        })?;
        if let (Ok(()), Some(holder)) = (&outcome, holder) {
            self.proved(&asker.actor, holder, &counted);
        }
        Ok(outcome?)
    }

    /// Notes that a person holds their kit: proved by a signature that only the typed kit can make. An owner's device
    /// also says whether the restore kit was typed.
    ///
    /// # Errors
    /// `kit-proof-failed` whatever was wrong, `too-many-attempts`, or the store's trouble.
    pub fn prove_kits(&self, actor: &Actor, proof: Proof, restore: bool) -> Result<(), Error> {
        let permit = actor.may(Right::OwnAccount)?;
        let (taken, counted) = self.take(actor, proof)?;
        let outcome = self.write(|tx| {
            let slot = taken.check(tx)?;
            let own_kit = |slot: &Slot| permit.person() == Some(slot.person) && slot.kind.word() == SlotWord::Kit;
            let Some(slot) = slot.filter(own_kit) else {
                tx.audit(&permit, Event::new("kit.proof-failed"))?;
                let detail = "what was typed does not match the personal kit; check the paper and type it again";
                return Ok(Err(Refusal::new("kit-proof-failed", detail)));
            };
            let mut person: Person = tx.find(&slot.person)?.ok_or(Error::NotFound)?;
            person.kits = KitsProved { personal: true, restore: person.kits.restore || restore };
            tx.put(&person, &permit)?;
            tx.audit(&permit, Event::new("kit.proved").with("slot", slot.slot).with("restore", restore))?;
            Ok(Ok(()))
        })?;
        if let (Ok(()), Some(person)) = (&outcome, permit.person()) {
            self.proved(actor, person, &counted);
        }
        Ok(outcome?)
    }
}

/// The practice, or the refusal that there is none yet.
pub(super) fn practice(tx: &impl Reads) -> Result<Practice, Error> {
    tx.find(&())?.ok_or_else(|| Refusal::new("not-set-up", "this practice is not set up yet").into())
}

/// Why passkeys do not work here.
pub(super) fn unavailable(error: PasskeyError) -> Error {
    Refusal::new("passkeys-unavailable", error.to_string()).into()
}

/// Whom a failed attempt was about, for the audit log: only people who exist are named.
fn name(tx: &WriteTx, person: Option<PersonId>) -> Result<String, Error> {
    let known = person.map(|person| tx.find::<Person>(&person)).transpose()?.flatten();
    Ok(known.map_or_else(|| "unknown".to_owned(), |known| known.person.to_string()))
}

/// The slot that somebody comes in with at this device. A link is used up by that.
fn entering(tx: &mut WriteTx, permit: &Permit, taken: Taken, device: DeviceId) -> Result<Option<Slot>, Error> {
    let Some(slot) = taken.check_to_enter(tx)? else { return Ok(None) };
    Ok(link::admit(tx, permit, &slot, device)?.then_some(slot))
}

fn visit(tx: &mut WriteTx, permit: &Permit, slot: &Slot) -> Result<Person, Error> {
    let mut person: Person = tx.find(&slot.person)?.ok_or(Error::NotFound)?;
    person.visit(tx.now());
    tx.put(&person, permit)?;
    // A passkey's counter may have moved.
    tx.put(slot, permit)?;
    Ok(person)
}

fn see_device(tx: &mut WriteTx, permit: &Permit, session: &Session) -> Result<(), Error> {
    let Holder::Person { person, device } = session.holder else { return Ok(()) };
    if let Some(seen) = tx.find::<Device>(&(person, device))? {
        tx.put(&Device { last_seen_at: tx.now(), ..seen }, permit)?;
    }
    Ok(())
}

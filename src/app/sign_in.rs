//! Signing in, unlocking, and proving that the kits are at hand.

use super::anomaly::{is_new_place, note_failure, note_guess, note_new_place};
use super::challenges::Asked;
use super::delivery::keyring_handed;
use super::factor::Given;
use super::guard::closed_to;
use super::me::Me;
use super::proof::{Proof, Proved, Taken, failed};
use super::second_step::{self, SecondAsked};
use super::security_policy::policy_in;
use super::session::{Asker, NewDevice, end_others, open, replace};
use super::throttle::Try;
use super::{App, Error, Refusal, link};
use crate::crypto::login::Decoys;
use crate::crypto::passkey::{PasskeyError, Passkeys};
use crate::crypto::random;
use crate::crypto::token::Token;
use crate::domain::audit::Event;
use crate::domain::device::Device;
use crate::domain::factor::Method;
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

/// How far a right first proof led.
#[derive(Clone, Debug)]
pub enum Came {
    /// All the way.
    In(Box<Entered>),
    /// To the second step.
    Second(SecondAsked),
}

enum Half {
    Entered(Box<Entered>),
    Second(Box<second_step::Wanted>),
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

    /// Signs in at a device. The session that the asker had ends, whosever it was: its cookie is replaced. Whoever
    /// has a second factor is asked for it first, unless the proof was of two things already.
    ///
    /// # Errors
    /// `sign-in-failed` whatever was wrong, `account-suspended` after a right proof only, `too-many-attempts`, or the
    /// store's trouble.
    pub fn sign_in(&self, asker: &Asker, proof: Proof, device: &NewDevice) -> Result<Came, Error> {
        let actor = &asker.actor;
        let permit = actor.may(Right::SignIn)?;
        let (taken, counted) = self.take(actor, proof)?;
        let claimed = taken.person;
        let outcome = self.write(|tx| {
            let Some(proved) = entering(tx, &permit, taken, device.device)? else {
                tx.audit(&permit, Event::new("sign-in.failed").with("person", name(tx, claimed)?))?;
                note_failure(tx, &self.live, &permit, claimed)?;
                return Ok(Err(failed()));
            };
            if let Some(refusal) = closed_to(tx, &permit, proved.slot.person)? {
                return Ok(Err(refusal));
            }
            if let Some(wanted) = second_step::wanted(tx, &proved, device)? {
                let event = Event::new("sign-in.first-step").about(proved.slot.person);
                tx.audit(&permit, event.with("slot", proved.slot.slot))?;
                return Ok(Ok(Half::Second(Box::new(wanted))));
            }
            Ok(Ok(Half::Entered(Box::new(enter(self, tx, &permit, asker, &proved, device, None)?))))
        })?;
        match outcome? {
            Half::Entered(entered) => {
                self.came_in(actor, &entered, &counted);
                Ok(Came::In(entered))
            }
            Half::Second(wanted) => {
                // Only taken back: what was guessed before stays counted until the second step is done, too.
                self.live.throttle.succeeded(&counted);
                Ok(Came::Second(self.ask_second(*wanted)))
            }
        }
    }

    /// Notes what follows from a sign-in that is durable.
    pub(super) fn came_in(&self, actor: &Actor, entered: &Entered, counted: &Try) {
        self.proved(actor, entered.keyring.person, counted);
        self.live.note_keyring(entered.token.session, entered.keyring.version);
    }

    /// Unlocks a session by a new proof of the same person, or renews the proof of an open one. A session that proved
    /// two things needs no second factor again; one that proved one thing does, if its person has one by now.
    ///
    /// # Errors
    /// `sign-in-failed` whatever was wrong, `second-factor-wanted`, `second-factor-failed`, `too-many-attempts`, or the
    /// store's trouble.
    pub fn unlock_session(&self, asker: &Asker, proof: Proof, second: Option<&Given>) -> Result<(), Error> {
        let permit = asker.actor.may(Right::SignIn)?;
        self.renew(asker, &permit, proof, second, |tx, proved, session| {
            see_device(tx, &permit, session)?;
            Ok(tx.audit(&permit, renewed("session.unlocked", proved, session))?)
        })
    }

    /// Proves anew who holds an open session, before something that takes a fresh proof. A session that proved one
    /// thing takes the second factor as well, if its person has one.
    ///
    /// # Errors
    /// `sign-in-failed`, `second-factor-wanted`, `second-factor-failed`, `too-many-attempts`; the session is locked; the
    /// store's trouble.
    pub fn prove_session(&self, asker: &Asker, proof: Proof, second: Option<&Given>) -> Result<(), Error> {
        let permit = asker.actor.may(Right::OwnAccount)?;
        self.renew(asker, &permit, proof, second, |tx, proved, session| {
            Ok(tx.audit(&permit, renewed("session.proved", proved, session))?)
        })
    }

    fn renew(
        &self,
        asker: &Asker,
        permit: &Permit,
        proof: Proof,
        second: Option<&Given>,
        note: impl FnOnce(&mut WriteTx, &Proved, &Session) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let id = asker.session.ok_or(Error::Denied(crate::policy::Denied::SignedOut))?;
        let (holder, network) = (permit.person().ok_or(Error::NotFound)?, permit.network());
        let keys = second.map_or_else(Vec::new, |_| self.live.throttle.second_keys(holder, network));
        let second_counted = self.slow_down(&keys)?;
        let (taken, counted) = self.take(&asker.actor, proof)?;
        let outcome = self.write(|tx| {
            let Some(proved) = taken.check(tx)?.filter(|proved| holder == proved.slot.person) else {
                tx.audit(permit, Event::new("session.unlock-failed").with("session", id))?;
                return Ok(Err(failed()));
            };
            let session: Session = tx.find(&id)?.ok_or(Error::NotFound)?;
            let strength = match second_step::beside(tx, permit, &proved, &session, second)? {
                Ok(strength) => session.strength.max(strength),
                Err(refusal) => {
                    if second.is_some() {
                        note_guess(tx, &self.live, permit, holder)?;
                    }
                    return Ok(Err(refusal));
                }
            };
            let was_given = strength > session.strength.max(proved.strength);
            note(tx, &proved, &session)?;
            visit(tx, permit, &proved.slot)?;
            let now = tx.now();
            tx.put(&Session { locked: false, proved_at: now, used_at: now, strength, ..session }, permit)?;
            Ok(Ok(was_given))
        })?;
        let was_given = outcome?;
        self.proved(&asker.actor, holder, &counted);
        self.live.throttle.succeeded(&second_counted);
        if was_given {
            self.live.throttle.second_given(holder, network);
        }
        Ok(())
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
            let slot = taken.check(tx)?.map(|proved| proved.slot);
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

fn renewed(code: &'static str, proved: &Proved, session: &Session) -> Event {
    Event::new(code).with("session", session.session).with("slot", proved.slot.slot)
}

/// Opens the session of whoever proved who they are, inside the transaction of the last proof.
pub(super) fn enter(
    app: &App,
    tx: &mut WriteTx,
    permit: &Permit,
    asker: &Asker,
    proved: &Proved,
    device: &NewDevice,
    second: Option<Method>,
) -> Result<Entered, Error> {
    let (slot, strength) = (&proved.slot, proved.strength);
    let person = visit(tx, permit, slot)?;
    let is_unusual = is_new_place(tx, permit, person.person, device.device)?;
    let opened = open(tx, permit, &person, device, strength)?;
    let event = Event::new("sign-in.done").about(person.person).with("slot", slot.slot);
    let event = event.with("kind", slot.kind.word().word()).with("second", second.map_or("none", Method::word));
    tx.audit(permit, event)?;
    if is_unusual {
        note_new_place(tx, &app.live, permit, person.person, device.device)?;
    }
    replace(tx, &app.live, permit, asker, person.person)?;
    if policy_in(tx)?.single_session {
        end_others(tx, &app.live, permit, person.person, Some(opened.session), "single-session")?;
    }
    let keyring = tx.find::<Keyring>(&person.person)?.ok_or(Error::NotFound)?;
    tx.audit(permit, keyring_handed(opened.session, &keyring))?;
    let me = Me::of(tx, &person, device.device, false, strength, tx.now())?;
    Ok(Entered { token: opened, me, keyring })
}

/// What somebody comes in with at this device. A link is used up by that.
fn entering(tx: &mut WriteTx, permit: &Permit, taken: Taken, device: DeviceId) -> Result<Option<Proved>, Error> {
    match taken.check_to_enter(tx)? {
        Some(proved) => link::admit(tx, permit, proved, device),
        None => Ok(None),
    }
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
        let network = permit.network().map(str::to_owned);
        tx.put(&Device { last_seen_at: tx.now(), network, ..seen }, permit)?;
    }
    Ok(())
}

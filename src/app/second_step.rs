//! The second step of signing in: after a right first proof of one thing, whoever has a second factor gives it before
//! anything of their account is handed out. A challenge takes five tries; wrong ones are slowed down by account and
//! network, never for good.

use jiff::Timestamp;

use super::anomaly::note_guess;
use super::challenges::Asked;
use super::factor::{Checked, Given, check, factors_of};
use super::guard::closed_to;
use super::proof::Proved;
use super::session::{Asker, NewDevice};
use super::sign_in::{Entered, PasskeyChallenge, enter, practice};
use super::{App, Error, Refusal};
use crate::crypto::security_key::{KeyUsing, SecurityKeys};
use crate::domain::audit::Event;
use crate::domain::factor::Method;
use crate::domain::id::{ChallengeId, PersonId, SlotId};
use crate::domain::session::{Session, Strength};
use crate::domain::slot::Slot;
use crate::policy::Permit;
use crate::store::{Reads, WriteTx};

/// Second factors that one challenge takes at most.
const TRIES: u8 = 5;

/// What waits for a second factor.
#[derive(Clone, Debug)]
pub struct SecondStep {
    person: PersonId,
    slot: SlotId,
    device: NewDevice,
    key: Option<KeyUsing>,
    tries_left: u8,
}

/// A challenge for a second factor.
#[derive(Clone, Debug)]
pub struct SecondAsked {
    /// Which.
    pub challenge: ChallengeId,
    /// The ways in which this person can answer, best first.
    pub methods: Vec<Method>,
    /// What a security key has to answer.
    pub key: Option<KeyAsking>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A challenge for one of somebody's security keys.
#[derive(Clone, Debug)]
pub struct KeyAsking {
    /// The host name that keys belong to, and the bytes to answer.
    pub challenge: PasskeyChallenge,
    /// The credential ids that may answer.
    pub allowed: Vec<Vec<u8>>,
}

/// What is asked after a first proof, before it has a name.
pub(super) struct Wanted {
    step: SecondStep,
    methods: Vec<Method>,
    key: Option<(String, Vec<u8>, Vec<Vec<u8>>)>,
    origin: crate::domain::origin::Origin,
}

/// What this proof needs beside itself; nothing if it is strong, or if its person has no second factor.
///
/// # Errors
/// The store's trouble.
pub(super) fn wanted(tx: &impl Reads, proved: &Proved, device: &NewDevice) -> Result<Option<Wanted>, Error> {
    let person = proved.slot.person;
    let factors = factors_of(tx, person)?;
    if proved.strength == Strength::Strong || !factors.any() {
        return Ok(None);
    }
    let origin = practice(tx)?.origin;
    let verifiers = factors.keys.iter().map(|key| key.verifier.as_slice());
    let asked = SecurityKeys::at(&origin).and_then(|keys| Ok((keys.begin_using(verifiers)?, keys.rp_id))).ok();
    let asked = asked.filter(|_| !factors.keys.is_empty());
    let mut methods = factors.methods();
    methods.retain(|method| *method != Method::Key || asked.is_some());
    let using = asked.as_ref().map(|(asked, _)| asked.using.clone());
    let step = SecondStep { person, slot: proved.slot.slot, device: device.clone(), key: using, tries_left: TRIES };
    let key = asked.map(|(asked, rp_id)| (rp_id, asked.bytes, asked.allowed));
    Ok(Some(Wanted { step, methods, key, origin }))
}

/// How much this proof and what is given beside it prove, to renew a session that proved less. The refusal's counting
/// is that of the proof: it was not a right one yet.
///
/// # Errors
/// The store's trouble.
pub(super) fn beside(
    tx: &mut WriteTx,
    permit: &Permit,
    proved: &Proved,
    session: &Session,
    given: Option<&Given>,
) -> Result<Result<Strength, Refusal>, Error> {
    let person = proved.slot.person;
    let is_enough = proved.strength == Strength::Strong || session.strength == Strength::Strong;
    if is_enough || !factors_of(tx, person)?.any() {
        return Ok(Ok(proved.strength));
    }
    let Some(given) = given else {
        let detail = "give a code of your authenticator app or a recovery code as well";
        return Ok(Err(Refusal::new("second-factor-wanted", detail)));
    };
    match check(tx, permit, person, given, None)? {
        Checked::Right => Ok(Ok(Strength::Strong)),
        checked => {
            tx.audit(permit, Event::new("session.unlock-failed").with("session", session.session))?;
            Ok(Err(failed(given, checked)))
        }
    }
}

impl App {
    /// Puts down the challenge that a first proof led to.
    pub(super) fn ask_second(&self, wanted: Wanted) -> SecondAsked {
        let now = self.clock.now();
        let asked = Asked::SecondFactor(Box::new(wanted.step));
        let challenge = self.live.challenges.put(now, wanted.origin, asked);
        let key = wanted.key.map(|(rp_id, bytes, allowed)| KeyAsking {
            challenge: PasskeyChallenge { challenge, rp_id, bytes },
            allowed,
        });
        let expires_at = now.checked_add(super::challenges::CHALLENGE_LIFE).unwrap_or(now);
        SecondAsked { challenge, methods: wanted.methods, key, expires_at }
    }

    /// Signs in with the second factor.
    ///
    /// # Errors
    /// `second-factor-failed` with `tries_left`; `sign-in-expired` when the first step has to be done again;
    /// `too-many-attempts`; the store's trouble.
    pub fn sign_in_second(&self, asker: &Asker, id: ChallengeId, given: &Given) -> Result<Entered, Error> {
        let permit = asker.actor.may(crate::policy::Right::SignIn)?;
        let Some(held) = self.live.challenges.take(self.clock.now(), id) else { return Err(expired().into()) };
        let Asked::SecondFactor(step) = held.asked.clone() else { return Err(expired().into()) };
        let keys = self.live.throttle.second_keys(step.person, permit.network());
        let counted = match self.slow_down(&keys) {
            Ok(counted) => counted,
            Err(error) => {
                self.live.challenges.put_back(id, held);
                return Err(error);
            }
        };
        let outcome = self.write(|tx| {
            let Some(slot) = tx.find::<Slot>(&(step.person, step.slot))? else { return Ok(Err(expired())) };
            if let Some(refusal) = closed_to(tx, &permit, step.person)? {
                return Ok(Err(refusal));
            }
            let key = step.key.as_ref().map(|using| (&held.origin, using));
            let checked = check(tx, &permit, step.person, given, key)?;
            if checked != Checked::Right {
                note_guess(tx, &self.live, &permit, step.person)?;
                return fail(tx, &permit, &step, given, checked);
            }
            let proved = Proved { slot, strength: Strength::Strong };
            Ok(Ok(enter(self, tx, &permit, asker, &proved, &step.device, Some(given.method()))?))
        })?;
        match &outcome {
            Ok(entered) => {
                self.came_in(&asker.actor, entered, &counted);
                self.live.throttle.second_given(step.person, permit.network());
            }
            Err(refusal) if refusal.code == FAILED && step.tries_left > 1 => {
                let step = SecondStep { tries_left: step.tries_left - 1, ..*step };
                self.live.challenges.put_back(id, held.with(Asked::SecondFactor(Box::new(step))));
            }
            Err(_) => {}
        }
        Ok(outcome?)
    }
}

const FAILED: &str = "second-factor-failed";

fn fail<T>(
    tx: &mut WriteTx,
    permit: &Permit,
    step: &SecondStep,
    given: &Given,
    checked: Checked,
) -> Result<Result<T, Refusal>, Error> {
    let left = step.tries_left - 1;
    let event = Event::new("sign-in.second-failed").about(step.person);
    tx.audit(permit, event.with("method", given.method().word()).with("tries_left", left))?;
    Ok(Err(failed(given, checked).with("tries_left", left)))
}

/// What is said of a second factor that was not right. Whoever hears it has given the first one.
fn failed(given: &Given, checked: Checked) -> Refusal {
    let detail = match given {
        Given::Totp(_) if checked == Checked::Used => "this code was used already; wait for the next one",
        Given::Totp(_) => "this code does not fit; type the one that the app shows now, and check its clock",
        Given::Recovery(_) => "this is none of the recovery codes that are left; check the paper",
        Given::Key(_) => "this is not one of your security keys, or its answer does not fit",
    };
    let refusal = Refusal::new(FAILED, detail);
    if checked == Checked::Used { refusal.with("reason", "used") } else { refusal }
}

fn expired() -> Refusal {
    Refusal::new("sign-in-expired", "the first step was too long ago or took too many tries; sign in again")
}

//! Proofs of who somebody is: a login key's signature, or a passkey's. What failed is never told.

use super::challenges::{Asked, Challenge};
use super::throttle::{Counted, Try};
use super::{App, Error, Refusal};
use crate::crypto::login;
use crate::crypto::passkey::{Assertion, Passkeys, Using, credential_hash};
use crate::domain::id::{ChallengeId, PersonId};
use crate::domain::origin::Origin;
use crate::domain::session::Strength;
use crate::domain::slot::{Slot, SlotKind, SlotWord};
use crate::policy::Actor;
use crate::store::rows::slot::{Credential, LoginKey};
use crate::store::{Reads, StoreError};

/// What a device answers to a challenge.
#[derive(Clone, Debug)]
pub enum Proof {
    /// A signature by a login key.
    LoginKey {
        /// Which challenge.
        challenge: ChallengeId,
        /// Public half of the key.
        login_key: [u8; 32],
        /// The signature over the login message.
        signature: Vec<u8>,
    },
    /// The use of a passkey.
    Passkey {
        /// Which challenge.
        challenge: ChallengeId,
        /// The answer.
        answer: Assertion,
    },
}

/// What a right proof proved: a way to unlock, and how much holding it says.
pub(super) struct Proved {
    pub(super) slot: Slot,
    pub(super) strength: Strength,
}

/// A proof with its challenge taken up: whatever comes of it, the challenge is gone.
pub(super) struct Taken {
    proof: Proof,
    challenge: Option<Challenge>,
    /// Whom the proof is about, as far as it says.
    pub(super) person: Option<PersonId>,
}

impl App {
    /// Takes up the challenge of a proof, unless this account or network has to wait. It counts as a failure until it
    /// is known to be right.
    ///
    /// # Errors
    /// `too-many-attempts`.
    pub(super) fn take(&self, actor: &Actor, proof: Proof) -> Result<(Taken, Try), Error> {
        let now = self.clock.now();
        let id = match proof {
            Proof::LoginKey { challenge, .. } | Proof::Passkey { challenge, .. } => challenge,
        };
        let challenge = self.live.challenges.take(now, id);
        let person = match (&proof, &challenge) {
            (Proof::LoginKey { .. }, Some(Challenge { asked: Asked::LoginKey { person, .. }, .. })) => Some(*person),
            (Proof::Passkey { answer, .. }, _) => {
                <[u8; 16]>::try_from(answer.user_handle.as_slice()).ok().map(PersonId::from_bytes)
            }
            _ => None,
        };
        let counted = self.slow_down(&self.live.throttle.keys(person, actor.network.as_deref()))?;
        Ok((Taken { proof, challenge, person }, counted))
    }

    /// Counts a try as a failure, or refuses for as long as one of these has to wait.
    ///
    /// # Errors
    /// `too-many-attempts`.
    pub(super) fn slow_down(&self, counted: &[Counted]) -> Result<Try, Error> {
        self.live.throttle.begin(self.clock.now(), counted).map_err(|wait_s| {
            let refusal = Refusal::new("too-many-attempts", "there were too many attempts; wait a little");
            refusal.with("retry_after_s", wait_s).into()
        })
    }

    /// Notes that a try was a right one, of this person.
    pub(super) fn proved(&self, actor: &Actor, person: PersonId, counted: &Try) {
        self.live.throttle.succeeded(counted);
        self.live.throttle.came_in(person, actor.network.as_deref());
    }
}

impl Taken {
    /// The slot that the proof was made with, its passkey's counter moved on; `None` when anything is wrong. A link is
    /// no proof of somebody who is in: it only lets in, see [`Self::check_to_enter`].
    ///
    /// # Errors
    /// The store's trouble.
    pub(super) fn check(self, tx: &impl Reads) -> Result<Option<Proved>, StoreError> {
        Ok(self.check_to_enter(tx)?.filter(|proved| proved.slot.kind.word() != SlotWord::Link))
    }

    /// The same, of somebody who comes in: it may be a link. Whoever takes it has to use the link up, which says how much
    /// it proved.
    ///
    /// # Errors
    /// The store's trouble.
    pub(super) fn check_to_enter(self, tx: &impl Reads) -> Result<Option<Proved>, StoreError> {
        match (self.proof, self.challenge) {
            (Proof::LoginKey { login_key, signature, .. }, challenge) => {
                check_login_key(tx, challenge, &login_key, &signature)
            }
            (Proof::Passkey { answer, .. }, Some(Challenge { asked: Asked::UsePasskey(using), origin, .. })) => {
                check_passkey(tx, &origin, using, answer, self.person)
            }
            (Proof::Passkey { .. }, _) => Ok(None),
        }
    }
}

fn check_login_key(
    tx: &impl Reads,
    challenge: Option<Challenge>,
    login_key: &[u8; 32],
    signature: &[u8],
) -> Result<Option<Proved>, StoreError> {
    // An unknown key costs the same work as a known one: the signature is checked with what was sent.
    let signed = challenge.and_then(|challenge| match challenge.asked {
        Asked::LoginKey { person, nonce } => {
            login::answers(login_key, &challenge.origin, person, &nonce, signature).then_some(person)
        }
        _ => None,
    });
    let known: Option<LoginKey> = tx.find(login_key)?;
    let slot: Option<Slot> = match (signed, known) {
        (Some(person), Some(known)) if known.person == person => tx.find(&(person, known.slot))?,
        _ => None,
    };
    Ok(slot.map(|slot| Proved { slot, strength: Strength::Single }))
}

fn check_passkey(
    tx: &impl Reads,
    origin: &Origin,
    using: Using,
    answer: Assertion,
    claimed: Option<PersonId>,
) -> Result<Option<Proved>, StoreError> {
    let Some(known) = tx.find::<Credential>(&credential_hash(&answer.credential_id))? else { return Ok(None) };
    let Some(slot) = tx.find::<Slot>(&(known.person, known.slot))? else { return Ok(None) };
    let (SlotKind::Passkey { credential, verifier }, Ok(passkeys)) = (&slot.kind, Passkeys::at(origin)) else {
        return Ok(None);
    };
    if claimed != Some(known.person) {
        return Ok(None);
    }
    let Ok(used) = passkeys.finish_using(using, answer, verifier) else { return Ok(None) };
    let strength = if used.user_verified { Strength::Strong } else { Strength::Single };
    let kind = SlotKind::Passkey { credential: *credential, verifier: used.verifier };
    Ok(Some(Proved { slot: Slot { kind, ..slot }, strength }))
}

/// The one answer to every failed proof.
pub(super) fn failed() -> Refusal {
    Refusal::new("sign-in-failed", "signing in did not work: try again, or use another way to unlock")
}

//! Challenges that wait for their answer: in memory, each good for one answer within five minutes. Bounded, so that
//! asking for challenges costs an attacker more than us.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::second_step::SecondStep;
use crate::crypto::passkey::{Making, Using};
use crate::crypto::random;
use crate::crypto::security_key::KeyMaking;
use crate::domain::id::{ChallengeId, PersonId};
use crate::domain::origin::Origin;

/// How long a challenge waits.
pub const CHALLENGE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Challenges that wait at once; the oldest makes room.
const WAITING_MAX: usize = 10_000;

/// What a challenge is for.
#[derive(Clone, Debug)]
pub enum Asked {
    /// A signature by a login key.
    LoginKey {
        /// Who it was made for, whether or not they exist.
        person: PersonId,
        /// What has to be signed.
        nonce: [u8; 32],
    },
    /// A new passkey.
    MakePasskey {
        /// For whom.
        person: PersonId,
        /// The state of the ceremony.
        making: Making,
    },
    /// The use of a passkey.
    UsePasskey(Using),
    /// A new security key.
    MakeKey {
        /// For whom.
        person: PersonId,
        /// The state of the ceremony.
        making: KeyMaking,
    },
    /// A second factor, after a right first proof.
    SecondFactor(Box<SecondStep>),
}

/// A challenge at the origin that it was made for.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// What it is for.
    pub asked: Asked,
    /// The origin that the answer has to name.
    pub origin: Origin,
    made_at: Timestamp,
}

impl Challenge {
    /// The same challenge with another state, as old as it is.
    pub fn with(self, asked: Asked) -> Self {
        Self { asked, ..self }
    }
}

/// All challenges that wait.
#[derive(Debug, Default)]
pub struct Challenges(Mutex<BTreeMap<ChallengeId, Challenge>>);

impl Challenges {
    /// Puts a challenge down and names it.
    pub fn put(&self, now: Timestamp, origin: Origin, asked: Asked) -> ChallengeId {
        let id = ChallengeId::new(now, random::bytes());
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting.len() >= WAITING_MAX {
            waiting.pop_first();
        }
        waiting.insert(id, Challenge { asked, origin, made_at: now });
        id
    }

    /// Takes a challenge up, whatever comes of it: a second answer finds nothing.
    pub fn take(&self, now: Timestamp, id: ChallengeId) -> Option<Challenge> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let challenge = waiting.remove(&id)?;
        let age = now.duration_since(challenge.made_at);
        (age < CHALLENGE_LIFE && age > -CHALLENGE_LIFE).then_some(challenge)
    }

    /// Puts a challenge back that was taken up, under its name and with its age: its answer was wrong, and it takes more
    /// than one.
    pub fn put_back(&self, id: ChallengeId, challenge: Challenge) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, challenge);
    }

    /// Drops the challenges that nobody answered in time.
    pub fn forget_old(&self, now: Timestamp) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, challenge| now.duration_since(challenge.made_at) < CHALLENGE_LIFE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(challenges: &Challenges, now: Timestamp) -> ChallengeId {
        let asked = Asked::LoginKey { person: PersonId::from_bytes([1; 16]), nonce: [2; 32] };
        challenges.put(now, "https://localhost".parse().unwrap(), asked)
    }

    #[test]
    fn a_challenge_is_good_for_one_answer_in_time() {
        let (challenges, now) = (Challenges::default(), Timestamp::UNIX_EPOCH);
        let id = put(&challenges, now);
        assert!(challenges.take(now, id).is_some());
        assert!(challenges.take(now, id).is_none());
        let id = put(&challenges, now);
        assert!(challenges.take(now + CHALLENGE_LIFE, id).is_none());
    }

    #[test]
    fn the_oldest_makes_room() {
        let (challenges, now) = (Challenges::default(), Timestamp::UNIX_EPOCH);
        let first = put(&challenges, now);
        for _ in 0..WAITING_MAX {
            put(&challenges, now + SignedDuration::from_secs(1));
        }
        assert!(challenges.take(now, first).is_none());
        assert_eq!(challenges.0.lock().unwrap().len(), WAITING_MAX);
    }
}

//! Sessions: how long a proof of identity lasts, and what a silent or locked one is.
//!
//! The device locks itself after 15 minutes without input, or when session mode ends (3 hours at most), and says so.
//! The server cannot see input; it locks a session that made no request for longer than any honest device stays
//! unlocked. A proof (signing in or unlocking) is good for 12 hours, and 30 days after signing in even a session that
//! was proved again and again ends.

use jiff::{SignedDuration, Timestamp};

use super::anomaly::{Agent, Place};
use super::id::{DeviceId, PersonId, SessionId};

/// A proof lasts this long.
pub const PROOF_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// A session lasts this long whatever was proved.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Set-up has to be finished in this time after the claim.
pub const FOUNDING_LIFE: SignedDuration = SignedDuration::from_hours(2);
/// Session mode's 3 hours and the 15 minutes after them.
pub const SILENCE_MAX: SignedDuration = SignedDuration::from_mins(3 * 60 + 15);
/// What is hard to undo takes a proof that is no older than this.
pub const FRESH_FOR: SignedDuration = SignedDuration::from_mins(15);
/// A session's use is written down once in so long.
pub const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// How far the clock may have been set back without making a proof doubtful.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(5);

/// A browser or app that has proved who uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Which.
    pub session: SessionId,
    /// SHA-256 of its token; the token itself is nowhere on the server.
    pub token_hash: [u8; 32],
    /// Who holds it.
    pub holder: Holder,
    /// When it began.
    pub made_at: Timestamp,
    /// When its holder last proved who they are.
    pub proved_at: Timestamp,
    /// Whether the device said that it locked itself.
    pub locked: bool,
    /// How much was proved.
    pub strength: Strength,
    /// The network that it was last used from, as far as it is known.
    pub seen_network: Option<String>,
    /// The browser that it was last used by, as far as it is known.
    pub seen_agent: Option<Agent>,
    /// When it was last used, to some minutes.
    pub used_at: Timestamp,
}

/// How much the holder of a session proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// One thing: a password, a kit.
    Single,
    /// Two: a passkey that verified its user, or a second factor beside something single.
    Strong,
}

impl Strength {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Strong => "strong",
        }
    }
}

/// Who holds a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A browser that entered the claim code.
    Founder,
    /// A person at a device.
    Person {
        /// Who.
        person: PersonId,
        /// With what.
        device: DeviceId,
    },
}

/// What a session is good for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Everything its holder may do.
    Open,
    /// Finishing what was sealed before, unlocking, ending.
    Locked,
    /// Nothing.
    Ended,
}

impl Session {
    /// What the session is good for, given when it was last used.
    #[must_use]
    pub fn standing(&self, used_at: Timestamp, now: Timestamp) -> Standing {
        let since = |then: Timestamp| now.duration_since(then);
        let life = match self.holder {
            Holder::Founder => FOUNDING_LIFE,
            Holder::Person { .. } => SESSION_LIFE,
        };
        if since(self.made_at) >= life || since(self.proved_at) >= PROOF_LIFE {
            Standing::Ended
        } else if self.locked
            || since(used_at.max(self.proved_at)) >= SILENCE_MAX
            || since(self.proved_at) < -CLOCK_SLACK
        {
            Standing::Locked
        } else {
            Standing::Open
        }
    }

    /// Whether the last proof is good enough for what is hard to undo.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.proved_at);
        age <= FRESH_FOR && age >= -CLOCK_SLACK
    }

    /// Where it was last used, as far as its row says.
    #[must_use]
    pub fn seen(&self) -> Place {
        Place { network: self.seen_network.clone(), agent: self.seen_agent }
    }

    /// Whether a use is worth writing down: at most every ten minutes, never with each request.
    #[must_use]
    pub fn is_news(&self, used_at: Timestamp) -> bool {
        used_at.duration_since(self.used_at) >= NOTED_EVERY
    }

    /// The person, unless it is a founder's.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self.holder {
            Holder::Person { person, .. } => Some(person),
            Holder::Founder => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn session() -> Session {
        let holder = Holder::Person { person: PersonId::from_bytes([1; 16]), device: DeviceId::from_bytes([2; 16]) };
        Session {
            session: SessionId::from_bytes([3; 16]),
            token_hash: [0; 32],
            holder,
            made_at: at(0),
            proved_at: at(0),
            locked: false,
            strength: Strength::Single,
            seen_network: None,
            seen_agent: None,
            used_at: at(0),
        }
    }

    #[test]
    fn silence_locks_and_use_keeps_open() {
        assert_eq!(session().standing(at(0), at(3)), Standing::Open);
        assert_eq!(session().standing(at(0), at(4)), Standing::Locked);
        assert_eq!(session().standing(at(3), at(4)), Standing::Open);
        assert_eq!(Session { locked: true, ..session() }.standing(at(0), at(0)), Standing::Locked);
    }

    #[test]
    fn a_proof_lasts_twelve_hours_and_a_session_thirty_days() {
        assert_eq!(session().standing(at(11), at(12)), Standing::Ended);
        let proved_again = Session { proved_at: at(719), ..session() };
        assert_eq!(proved_again.standing(at(719), at(719)), Standing::Open);
        assert_eq!(proved_again.standing(at(719), at(720)), Standing::Ended);
        assert_eq!(Session { holder: Holder::Founder, ..session() }.standing(at(1), at(2)), Standing::Ended);
    }

    #[test]
    fn a_proof_is_fresh_for_a_quarter_of_an_hour() {
        let after = |minutes| session().is_fresh(at(0) + SignedDuration::from_mins(minutes));
        assert!(after(0) && after(15) && !after(16) && !after(-6));
    }

    #[test]
    fn a_clock_set_back_asks_for_a_new_proof() {
        assert_eq!(Session { proved_at: at(100), ..session() }.standing(at(100), at(1)), Standing::Locked);
    }
}

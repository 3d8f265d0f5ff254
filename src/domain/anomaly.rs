//! What looks unusual about how people come in: which kinds there are, and when something is one. Pure; nothing here
//! keeps anybody out, it is written down and told.

use jiff::{SignedDuration, Timestamp};

/// Failures of the last so long are looked at together; each kind is noted once in that time for each account.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// So many accounts that failed from one network are more than a household or an office that mistypes.
pub const SPRAYED_MIN: usize = 5;
/// So many wrong second factors of one account are more than a code that ran out.
pub const GUESSED_MIN: usize = 5;
/// Tries that are kept of one network or account.
const KEPT_MAX: usize = 64;

/// Something unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anomaly {
    /// A new device came in from a network that the account never came from.
    NewPlace,
    /// A session is used from another network and by another browser than a moment ago.
    SessionMoved,
    /// Many accounts failed to sign in from one network.
    Spraying,
    /// Many wrong second factors: whoever guesses has proved the first.
    SecondGuesses,
}

impl Anomaly {
    /// The code of its audit entries.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NewPlace => "anomaly.new-place",
            Self::SessionMoved => "anomaly.session-moved",
            Self::Spraying => "anomaly.spraying",
            Self::SecondGuesses => "anomaly.second-guesses",
        }
    }
}

/// The position of an audit entry about something unusual: a row of the list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The entry's position.
    pub n: u64,
}

/// What a browser calls itself, without its versions and not to be read back: good for telling two apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent(pub [u8; 8]);

/// From where and by what a session is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The network.
    pub network: Option<String>,
    /// The browser.
    pub agent: Option<Agent>,
}

impl Place {
    /// Whether somebody else may hold the session now: both are other ones. People move with their browser, and browsers
    /// are changed where people sit; neither alone says anything.
    #[must_use]
    pub fn is_elsewhere(&self, now: &Self) -> bool {
        let differs = self.network.is_some() && now.network.is_some() && self.network != now.network;
        differs && self.agent.is_some() && now.agent.is_some() && self.agent != now.agent
    }
}

/// Tries of the recent past, each about something.
#[derive(Clone, Debug)]
pub struct Tries<T> {
    tries: Vec<(T, Timestamp)>,
}

impl<T> Default for Tries<T> {
    fn default() -> Self {
        Self { tries: Vec::new() }
    }
}

impl<T: PartialEq> Tries<T> {
    /// Adds one, and forgets what is past. Old ones go first when there are too many.
    pub fn add(&mut self, about: T, now: Timestamp) {
        self.tries.retain(|(_, at)| is_recent(*at, now));
        if self.tries.len() >= KEPT_MAX {
            self.tries.remove(0);
        }
        self.tries.push((about, now));
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> usize {
        self.tries.len()
    }

    /// What they were about, each once.
    #[must_use]
    pub fn about(&self) -> Vec<&T> {
        let mut all: Vec<&T> = Vec::new();
        for (about, _) in &self.tries {
            if !all.contains(&about) {
                all.push(about);
            }
        }
        all
    }

    /// Whether the last of them is past.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.tries.last().is_none_or(|(_, at)| !is_recent(*at, now))
    }
}

/// Both directions: a clock that was set back must not make an hour last for a year.
#[must_use]
pub fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < WINDOW
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(network: &str, agent: u8) -> Place {
        Place { network: Some(network.to_owned()), agent: Some(Agent([agent; 8])) }
    }

    #[test]
    fn a_session_is_elsewhere_when_both_the_network_and_the_browser_are_other_ones() {
        let home = place("192.0.2.0/24", 1);
        assert!(home.is_elsewhere(&place("203.0.113.0/24", 2)));
        assert!(!home.is_elsewhere(&place("203.0.113.0/24", 1)), "somebody travels");
        assert!(!home.is_elsewhere(&place("192.0.2.0/24", 2)), "a browser calls itself otherwise");
        assert!(!Place::default().is_elsewhere(&home) && !home.is_elsewhere(&Place::default()), "what is not known");
    }

    #[test]
    fn tries_are_counted_for_an_hour_and_each_account_once() {
        let (mut tries, start) = (Tries::default(), Timestamp::UNIX_EPOCH);
        let after = |mins| start + SignedDuration::from_mins(mins);
        for (n, about) in [1, 2, 1].into_iter().enumerate() {
            tries.add(about, after(i64::try_from(n).unwrap()));
        }
        assert_eq!((tries.count(), tries.about()), (3, vec![&1, &2]));
        assert!(!tries.is_over(after(61)) && tries.is_over(after(62)));
        tries.add(3, after(61));
        assert_eq!(tries.about(), [&1, &3]);
        for n in 0..1_000 {
            tries.add(n, after(61));
        }
        assert_eq!(tries.count(), KEPT_MAX);
    }
}

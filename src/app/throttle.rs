//! Slowing down whoever guesses: by account and by network, in memory. The wait grows with each failure and is
//! bounded, so that nobody can lock somebody else out for good: where a person came in before, failures elsewhere do
//! not count against them.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::domain::id::PersonId;

/// What failures are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// The account that somebody tries to enter, whether or not it exists.
    Account(PersonId),
    /// The account, from a network where its holder came in before.
    AccountAt(PersonId, String),
    /// The second factor of an account: whoever guesses it has proved the first.
    Second(PersonId),
    /// The second factor, from a network where its holder came in before.
    SecondAt(PersonId, String),
    /// The network that the tries come from.
    Network(String),
    /// Claim codes, from wherever.
    Claim,
    /// Opening a sealed server, from this network.
    Unseal(String),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last_at: Timestamp,
}

/// Failures of the recent past, and where people came in.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Counted, Failures>>,
    homes: Mutex<HashSet<(PersonId, String)>>,
}

/// A try under way, and when the ones before it were.
#[derive(Debug)]
#[must_use = "a right try has to be taken back"]
pub struct Try {
    at: Timestamp,
    before: Vec<(Counted, Option<Timestamp>)>,
}

/// Counters kept at most; past that the stale ones go, then any.
const KEPT_MAX: usize = 50_000;
/// Failures are forgotten after so long without a new one.
const MEMORY: SignedDuration = SignedDuration::from_hours(1);

impl Counted {
    /// Whose account it counts for.
    const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Account(person) | Self::AccountAt(person, _) | Self::Second(person) | Self::SecondAt(person, _) => {
                Some(*person)
            }
            Self::Network(_) | Self::Claim | Self::Unseal(_) => None,
        }
    }

    /// Failures without any wait, and the longest wait in seconds.
    const fn allowance(&self) -> (u32, i64) {
        match self {
            Self::Account(_) | Self::AccountAt(..) | Self::Claim => (5, 30),
            // There are a million codes: some hundred guesses a day are no way in, and the wait ends.
            Self::Second(_) | Self::SecondAt(..) => (5, 900),
            Self::Unseal(_) => (3, 60),
            // A household or office shares a network: more tries are free, the wait may grow longer.
            Self::Network(_) => (20, 300),
        }
    }
}

impl Throttle {
    /// Begins a try: counted as a failure at once, so that tries at the same time count, too. A right one takes that
    /// back by [`Self::succeeded`].
    ///
    /// # Errors
    /// How many seconds to wait before the next try; nothing is counted then.
    pub fn begin(&self, now: Timestamp, counted: &[Counted]) -> Result<Try, u64> {
        let mut kept = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = counted.iter().filter_map(|key| kept.get(key).map(|failures| wait(key, failures, now)));
        if let Some(wait_s) = waits.max().and_then(|seconds| u64::try_from(seconds).ok()).filter(|wait_s| *wait_s > 0) {
            return Err(wait_s);
        }
        make_room(&mut kept, now);
        let before = counted.iter().map(|key| {
            let before = kept.get(key).copied().filter(|failures| is_fresh(failures, now));
            let count = before.map_or(0, |failures| failures.count).saturating_add(1);
            kept.insert(key.clone(), Failures { count, last_at: now });
            (key.clone(), before.map(|failures| failures.last_at))
        });
        Ok(Try { at: now, before: before.collect() })
    }

    /// The try was a right one: it is not counted.
    pub fn succeeded(&self, done: &Try) {
        let mut kept = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, before) in &done.before {
            let Some(failures) = kept.get_mut(key) else { continue };
            failures.count = failures.count.saturating_sub(1);
            if failures.last_at == done.at
                && let Some(before) = before
            {
                failures.last_at = *before;
            }
            if failures.count == 0 {
                kept.remove(key);
            }
        }
    }

    /// What the failures of somebody who tries to enter this account from this network are counted by.
    pub fn keys(&self, person: Option<PersonId>, network: Option<&str>) -> Vec<Counted> {
        let homes = self.homes.lock().unwrap_or_else(PoisonError::into_inner);
        let account = person.map(|person| match network {
            Some(network) if homes.contains(&(person, network.to_owned())) => {
                Counted::AccountAt(person, network.to_owned())
            }
            _ => Counted::Account(person),
        });
        account.into_iter().chain(network.map(|network| Counted::Network(network.to_owned()))).collect()
    }

    /// What wrong second factors of this account from this network are counted by.
    pub fn second_keys(&self, person: PersonId, network: Option<&str>) -> Vec<Counted> {
        let keys = self.keys(Some(person), network).into_iter();
        keys.map(|key| match key {
            Counted::Account(person) => Counted::Second(person),
            Counted::AccountAt(person, network) => Counted::SecondAt(person, network),
            other => other,
        })
        .collect()
    }

    /// Forgets the failures of a key.
    pub fn forget(&self, key: &Counted) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// Forgets all failures of an account, at the first step and at the second, from wherever. Networks stay counted.
    pub fn forget_person(&self, whose: PersonId) {
        let mut kept = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|key, _| key.person() != Some(whose));
    }

    /// Forgets all failures to give an account's second factor, from wherever: it is another one, or none, from now on.
    pub fn forget_second(&self, whose: PersonId) {
        let mut kept = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|key, _| {
            let is_second = matches!(key, Counted::Second(_) | Counted::SecondAt(..));
            !(is_second && key.person() == Some(whose))
        });
    }

    /// The second factor of an account was given from this network: failures to give it are forgotten.
    pub fn second_given(&self, person: PersonId, network: Option<&str>) {
        self.forget(&Counted::Second(person));
        if let Some(network) = network {
            self.forget(&Counted::SecondAt(person, network.to_owned()));
        }
    }

    /// The holder of an account came in from this network: failures at the first step are forgotten, the network is
    /// remembered. Those at the second step stay counted, since one thing may have been enough to come in.
    pub fn came_in(&self, person: PersonId, network: Option<&str>) {
        self.forget(&Counted::Account(person));
        let Some(network) = network else { return };
        self.forget(&Counted::AccountAt(person, network.to_owned()));
        let mut homes = self.homes.lock().unwrap_or_else(PoisonError::into_inner);
        if homes.len() >= KEPT_MAX {
            homes.clear();
        }
        homes.insert((person, network.to_owned()));
    }
}

fn make_room(kept: &mut HashMap<Counted, Failures>, now: Timestamp) {
    if kept.len() >= KEPT_MAX {
        kept.retain(|_, failures| is_fresh(failures, now));
    }
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
}

/// Both directions: a clock that was set back must not make a wait last for a year.
fn is_fresh(failures: &Failures, now: Timestamp) -> bool {
    now.duration_since(failures.last_at).abs() < MEMORY
}

fn wait(key: &Counted, failures: &Failures, now: Timestamp) -> i64 {
    let (free, longest_s) = key.allowance();
    if failures.count < free || !is_fresh(failures, now) {
        return 0;
    }
    let doublings = (failures.count - free).min(16);
    let wait_s = (1_i64 << doublings).min(longest_s);
    (wait_s - now.duration_since(failures.last_at).as_secs()).clamp(0, longest_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails once, whatever the wait is.
    fn fail(throttle: &Throttle, now: Timestamp, keys: &[Counted]) {
        drop(throttle.begin(now, keys));
    }

    fn wait_s(throttle: &Throttle, now: Timestamp, keys: &[Counted]) -> u64 {
        throttle.begin(now, keys).map_or_else(
            |wait_s| wait_s,
            |begun| {
                throttle.succeeded(&begun);
                0
            },
        )
    }

    #[test]
    fn the_wait_grows_and_stays_bounded() {
        let (throttle, mut now) = (Throttle::default(), Timestamp::UNIX_EPOCH);
        let keys = [Counted::Account(PersonId::from_bytes([1; 16]))];
        for _ in 0..4 {
            fail(&throttle, now, &keys);
        }
        assert_eq!(wait_s(&throttle, now, &keys), 0);
        for expected in [1, 2, 4, 8, 16, 30, 30] {
            fail(&throttle, now, &keys);
            assert_eq!(wait_s(&throttle, now, &keys), expected);
            now += SignedDuration::from_secs(expected.try_into().unwrap());
        }
        assert_eq!(wait_s(&throttle, now, &keys), 0);
        fail(&throttle, now, &keys);
        assert_eq!(wait_s(&throttle, now - SignedDuration::from_hours(9000), &keys), 0);
        throttle.forget(&keys[0]);
        assert_eq!(wait_s(&throttle, now, &keys), 0);
    }

    /// However many try at the same time, no more pass than one after another.
    #[test]
    fn tries_at_once_are_counted_before_they_are_looked_at() {
        let (throttle, now) = (Throttle::default(), Timestamp::UNIX_EPOCH);
        let keys = [Counted::Account(PersonId::from_bytes([1; 16]))];
        let begun: Vec<_> = (0..100).filter_map(|_| throttle.begin(now, &keys).ok()).collect();
        assert_eq!(begun.len(), 5);
        // A right one among them gives its place back, and nothing else.
        throttle.succeeded(&begun[0]);
        assert!(throttle.begin(now, &keys).is_ok());
        assert_eq!(throttle.begin(now, &keys).unwrap_err(), 1);
    }

    #[test]
    fn a_right_try_moves_nobody_elses_wait() {
        let (throttle, then) = (Throttle::default(), Timestamp::UNIX_EPOCH);
        let network = [Counted::Network("office".to_owned())];
        for _ in 0..25 {
            fail(&throttle, then, &network);
        }
        let later = then + SignedDuration::from_secs(100);
        let begun = throttle.begin(later, &network).unwrap();
        throttle.succeeded(&begun);
        assert_eq!(wait_s(&throttle, later, &network), 0);
    }

    /// Whoever holds the first step gets no more guesses at the second by repeating it.
    #[test]
    fn coming_in_forgets_no_failure_at_the_second_step() {
        let (throttle, now, person) = (Throttle::default(), Timestamp::UNIX_EPOCH, PersonId::from_bytes([1; 16]));
        throttle.came_in(person, Some("home"));
        let keys = |network: &str| throttle.second_keys(person, Some(network));
        let wait = |network: &str| wait_s(&throttle, now, &keys(network)[..1]);
        for network in ["home", "elsewhere"] {
            (0..10).for_each(|_| fail(&throttle, now, &keys(network)[..1]));
        }
        throttle.came_in(person, Some("home"));
        assert!(wait("home") > 0 && wait("elsewhere") > 0);
        throttle.second_given(person, Some("home"));
        assert_eq!((wait("home"), wait("elsewhere")), (0, 0));
    }

    #[test]
    fn all_of_an_account_can_be_forgotten_and_nothing_of_others() {
        let throttle = Throttle::default();
        let (now, [whose, other]) = (Timestamp::UNIX_EPOCH, [1, 2].map(|n| PersonId::from_bytes([n; 16])));
        let of = |person| {
            let home = || "home".to_owned();
            [
                Counted::Account(person),
                Counted::AccountAt(person, home()),
                Counted::Second(person),
                Counted::SecondAt(person, home()),
            ]
        };
        for key in of(whose).into_iter().chain(of(other)) {
            (0..10).for_each(|_| fail(&throttle, now, std::slice::from_ref(&key)));
        }
        throttle.forget_person(whose);
        assert!(of(whose).iter().all(|key| wait_s(&throttle, now, std::slice::from_ref(key)) == 0));
        assert!(of(other).iter().all(|key| wait_s(&throttle, now, std::slice::from_ref(key)) > 0));
    }

    #[test]
    fn a_guesser_elsewhere_does_not_keep_the_holder_out() {
        let (throttle, now, person) = (Throttle::default(), Timestamp::UNIX_EPOCH, PersonId::from_bytes([1; 16]));
        throttle.came_in(person, Some("home"));
        let keys = |network: &str| throttle.keys(Some(person), Some(network));
        for _ in 0..100 {
            fail(&throttle, now, &keys("elsewhere"));
        }
        assert!(wait_s(&throttle, now, &keys("elsewhere")) > 0);
        assert!(wait_s(&throttle, now, &keys("third")) > 0);
        assert_eq!(wait_s(&throttle, now, &keys("home")), 0);
        for _ in 0..6 {
            fail(&throttle, now, &keys("home"));
        }
        assert!(wait_s(&throttle, now, &keys("home")) > 0);
    }
}

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

/// Counters kept at most; past that the stale ones go, then any.
const KEPT_MAX: usize = 50_000;
/// Failures are forgotten after so long without a new one.
const MEMORY: SignedDuration = SignedDuration::from_hours(1);

impl Counted {
    /// Failures without any wait, and the longest wait in seconds.
    const fn allowance(&self) -> (u32, i64) {
        match self {
            Self::Account(_) | Self::AccountAt(..) | Self::Claim => (5, 30),
            Self::Unseal(_) => (3, 60),
            // A household or office shares a network: more tries are free, the wait may grow longer.
            Self::Network(_) => (20, 300),
        }
    }
}

impl Throttle {
    /// How many seconds to wait before the next try; 0 when it may go on.
    pub fn wait_s(&self, now: Timestamp, counted: &[Counted]) -> u64 {
        let kept = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = counted.iter().filter_map(|key| kept.get(key).map(|failures| wait(key, failures, now)));
        waits.max().map_or(0, |seconds| u64::try_from(seconds).unwrap_or(0))
    }

    /// Counts a failure.
    pub fn failed(&self, now: Timestamp, counted: &[Counted]) {
        let mut kept = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.retain(|_, failures| is_fresh(failures, now));
        }
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        for key in counted {
            let failures = kept.entry(key.clone()).or_insert(Failures { count: 0, last_at: now });
            if !is_fresh(failures, now) {
                failures.count = 0;
            }
            *failures = Failures { count: failures.count.saturating_add(1), last_at: now };
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

    /// Forgets the failures of a key.
    pub fn forget(&self, key: &Counted) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// The holder of an account came in from this network: failures are forgotten, the network is remembered.
    pub fn came_in(&self, person: PersonId, network: Option<&str>) {
        for key in self.keys(Some(person), None).iter().chain(&self.keys(Some(person), network)[..1]) {
            self.forget(key);
        }
        let Some(network) = network else { return };
        let mut homes = self.homes.lock().unwrap_or_else(PoisonError::into_inner);
        if homes.len() >= KEPT_MAX {
            homes.clear();
        }
        homes.insert((person, network.to_owned()));
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

    #[test]
    fn the_wait_grows_and_stays_bounded() {
        let (throttle, now) = (Throttle::default(), Timestamp::UNIX_EPOCH);
        let keys = [Counted::Account(PersonId::from_bytes([1; 16]))];
        for _ in 0..4 {
            throttle.failed(now, &keys);
        }
        assert_eq!(throttle.wait_s(now, &keys), 0);
        throttle.failed(now, &keys);
        assert_eq!(throttle.wait_s(now, &keys), 1);
        throttle.failed(now, &keys);
        assert_eq!(throttle.wait_s(now, &keys), 2);
        for _ in 0..100_000 {
            throttle.failed(now, &keys);
        }
        assert_eq!(throttle.wait_s(now, &keys), 30);
        assert_eq!(throttle.wait_s(now + SignedDuration::from_secs(30), &keys), 0);
        assert_eq!(throttle.wait_s(now - SignedDuration::from_hours(9000), &keys), 0);
        throttle.forget(&keys[0]);
        assert_eq!(throttle.wait_s(now, &keys), 0);
    }
    #[test]
    fn a_guesser_elsewhere_does_not_keep_the_holder_out() {
        let (throttle, now, person) = (Throttle::default(), Timestamp::UNIX_EPOCH, PersonId::from_bytes([1; 16]));
        throttle.came_in(person, Some("home"));
        for _ in 0..100 {
            throttle.failed(now, &throttle.keys(Some(person), Some("elsewhere")));
        }
        assert!(throttle.wait_s(now, &throttle.keys(Some(person), Some("elsewhere"))) > 0);
        assert!(throttle.wait_s(now, &throttle.keys(Some(person), Some("third"))) > 0);
        assert_eq!(throttle.wait_s(now, &throttle.keys(Some(person), Some("home"))), 0);
        for _ in 0..6 {
            throttle.failed(now, &throttle.keys(Some(person), Some("home")));
        }
        assert!(throttle.wait_s(now, &throttle.keys(Some(person), Some("home"))) > 0);
    }
}

//! What failed lately, and what was noted: in memory only, and bounded.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::domain::anomaly::{Anomaly, GUESSED_MIN, Tries, is_recent};
use crate::domain::id::PersonId;

/// Networks, accounts and notes kept at most; past that the stale ones go, then any.
const KEPT_MAX: usize = 20_000;

/// The memory.
#[derive(Debug, Default)]
pub struct Watch {
    failed: Mutex<HashMap<String, Tries<PersonId>>>,
    guessed: Mutex<HashMap<PersonId, Tries<()>>>,
    noted: Mutex<HashMap<(Anomaly, String), Timestamp>>,
}

impl Watch {
    /// Notes that signing in as somebody failed from a network; gives all who were tried from there lately.
    pub fn failed(&self, network: &str, claimed: PersonId, now: Timestamp) -> Vec<PersonId> {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut failed, |tries| !tries.is_over(now));
        let tries = failed.entry(network.to_owned()).or_default();
        tries.add(claimed, now);
        tries.about().into_iter().copied().collect()
    }

    /// Notes a wrong second factor; says whether there were many lately.
    pub fn guessed(&self, person: PersonId, now: Timestamp) -> bool {
        let mut guessed = self.guessed.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut guessed, |tries| !tries.is_over(now));
        let tries = guessed.entry(person).or_default();
        tries.add((), now);
        tries.count() >= GUESSED_MIN
    }

    /// Whether something may be noted about an account or a network: it was not within the hour. It counts as noted then.
    pub fn may_note(&self, anomaly: Anomaly, about: &(impl ToString + ?Sized), now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        make_room(&mut noted, |at| is_recent(*at, now));
        let key = (anomaly, about.to_string());
        if noted.get(&key).is_some_and(|at| is_recent(*at, now)) {
            return false;
        }
        noted.insert(key, now);
        true
    }
}

fn make_room<K: Eq + Hash, V>(kept: &mut HashMap<K, V>, is_fresh: impl Fn(&V) -> bool) {
    if kept.len() >= KEPT_MAX {
        kept.retain(|_, value| is_fresh(value));
    }
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn each_kind_is_noted_once_an_hour_for_each_account() {
        let (watch, now) = (Watch::default(), Timestamp::UNIX_EPOCH);
        assert!(watch.may_note(Anomaly::Spraying, "192.0.2.0/24", now));
        assert!(!watch.may_note(Anomaly::Spraying, "192.0.2.0/24", now + SignedDuration::from_mins(59)));
        assert!(watch.may_note(Anomaly::Spraying, "198.51.100.0/24", now));
        assert!(watch.may_note(Anomaly::NewPlace, "192.0.2.0/24", now));
        assert!(watch.may_note(Anomaly::Spraying, "192.0.2.0/24", now + SignedDuration::from_mins(60)));
    }

    #[test]
    fn failures_are_looked_at_by_network_and_do_not_fill_the_memory() {
        let (watch, now) = (Watch::default(), Timestamp::UNIX_EPOCH);
        let [ada, eva] = [1, 2].map(|n| PersonId::from_bytes([n; 16]));
        watch.failed("here", ada, now);
        watch.failed("here", ada, now);
        assert_eq!(watch.failed("here", eva, now), [ada, eva]);
        assert_eq!(watch.failed("there", eva, now), [eva]);
        for n in 0..2 * KEPT_MAX {
            watch.failed(&n.to_string(), ada, now);
        }
        assert!(watch.failed.lock().unwrap().len() <= KEPT_MAX);
        assert!((1..GUESSED_MIN).all(|_| !watch.guessed(ada, now)) && watch.guessed(ada, now));
    }
}

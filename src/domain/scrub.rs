//! The background pass over everything that the practice holds: when one is due, how far it is, what it found.

use jiff::{SignedDuration, Timestamp};

use super::id::FileId;

/// From the end of one pass to the next.
pub const EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many findings are kept in words; the rest are counted.
pub const FINDINGS_KEPT: usize = 20;

/// One pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; nothing while it is under way.
    pub ended_at: Option<Timestamp>,
    /// Whether the database is done.
    pub database_done: bool,
    /// The last sealed file that is done: where it goes on after a restart.
    pub after: Option<FileId>,
    /// Bytes looked at.
    pub bytes: u64,
    /// Rows looked at.
    pub rows: u64,
    /// Sealed files looked at.
    pub files: u64,
    /// How many findings there are.
    pub found: u64,
    /// The first of them, in words without content.
    pub findings: Vec<String>,
}

impl Pass {
    /// A pass that begins now.
    #[must_use]
    pub const fn begin(now: Timestamp) -> Self {
        Self {
            began_at: now,
            ended_at: None,
            database_done: false,
            after: None,
            bytes: 0,
            rows: 0,
            files: 0,
            found: 0,
            findings: Vec::new(),
        }
    }

    /// Adds findings, `found` in number.
    pub fn add_findings(&mut self, found: u64, words: impl IntoIterator<Item = String>) {
        self.found += found;
        self.findings.extend(words);
        self.findings.truncate(FINDINGS_KEPT);
    }
}

/// The last pass and the one under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrub {
    /// The last whole one.
    pub last: Option<Pass>,
    /// The one that goes on.
    pub under_way: Option<Pass>,
}

impl Scrub {
    /// Whether there is something to do. A clock that went back makes a pass due, too.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        let ended = self.last.as_ref().and_then(|last| last.ended_at);
        self.under_way.is_some() || ended.is_none_or(|ended| now < ended || now.duration_since(ended) >= EVERY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_due_at_first_every_week_and_while_it_is_under_way() {
        let start: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let later = |hours| start.checked_add(SignedDuration::from_hours(hours)).unwrap();
        assert!(Scrub::default().is_due(start));
        let last = Some(Pass { ended_at: Some(start), ..Pass::begin(start) });
        let scrub = Scrub { last, under_way: None };
        assert_eq!([1, 167, 168, -1].map(|hours| scrub.is_due(later(hours))), [false, false, true, true]);
        assert!(Scrub { under_way: Some(Pass::begin(start)), ..scrub }.is_due(later(1)));
    }

    #[test]
    fn only_the_first_findings_are_kept_in_words() {
        let mut pass = Pass::begin(Timestamp::UNIX_EPOCH);
        pass.add_findings(30, (0..30).map(|n| n.to_string()));
        assert_eq!((pass.found, pass.findings.len()), (30, FINDINGS_KEPT));
    }
}

//! What happened to the practice's file that its owner should know of.

use jiff::{SignedDuration, Timestamp};

/// For so long owners are shown what happened.
const SHOWN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The last times that something was wrong with the file. Either passed without losing anything acknowledged, and
/// either says: look at the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileTrouble {
    /// When a part did not authenticate at a start, and the file went back to its last whole state.
    pub recovered_at: Option<Timestamp>,
    /// When a write or read failed, and the file was opened anew.
    pub reopened_at: Option<Timestamp>,
}

impl FileTrouble {
    /// What an owner is shown now.
    #[must_use]
    pub fn shown(self, now: Timestamp) -> Self {
        let recent = |at: &Timestamp| now.duration_since(*at) < SHOWN;
        Self { recovered_at: self.recovered_at.filter(recent), reopened_at: self.reopened_at.filter(recent) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_trouble_is_not_shown_for_ever() {
        let at = Timestamp::UNIX_EPOCH;
        let trouble = FileTrouble { recovered_at: Some(at), reopened_at: None };
        assert_eq!(trouble.shown(at + SignedDuration::from_hours(24)), trouble);
        assert_eq!(trouble.shown(at + SignedDuration::from_hours(31 * 24)), FileTrouble::default());
    }
}

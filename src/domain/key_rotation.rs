//! What the practice remembers of giving its file a new data key.

use jiff::Timestamp;

/// The rotation that is wanted, and the last one that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRotation {
    /// Asked for and not done yet: it begins again whenever it was interrupted.
    pub wanted: Option<WantedRotation>,
    /// The last one.
    pub last: Option<DoneRotation>,
}

/// A rotation that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedRotation {
    /// When.
    pub asked_at: Timestamp,
    /// The file that had the old key. Another id in the file means that it was done.
    pub file: [u8; 16],
}

/// A rotation that was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoneRotation {
    /// When it was noted.
    pub at: Timestamp,
    /// Counts data keys, from 1.
    pub epoch: u32,
}

impl KeyRotation {
    /// Whether what is wanted has been done, in a file with this id.
    #[must_use]
    pub fn is_done_in(&self, file: [u8; 16]) -> bool {
        self.wanted.is_some_and(|wanted| wanted.file != file)
    }

    /// Done: nothing is wanted any more.
    pub fn finish(&mut self, at: Timestamp, epoch: u32) {
        *self = Self { wanted: None, last: Some(DoneRotation { at, epoch }) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_means_that_it_was_done() {
        let asked_at = Timestamp::UNIX_EPOCH;
        let mut rotation = KeyRotation { wanted: Some(WantedRotation { asked_at, file: [1; 16] }), last: None };
        assert!(!rotation.is_done_in([1; 16]) && rotation.is_done_in([2; 16]));
        rotation.finish(asked_at, 3);
        assert!(!rotation.is_done_in([2; 16]));
        assert_eq!(rotation.last, Some(DoneRotation { at: asked_at, epoch: 3 }));
    }
}

//! Reviews of who has access: everybody who works in the practice, what was decided about each, and who signed.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use super::id::{PersonId, ReviewId};
use super::role::Role;

/// Characters of a note at most.
pub const NOTE_MAX: usize = 500;
/// How long a review may take once it was begun.
pub const TIME_TO_FINISH: SignedDuration = SignedDuration::from_hours(14 * 24);

/// One review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Which.
    pub id: ReviewId,
    /// When it was begun.
    pub opened_at: Timestamp,
    /// Until when it should be signed.
    pub due_at: Timestamp,
    /// Who began it.
    pub by: PersonId,
    /// Everybody it is about.
    pub lines: Vec<ReviewLine>,
    /// The signature that ends it.
    pub signed_off: Option<SignOff>,
}

/// Somebody in a review, as they were when it was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewLine {
    /// Who.
    pub person: PersonId,
    /// What they were called.
    pub name: String,
    /// What they were.
    pub role: Role,
    /// What the role was called, if the practice made it.
    pub role_name: Option<String>,
    /// What the role could do, as words.
    pub rights: Vec<String>,
    /// When they were here last.
    pub visited_at: Timestamp,
    /// What was decided.
    pub decision: Option<Decision>,
}

/// What was decided about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub choice: Choice,
    /// Why, in the reviewer's words. Not sealed.
    pub note: Option<String>,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What can be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The access is right as it is.
    Keep,
    /// The role has to be another one.
    Change,
    /// The person is to come in no longer.
    Suspend,
}

/// Who signed a review off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOff {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

impl Choice {
    const ALL: [Self; 3] = [Self::Keep, Self::Change, Self::Suspend];

    /// The word in the API and in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Suspend => "suspend",
        }
    }

    /// What whoever it is about is told.
    #[must_use]
    pub const fn outcome(self) -> &'static str {
        match self {
            Self::Keep => "kept",
            Self::Change => "changed",
            Self::Suspend => "suspended",
        }
    }
}

impl FromStr for Choice {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|choice| choice.word() == word).ok_or(())
    }
}

impl Review {
    /// The line about somebody.
    pub fn line(&mut self, person: PersonId) -> Option<&mut ReviewLine> {
        self.lines.iter_mut().find(|line| line.person == person)
    }
}

/// When the next review is due: so many days after the last signature, or after the practice began.
#[must_use]
pub fn due(last: Option<Timestamp>, began: Timestamp, days: u16) -> Timestamp {
    last.unwrap_or(began).saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX)
}

/// A note of a reviewer; nothing if it is empty.
///
/// # Errors
/// It is too long.
pub fn parse_note(text: &str) -> Result<Option<String>, NoteTooLong> {
    let note = text.trim();
    match note.chars().count() {
        0 => Ok(None),
        count if count > NOTE_MAX => Err(NoteTooLong),
        _ => Ok(Some(note.to_owned())),
    }
}

/// A note that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a note has at most 500 characters")]
pub struct NoteTooLong;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_due_its_days_after_the_last_signature() {
        let day = |n: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * n);
        assert_eq!(due(None, day(10), 91), day(101));
        assert_eq!(due(Some(day(50)), day(10), 91), day(141));
    }

    #[test]
    fn notes_are_short_and_an_empty_one_is_none() {
        assert_eq!(parse_note("  left in May "), Ok(Some("left in May".to_owned())));
        assert_eq!(parse_note("   "), Ok(None));
        assert_eq!(parse_note(&"x".repeat(501)), Err(NoteTooLong));
    }

    #[test]
    fn every_choice_has_a_word_that_leads_back() {
        assert!(Choice::ALL.iter().all(|choice| choice.word().parse() == Ok(*choice)));
    }
}

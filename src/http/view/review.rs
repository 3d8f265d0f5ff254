//! Reviews of who has access.

use jiff::Timestamp;
use poem_openapi::{Enum, Object};

use super::text::Text;
use crate::app::review::{PersonNow, ReviewSeen, ReviewsSeen};
use crate::domain::id::{PersonId, ReviewId};
use crate::domain::review::{Choice, Decision, NOTE_MAX, ReviewLine};

/// All reviews, and when the next one is due.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Reviews")]
pub struct ReviewsView {
    /// The newest first.
    pub reviews: Vec<ReviewView>,
    /// When the next one is due.
    pub due_at: Text<Timestamp>,
}

/// A review of who has access.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Review")]
pub struct ReviewView {
    /// Which.
    pub review: Text<ReviewId>,
    /// When it was begun.
    pub opened_at: Text<Timestamp>,
    /// Until when it should be signed.
    pub due_at: Text<Timestamp>,
    /// Who began it.
    pub by: String,
    /// Everybody it is about.
    pub lines: Vec<ReviewLineView>,
    /// Who signed it, if somebody has.
    pub signed_by: Option<String>,
    /// When it was signed.
    pub signed_at: Option<Text<Timestamp>>,
}

/// Somebody in a review.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ReviewLine")]
pub struct ReviewLineView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they were called when the review was begun.
    pub name: String,
    /// What they were then.
    pub role: String,
    /// What the role was called, if the practice made it.
    pub role_name: Option<String>,
    /// What the role could do.
    pub rights: Vec<String>,
    /// When they were here last, then.
    pub visited_at: Text<Timestamp>,
    /// `active`, `suspended` or `deleted`: now.
    pub state: String,
    /// How many passkeys open their keys now.
    pub passkeys: u32,
    /// Whether a password opens them now.
    pub password: bool,
    /// What was decided.
    pub decision: Option<DecisionView>,
}

/// What was decided about somebody.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Decision")]
pub struct DecisionView {
    /// What.
    pub choice: ChoiceView,
    /// Why.
    pub note: Option<String>,
    /// Who decided.
    pub by: String,
    /// Whether it was they themselves: nobody else could review then.
    pub by_themselves: bool,
    /// When.
    pub at: Text<Timestamp>,
}

/// What can be decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "Choice", rename_all = "lowercase")]
pub enum ChoiceView {
    /// The access is right as it is.
    Keep,
    /// The role has to be another one.
    Change,
    /// The person is to come in no longer.
    Suspend,
}

/// What a reviewer decides.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ReviewDecided", deny_unknown_fields)]
pub struct ReviewDecidedView {
    /// What.
    pub choice: ChoiceView,
    /// Why, in their own words; not sealed.
    #[oai(validator(max_length = "500"))]
    pub note: Option<String>,
}

const _: () = assert!(NOTE_MAX == 500, "the form of a note says how long it may be");

impl From<ReviewsSeen> for ReviewsView {
    fn from(seen: ReviewsSeen) -> Self {
        Self { reviews: seen.reviews.into_iter().map(Into::into).collect(), due_at: Text(seen.due_at) }
    }
}

impl From<ReviewSeen> for ReviewView {
    fn from(ReviewSeen { review, people }: ReviewSeen) -> Self {
        let name = |id: PersonId| people.get(&id).map(|now| now.name.clone()).unwrap_or_default();
        Self {
            review: Text(review.id),
            opened_at: Text(review.opened_at),
            due_at: Text(review.due_at),
            by: name(review.by),
            signed_by: review.signed_off.map(|signed| name(signed.by)),
            signed_at: review.signed_off.map(|signed| Text(signed.at)),
            lines: review.lines.into_iter().map(|line| line_view(people.get(&line.person), &name, line)).collect(),
        }
    }
}

fn line_view(now: Option<&PersonNow>, name: &impl Fn(PersonId) -> String, line: ReviewLine) -> ReviewLineView {
    let decided = |Decision { choice, note, by, at }| DecisionView {
        choice: ChoiceView::from(choice),
        note,
        by: name(by),
        by_themselves: by == line.person,
        at: Text(at),
    };
    ReviewLineView {
        person: Text(line.person),
        name: line.name,
        role: line.role.to_string(),
        role_name: line.role_name,
        rights: line.rights,
        visited_at: Text(line.visited_at),
        state: now.map_or("deleted", |now| now.state.word()).to_owned(),
        passkeys: now.map_or(0, |now| u32::try_from(now.passkeys).unwrap_or(u32::MAX)),
        password: now.is_some_and(|now| now.password),
        decision: line.decision.map(decided),
    }
}

impl From<Choice> for ChoiceView {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Keep => Self::Keep,
            Choice::Change => Self::Change,
            Choice::Suspend => Self::Suspend,
        }
    }
}

impl From<ChoiceView> for Choice {
    fn from(choice: ChoiceView) -> Self {
        match choice {
            ChoiceView::Keep => Self::Keep,
            ChoiceView::Change => Self::Change,
            ChoiceView::Suspend => Self::Suspend,
        }
    }
}

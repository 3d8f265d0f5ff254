//! One case of bringing somebody back: asked for by an owner, opened by another one, finished or ended otherwise.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::domain::id::{CaseId, PersonId};

/// Characters of a reason at least.
const REASON_MIN: usize = 3;
/// Characters of a reason at most.
pub const REASON_MAX: usize = 500;
/// A return has to be finished in this time.
const RETURN_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How far the clock may have been set back without ending a case.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(5);

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Which.
    pub case: CaseId,
    /// Whom it is about.
    pub person: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// Why, in the words of who asked. Not sealed; the person reads it.
    pub reason: String,
    /// Who asked.
    pub by: PersonId,
    /// The number of the plan that it is under.
    pub plan_n: u64,
    /// Whose papers that plan names.
    pub holders: Vec<PersonId>,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Who was handed the keyring last, and when.
    pub opened: Option<(PersonId, Timestamp)>,
    /// How it ended.
    pub ended: Option<Ended>,
}

/// What a case is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody lost every way in and comes back.
    Return,
}

/// The secret of a plan with one of its two seals taken off, for the time of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HalfFile {
    /// Of which case.
    pub case: CaseId,
    /// Whose paper opens it.
    pub then: PersonId,
    /// The age file.
    pub body: Vec<u8>,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How.
    pub how: End,
    /// Who did it; nobody when it expired.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// The ways in which a case ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The person can come in.
    Finished,
    /// Somebody called it off.
    Stopped,
    /// Nobody finished it in time.
    Expired,
}

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// It waits for somebody to open it.
    Asked,
    /// Somebody was handed the keyring.
    Opened,
    /// The person can come in.
    Finished,
    /// Somebody called it off.
    Stopped,
    /// Nobody finished it in time.
    Expired,
}

/// Why somebody is not handed the keyring of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpen {
    /// It has ended.
    Over,
    /// It takes another owner.
    Another,
}

/// A case that takes nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseOver;

impl Purpose {
    const ALL: [Self; 1] = [Self::Return];

    /// The word in the API and in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Return => "return",
        }
    }

    /// How long a case lasts from when it was asked for.
    #[must_use]
    pub const fn life(self) -> SignedDuration {
        match self {
            Self::Return => RETURN_LIFE,
        }
    }
}

impl End {
    const ALL: [Self; 3] = [Self::Finished, Self::Stopped, Self::Expired];

    /// The word in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Expired => "expired",
        }
    }
}

impl FromStr for Purpose {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word).ok_or(())
    }
}

impl FromStr for End {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|end| end.word() == word).ok_or(())
    }
}

impl Case {
    /// Until when it has to be finished.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.asked_at + self.purpose.life()
    }

    /// Whether one paper opens it.
    #[must_use]
    pub const fn is_sole(&self) -> bool {
        self.holders.len() == 1
    }

    /// How it stands now. A clock that was set back makes no case last longer.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> CaseState {
        match (self.ended, self.opened) {
            (Some(Ended { how: End::Finished, .. }), _) => CaseState::Finished,
            (Some(Ended { how: End::Stopped, .. }), _) => CaseState::Stopped,
            (Some(Ended { how: End::Expired, .. }), _) => CaseState::Expired,
            (None, _) if now >= self.expires_at() || now.duration_since(self.asked_at) < -CLOCK_SLACK => {
                CaseState::Expired
            }
            (None, None) => CaseState::Asked,
            (None, Some(_)) => CaseState::Opened,
        }
    }

    /// Whether it goes on.
    ///
    /// # Errors
    /// It does not.
    pub fn check_open(&self, now: Timestamp) -> Result<(), CaseOver> {
        match self.state(now) {
            CaseState::Asked | CaseState::Opened => Ok(()),
            CaseState::Finished | CaseState::Stopped | CaseState::Expired => Err(CaseOver),
        }
    }

    /// Whether somebody may be handed the keyring now: whoever holds the sole paper, else an owner who is neither
    /// the one who asked nor the one whom it is about.
    ///
    /// # Errors
    /// Says why not.
    pub fn may_open(&self, who: PersonId, now: Timestamp) -> Result<(), NotOpen> {
        self.check_open(now).map_err(|CaseOver| NotOpen::Over)?;
        let holds = self.holders.contains(&who);
        let fits = if self.is_sole() { who == self.by } else { who != self.by && who != self.person };
        if holds && fits { Ok(()) } else { Err(NotOpen::Another) }
    }
}

/// A reason as it is kept.
#[must_use]
pub fn parse_reason(text: &str) -> Option<String> {
    let reason = text.trim();
    (REASON_MIN..=REASON_MAX).contains(&reason.chars().count()).then(|| reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn at(hours: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
    }

    fn case(holders: &[u8]) -> Case {
        Case {
            case: CaseId::from_bytes([1; 16]),
            person: id(9),
            purpose: Purpose::Return,
            reason: "lost the phone".to_owned(),
            by: id(1),
            plan_n: 1,
            holders: holders.iter().copied().map(id).collect(),
            asked_at: at(0),
            opened: None,
            ended: None,
        }
    }

    #[test]
    fn a_return_lasts_a_day() {
        let open = case(&[1]);
        assert_eq!([open.state(at(0)), open.state(at(23))], [CaseState::Asked; 2]);
        assert_eq!([open.state(at(24)), open.state(at(-1))], [CaseState::Expired; 2]);
        assert_eq!(Case { opened: Some((id(1), at(1))), ..open.clone() }.state(at(2)), CaseState::Opened);
        let ended = Some(Ended { how: End::Stopped, by: Some(id(9)), at: at(1) });
        let stopped = Case { ended, ..open };
        assert_eq!((stopped.state(at(2)), stopped.check_open(at(2))), (CaseState::Stopped, Err(CaseOver)));
    }

    #[test]
    fn a_sole_paper_opens_it_and_of_several_only_another_one() {
        assert_eq!(case(&[1]).may_open(id(1), at(1)), Ok(()));
        assert_eq!(case(&[1]).may_open(id(2), at(1)), Err(NotOpen::Another));
        let three = case(&[1, 2, 9]);
        assert_eq!(three.may_open(id(2), at(1)), Ok(()));
        for who in [1, 9, 3] {
            assert_eq!(three.may_open(id(who), at(1)), Err(NotOpen::Another));
        }
        assert_eq!(three.may_open(id(2), at(24)), Err(NotOpen::Over));
    }

    #[test]
    fn a_reason_is_a_few_words() {
        assert_eq!(parse_reason("  lost it ").as_deref(), Some("lost it"));
        assert!(parse_reason(" a ").is_none() && parse_reason(&"x".repeat(501)).is_none());
    }

    #[test]
    fn every_word_leads_back() {
        assert!(Purpose::ALL.iter().all(|purpose| purpose.word().parse() == Ok(*purpose)));
        assert!(End::ALL.iter().all(|end| end.word().parse() == Ok(*end)));
    }
}

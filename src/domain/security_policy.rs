//! The practice's security policies: what is asked of the people in it.

use std::str::FromStr;

/// Days of inactivity that a policy may set, and of the time between reviews.
pub const INACTIVE_DAYS: std::ops::RangeInclusive<u16> = 30..=730;
/// Days between two access reviews that a policy may set.
pub const REVIEW_DAYS: std::ops::RangeInclusive<u16> = 7..=366;

/// What is asked of the people in the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecurityPolicy {
    /// Who has to come with a second factor.
    pub second_factor: SecondFactor,
    /// Which passwords are taken.
    pub profile: PasswordProfile,
    /// Whether a new sign-in ends the person's other sessions.
    pub single_session: bool,
    /// A colleague who did not come for so many days is suspended.
    pub inactive_days: u16,
    /// Whether that is so for clients, too.
    pub inactive_clients: bool,
    /// An access review is due after so many days.
    pub review_days: u16,
}

/// Who has to come with a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Owners and admins.
    OwnersAndAdmins,
    /// Everybody.
    Everybody,
}

/// Which passwords are taken. The device judges them: the server never sees one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProfile {
    /// Long ones that are in no list of leaked ones (NIST SP 800-63B).
    Nist,
    /// Besides, a mixture of kinds of characters; those of owners and admins run out after 90 days.
    Strict,
}

impl Default for SecurityPolicy {
    fn default() -> Self {
        Self {
            second_factor: SecondFactor::OwnersAndAdmins,
            profile: PasswordProfile::Nist,
            single_session: false,
            inactive_days: 180,
            inactive_clients: false,
            review_days: 91,
        }
    }
}

impl SecurityPolicy {
    /// Whether its numbers are ones that a policy may set.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        INACTIVE_DAYS.contains(&self.inactive_days) && REVIEW_DAYS.contains(&self.review_days)
    }
}

impl SecondFactor {
    /// The word in the API and in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::OwnersAndAdmins => "owners-and-admins",
            Self::Everybody => "everybody",
        }
    }
}

impl FromStr for SecondFactor {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::OwnersAndAdmins, Self::Everybody].into_iter().find(|who| who.word() == word).ok_or(())
    }
}

impl PasswordProfile {
    /// The word in the API and in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nist => "nist",
            Self::Strict => "strict",
        }
    }
}

impl FromStr for PasswordProfile {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Nist, Self::Strict].into_iter().find(|profile| profile.word() == word).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_of_a_new_practice_is_sound_and_numbers_have_bounds() {
        let policy = SecurityPolicy::default();
        assert!(policy.is_sound());
        assert!(!SecurityPolicy { inactive_days: 1, ..policy }.is_sound());
        assert!(!SecurityPolicy { review_days: 500, ..policy }.is_sound());
    }
}

//! Claim codes: how the person who started the server proves that it is theirs, once, before anybody else can.

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};

/// How long a code is good for.
pub const CLAIM_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// 12 characters that cannot be mistaken for one another (Crockford's base 32): 60 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimCode([u8; LENGTH]);

const LENGTH: usize = 12;
const GROUP: usize = 4;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The text is no claim code: another length, or a character that codes never hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a claim code has 12 letters and digits, in three groups of four")]
pub struct NotACode;

/// A code that was handed out, by its hash. Several may be out at once: one from the start message, one from the
/// command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// SHA-256 of the code's plain text.
    pub code_hash: [u8; 32],
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was used.
    pub spent_at: Option<Timestamp>,
}

/// Why a code does not open the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// No code that is out.
    #[error("this is not the claim code: type the newest one that the server printed")]
    Wrong,
    /// It was used already.
    #[error("this claim code was used already: run `alcove claim` for a new one")]
    Spent,
    /// Its time is over.
    #[error("this claim code is older than 15 minutes: run `alcove claim` for a new one")]
    Expired,
}

impl ClaimCode {
    /// The code made of random bytes; only the low five bits of each count.
    #[must_use]
    pub fn from_random(bytes: [u8; LENGTH]) -> Self {
        Self(bytes.map(|byte| ALPHABET[usize::from(byte & 31)]))
    }

    /// The 12 characters without dashes: what is hashed, and what the address carries.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }
}

impl FromStr for ClaimCode {
    type Err = NotACode;

    /// Ignores case, spaces and dashes, and takes look-alikes for what they stand for (O for 0, I and L for 1).
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let typed = text.chars().filter(|c| !c.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}".contains(*c));
        let mut code = [0; LENGTH];
        let mut count = 0;
        for character in typed {
            let place = code.get_mut(count).ok_or(NotACode)?;
            *place = match character.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                other => u8::try_from(other).ok().filter(|byte| ALPHABET.contains(byte)).ok_or(NotACode)?,
            };
            count += 1;
        }
        if count == LENGTH { Ok(Self(code)) } else { Err(NotACode) }
    }
}

impl fmt::Display for ClaimCode {
    /// In groups, as people type it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, byte) in self.0.iter().enumerate() {
            let dash = if n > 0 && n % GROUP == 0 { "-" } else { "" };
            write!(f, "{dash}{}", char::from(*byte))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode(…)")
    }
}

impl Claim {
    /// A fresh claim for the code with this hash.
    #[must_use]
    pub fn new(code_hash: [u8; 32], made_at: Timestamp) -> Self {
        Self { code_hash, made_at, spent_at: None }
    }

    /// When the code stops working.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.made_at.checked_add(CLAIM_LIFE).unwrap_or(Timestamp::MAX)
    }

    /// Uses the code up.
    ///
    /// # Errors
    /// [`ClaimError::Spent`], [`ClaimError::Expired`].
    pub fn spend(&mut self, at: Timestamp) -> Result<(), ClaimError> {
        if self.spent_at.is_some() {
            return Err(ClaimError::Spent);
        }
        if at >= self.expires_at() {
            return Err(ClaimError::Expired);
        }
        self.spent_at = Some(at);
        Ok(())
    }
}

impl ClaimError {
    /// The stable code of the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "claim-wrong",
            Self::Spent => "claim-spent",
            Self::Expired => "claim-expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_forgiving_and_exact() {
        let code = ClaimCode::from_random([0, 1, 10, 31, 20, 21, 22, 23, 24, 25, 255, 32]);
        assert_eq!(code.to_string(), "01AZ-MNPQ-RSZ0");
        for typed in ["01az-mnpq-rsz0", " O1AZ MNPQ\u{2011}RSZO ", "oiazmnpqrsz0", "OLAZ--MNPQRSZ0"] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for typed in ["", "01AZ-MNPQ-RSZ", "01AZ-MNPQ-RSZ00", "U1AZ-MNPQ-RSZ0", "01AZ-MNPQ-RS\u{d7}0"] {
            assert_eq!(typed.parse::<ClaimCode>(), Err(NotACode), "{typed}");
        }
    }

    #[test]
    fn a_code_works_once_and_for_a_while() {
        let made_at: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let mut claim = Claim::new([7; 32], made_at);
        let last = claim.expires_at() - SignedDuration::from_millis(1);
        assert_eq!(claim.clone().spend(claim.expires_at()), Err(ClaimError::Expired));
        assert_eq!(claim.spend(last), Ok(()));
        assert_eq!(claim.spend(last), Err(ClaimError::Spent));
        assert_eq!(claim.spend(claim.expires_at()), Err(ClaimError::Spent));
    }
}

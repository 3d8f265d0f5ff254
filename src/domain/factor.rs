//! Second factors: what somebody gives beside the key that opens their keyring. They open nothing themselves; without
//! them the server only hands nothing out.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::id::{KeyId, PersonId};

/// Security keys of one person at most.
pub const KEYS_MAX: usize = 10;
/// Recovery codes that are made at a time.
pub const RECOVERY_CODES: usize = 10;

/// The secret that a person's authenticator app and the server share: 160 bits (RFC 4226, section 4).
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(pub [u8; 20]);

/// A person's authenticator app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totp {
    /// Whose.
    pub person: PersonId,
    /// What both sides share.
    pub secret: TotpSecret,
    /// The last step of 30 seconds whose code was taken: no code is good twice.
    pub used_step: u64,
    /// When it was confirmed.
    pub made_at: Timestamp,
}

/// A security key of a person. It opens no keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityKey {
    /// Which.
    pub key: KeyId,
    /// Whose.
    pub person: PersonId,
    /// What the person calls it.
    pub label: String,
    /// Hash of its credential id.
    pub credential: [u8; 32],
    /// What checks its signatures and counts them, as `crypto::security_key` writes it.
    pub verifier: Vec<u8>,
    /// When it was added.
    pub made_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// The recovery codes of a person that are left, by hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryCodes {
    /// Whose.
    pub person: PersonId,
    /// Hashes of the codes that were not used.
    pub left: Vec<[u8; 32]>,
    /// When they were made.
    pub made_at: Timestamp,
}

/// The second factors of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factors {
    /// Their authenticator app.
    pub totp: Option<Totp>,
    /// Their security keys, oldest first.
    pub keys: Vec<SecurityKey>,
    /// Their recovery codes.
    pub recovery: Option<RecoveryCodes>,
}

/// A way to give a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A code of an authenticator app.
    Totp,
    /// A security key.
    Key,
    /// A recovery code.
    Recovery,
}

/// A recovery code as it is written on paper: 80 random bits. A secret: it is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(u128);

/// Text that is no recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a recovery code")]
pub struct NotACode;

/// Digits that cannot be taken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: u32 = 16;
const GROUP: u32 = 4;

impl Totp {
    /// Takes the code of this step, if it is later than every one that was taken before.
    pub const fn take(&mut self, step: u64) -> bool {
        let is_new = step > self.used_step;
        if is_new {
            self.used_step = step;
        }
        is_new
    }
}

impl RecoveryCodes {
    /// Uses up the code with this hash.
    pub fn spend(&mut self, hash: &[u8; 32]) -> bool {
        let before = self.left.len();
        self.left.retain(|left| left != hash);
        self.left.len() < before
    }
}

impl Factors {
    /// Whether there is a factor at all. Recovery codes alone are none: they stand in for one.
    #[must_use]
    pub const fn any(&self) -> bool {
        self.totp.is_some() || !self.keys.is_empty()
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn recovery_left(&self) -> usize {
        self.recovery.as_ref().map_or(0, |codes| codes.left.len())
    }

    /// The ways in which this person can give one now.
    #[must_use]
    pub fn methods(&self) -> Vec<Method> {
        let has = |method: &Method| match method {
            Method::Totp => self.totp.is_some(),
            Method::Key => !self.keys.is_empty(),
            Method::Recovery => self.any() && self.recovery_left() > 0,
        };
        [Method::Key, Method::Totp, Method::Recovery].into_iter().filter(has).collect()
    }
}

impl Method {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Key => "key",
            Self::Recovery => "recovery",
        }
    }
}

impl RecoveryCode {
    /// The code of these bits.
    #[must_use]
    pub const fn from_random(random: [u8; 10]) -> Self {
        let mut bits = 0;
        let mut n = 0;
        while n < random.len() {
            bits = (bits << 8) | random[n] as u128;
            n += 1;
        }
        Self(bits)
    }

    /// Its bits, as they are hashed.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for n in 0..LENGTH {
            let digit = (self.0 >> (5 * (LENGTH - 1 - n))) & 31;
            let dash = if n > 0 && n % GROUP == 0 { "-" } else { "" };
            write!(f, "{dash}{}", char::from(ALPHABET[usize::try_from(digit).unwrap_or_default()]))?;
        }
        Ok(())
    }
}

impl FromStr for RecoveryCode {
    type Err = NotACode;

    /// Ignores case, spaces and dashes, and takes look-alikes for what they stand for (O for 0, I and L for 1).
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let typed = text.chars().filter(|c| !c.is_whitespace() && !"-\u{2010}\u{2011}\u{2013}".contains(*c));
        let (mut bits, mut count) = (0, 0);
        for character in typed {
            let plain = match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET.iter().position(|known| char::from(*known) == plain).ok_or(NotACode)?;
            count += 1;
            if count > LENGTH {
                return Err(NotACode);
            }
            bits = (bits << 5) | u128::try_from(digit).map_err(|_| NotACode)?;
        }
        if count == LENGTH { Ok(Self(bits)) } else { Err(NotACode) }
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSON: PersonId = PersonId::from_bytes([1; 16]);

    #[test]
    fn a_step_is_good_once_and_none_before_it() {
        let (secret, made_at) = (TotpSecret([7; 20]), Timestamp::UNIX_EPOCH);
        let mut totp = Totp { person: PERSON, secret, used_step: 10, made_at };
        assert_eq!([totp.take(11), totp.take(11), totp.take(10), totp.take(12)], [true, false, false, true]);
        assert!(format!("{totp:?}").contains("TotpSecret(…)"));
    }

    #[test]
    fn recovery_codes_are_typed_forgivingly_and_spent_once() {
        let code = RecoveryCode::from_random([0, 68, 50, 20, 199, 66, 84, 182, 53, 207]);
        assert_eq!(code.to_string(), "0123-4567-89AB-CDEF");
        for typed in ["o123-4567-89ab-cdef", " 0L23 4567\u{2011}89AB CDEF ", "0i23456789abcdef"] {
            assert_eq!(typed.parse(), Ok(code.clone()), "{typed}");
        }
        for typed in ["", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF0", "U123-4567-89AB-CDEF"] {
            assert_eq!(typed.parse::<RecoveryCode>(), Err(NotACode), "{typed}");
        }
        assert_eq!(format!("{code:?}"), "RecoveryCode(…)");
        let mut codes = RecoveryCodes { person: PERSON, left: vec![[1; 32], [2; 32]], made_at: Timestamp::UNIX_EPOCH };
        assert!(codes.spend(&[1; 32]) && !codes.spend(&[1; 32]) && codes.left.len() == 1);
    }

    #[test]
    fn recovery_codes_alone_are_no_factor() {
        let codes = RecoveryCodes { person: PERSON, left: vec![[1; 32]], made_at: Timestamp::UNIX_EPOCH };
        let alone = Factors { recovery: Some(codes), ..Factors::default() };
        assert!(!alone.any() && alone.methods().is_empty() && alone.recovery_left() == 1);
    }
}

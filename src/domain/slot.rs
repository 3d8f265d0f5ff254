//! The ways to unlock a keyring. The server knows a label and the public half of the login key, never the recipient.

use std::str::FromStr;

use jiff::Timestamp;

use super::id::{PersonId, SlotId};

/// Slots of one person at most.
pub const SLOTS_MAX: usize = 20;

/// One way to unlock a keyring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Which.
    pub slot: SlotId,
    /// Whose.
    pub person: PersonId,
    /// What kind, with what that kind needs.
    pub kind: SlotKind,
    /// What the person calls it.
    pub label: String,
    /// Public half of its login key.
    pub login_key: [u8; 32],
    /// When it was made.
    pub made_at: Timestamp,
}

/// The kinds of slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotKind {
    /// A passkey.
    Passkey {
        /// Hash of its credential id.
        credential: [u8; 32],
        /// What checks its signatures, as `crypto::passkey` writes it.
        verifier: Vec<u8>,
    },
    /// A password, stretched with this salt on the device.
    Password {
        /// The salt.
        salt: [u8; 16],
    },
    /// The personal kit, on paper.
    Kit,
    /// A link for a new device, for some minutes.
    Link,
}

/// A kind of slot by name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotWord {
    /// A passkey.
    Passkey,
    /// A password.
    Password,
    /// The personal kit.
    Kit,
    /// A link for a new device.
    Link,
}

impl SlotWord {
    const ALL: [Self; 4] = [Self::Passkey, Self::Password, Self::Kit, Self::Link];

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Kit => "kit",
            Self::Link => "link",
        }
    }
}

impl FromStr for SlotWord {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or(())
    }
}

impl SlotKind {
    /// The kind by name alone.
    #[must_use]
    pub const fn word(&self) -> SlotWord {
        match self {
            Self::Passkey { .. } => SlotWord::Passkey,
            Self::Password { .. } => SlotWord::Password,
            Self::Kit => SlotWord::Kit,
            Self::Link => SlotWord::Link,
        }
    }
}

/// Why a set of slots is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotsError {
    /// Nothing would open the keyring, or a passkey alone would.
    #[error("a passkey may be lost or come without keys: keep a password or a kit beside it")]
    PasskeyAlone,
    /// Two links.
    #[error("there is one link at a time; take the other one back first")]
    SecondLink,
    /// Two passwords.
    #[error("there is one password; replace it instead of adding another")]
    SecondPassword,
    /// Too many.
    #[error("there are too many ways to unlock; remove one first")]
    TooMany,
    /// Two slots with one id or one login key.
    #[error("each way to unlock has an id and a login key of its own")]
    Twice,
}

/// Whether these slots together are a sound set.
///
/// # Errors
/// Says which rule they break.
pub fn check_slots(slots: &[Slot]) -> Result<(), SlotsError> {
    let count = |word| slots.iter().filter(|slot| slot.kind.word() == word).count();
    // A link is there for some minutes only.
    if slots.len() == count(SlotWord::Passkey) + count(SlotWord::Link) {
        return Err(SlotsError::PasskeyAlone);
    }
    if count(SlotWord::Password) > 1 {
        return Err(SlotsError::SecondPassword);
    }
    if count(SlotWord::Link) > 1 {
        return Err(SlotsError::SecondLink);
    }
    if slots.len() > SLOTS_MAX {
        return Err(SlotsError::TooMany);
    }
    let twice = slots
        .iter()
        .enumerate()
        .any(|(i, slot)| slots[..i].iter().any(|other| other.slot == slot.slot || other.login_key == slot.login_key));
    if twice { Err(SlotsError::Twice) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(n: u8, kind: SlotKind) -> Slot {
        let (slot, person) = (SlotId::from_bytes([n; 16]), PersonId::from_bytes([1; 16]));
        Slot { slot, person, kind, label: "x".into(), login_key: [n; 32], made_at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_passkey_is_never_alone() {
        let passkey = slot(1, SlotKind::Passkey { credential: [1; 32], verifier: vec![] });
        assert_eq!(check_slots(std::slice::from_ref(&passkey)), Err(SlotsError::PasskeyAlone));
        assert_eq!(check_slots(&[]), Err(SlotsError::PasskeyAlone));
        let link = slot(3, SlotKind::Link);
        assert_eq!(check_slots(&[passkey.clone(), link.clone()]), Err(SlotsError::PasskeyAlone));
        assert_eq!(check_slots(&[passkey, slot(2, SlotKind::Kit), link]), Ok(()));
    }

    #[test]
    fn slots_are_distinct_and_bounded() {
        let password = |n| slot(n, SlotKind::Password { salt: [0; 16] });
        assert_eq!(check_slots(&[password(1), password(2)]), Err(SlotsError::SecondPassword));
        let links = [slot(1, SlotKind::Kit), slot(2, SlotKind::Link), slot(3, SlotKind::Link)];
        assert_eq!(check_slots(&links), Err(SlotsError::SecondLink));
        assert_eq!(check_slots(&[slot(1, SlotKind::Kit), slot(1, SlotKind::Kit)]), Err(SlotsError::Twice));
        let many: Vec<_> = (0..21).map(|n| slot(n, SlotKind::Kit)).collect();
        assert_eq!(check_slots(&many), Err(SlotsError::TooMany));
    }
}

//! Typed ids: one newtype per noun, 16 time-ordered bytes (`UUIDv7`) inside, `prefix_` and 26 characters outside
//! (the `TypeID` form). Ids are names, never secrets. They are made on members' devices as well as here.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Characters of the part after the prefix.
const TEXT_LEN: usize = 26;

/// Text that is no id of the expected noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a valid {prefix}_ id")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

/// Declares id newtypes: `Name = "prefix";`.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What the text form begins with.
            pub const PREFIX: &'static str = $prefix;

            /// The id with these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self { Self(bytes) }

            /// The bytes, as stored in keys; their order is the order of making.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] { &self.0 }

            /// A new id from the time and 80 random bits.
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self { Self(uuid_v7(now, random)) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_")).and_then(decode).map(Self).ok_or(InvalidId { prefix: $prefix })
            }
        }
    )*};
}

ids! {
    /// Someone who can sign in.
    PersonId = "per";
    /// Someone who is coached, whether or not they have joined.
    ClientId = "cli";
    /// One invitation to join a space.
    InviteId = "inv";
    /// One sealed item in a space, through all its revisions.
    RecordId = "rec";
    /// One sealed file.
    FileId = "fil";
    /// One browser or app of a person.
    DeviceId = "dev";
    /// One way to unlock a keyring.
    SlotId = "slt";
    /// One security key of a person.
    KeyId = "key";
    /// One signed-in session.
    SessionId = "ses";
    /// One role of the practice's own making.
    RoleId = "rol";
    /// One review of who has access.
    ReviewId = "rev";
    /// One case of bringing somebody back.
    CaseId = "cas";
    /// One challenge that waits for its answer.
    ChallengeId = "cha";
    /// This installation; a restored copy keeps it.
    InstallId = "ins";
}

/// A space is named by the hash of its genesis entry, so that nobody can give it another beginning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpaceId([u8; 32]);

impl SpaceId {
    /// The space whose genesis entry has this SHA-256.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The hash, as stored in keys.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "spc_{}", super::text::b64u(&self.0))
    }
}

impl fmt::Debug for SpaceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for SpaceId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.strip_prefix("spc_").and_then(super::text::parse_b64u_32).map(Self).ok_or(InvalidId { prefix: "spc" })
    }
}

/// RFC 9562, section 5.7: 48 bits of Unix milliseconds, version, variant, the rest random.
fn uuid_v7(now: Timestamp, random: [u8; 10]) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&now.as_millisecond().to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    bytes
}

fn encode(bytes: [u8; 16]) -> String {
    let value = u128::from_be_bytes(bytes);
    (0..TEXT_LEN).rev().map(|i| char::from(ALPHABET[((value >> (5 * i)) & 31) as usize])).collect()
}

fn decode(text: &str) -> Option<[u8; 16]> {
    // 26 characters carry 130 bits: the first one may only use three of its five.
    if text.len() != TEXT_LEN || text.as_bytes()[0] > b'7' {
        return None;
    }
    let mut value = 0_u128;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|&a| a == byte)?;
        value = (value << 5) | u128::try_from(digit).ok()?;
    }
    Some(value.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_round_trip() {
        let id = PersonId::new("2026-11-24T10:00:00Z".parse().unwrap(), [7; 10]);
        assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
        assert_eq!(id.to_string().len(), 30);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = ClientId::new("2026-11-24T10:00:00Z".parse().unwrap(), [255; 10]);
        let late = ClientId::new("2026-11-24T10:00:01Z".parse().unwrap(), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn another_noun_or_a_bad_character_is_refused() {
        let id = PersonId::from_bytes([1; 16]).to_string();
        assert!(id.parse::<ClientId>().is_err());
        assert!(id.to_uppercase().parse::<PersonId>().is_err());
        assert!("per_8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<PersonId>().is_err());
    }
}

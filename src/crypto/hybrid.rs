//! Hybrid post-quantum age keys: `age1pq1…` recipients and `AGE-SECRET-KEY-PQ-1…` identities (ML-KEM-768 with X25519).
//!
//! This file knows their text forms only; `stanza` knows how they wrap a file key. Classic age keys have no place here.

use std::{fmt, str::FromStr};

use age::secrecy::SecretString;
use aws_lc_rs::agreement;
use bech32::{Bech32, Hrp, primitives::decode::CheckedHrpstring};
use hpke::{Deserializable, Kem, Serializable, kem::XWing};
use zeroize::{Zeroize, Zeroizing};

pub(super) type PublicKey = <XWing as Kem>::PublicKey;
pub(super) type PrivateKey = <XWing as Kem>::PrivateKey;

/// Bytes of a recipient: an ML-KEM-768 key (1184), then an X25519 point (32).
pub const RECIPIENT_BYTES: usize = 1216;
/// Bytes of the seed that is the secret key.
pub const SEED_BYTES: usize = 32;
const RECIPIENT_HRP: &str = "age1pq1";
const IDENTITY_PREFIX: &str = "age-secret-key-pq-";
const POINT_BYTES: usize = 32;

/// Why a text is not a hybrid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// Another kind of text altogether.
    #[error("This is not a post-quantum age recipient: one begins with \"age1pq1\". Copy it again, whole.")]
    NotRecipient,
    /// Another kind of text altogether.
    #[error("This is not a kit key: one begins with \"AGE-SECRET-KEY-PQ-1\". Copy the whole line from the kit.")]
    NotIdentity,
    /// The checksum or the length does not fit: a typing error or a cut-off copy.
    #[error("The key has a typing error or is cut off: its checksum does not fit. Compare it with the original.")]
    Damaged,
    /// A key that a decent program never makes; sealing to it would not be secret.
    #[error(
        "The key is malformed in a way that only a faulty or hostile program makes. Do not use it; make a new kit."
    )]
    Unsafe,
}

/// bech32 without BIP-173's limit of 90 characters, which hybrid recipients exceed.
struct Unlimited;

impl bech32::Checksum for Unlimited {
    type MidstateRepr = u32;
    const CODE_LENGTH: usize = usize::MAX;
    const CHECKSUM_LENGTH: usize = Bech32::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = Bech32::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = Bech32::TARGET_RESIDUE;
}

/// The public half of a hybrid key: files can be sealed to it.
#[derive(Clone, PartialEq, Eq)]
pub struct HybridRecipient(PublicKey);

impl HybridRecipient {
    /// Reads the raw form.
    ///
    /// # Errors
    /// [`KeyTextError::Damaged`] for another length, [`KeyTextError::Unsafe`] for a malformed or low-order key.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyTextError> {
        if bytes.len() != RECIPIENT_BYTES {
            return Err(KeyTextError::Damaged);
        }
        if !is_contributory(&bytes[RECIPIENT_BYTES - POINT_BYTES..]) {
            return Err(KeyTextError::Unsafe);
        }
        PublicKey::from_bytes(bytes).map(Self).map_err(|_| KeyTextError::Unsafe)
    }

    /// The raw form, [`RECIPIENT_BYTES`] long.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes().to_vec()
    }

    pub(super) fn public(&self) -> &PublicKey {
        &self.0
    }
}

impl FromStr for HybridRecipient {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, KeyTextError> {
        let text = text.trim();
        if !text.starts_with(RECIPIENT_HRP) {
            return Err(KeyTextError::NotRecipient);
        }
        let recipient = Self::from_bytes(&decode(text)?)?;
        // Trailing bits that bech32 ignores would give one key two names.
        if recipient.to_string() == text { Ok(recipient) } else { Err(KeyTextError::Damaged) }
    }
}

impl fmt::Display for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode("age1pq", &self.0.to_bytes()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HybridRecipient({:.20}…)", self.to_string())
    }
}

/// The secret half. Its 32-byte seed is all there is; 24 words, QR code and key line are forms of that seed.
#[derive(Clone)]
pub struct HybridIdentity(Zeroizing<[u8; SEED_BYTES]>);

impl HybridIdentity {
    /// Makes a new identity from the system's random source.
    ///
    /// # Errors
    /// When the system has no random numbers to give, which is fatal for whoever asked.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        getrandom::fill(&mut *seed)?;
        Ok(Self(seed))
    }

    /// The identity that this seed is.
    #[must_use]
    pub fn from_seed(mut seed: [u8; SEED_BYTES]) -> Self {
        let identity = Self(Zeroizing::new(seed));
        seed.zeroize();
        identity
    }

    /// The public half.
    ///
    /// # Errors
    /// [`KeyTextError::Unsafe`] in the practically impossible case that the seed yields a low-order point.
    pub fn to_recipient(&self) -> Result<HybridRecipient, KeyTextError> {
        HybridRecipient::from_bytes(&XWing::sk_to_pk(&self.private()?).to_bytes())
    }

    /// The `AGE-SECRET-KEY-PQ-1…` line, upper case, as stock age reads it.
    #[must_use]
    pub fn secret_text(&self) -> SecretString {
        let mut text = encode(IDENTITY_PREFIX, self.0.as_slice()).unwrap_or_default();
        text.make_ascii_uppercase();
        SecretString::from(text)
    }

    pub(super) fn seed(&self) -> &[u8; SEED_BYTES] {
        &self.0
    }

    pub(super) fn private(&self) -> Result<PrivateKey, KeyTextError> {
        PrivateKey::from_bytes(self.0.as_slice()).map_err(|_| KeyTextError::Damaged)
    }
}

impl FromStr for HybridIdentity {
    type Err = KeyTextError;

    /// Case and white space do not matter: people type this from paper.
    fn from_str(text: &str) -> Result<Self, KeyTextError> {
        let mut typed: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        typed.make_ascii_lowercase();
        if !typed.strip_prefix(IDENTITY_PREFIX).is_some_and(|rest| rest.starts_with('1')) {
            return Err(KeyTextError::NotIdentity);
        }
        let bytes = Zeroizing::new(decode(&typed)?);
        let seed: [u8; SEED_BYTES] = bytes.as_slice().try_into().map_err(|_| KeyTextError::Damaged)?;
        let canonical = Zeroizing::new(encode(IDENTITY_PREFIX, &seed)?);
        if *canonical == *typed { Ok(Self::from_seed(seed)) } else { Err(KeyTextError::Damaged) }
    }
}

impl fmt::Debug for HybridIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HybridIdentity(secret)")
    }
}

/// Whether an X25519 point contributes to the shared secret. Every clamped scalar is a multiple of eight and smaller than
/// eight times either subgroup's order, so one multiplication by any of them yields zero exactly for low-order points
/// (RFC 7748, section 6.1); the library refuses that zero.
pub(super) fn is_contributory(point: &[u8]) -> bool {
    let Ok(probe) = agreement::PrivateKey::from_private_key(&agreement::X25519, &[0x55; POINT_BYTES]) else {
        return false;
    };
    let peer = agreement::UnparsedPublicKey::new(&agreement::X25519, point);
    agreement::agree(&probe, peer, (), |_| Ok(())).is_ok()
}

fn encode(hrp: &str, bytes: &[u8]) -> Result<String, KeyTextError> {
    let hrp = Hrp::parse(hrp).map_err(|_| KeyTextError::Damaged)?;
    bech32::encode_lower::<Unlimited>(hrp, bytes).map_err(|_| KeyTextError::Damaged)
}

fn decode(text: &str) -> Result<Vec<u8>, KeyTextError> {
    let checked = CheckedHrpstring::new::<Unlimited>(text).map_err(|_| KeyTextError::Damaged)?;
    Ok(checked.byte_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::secrecy::ExposeSecret;

    #[test]
    fn texts_round_trip_and_ignore_how_people_type() {
        let identity = HybridIdentity::generate().unwrap();
        let line = identity.secret_text().expose_secret().to_owned();
        assert!(line.starts_with("AGE-SECRET-KEY-PQ-1"));
        let typed = format!("  {} \n {}\t", line[..30].to_lowercase(), &line[30..]);
        assert_eq!(typed.parse::<HybridIdentity>().unwrap().seed(), identity.seed());
        let recipient = identity.to_recipient().unwrap();
        assert_eq!(recipient.to_string().parse::<HybridRecipient>().unwrap(), recipient);
    }

    #[test]
    fn wrong_texts_are_told_apart() {
        let identity = HybridIdentity::generate().unwrap();
        let line = identity.secret_text().expose_secret().to_owned();
        let recipient = identity.to_recipient().unwrap().to_string();
        let parse = |text: &str| text.parse::<HybridIdentity>().unwrap_err();
        assert_eq!(parse("hello"), KeyTextError::NotIdentity);
        assert_eq!(parse(&recipient), KeyTextError::NotIdentity);
        assert_eq!(parse(&line[..line.len() - 1]), KeyTextError::Damaged);
        assert_eq!(line.parse::<HybridRecipient>().unwrap_err(), KeyTextError::NotRecipient);
        assert_eq!(recipient.to_uppercase().parse::<HybridRecipient>().unwrap_err(), KeyTextError::NotRecipient);
        assert_eq!(recipient[..900].parse::<HybridRecipient>().unwrap_err(), KeyTextError::Damaged);
    }

    #[test]
    fn low_order_recipients_are_refused() {
        let mut bytes = HybridIdentity::generate().unwrap().to_recipient().unwrap().to_bytes();
        for point in [[0; 32], std::array::from_fn(|i| u8::from(i == 0))] {
            bytes[RECIPIENT_BYTES - POINT_BYTES..].copy_from_slice(&point);
            assert_eq!(HybridRecipient::from_bytes(&bytes).unwrap_err(), KeyTextError::Unsafe);
        }
        assert!(is_contributory(&[9; 32]));
    }

    #[test]
    fn a_secret_never_prints() {
        assert_eq!(format!("{:?}", HybridIdentity::from_seed([7; 32])), "HybridIdentity(secret)");
    }
}

//! Signing in with a login key, and the answers for people who do not exist.

use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};

use super::sign::verifies;
use crate::domain::id::PersonId;
use crate::domain::origin::Origin;
use crate::domain::text::b64u;

/// Whether `signature` by `key` answers this challenge for this person at this origin (`WIRE.md`, "Login").
#[must_use]
pub fn answers(key: &[u8; 32], origin: &Origin, person: PersonId, nonce: &[u8; 32], signature: &[u8]) -> bool {
    verifies(key, login_message(origin, person, nonce).as_bytes(), signature)
}

/// What a login key signs.
#[must_use]
pub fn login_message(origin: &Origin, person: PersonId, nonce: &[u8; 32]) -> String {
    format!("alcove-login/1\n{origin}\n{person}\n{}", b64u(nonce))
}

/// Makes answers for unknown people that look like those for known ones and stay the same from one try to the next.
pub struct Decoys(hmac::Key);

impl Decoys {
    /// Decoys of the installation's own key.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The salt of a password that a person does not have.
    #[must_use]
    pub fn salt(&self, person: PersonId) -> [u8; 16] {
        let tag = self.tag(b"salt", person.as_bytes());
        let mut salt = [0; 16];
        salt.copy_from_slice(&tag[..16]);
        salt
    }

    /// The person of a login key that nobody has; their id looks as if made within a day after `since`.
    #[must_use]
    pub fn person(&self, login_key: &[u8; 32], since: Timestamp) -> PersonId {
        let tag = self.tag(b"person", login_key);
        let (mut random, mut offset) = ([0; 10], [0; 4]);
        random.copy_from_slice(&tag[..10]);
        offset.copy_from_slice(&tag[10..14]);
        let offset_ms = i64::from(u32::from_be_bytes(offset)) % (24 * 3_600_000);
        PersonId::new(since.checked_add(SignedDuration::from_millis(offset_ms)).unwrap_or(since), random)
    }

    fn tag(&self, label: &[u8], input: &[u8]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(label);
        context.update(&[0]);
        context.update(input);
        let mut tag = [0; 32];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    #[test]
    fn a_login_signature_is_bound_to_origin_person_and_challenge() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let origin: Origin = "https://practice.example.org".parse().unwrap();
        let person = PersonId::from_bytes([1; 16]);
        let signature = key.sign(login_message(&origin, person, &[9; 32]).as_bytes()).to_bytes();
        assert!(answers(&public, &origin, person, &[9; 32], &signature));
        let phished: Origin = "https://practice.example.com".parse().unwrap();
        assert!(!answers(&public, &phished, person, &[9; 32], &signature));
        assert!(!answers(&public, &origin, PersonId::from_bytes([2; 16]), &[9; 32], &signature));
        assert!(!answers(&public, &origin, person, &[8; 32], &signature));
    }

    #[test]
    fn decoys_stay_the_same_and_differ_between_people() {
        let decoys = Decoys::new(&[3; 32]);
        let (a, b) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
        assert_eq!(decoys.salt(a), Decoys::new(&[3; 32]).salt(a));
        assert_ne!(decoys.salt(a), decoys.salt(b));
        assert_ne!(decoys.salt(a), Decoys::new(&[4; 32]).salt(a));
        let since = Timestamp::UNIX_EPOCH;
        assert_eq!(decoys.person(&[1; 32], since), decoys.person(&[1; 32], since));
    }
}

//! Ed25519 signatures over domain-separated statements, and the hashes around them (`WIRE.md`, "Conventions").

use aws_lc_rs::digest::{SHA256, digest};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

use crate::domain::id::PersonId;
use crate::domain::text::{b64u, parse_b64u};

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}

/// Names a person's two public keys: the hash that fragments, pins and safety words are made from.
#[must_use]
pub fn key_hash(person: PersonId, sign: &[u8; 32], recipient: &str) -> [u8; 32] {
    let mut bytes = b"alcove/v1/key\0".to_vec();
    bytes.extend_from_slice(person.to_string().as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(sign);
    bytes.extend_from_slice(recipient.as_bytes());
    sha256(&bytes)
}

/// Whether `signature` by `key` covers exactly `message`. Refuses weak keys and non-canonical signatures.
#[must_use]
pub fn verifies(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) else {
        return false;
    };
    key.verify_strict(message, &signature).is_ok()
}

/// A signed statement's parts, not yet verified.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The JSON that was signed, byte for byte.
    pub payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Statement {
    /// Takes `b64u(payload) "." b64u(signature)` apart; `None` for other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (payload, signature) = text.split_once('.')?;
        Some(Self { payload: parse_b64u(payload)?, signature: parse_b64u(signature)? })
    }

    /// Whether `key` signed it as a statement of this kind.
    #[must_use]
    pub fn is_by(&self, kind: &str, key: &[u8; 32]) -> bool {
        verifies(key, &to_sign(kind, &self.payload), &self.signature)
    }
}

/// Signs a JSON payload as a statement of this kind.
#[must_use]
pub fn statement(kind: &str, payload: &[u8], key: &SigningKey) -> String {
    let signature = key.sign(&to_sign(kind, payload));
    format!("{}.{}", b64u(payload), b64u(&signature.to_bytes()))
}

fn to_sign(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut message = format!("alcove-{kind}/1\0").into_bytes();
    message.extend(sha256(payload));
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_verifies_only_for_its_kind_and_key() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let signed = Statement::parse(&statement("roster", b"{}", &key)).unwrap();
        assert!(signed.is_by("roster", &public));
        assert!(!signed.is_by("grant", &public));
        assert!(!signed.is_by("roster", &SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes()));
        assert!(Statement::parse("no dot").is_none());
    }
}

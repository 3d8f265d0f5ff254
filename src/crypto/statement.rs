//! The signed statements about people and the practice: their JSON, parsed and verified (`WIRE.md`).

use serde::Deserialize;

use super::HybridRecipient;
use super::sign::{Statement, sha256};
use crate::domain::id::{InstallId, PersonId};
use crate::domain::practice::LogEnd;
use crate::domain::text::parse_b64u_32;

/// Why a statement is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Not text of the signed form, or not the JSON of its kind.
    #[error("this is no signed statement of the expected kind")]
    Form,
    /// The signature does not verify.
    #[error("the signature of this statement does not verify")]
    Signature,
}

/// Bytes of a statement's text at most.
const TEXT_MAX: usize = 16 * 1024;

/// A person's keys, signed by the signing key in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatement {
    /// Who.
    pub person: PersonId,
    /// Their signing key.
    pub sign: [u8; 32],
    /// Their recipient, `age1pq1…`.
    pub recipient: String,
}

#[derive(Deserialize)]
struct KeyPayload {
    v: u32,
    person: String,
    sign: String,
    recipient: String,
}

impl KeyStatement {
    /// The statement of this text, verified with its own key.
    ///
    /// # Errors
    /// Another form, or a wrong signature.
    pub fn parse(text: &str) -> Result<Self, StatementError> {
        let (statement, payload): (_, KeyPayload) = read(text)?;
        let sign = parse_b64u_32(&payload.sign).ok_or(StatementError::Form)?;
        let recipient: HybridRecipient = payload.recipient.parse().map_err(|_| StatementError::Form)?;
        let person = payload.person.parse().map_err(|_| StatementError::Form)?;
        if payload.v != 1 {
            return Err(StatementError::Form);
        }
        if !statement.is_by("directory", &sign) {
            return Err(StatementError::Signature);
        }
        Ok(Self { person, sign, recipient: recipient.to_string() })
    }
}

/// The hash of a directory leaf: `SHA-256(salt ‖ statement text)`.
#[must_use]
pub fn leaf_hash(salt: &[u8; 16], statement: &str) -> [u8; 32] {
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(statement.as_bytes());
    sha256(&bytes)
}

/// The directory's head after a leaf: `SHA-256("alcove/v1/dir\0" ‖ head ‖ tag ‖ hash)`.
#[must_use]
pub fn directory_head(head: &[u8; 32], tag: &[u8; 16], hash: &[u8; 32]) -> [u8; 32] {
    let mut bytes = b"alcove/v1/dir\0".to_vec();
    bytes.extend_from_slice(head);
    bytes.extend_from_slice(tag);
    bytes.extend_from_slice(hash);
    sha256(&bytes)
}

/// An owner's word that a restored server is the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoreStatement {
    /// The installation.
    pub install: InstallId,
    /// The timeline that it begins.
    pub timeline: u64,
    /// The timeline that is left behind.
    pub abandoned_timeline: u64,
    /// Where the restored copy's audit log ended.
    pub restored: LogEnd,
    /// The owner who signs.
    pub by: PersonId,
}

#[derive(Deserialize)]
struct RestorePayload {
    v: u32,
    install: String,
    abandoned: AbandonedPayload,
    restored: EndPayload,
    timeline: u64,
    by: String,
}

#[derive(Deserialize)]
struct AbandonedPayload {
    timeline: u64,
}

#[derive(Deserialize)]
struct EndPayload {
    size: u64,
    root: String,
}

impl RestoreStatement {
    /// The statement of this text, verified with the owner's signing key.
    ///
    /// # Errors
    /// Another form, or a wrong signature.
    pub fn parse(text: &str, owner_key: &[u8; 32]) -> Result<Self, StatementError> {
        let (statement, payload): (_, RestorePayload) = read(text)?;
        if !statement.is_by("restore", owner_key) {
            return Err(StatementError::Signature);
        }
        let root = parse_b64u_32(&payload.restored.root).ok_or(StatementError::Form)?;
        let install = payload.install.parse().map_err(|_| StatementError::Form)?;
        let by = payload.by.parse().map_err(|_| StatementError::Form)?;
        let restored = LogEnd { size: payload.restored.size, root };
        let (timeline, abandoned_timeline) = (payload.timeline, payload.abandoned.timeline);
        if payload.v == 1 {
            Ok(Self { install, timeline, abandoned_timeline, restored, by })
        } else {
            Err(StatementError::Form)
        }
    }
}

pub(super) fn read<T: for<'a> Deserialize<'a>>(text: &str) -> Result<(Statement, T), StatementError> {
    if text.len() > TEXT_MAX {
        return Err(StatementError::Form);
    }
    let statement = Statement::parse(text).ok_or(StatementError::Form)?;
    let payload = serde_json::from_slice(&statement.payload).map_err(|_| StatementError::Form)?;
    Ok((statement, payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::HybridIdentity;
    use crate::crypto::sign::statement;
    use crate::domain::text::b64u;
    use ed25519_dalek::SigningKey;

    fn key_statement(signer: &SigningKey, named: &SigningKey) -> String {
        let recipient = HybridIdentity::from_seed([5; 32]).to_recipient().unwrap();
        let person = PersonId::from_bytes([1; 16]);
        let sign = b64u(&named.verifying_key().to_bytes());
        let payload = format!(r#"{{"v":1,"person":"{person}","sign":"{sign}","recipient":"{recipient}","ts":"x"}}"#);
        statement("directory", payload.as_bytes(), signer)
    }

    #[test]
    fn a_key_statement_is_signed_by_the_key_that_it_names() {
        let (a, b) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        assert_eq!(KeyStatement::parse(&key_statement(&a, &a)).unwrap().sign, a.verifying_key().to_bytes());
        assert_eq!(KeyStatement::parse(&key_statement(&b, &a)), Err(StatementError::Signature));
        assert_eq!(KeyStatement::parse("e30.e30"), Err(StatementError::Form));
    }

    #[test]
    fn the_directory_head_commits_to_every_leaf() {
        let one = directory_head(&[0; 32], &[1; 16], &[2; 32]);
        assert_ne!(one, directory_head(&[0; 32], &[1; 16], &[3; 32]));
        assert_ne!(directory_head(&one, &[1; 16], &[2; 32]), one);
    }
}

//! The signed statements of practice recovery: papers, plans, endorsements (`WIRE.md`, "Practice recovery"). Parsed and
//! verified; no function here opens a file.

use serde::Deserialize;

use super::HybridRecipient;
use super::statement::{StatementError, read};
use crate::domain::id::PersonId;
use crate::domain::text::parse_b64u_32;

const KIND: &str = "recovery";

/// An owner's word for the recipient of their recovery paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperStatement {
    /// Whose.
    pub person: PersonId,
    /// What is sealed to it.
    pub recipient: String,
}

/// An owner's word for what keyrings are sealed to, and which papers open that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStatement {
    /// Its number.
    pub n: u64,
    /// SHA-256 of the text of the plan before.
    pub prev: Option<[u8; 32]>,
    /// What keyrings are sealed to.
    pub recipient: String,
    /// The papers: whose, and their recipients.
    pub papers: Vec<(PersonId, String)>,
    /// Who signs.
    pub by: PersonId,
}

/// A colleague's word that a plan is the practice's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndorseStatement {
    /// SHA-256 of the plan's text.
    pub plan: [u8; 32],
    /// Who signs.
    pub by: PersonId,
}

#[derive(Deserialize)]
struct PaperPayload {
    v: u32,
    what: String,
    person: String,
    recipient: String,
}

#[derive(Deserialize)]
struct PlanPayload {
    v: u32,
    what: String,
    n: u64,
    prev: Option<String>,
    recipient: String,
    papers: Vec<NamedPaper>,
    by: String,
}

#[derive(Deserialize)]
struct NamedPaper {
    person: String,
    recipient: String,
}

#[derive(Deserialize)]
struct EndorsePayload {
    v: u32,
    what: String,
    plan: String,
    by: String,
}

impl PaperStatement {
    /// The statement of this text, verified with this signing key.
    ///
    /// # Errors
    /// Another form, or a wrong signature.
    pub fn parse(text: &str, key: &[u8; 32]) -> Result<Self, StatementError> {
        let payload: PaperPayload = signed(text, key)?;
        check(payload.v, &payload.what, "paper")?;
        Ok(Self { person: person(&payload.person)?, recipient: recipient(&payload.recipient)? })
    }
}

impl PlanStatement {
    /// The statement of this text, verified with this signing key.
    ///
    /// # Errors
    /// Another form, or a wrong signature.
    pub fn parse(text: &str, key: &[u8; 32]) -> Result<Self, StatementError> {
        let payload: PlanPayload = signed(text, key)?;
        check(payload.v, &payload.what, "plan")?;
        let named = |paper: &NamedPaper| Ok((person(&paper.person)?, recipient(&paper.recipient)?));
        Ok(Self {
            n: payload.n,
            prev: payload.prev.map(|prev| parse_b64u_32(&prev).ok_or(StatementError::Form)).transpose()?,
            recipient: recipient(&payload.recipient)?,
            papers: payload.papers.iter().map(named).collect::<Result<_, _>>()?,
            by: person(&payload.by)?,
        })
    }
}

impl EndorseStatement {
    /// The statement of this text, verified with this signing key.
    ///
    /// # Errors
    /// Another form, or a wrong signature.
    pub fn parse(text: &str, key: &[u8; 32]) -> Result<Self, StatementError> {
        let payload: EndorsePayload = signed(text, key)?;
        check(payload.v, &payload.what, "endorse")?;
        Ok(Self { plan: parse_b64u_32(&payload.plan).ok_or(StatementError::Form)?, by: person(&payload.by)? })
    }
}

fn signed<T: for<'a> Deserialize<'a>>(text: &str, key: &[u8; 32]) -> Result<T, StatementError> {
    let (statement, payload) = read(text)?;
    if statement.is_by(KIND, key) { Ok(payload) } else { Err(StatementError::Signature) }
}

fn check(v: u32, what: &str, wanted: &str) -> Result<(), StatementError> {
    if v == 1 && what == wanted { Ok(()) } else { Err(StatementError::Form) }
}

fn person(text: &str) -> Result<PersonId, StatementError> {
    text.parse().map_err(|_| StatementError::Form)
}

fn recipient(text: &str) -> Result<String, StatementError> {
    text.parse::<HybridRecipient>().map(|recipient| recipient.to_string()).map_err(|_| StatementError::Form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::HybridIdentity;
    use crate::crypto::sign::statement;
    use ed25519_dalek::SigningKey;

    fn paper(what: &str, kind: &str, signer: &SigningKey) -> String {
        let recipient = HybridIdentity::from_seed([5; 32]).to_recipient().unwrap();
        let person = PersonId::from_bytes([1; 16]);
        let payload = format!(r#"{{"v":1,"what":"{what}","person":"{person}","recipient":"{recipient}","ts":"x"}}"#);
        statement(kind, payload.as_bytes(), signer)
    }

    #[test]
    fn a_statement_counts_as_what_it_says_and_by_its_signer_only() {
        let (a, b) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let key = a.verifying_key().to_bytes();
        assert_eq!(PaperStatement::parse(&paper("paper", KIND, &a), &key).unwrap().person.as_bytes(), &[1; 16]);
        assert_eq!(PaperStatement::parse(&paper("plan", KIND, &a), &key), Err(StatementError::Form));
        assert_eq!(PaperStatement::parse(&paper("paper", KIND, &b), &key), Err(StatementError::Signature));
        assert_eq!(PaperStatement::parse(&paper("paper", "restore", &a), &key), Err(StatementError::Signature));
        assert_eq!(PlanStatement::parse(&paper("paper", KIND, &a), &key), Err(StatementError::Form));
        assert_eq!(EndorseStatement::parse("e30.e30", &key), Err(StatementError::Form));
    }
}

//! Rows of second factors. The secret of an authenticator app lies in the encrypted file as it is: checking a code
//! takes it. Recovery codes are kept by hash.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, to_ms};
use crate::domain::factor::{RecoveryCodes, SecurityKey, Totp, TotpSecret};
use crate::domain::id::{KeyId, PersonId};

impl Row for Totp {
    const TABLE: &'static str = "totp";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), self.secret.0, self.used_step, to_ms(self.made_at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, secret, used_step, made_ms) = decode_body(Self::TABLE, body)?;
        let made_at = from_ms(Self::TABLE, made_ms)?;
        Ok(Self { person: PersonId::from_bytes(person), secret: TotpSecret(secret), used_step, made_at })
    }
}

impl Row for RecoveryCodes {
    const TABLE: &'static str = "recovery_codes";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), &self.left, to_ms(self.made_at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, left, made_ms) = decode_body(Self::TABLE, body)?;
        Ok(Self { person: PersonId::from_bytes(person), left, made_at: from_ms(Self::TABLE, made_ms)? })
    }
}

#[derive(Serialize, Deserialize)]
struct SecurityKeyV1 {
    key: [u8; 16],
    person: [u8; 16],
    label: String,
    credential: [u8; 32],
    verifier: Vec<u8>,
    made_ms: i64,
    used_ms: Option<i64>,
}

impl Row for SecurityKey {
    const TABLE: &'static str = "security_keys";
    const VERSION: u8 = 1;
    type Key = (PersonId, KeyId);

    fn key(&self) -> Self::Key {
        (self.person, self.key)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&SecurityKeyV1 {
            key: *self.key.as_bytes(),
            person: *self.person.as_bytes(),
            label: self.label.clone(),
            credential: self.credential,
            verifier: self.verifier.clone(),
            made_ms: to_ms(self.made_at),
            used_ms: self.used_at.map(to_ms),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: SecurityKeyV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            key: KeyId::from_bytes(row.key),
            person: PersonId::from_bytes(row.person),
            label: row.label,
            credential: row.credential,
            verifier: row.verifier,
            made_at: from_ms(Self::TABLE, row.made_ms)?,
            used_at: row.used_ms.map(|ms| from_ms(Self::TABLE, ms)).transpose()?,
        })
    }
}

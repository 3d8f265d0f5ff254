//! The row of the security policies: one for the practice; none while they are those of a new practice.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use crate::domain::security_policy::SecurityPolicy;

#[derive(Serialize, Deserialize)]
struct SecurityPolicyV1 {
    second_factor: String,
    profile: String,
    single_session: bool,
    inactive_days: u16,
    inactive_clients: bool,
    review_days: u16,
}

impl Row for SecurityPolicy {
    const TABLE: &'static str = "security_policy";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&SecurityPolicyV1 {
            second_factor: self.second_factor.word().to_owned(),
            profile: self.profile.word().to_owned(),
            single_session: self.single_session,
            inactive_days: self.inactive_days,
            inactive_clients: self.inactive_clients,
            review_days: self.review_days,
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: SecurityPolicyV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            second_factor: super::parse(Self::TABLE, &row.second_factor)?,
            profile: super::parse(Self::TABLE, &row.profile)?,
            single_session: row.single_session,
            inactive_days: row.inactive_days,
            inactive_clients: row.inactive_clients,
            review_days: row.review_days,
        })
    }
}

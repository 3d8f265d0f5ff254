//! Rows of the practice and the installation: one of each.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, parse, to_ms};
use crate::domain::id::{InstallId, PersonId};
use crate::domain::practice::{Installation, LogEnd, Practice};

#[derive(Serialize, Deserialize)]
struct PracticeV1 {
    name: String,
    zone: String,
    origin: String,
    owner: [u8; 16],
    restore_kit: String,
    made_ms: i64,
}

impl Row for Practice {
    const TABLE: &'static str = "practice";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&PracticeV1 {
            name: self.name.clone(),
            zone: self.zone.clone(),
            origin: self.origin.to_string(),
            owner: *self.owner.as_bytes(),
            restore_kit: self.restore_kit.clone(),
            made_ms: to_ms(self.made_at),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: PracticeV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            name: row.name,
            zone: row.zone,
            origin: parse(Self::TABLE, &row.origin)?,
            owner: PersonId::from_bytes(row.owner),
            restore_kit: row.restore_kit,
            made_at: from_ms(Self::TABLE, row.made_ms)?,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct InstallationV1 {
    install: [u8; 16],
    timeline: u64,
    decoy_key: [u8; 32],
    made_ms: i64,
    restored: Option<(u64, [u8; 32])>,
}

impl Row for Installation {
    const TABLE: &'static str = "installation";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&InstallationV1 {
            install: *self.install.as_bytes(),
            timeline: self.timeline,
            decoy_key: self.decoy_key,
            made_ms: to_ms(self.made_at),
            restored: self.restored.map(|end| (end.size, end.root)),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: InstallationV1 = decode_body(Self::TABLE, body)?;
        Ok(Self {
            install: InstallId::from_bytes(row.install),
            timeline: row.timeline,
            decoy_key: row.decoy_key,
            made_at: from_ms(Self::TABLE, row.made_ms)?,
            restored: row.restored.map(|(size, root)| LogEnd { size, root }),
        })
    }
}

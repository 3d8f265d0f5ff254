//! The row of the background pass: the last one, and the one under way.

use serde::{Deserialize, Serialize};

use super::{from_ms, to_ms};
use crate::domain::id::FileId;
use crate::domain::scrub::{Pass, Scrub};
use crate::store::{Row, RowError, decode_body, encode_body};

#[derive(Serialize, Deserialize)]
struct PassV1 {
    began_ms: i64,
    ended_ms: Option<i64>,
    database_done: bool,
    after: Option<[u8; 16]>,
    bytes: u64,
    rows: u64,
    files: u64,
    found: u64,
    findings: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct ScrubV1 {
    last: Option<PassV1>,
    under_way: Option<PassV1>,
}

impl Row for Scrub {
    const TABLE: &'static str = "scrub";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        encode_body(&ScrubV1 { last: self.last.as_ref().map(row), under_way: self.under_way.as_ref().map(row) })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: ScrubV1 = decode_body(Self::TABLE, body)?;
        Ok(Self { last: row.last.map(pass).transpose()?, under_way: row.under_way.map(pass).transpose()? })
    }
}

fn row(pass: &Pass) -> PassV1 {
    PassV1 {
        began_ms: to_ms(pass.began_at),
        ended_ms: pass.ended_at.map(to_ms),
        database_done: pass.database_done,
        after: pass.after.map(|id| *id.as_bytes()),
        bytes: pass.bytes,
        rows: pass.rows,
        files: pass.files,
        found: pass.found,
        findings: pass.findings.clone(),
    }
}

fn pass(row: PassV1) -> Result<Pass, RowError> {
    Ok(Pass {
        began_at: from_ms(Scrub::TABLE, row.began_ms)?,
        ended_at: row.ended_ms.map(|ms| from_ms(Scrub::TABLE, ms)).transpose()?,
        database_done: row.database_done,
        after: row.after.map(FileId::from_bytes),
        bytes: row.bytes,
        rows: row.rows,
        files: row.files,
        found: row.found,
        findings: row.findings,
    })
}

//! Reviews of who has access.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, parse, to_ms};
use crate::domain::id::{PersonId, ReviewId};
use crate::domain::review::{Choice, Decision, Review, ReviewLine, SignOff};

const TABLE: &str = Review::TABLE;

#[derive(Serialize, Deserialize)]
struct ReviewV1 {
    id: [u8; 16],
    opened_ms: i64,
    due_ms: i64,
    by: [u8; 16],
    lines: Vec<LineV1>,
    signed_off: Option<([u8; 16], i64)>,
}

#[derive(Serialize, Deserialize)]
struct LineV1 {
    person: [u8; 16],
    name: String,
    role: String,
    role_name: Option<String>,
    rights: Vec<String>,
    visited_ms: i64,
    decision: Option<DecisionV1>,
}

#[derive(Serialize, Deserialize)]
struct DecisionV1 {
    choice: String,
    note: Option<String>,
    by: [u8; 16],
    at_ms: i64,
}

impl From<&ReviewLine> for LineV1 {
    fn from(line: &ReviewLine) -> Self {
        Self {
            person: *line.person.as_bytes(),
            name: line.name.clone(),
            role: line.role.to_string(),
            role_name: line.role_name.clone(),
            rights: line.rights.clone(),
            visited_ms: to_ms(line.visited_at),
            decision: line.decision.as_ref().map(|decision| DecisionV1 {
                choice: decision.choice.word().to_owned(),
                note: decision.note.clone(),
                by: *decision.by.as_bytes(),
                at_ms: to_ms(decision.at),
            }),
        }
    }
}

impl TryFrom<LineV1> for ReviewLine {
    type Error = RowError;

    fn try_from(line: LineV1) -> Result<Self, RowError> {
        let decision = |decision: DecisionV1| {
            Ok::<_, RowError>(Decision {
                choice: parse::<Choice>(TABLE, &decision.choice)?,
                note: decision.note,
                by: PersonId::from_bytes(decision.by),
                at: from_ms(TABLE, decision.at_ms)?,
            })
        };
        Ok(Self {
            person: PersonId::from_bytes(line.person),
            name: line.name,
            role: parse(TABLE, &line.role)?,
            role_name: line.role_name,
            rights: line.rights,
            visited_at: from_ms(TABLE, line.visited_ms)?,
            decision: line.decision.map(decision).transpose()?,
        })
    }
}

impl Row for Review {
    const TABLE: &'static str = "reviews";
    const VERSION: u8 = 1;
    type Key = ReviewId;

    fn key(&self) -> ReviewId {
        self.id
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&ReviewV1 {
            id: *self.id.as_bytes(),
            opened_ms: to_ms(self.opened_at),
            due_ms: to_ms(self.due_at),
            by: *self.by.as_bytes(),
            lines: self.lines.iter().map(Into::into).collect(),
            signed_off: self.signed_off.map(|signed| (*signed.by.as_bytes(), to_ms(signed.at))),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: ReviewV1 = decode_body(TABLE, body)?;
        let signed = |(by, ms)| Ok::<_, RowError>(SignOff { by: PersonId::from_bytes(by), at: from_ms(TABLE, ms)? });
        Ok(Self {
            id: ReviewId::from_bytes(row.id),
            opened_at: from_ms(TABLE, row.opened_ms)?,
            due_at: from_ms(TABLE, row.due_ms)?,
            by: PersonId::from_bytes(row.by),
            lines: row.lines.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            signed_off: row.signed_off.map(signed).transpose()?,
        })
    }
}

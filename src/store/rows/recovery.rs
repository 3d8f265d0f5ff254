//! Rows of practice recovery: what owners and colleagues signed, sealed files that the server cannot open, and cases.

use serde::{Deserialize, Serialize};

use super::super::{Row, RowError, decode_body, encode_body};
use super::{from_ms, parse, to_ms};
use crate::domain::id::{CaseId, PersonId};
use crate::domain::recovery::{
    Answer, Case, Ended, Endorsement, HalfFile, NestedFile, Paper, Plan, PlanHead, PlanPaper,
};

impl Row for Paper {
    const TABLE: &'static str = "recovery_papers";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), &self.recipient, &self.statement, to_ms(self.made_at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, recipient, statement, made_ms) = decode_body(Self::TABLE, body)?;
        let made_at = from_ms(Self::TABLE, made_ms)?;
        Ok(Self { person: PersonId::from_bytes(person), recipient, statement, made_at })
    }
}

#[derive(Serialize, Deserialize)]
struct PlanHeadV1 {
    n: u64,
    hash: [u8; 32],
    plan: Option<PlanV1>,
}

#[derive(Serialize, Deserialize)]
struct PlanV1 {
    statement: String,
    by: [u8; 16],
    made_ms: i64,
    papers: Vec<([u8; 16], String)>,
}

impl Row for PlanHead {
    const TABLE: &'static str = "recovery_plan";
    const VERSION: u8 = 1;
    type Key = ();

    fn key(&self) {}

    fn encode(&self) -> Vec<u8> {
        let plan = self.plan.as_ref().map(|plan| PlanV1 {
            statement: plan.statement.clone(),
            by: *plan.by.as_bytes(),
            made_ms: to_ms(plan.made_at),
            papers: plan.papers.iter().map(|paper| (*paper.person.as_bytes(), paper.recipient.clone())).collect(),
        });
        encode_body(&PlanHeadV1 { n: self.n, hash: self.hash, plan })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let PlanHeadV1 { n, hash, plan } = decode_body(Self::TABLE, body)?;
        let paper = |(person, recipient)| PlanPaper { person: PersonId::from_bytes(person), recipient };
        let plan = plan.map(|plan| {
            Ok::<_, RowError>(Plan {
                statement: plan.statement,
                by: PersonId::from_bytes(plan.by),
                made_at: from_ms(Self::TABLE, plan.made_ms)?,
                papers: plan.papers.into_iter().map(paper).collect(),
            })
        });
        Ok(Self { n, hash, plan: plan.transpose()? })
    }
}

impl Row for NestedFile {
    const TABLE: &'static str = "recovery_files";
    const VERSION: u8 = 1;
    /// The file of a sole paper lies under it twice.
    type Key = (PersonId, PersonId);

    fn key(&self) -> Self::Key {
        (self.first, self.then.unwrap_or(self.first))
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.first.as_bytes(), self.then.map(|then| *then.as_bytes()), &self.body))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (first, then, body): (_, Option<[u8; 16]>, _) = decode_body(Self::TABLE, body)?;
        Ok(Self { first: PersonId::from_bytes(first), then: then.map(PersonId::from_bytes), body })
    }
}

impl Row for Answer {
    const TABLE: &'static str = "recovery_answers";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), self.n, self.agreed, to_ms(self.at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, n, agreed, at_ms) = decode_body(Self::TABLE, body)?;
        Ok(Self { person: PersonId::from_bytes(person), n, agreed, at: from_ms(Self::TABLE, at_ms)? })
    }
}

impl Row for Endorsement {
    const TABLE: &'static str = "recovery_endorsements";
    const VERSION: u8 = 1;
    type Key = PersonId;

    fn key(&self) -> PersonId {
        self.person
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.person.as_bytes(), &self.statement, to_ms(self.at)))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (person, statement, at_ms) = decode_body(Self::TABLE, body)?;
        Ok(Self { person: PersonId::from_bytes(person), statement, at: from_ms(Self::TABLE, at_ms)? })
    }
}

#[derive(Serialize, Deserialize)]
struct CaseV1 {
    case: [u8; 16],
    person: [u8; 16],
    purpose: String,
    reason: String,
    by: [u8; 16],
    plan_n: u64,
    holders: Vec<[u8; 16]>,
    asked_ms: i64,
    opened: Option<([u8; 16], i64)>,
    ended: Option<EndedV1>,
}

#[derive(Serialize, Deserialize)]
struct EndedV1 {
    how: String,
    by: Option<[u8; 16]>,
    at_ms: i64,
}

impl Row for Case {
    const TABLE: &'static str = "recovery_cases";
    const VERSION: u8 = 1;
    type Key = CaseId;

    fn key(&self) -> CaseId {
        self.case
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&CaseV1 {
            case: *self.case.as_bytes(),
            person: *self.person.as_bytes(),
            purpose: self.purpose.word().to_owned(),
            reason: self.reason.clone(),
            by: *self.by.as_bytes(),
            plan_n: self.plan_n,
            holders: self.holders.iter().map(|holder| *holder.as_bytes()).collect(),
            asked_ms: to_ms(self.asked_at),
            opened: self.opened.map(|(by, at)| (*by.as_bytes(), to_ms(at))),
            ended: self.ended.map(|ended| EndedV1 {
                how: ended.how.word().to_owned(),
                by: ended.by.map(|by| *by.as_bytes()),
                at_ms: to_ms(ended.at),
            }),
        })
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let row: CaseV1 = decode_body(Self::TABLE, body)?;
        let instant = |ms| from_ms(Self::TABLE, ms);
        let opened = row.opened.map(|(by, ms)| Ok::<_, RowError>((PersonId::from_bytes(by), instant(ms)?)));
        let ended = row.ended.map(|ended| {
            Ok::<_, RowError>(Ended {
                how: parse(Self::TABLE, &ended.how)?,
                by: ended.by.map(PersonId::from_bytes),
                at: instant(ended.at_ms)?,
            })
        });
        Ok(Self {
            case: CaseId::from_bytes(row.case),
            person: PersonId::from_bytes(row.person),
            purpose: parse(Self::TABLE, &row.purpose)?,
            reason: row.reason,
            by: PersonId::from_bytes(row.by),
            plan_n: row.plan_n,
            holders: row.holders.into_iter().map(PersonId::from_bytes).collect(),
            asked_at: instant(row.asked_ms)?,
            opened: opened.transpose()?,
            ended: ended.transpose()?,
        })
    }
}

impl Row for HalfFile {
    const TABLE: &'static str = "recovery_halves";
    const VERSION: u8 = 1;
    type Key = (CaseId, PersonId);

    fn key(&self) -> Self::Key {
        (self.case, self.then)
    }

    fn encode(&self) -> Vec<u8> {
        encode_body(&(self.case.as_bytes(), self.then.as_bytes(), &self.body))
    }

    fn decode(_: u8, body: &[u8]) -> Result<Self, RowError> {
        let (case, then, body) = decode_body(Self::TABLE, body)?;
        Ok(Self { case: CaseId::from_bytes(case), then: PersonId::from_bytes(then), body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recovery::{End, Purpose};
    use jiff::Timestamp;

    fn back<R: Row + PartialEq + std::fmt::Debug>(row: &R) {
        assert_eq!(&R::decode(R::VERSION, &row.encode()).unwrap(), row);
    }

    #[test]
    fn every_row_comes_back() {
        let (at, [one, two]) = (Timestamp::UNIX_EPOCH, [1, 2].map(|n| PersonId::from_bytes([n; 16])));
        let paper = PlanPaper { person: one, recipient: "r".into() };
        let plan = Plan { statement: "s".into(), by: one, made_at: at, papers: vec![paper] };
        back(&PlanHead { n: 2, hash: [3; 32], plan: Some(plan) });
        back(&PlanHead { n: 2, hash: [3; 32], plan: None });
        back(&Paper { person: one, recipient: "r".into(), statement: "s".into(), made_at: at });
        let file = NestedFile { first: one, then: None, body: vec![1] };
        assert_ne!(file.key(), NestedFile { then: Some(two), ..file.clone() }.key());
        back(&file);
        back(&Answer { person: one, n: 2, agreed: true, at });
        back(&Endorsement { person: one, statement: "s".into(), at });
        let case = CaseId::from_bytes([4; 16]);
        back(&HalfFile { case, then: two, body: vec![1] });
        let open = Case {
            case,
            person: two,
            purpose: Purpose::Return,
            reason: "lost".into(),
            by: one,
            plan_n: 2,
            holders: vec![one],
            asked_at: at,
            opened: None,
            ended: None,
        };
        back(&open);
        let ended = Some(Ended { how: End::Expired, by: None, at });
        back(&Case { opened: Some((one, at)), ended, ..open });
    }
}

//! Practice recovery: papers, the plan, answers.

use jiff::Timestamp;
use poem_openapi::Object;

use super::text::Text;
use crate::app::recovery::{FirstFiles, NewPlan, OwnerSeen, PlanSeen, RecoverySeen};
use crate::domain::id::PersonId;
use crate::domain::recovery::NestedFile;

/// Practice recovery as the asker may see it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Recovery")]
pub struct RecoveryView {
    /// The plan that is in force; none while practice recovery is off.
    pub plan: Option<RecoveryPlanView>,
    /// What the next plan has to say.
    pub next: NextPlanView,
    /// The plan that the asker agreed to last.
    pub mine: Option<AgreedView>,
    /// Whether the asker has not answered to this plan.
    pub asked: bool,
    /// The owners who may act; empty for everybody else.
    pub owners: Vec<RecoveryOwnerView>,
    /// How many agreed to this plan; for owners only.
    pub agreed: Option<AgreedCountView>,
}

/// A plan with what is known of it now.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryPlan")]
pub struct RecoveryPlanView {
    /// The signed statement.
    pub statement: String,
    /// Its number.
    pub n: u64,
    /// When it came.
    pub made_at: Text<Timestamp>,
    /// Who signed.
    pub by: Text<PersonId>,
    /// Their name.
    pub by_name: String,
    /// How many papers it names.
    pub holders: u32,
    /// Whose papers they are.
    pub papers: Vec<PaperHolderView>,
    /// What colleagues signed for it.
    pub endorsements: Vec<String>,
    /// Whether it should be made anew: owners or papers changed.
    pub stale: bool,
}

/// Somebody whose paper a plan names.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PaperHolder")]
pub struct PaperHolderView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
}

/// What the next plan has to say.
#[derive(Clone, Debug, Object)]
#[oai(rename = "NextPlan")]
pub struct NextPlanView {
    /// Its number.
    pub n: u64,
    /// SHA-256 of the text of the plan before.
    pub prev: Option<Text<[u8; 32]>>,
}

/// That somebody agreed to a plan.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Agreed")]
pub struct AgreedView {
    /// The number of the plan.
    pub n: u64,
    /// When.
    pub at: Text<Timestamp>,
}

/// How many agreed.
#[derive(Clone, Debug, Object)]
#[oai(rename = "AgreedCount")]
pub struct AgreedCountView {
    /// How many.
    pub agreed: u32,
    /// Of how many.
    pub of: u32,
}

/// An owner with their recovery paper.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryOwner")]
pub struct RecoveryOwnerView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// Their signed word for their paper, if they made one.
    pub paper: Option<String>,
}

/// An owner's signed word for their recovery paper, or a colleague's for the plan.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryStatement", deny_unknown_fields)]
pub struct RecoveryStatementView {
    /// The signed statement.
    pub statement: String,
}

/// A plan as an owner's device made it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryPlanMade", deny_unknown_fields)]
pub struct RecoveryPlanMadeView {
    /// The signed statement.
    pub statement: String,
    /// One file for each ordered pair of papers, or one for a sole paper.
    #[oai(validator(max_items = "56"))]
    pub files: Vec<NestedFileView>,
}

/// A sealed file of a plan.
#[derive(Clone, Debug, Object)]
#[oai(rename = "NestedFile", deny_unknown_fields)]
pub struct NestedFileView {
    /// Whose paper opens it.
    pub first: Text<PersonId>,
    /// Whose paper opens what is inside; null for a sole paper.
    pub then: Option<Text<PersonId>>,
    /// The age file.
    pub body: Text<Vec<u8>>,
}

/// That the asker agrees to a plan.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryAgreed", deny_unknown_fields)]
pub struct RecoveryAgreedView {
    /// The number of the plan.
    pub n: u64,
}

/// The files that the asker's paper opens first.
#[derive(Clone, Debug, Object)]
#[oai(rename = "FirstFiles")]
pub struct FirstFilesView {
    /// The number of the plan; none while practice recovery is off.
    pub n: Option<u64>,
    /// One for each other paper.
    pub files: Vec<HalfFileView>,
}

/// A file that a paper opens.
#[derive(Clone, Debug, Object)]
#[oai(rename = "HalfFile", deny_unknown_fields)]
pub struct HalfFileView {
    /// Whose paper opens what is inside, or this file itself.
    pub then: Text<PersonId>,
    /// The age file.
    pub body: Text<Vec<u8>>,
}

const _: () = assert!(crate::domain::recovery::PAPERS_MAX == 8, "a plan of that many papers has 56 files");

impl From<RecoverySeen> for RecoveryView {
    fn from(seen: RecoverySeen) -> Self {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let owner =
            |owner: OwnerSeen| RecoveryOwnerView { person: Text(owner.person), name: owner.name, paper: owner.paper };
        Self {
            plan: seen.plan.map(Into::into),
            next: NextPlanView { n: seen.next.0, prev: seen.next.1.map(Text) },
            mine: seen.mine.map(|(n, at)| AgreedView { n, at: Text(at) }),
            asked: seen.asked,
            owners: seen.owners.into_iter().map(owner).collect(),
            agreed: seen.agreed.map(|(agreed, of)| AgreedCountView { agreed: count(agreed), of: count(of) }),
        }
    }
}

impl From<PlanSeen> for RecoveryPlanView {
    fn from(plan: PlanSeen) -> Self {
        let holder = |(person, name)| PaperHolderView { person: Text(person), name };
        Self {
            statement: plan.statement,
            n: plan.n,
            made_at: Text(plan.made_at),
            by: Text(plan.by.0),
            by_name: plan.by.1,
            holders: u32::try_from(plan.papers.len()).unwrap_or(u32::MAX),
            papers: plan.papers.into_iter().map(holder).collect(),
            endorsements: plan.endorsements,
            stale: plan.stale,
        }
    }
}

impl From<RecoveryPlanMadeView> for NewPlan {
    fn from(view: RecoveryPlanMadeView) -> Self {
        let file = |file: NestedFileView| NestedFile {
            first: file.first.0,
            then: file.then.map(|then| then.0),
            body: file.body.0,
        };
        Self { statement: view.statement, files: view.files.into_iter().map(file).collect() }
    }
}

impl From<FirstFiles> for FirstFilesView {
    fn from(held: FirstFiles) -> Self {
        let files = held.files.into_iter().map(|file| HalfFileView { then: Text(file.then), body: Text(file.body) });
        Self { n: held.n, files: files.collect() }
    }
}

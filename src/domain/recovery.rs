//! Practice recovery: the arrangement by which owners bring somebody back who has lost every way into their account.
//! The server keeps what owners sign and seal; nothing that it holds opens anything.
//!
//! Must not: decide who is an owner, or read a sealed file.

mod case;
mod plan;

pub use case::{Case, CaseOver, CaseState, End, Ended, HalfFile, NotOpen, Purpose, REASON_MAX, parse_reason};
pub use plan::{
    Answer, Endorsement, NestedFile, OwnerNow, PAPERS_MAX, Paper, Plan, PlanHead, PlanPaper, PlanRefused, check_files,
    check_papers,
};

/// Bytes of a nested or half-opened file at most.
pub const FILE_MAX: usize = 32 * 1024;

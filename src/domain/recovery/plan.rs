//! The papers, the plan that names them, and what people answered to it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::domain::id::PersonId;

/// Papers of one plan at most: a file for each ordered pair of them has to be made and kept.
pub const PAPERS_MAX: usize = 8;

/// An owner's recovery paper. The server knows its recipient only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Whose.
    pub person: PersonId,
    /// What is sealed to it, `age1pq1…`.
    pub recipient: String,
    /// The owner's signed word for it.
    pub statement: String,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Where the chain of plans ends. It goes on when practice recovery is switched off and on again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanHead {
    /// The number of the last plan.
    pub n: u64,
    /// SHA-256 of its text.
    pub hash: [u8; 32],
    /// The plan; `None` while practice recovery is off.
    pub plan: Option<Plan>,
}

/// A plan as an owner signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The signed text.
    pub statement: String,
    /// Who signed.
    pub by: PersonId,
    /// When it came.
    pub made_at: Timestamp,
    /// Whose papers it names.
    pub papers: Vec<PlanPaper>,
}

/// A paper as a plan names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPaper {
    /// Whose.
    pub person: PersonId,
    /// Its recipient.
    pub recipient: String,
}

/// The secret of a plan, sealed so that one pair of papers opens it, or a sole one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NestedFile {
    /// Whose paper opens it.
    pub first: PersonId,
    /// Whose paper opens what is inside; nobody's when there is one paper.
    pub then: Option<PersonId>,
    /// The age file.
    pub body: Vec<u8>,
}

/// What somebody answered to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who.
    pub person: PersonId,
    /// The number of the plan.
    pub n: u64,
    /// Whether the practice may help them.
    pub agreed: bool,
    /// When.
    pub at: Timestamp,
}

/// A colleague's signed word that a plan is the practice's, for those who know that colleague's keys and no owner's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endorsement {
    /// Who.
    pub person: PersonId,
    /// The signed text.
    pub statement: String,
    /// When it came.
    pub at: Timestamp,
}

/// An owner who may act, with the paper that is theirs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerNow {
    /// Who.
    pub person: PersonId,
    /// Recipient of their paper.
    pub paper: Option<String>,
}

/// Why a plan is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefused {
    /// A paper is missing, named twice, not the newest, or of nobody who is an owner now.
    #[error("the plan names a paper that is not the newest one of an owner")]
    Papers,
    /// One paper, although there are several owners.
    #[error("there is more than one owner: the plan needs the paper of a second one")]
    TooFewPapers,
    /// Not one file for each pair.
    #[error("the files do not fit the papers: one for each ordered pair, or one for a sole paper")]
    Files,
}

impl PlanRefused {
    /// The word in the refusal.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Papers => "papers",
            Self::TooFewPapers => "too-few-papers",
            Self::Files => "files",
        }
    }
}

impl PlanHead {
    /// The number and the predecessor that the next plan has to name.
    #[must_use]
    pub fn next(head: Option<&Self>) -> (u64, Option<[u8; 32]>) {
        head.map_or((1, None), |head| (head.n + 1, Some(head.hash)))
    }
}

impl Plan {
    /// Whose papers it names.
    pub fn holders(&self) -> impl Iterator<Item = PersonId> {
        self.papers.iter().map(|paper| paper.person)
    }

    /// Whether it should be made anew: it would not be taken any more as the owners and papers are now.
    #[must_use]
    pub fn is_stale(&self, owners: &[OwnerNow]) -> bool {
        check_papers(&self.papers, owners).is_err()
    }
}

/// Whether a plan may name these papers.
///
/// # Errors
/// Says why not.
pub fn check_papers(papers: &[PlanPaper], owners: &[OwnerNow]) -> Result<(), PlanRefused> {
    let distinct: BTreeSet<_> = papers.iter().map(|paper| paper.person).collect();
    let is_theirs = |paper: &PlanPaper| {
        let of = |owner: &&OwnerNow| owner.person == paper.person;
        owners.iter().find(of).is_some_and(|owner| owner.paper.as_ref() == Some(&paper.recipient))
    };
    if papers.is_empty() || papers.len() > PAPERS_MAX || distinct.len() != papers.len() || !papers.iter().all(is_theirs)
    {
        Err(PlanRefused::Papers)
    } else if papers.len() == 1 && owners.len() > 1 {
        Err(PlanRefused::TooFewPapers)
    } else {
        Ok(())
    }
}

/// Whether there is one file for each ordered pair of these papers, or one for a sole one, and no other.
///
/// # Errors
/// There is not.
pub fn check_files(papers: &[PlanPaper], files: &[NestedFile]) -> Result<(), PlanRefused> {
    let pairs = papers.iter().flat_map(|first| papers.iter().map(move |then| (first.person, then.person)));
    let mut expected: BTreeSet<_> =
        pairs.filter(|(first, then)| first != then).map(|(first, then)| (first, Some(then))).collect();
    if let [sole] = papers {
        expected.insert((sole.person, None));
    }
    let found: BTreeSet<_> = files.iter().map(|file| (file.first, file.then)).collect();
    if found == expected && found.len() == files.len() { Ok(()) } else { Err(PlanRefused::Files) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn paper(n: u8) -> PlanPaper {
        PlanPaper { person: id(n), recipient: format!("paper {n}") }
    }

    fn owner(n: u8) -> OwnerNow {
        OwnerNow { person: id(n), paper: Some(format!("paper {n}")) }
    }

    fn file(first: u8, then: Option<u8>) -> NestedFile {
        NestedFile { first: id(first), then: then.map(id), body: Vec::new() }
    }

    #[test]
    fn a_plan_names_the_newest_papers_of_owners() {
        let owners = [owner(1), owner(2)];
        assert_eq!(check_papers(&[paper(1), paper(2)], &owners), Ok(()));
        let older = PlanPaper { recipient: "older".to_owned(), ..paper(2) };
        for bad in [vec![], vec![paper(1), paper(3)], vec![paper(1), paper(1)], vec![paper(1), older]] {
            assert_eq!(check_papers(&bad, &owners), Err(PlanRefused::Papers));
        }
        let many: Vec<_> = (0..9).map(paper).collect();
        assert_eq!(check_papers(&many, &(0..9).map(owner).collect::<Vec<_>>()), Err(PlanRefused::Papers));
    }

    #[test]
    fn one_paper_suffices_for_a_sole_owner_only() {
        assert_eq!(check_papers(&[paper(1)], &[owner(1)]), Ok(()));
        let other = OwnerNow { paper: None, ..owner(2) };
        assert_eq!(check_papers(&[paper(1)], &[owner(1), other]), Err(PlanRefused::TooFewPapers));
    }

    #[test]
    fn there_is_a_file_for_each_ordered_pair_and_no_other() {
        assert_eq!(check_files(&[paper(1)], &[file(1, None)]), Ok(()));
        let two = [paper(1), paper(2)];
        assert_eq!(check_files(&two, &[file(1, Some(2)), file(2, Some(1))]), Ok(()));
        for bad in [
            vec![file(1, Some(2))],
            vec![file(1, Some(2)), file(2, Some(1)), file(1, None)],
            vec![file(1, Some(2)), file(1, Some(2)), file(2, Some(1))],
            vec![file(1, Some(2)), file(2, Some(3))],
            vec![file(1, Some(1)), file(1, Some(2)), file(2, Some(1))],
        ] {
            assert_eq!(check_files(&two, &bad), Err(PlanRefused::Files));
        }
        assert_eq!(check_files(&[paper(1)], &[file(1, Some(1))]), Err(PlanRefused::Files));
    }

    #[test]
    fn a_plan_is_stale_when_its_papers_or_owners_changed() {
        let at = Timestamp::UNIX_EPOCH;
        let plan = Plan { statement: String::new(), by: id(1), made_at: at, papers: vec![paper(1), paper(2)] };
        assert!(!plan.is_stale(&[owner(1), owner(2), owner(3)]));
        assert!(plan.is_stale(&[owner(1)]));
        assert!(plan.is_stale(&[owner(1), OwnerNow { paper: Some("newer".to_owned()), ..owner(2) }]));
    }

    #[test]
    fn numbers_go_on_after_switching_off() {
        assert_eq!(PlanHead::next(None), (1, None));
        assert_eq!(PlanHead::next(Some(&PlanHead { n: 4, hash: [7; 32], plan: None })), (5, Some([7; 32])));
    }
}

//! Cases of practice recovery.

use jiff::Timestamp;
use poem_openapi::{Enum, Object};

use super::keyring::KeyringView;
use super::recovery::HalfFileView;
use super::text::Text;
use crate::app::recovery::{CaseSeen, Finish, NewCase, NewHalf, NewLink, Opening};
use crate::domain::id::{CaseId, PersonId, SlotId};
use crate::domain::recovery::{CaseState, Purpose, REASON_MAX};

/// Cases, the newest first.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryCases")]
pub struct CasesView {
    /// The cases.
    pub cases: Vec<CaseView>,
}

/// A case in which somebody is brought back.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryCase")]
pub struct CaseView {
    /// Which.
    pub case: Text<CaseId>,
    /// Whom it is about.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// What for.
    pub purpose: PurposeView,
    /// Why, in the words of who asked.
    pub reason: String,
    /// Who asked.
    pub by: Text<PersonId>,
    /// Their name.
    pub by_name: String,
    /// When it was asked for.
    pub asked_at: Text<Timestamp>,
    /// Until when it has to be finished.
    pub expires_at: Text<Timestamp>,
    /// How it stands.
    pub state: CaseStateView,
    /// Who was handed the keyring last, by name.
    pub opened_by: Option<String>,
    /// Who ended it, by name.
    pub ended_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<Text<Timestamp>>,
    /// Whether one paper suffices.
    pub sole: bool,
    /// Whether the asker of this list asked for it.
    pub mine: bool,
    /// Whether the asker of this list may open it now.
    pub open_to_me: bool,
}

/// What a case is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "RecoveryPurpose", rename_all = "kebab-case")]
pub enum PurposeView {
    /// Somebody lost every way in and comes back.
    Return,
}

/// How a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "RecoveryCaseState", rename_all = "lowercase")]
pub enum CaseStateView {
    /// It waits for somebody to open it.
    Asked,
    /// Somebody was handed the keyring.
    Opened,
    /// The person can come in.
    Finished,
    /// Somebody called it off.
    Stopped,
    /// Nobody finished it in time.
    Expired,
}

/// A case as an owner asks for it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryAsked", deny_unknown_fields)]
pub struct CaseAskedView {
    /// Whom it is about.
    pub person: Text<PersonId>,
    /// What for.
    pub purpose: PurposeView,
    /// Why; the person reads it. Not sealed.
    #[oai(validator(max_length = "500"))]
    pub reason: String,
    /// What the asker's paper opened, for each other paper of the plan; empty for a sole paper.
    #[oai(default, validator(max_items = "7"))]
    pub halves: Vec<HalfFileView>,
}

/// What whoever opens a case is handed.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryOpening")]
pub struct OpeningView {
    /// The person's keyring.
    pub keyring: KeyringView,
    /// What the first owner's paper opened, sealed to the opener's.
    pub half: Option<Text<Vec<u8>>>,
    /// The file of a sole paper.
    pub file: Option<Text<Vec<u8>>>,
}

/// What a case is finished with.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryFinished", deny_unknown_fields)]
pub struct CaseFinishedView {
    /// The version of the keyring that it replaces.
    pub version: u64,
    /// The keyring, sealed to the plan's recipient and to the link.
    pub body: Text<Vec<u8>>,
    /// The link by which the person comes in.
    pub link: RecoveryLinkView,
}

/// The link by which somebody comes in.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RecoveryLink", deny_unknown_fields)]
pub struct RecoveryLinkView {
    /// Its slot; chosen on the device.
    pub slot: Text<SlotId>,
    /// Public half of its login key.
    pub login_key: Text<[u8; 32]>,
}

const _: () = assert!(REASON_MAX == 500, "the form of a reason says how long it may be");

impl From<Vec<CaseSeen>> for CasesView {
    fn from(cases: Vec<CaseSeen>) -> Self {
        Self { cases: cases.into_iter().map(Into::into).collect() }
    }
}

impl From<CaseSeen> for CaseView {
    fn from(seen: CaseSeen) -> Self {
        let case = seen.case;
        Self {
            case: Text(case.case),
            person: Text(case.person),
            name: seen.name,
            purpose: case.purpose.into(),
            by: Text(case.by),
            by_name: seen.by_name,
            asked_at: Text(case.asked_at),
            expires_at: Text(case.expires_at()),
            state: seen.state.into(),
            opened_by: seen.opened_by,
            ended_by: seen.ended_by,
            ended_at: case.ended.map(|ended| Text(ended.at)),
            sole: case.is_sole(),
            mine: seen.mine,
            open_to_me: seen.open_to_me,
            reason: case.reason,
        }
    }
}

impl From<CaseState> for CaseStateView {
    fn from(state: CaseState) -> Self {
        match state {
            CaseState::Asked => Self::Asked,
            CaseState::Opened => Self::Opened,
            CaseState::Finished => Self::Finished,
            CaseState::Stopped => Self::Stopped,
            CaseState::Expired => Self::Expired,
        }
    }
}

impl From<Purpose> for PurposeView {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Return => Self::Return,
        }
    }
}

impl From<PurposeView> for Purpose {
    fn from(purpose: PurposeView) -> Self {
        match purpose {
            PurposeView::Return => Self::Return,
        }
    }
}

impl From<CaseAskedView> for NewCase {
    fn from(view: CaseAskedView) -> Self {
        let halves = view.halves.into_iter().map(|half| NewHalf { then: half.then.0, body: half.body.0 });
        Self { person: view.person.0, purpose: view.purpose.into(), reason: view.reason, halves: halves.collect() }
    }
}

impl From<Opening> for OpeningView {
    fn from(opening: Opening) -> Self {
        Self { keyring: opening.keyring.into(), half: opening.half.map(Text), file: opening.file.map(Text) }
    }
}

impl From<CaseFinishedView> for Finish {
    fn from(view: CaseFinishedView) -> Self {
        let link = NewLink { slot: view.link.slot.0, login_key: view.link.login_key.0 };
        Self { version: view.version, body: view.body.0, link }
    }
}

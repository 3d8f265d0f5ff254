//! Challenges for passkeys, new and known.

use poem_openapi::{Enum, Object};

use super::text::Text;
use crate::app::passkey::{MakingChallenge, Purpose};
use crate::app::sign_in::PasskeyChallenge;
use crate::domain::id::{ChallengeId, InviteId, PersonId};
use crate::http::Problem;

/// For whom a passkey is to be made.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyWanted")]
pub struct PasskeyWantedView {
    /// For whom.
    pub person: Text<PersonId>,
    /// What the authenticator shows.
    pub name: String,
    /// `setup`, `join` or `add`.
    pub purpose: PurposeView,
    /// The invite to join by.
    pub invite: Option<Text<InviteId>>,
}

/// What a passkey is to be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "Purpose", rename_all = "lowercase")]
pub enum PurposeView {
    /// The first owner's.
    Setup,
    /// That of whoever joins.
    Join,
    /// One more.
    Add,
}

/// A challenge to make a passkey.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyMaking")]
pub struct PasskeyMakingView {
    /// Which.
    pub challenge: Text<ChallengeId>,
    /// What the device needs for its own options: it asks for a resident key and user verification.
    pub options: MakingOptionsView,
}

/// What the device cannot know of a passkey's options.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyMakingOptions")]
pub struct MakingOptionsView {
    /// The host name that passkeys belong to.
    pub rp_id: String,
    /// What the practice is called.
    pub rp_name: String,
    /// The user handle: the 16 bytes of the person's id.
    pub user_handle: Text<Vec<u8>>,
    /// What the authenticator shows.
    pub user_name: String,
    /// The bytes to answer.
    pub challenge: Text<Vec<u8>>,
    /// COSE algorithms, best first.
    pub algorithms: Vec<i32>,
    /// Credential ids that must not be there yet.
    pub exclude: Vec<Text<Vec<u8>>>,
}

/// A challenge to use a passkey.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyUsing")]
pub struct PasskeyUsingView {
    /// Which.
    pub challenge: Text<ChallengeId>,
    /// What the device needs for its own options.
    pub options: UsingOptionsView,
}

/// What the device cannot know of a passkey's options.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PasskeyUsingOptions")]
pub struct UsingOptionsView {
    /// The host name that passkeys belong to.
    pub rp_id: String,
    /// The bytes to answer.
    pub challenge: Text<Vec<u8>>,
}

impl PasskeyWantedView {
    /// What it is for.
    ///
    /// # Errors
    /// Joining without an invite, or an invite without joining.
    pub fn purpose(&self) -> Result<Purpose, Problem> {
        match (self.purpose, self.invite) {
            (PurposeView::Setup, None) => Ok(Purpose::SetUp),
            (PurposeView::Join, Some(Text(invite))) => Ok(Purpose::Join(invite)),
            (PurposeView::Add, None) => Ok(Purpose::Add),
            _ => Err(Problem::bad_request("Joining names the invite, and nothing else does.")),
        }
    }
}

impl PasskeyMakingView {
    /// The challenge for this person with this name.
    #[must_use]
    pub fn of(made: MakingChallenge, person: PersonId, name: String) -> Self {
        Self {
            challenge: Text(made.challenge.challenge),
            options: MakingOptionsView {
                rp_id: made.challenge.rp_id,
                rp_name: made.practice,
                user_handle: Text(person.as_bytes().to_vec()),
                user_name: name,
                challenge: Text(made.challenge.bytes),
                algorithms: vec![-7, -257],
                exclude: made.exclude.into_iter().map(Text).collect(),
            },
        }
    }
}

impl From<PasskeyChallenge> for PasskeyUsingView {
    fn from(made: PasskeyChallenge) -> Self {
        let options = UsingOptionsView { rp_id: made.rp_id, challenge: Text(made.bytes) };
        Self { challenge: Text(made.challenge), options }
    }
}

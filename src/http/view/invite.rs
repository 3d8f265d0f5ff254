//! Invites, and joining by them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use poem_openapi::Object;

use super::account::{AccountView, DeviceView};
use super::space::{GrantMadeView, SpaceMadeView};
use super::text::Text;
use crate::app::account::NewAccount;
use crate::app::invite::InviteShown;
use crate::app::join::Join;
use crate::domain::id::{PersonId, SpaceId};
use crate::domain::invite::Invited;
use crate::http::Problem;

/// An open invite, to whoever has its link.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Invite")]
pub struct InviteView {
    /// The practice's name.
    pub practice: String,
    /// `open`.
    pub state: String,
    /// Until when.
    pub expires_at: Text<Timestamp>,
    /// The pending grant, an age file that only the link's secret opens.
    pub pending_grant: Text<Vec<u8>>,
    /// The space to join.
    pub space: Text<SpaceId>,
    /// Its roster.
    pub roster: Vec<String>,
    /// Who invites.
    pub coach: CoachView,
    /// What a colleague will be in the practice; null where a client is invited.
    pub role: Option<String>,
    /// The highest count per device among the records of the current epoch, which a join closes.
    pub last: BTreeMap<String, u64>,
}

/// Who invites, with what proves their keys.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Coach")]
pub struct CoachView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// Their key statement, signed.
    pub statement: String,
    /// Salt of their directory leaf.
    pub salt: Text<[u8; 16]>,
}

/// A new account that joins.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Join")]
pub struct JoinView {
    /// The account.
    pub account: AccountView,
    /// The joiner's notebook.
    pub notebook: SpaceMadeView,
    /// The roster's head that the entries build on.
    pub head: Text<[u8; 32]>,
    /// The join and the epoch after it.
    pub entries: Vec<String>,
    /// The new epoch, sealed to every member.
    pub grants: Vec<GrantMadeView>,
    /// The device.
    pub device: DeviceView,
}

impl From<InviteShown> for InviteView {
    fn from(shown: InviteShown) -> Self {
        let (coach, offer) = (shown.coach, shown.offer);
        Self {
            practice: shown.practice,
            state: "open".to_owned(),
            expires_at: Text(offer.expires_at),
            pending_grant: Text(offer.pending_grant),
            space: Text(offer.space),
            roster: shown.roster,
            coach: CoachView {
                person: Text(coach.person),
                name: coach.name,
                statement: coach.statement,
                salt: Text(coach.salt),
            },
            role: match offer.to {
                Invited::Client(_) => None,
                Invited::Colleague(colleague) => Some(colleague.role.to_string()),
            },
            last: shown.last.into_iter().map(|(device, count)| (device.to_string(), count)).collect(),
        }
    }
}

impl TryFrom<JoinView> for Join {
    type Error = Problem;

    fn try_from(view: JoinView) -> Result<Self, Problem> {
        Ok(Self {
            account: NewAccount::try_from(view.account)?,
            notebook: view.notebook.into(),
            head: view.head.0,
            entries: view.entries,
            grants: view.grants.into_iter().map(Into::into).collect(),
            device: view.device.into(),
        })
    }
}

//! The team and the colleagues in it.

use jiff::Timestamp;
use poem_openapi::Object;

use super::text::Text;
use crate::app::team::{ColleagueInvited, ColleagueSeen, TeamSeen};
use crate::domain::id::{InviteId, PersonId, SpaceId};
use crate::domain::roster::How;

/// The practice's team, as its members see it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Team")]
pub struct TeamView {
    /// Its space; null before the first colleague was invited, and for who is not in it.
    pub space: Option<Text<SpaceId>>,
    /// Its members, in the order of joining.
    pub colleagues: Vec<ColleagueView>,
    /// The open invites, for those who may make some.
    pub invites: Vec<ColleagueInvitedView>,
}

/// A colleague who has not joined yet.
#[derive(Clone, Debug, Object)]
#[oai(rename = "ColleagueInvited")]
pub struct ColleagueInvitedView {
    /// Their invite.
    pub invite: Text<InviteId>,
    /// What whoever invites calls them.
    pub name: String,
    /// What they will be in the practice.
    pub role: String,
    /// The name of a role of the practice's own making.
    pub role_name: Option<String>,
    /// Who invites.
    pub by: Text<PersonId>,
    /// Until when.
    pub expires_at: Text<Timestamp>,
}

/// A colleague.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Colleague")]
pub struct ColleagueView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// Their role in the practice.
    pub role: String,
    /// The name of a role of the practice's own making.
    pub role_name: Option<String>,
    /// `active`, `suspended` or `deleted`.
    pub state: String,
    /// Whether they may look after clients.
    pub manages_clients: bool,
    /// How their keys are known by the roster: `link`, `words` or `qr`. Devices believe the roster, not this.
    pub how: Option<String>,
}

impl From<TeamSeen> for TeamView {
    fn from(seen: TeamSeen) -> Self {
        Self {
            space: seen.space.map(Text),
            colleagues: seen.colleagues.into_iter().map(Into::into).collect(),
            invites: seen.invites.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ColleagueInvited> for ColleagueInvitedView {
    fn from(ColleagueInvited { offer, colleague, role_name }: ColleagueInvited) -> Self {
        Self {
            invite: Text(offer.invite),
            name: colleague.name,
            role: colleague.role.to_string(),
            role_name,
            by: Text(offer.by),
            expires_at: Text(offer.expires_at),
        }
    }
}

impl From<ColleagueSeen> for ColleagueView {
    fn from(seen: ColleagueSeen) -> Self {
        let ColleagueSeen { person, role_name, manages_clients, how } = seen;
        Self {
            person: Text(person.person),
            role: person.role.to_string(),
            state: person.state.word().to_owned(),
            name: person.name,
            role_name,
            manages_clients,
            how: how.map(How::word).map(str::to_owned),
        }
    }
}

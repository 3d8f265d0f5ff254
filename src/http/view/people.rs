//! People, as those see them who look after them.

use jiff::Timestamp;
use poem_openapi::Object;

use super::text::Text;
use crate::app::people::{DataChoice, PersonSeen};
use crate::domain::id::PersonId;
use crate::domain::person::PersonState;
use crate::domain::role::Role;
use crate::http::Problem;

/// Somebody in the practice.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Person")]
pub struct PersonView {
    /// Who.
    pub person: Text<PersonId>,
    /// What they are called.
    pub name: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Their role, or the id of one of the practice's own making.
    pub role: String,
    /// The name of a role of the practice's own making.
    pub role_name: Option<String>,
    /// What the role may do.
    pub rights: Vec<String>,
    /// `active`, `suspended` or `deleted`.
    pub state: String,
    /// Since when they are suspended or deleted.
    pub state_since: Option<Text<Timestamp>>,
    /// Why they are suspended: `inactive`, `person` or `operator`.
    pub suspended_why: Option<String>,
    /// When they joined.
    pub created_at: Text<Timestamp>,
    /// When they last signed in or unlocked.
    pub visited_at: Text<Timestamp>,
    /// When somebody last looked through their access and kept it.
    pub reviewed_at: Option<Text<Timestamp>>,
    /// When they last attested that they are still who looks after the practice.
    pub attested_at: Option<Text<Timestamp>>,
    /// How many sessions they have.
    pub sessions: u32,
    /// Their second factors.
    pub second_factor: PersonFactorsView,
    /// Whether the asker may change them.
    pub manageable: bool,
}

/// What somebody can prove beside a password or kit.
#[derive(Clone, Debug, Object)]
#[oai(rename = "PersonFactors")]
pub struct PersonFactorsView {
    /// Whether they have an authenticator app.
    pub totp: bool,
    /// How many security keys they have.
    pub keys: u32,
    /// How many recovery codes are left.
    pub recovery_left: u32,
    /// How many passkeys they have: one needs no second factor.
    pub passkeys: u32,
}

/// Everybody in the practice.
#[derive(Clone, Debug, Object)]
#[oai(rename = "People")]
pub struct PeopleView {
    /// Oldest first.
    pub people: Vec<PersonView>,
}

/// Another role for somebody.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RoleGiven", deny_unknown_fields)]
pub struct RoleGivenView {
    /// `owner`, `admin`, `practitioner`, `staff`, or the id of one of the practice's own making.
    role: String,
}

/// What becomes of what somebody wrote whose account is closed.
#[derive(Clone, Debug, Object)]
#[oai(rename = "AccountClosing", deny_unknown_fields)]
pub struct AccountClosingView {
    /// `keep`: sealed content stays with the members who are left. `erase-own`: besides, what nobody else can open is
    /// removed.
    data: String,
}

impl RoleGivenView {
    /// The role.
    ///
    /// # Errors
    /// It is none.
    pub fn role(&self) -> Result<Role, Problem> {
        self.role.parse().map_err(|_| Problem::bad_request("The role is none of GET /roles."))
    }
}

impl AccountClosingView {
    /// The choice.
    ///
    /// # Errors
    /// It is none.
    pub fn choice(&self) -> Result<DataChoice, Problem> {
        self.data.parse().map_err(|()| Problem::bad_request("The choice is \"keep\" or \"erase-own\"."))
    }
}

impl From<PersonSeen> for PersonView {
    fn from(seen: PersonSeen) -> Self {
        let PersonSeen { person, role_name, rights, sessions, factors, passkeys, manageable } = seen;
        let (state_since, suspended_why) = match person.state {
            PersonState::Active => (None, None),
            PersonState::Suspended { at, why } => (Some(Text(at)), Some(why.word().to_owned())),
            PersonState::Deleted { at } => (Some(Text(at)), None),
        };
        Self {
            person: Text(person.person),
            name: person.name,
            email: person.email,
            role: person.role.to_string(),
            role_name,
            rights: rights.iter().map(|right| right.word().to_owned()).collect(),
            state: person.state.word().to_owned(),
            state_since,
            suspended_why,
            created_at: Text(person.made_at),
            visited_at: Text(person.visited_at),
            reviewed_at: person.reviewed_at.map(Text),
            attested_at: person.attested_at.map(Text),
            sessions: count(sessions),
            second_factor: PersonFactorsView {
                totp: factors.totp.is_some(),
                keys: count(factors.keys.len()),
                recovery_left: count(factors.recovery_left()),
                passkeys: count(passkeys),
            },
            manageable,
        }
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl From<Vec<PersonSeen>> for PeopleView {
    fn from(people: Vec<PersonSeen>) -> Self {
        Self { people: people.into_iter().map(Into::into).collect() }
    }
}

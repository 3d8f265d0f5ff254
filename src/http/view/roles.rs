//! Roles and security policies.

use poem_openapi::Object;

use crate::app::roles::{RoleEdit, RoleSeen};
use crate::domain::security_policy::SecurityPolicy;
use crate::http::Problem;
use crate::policy::{Right, Rights};

/// A role.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Role")]
pub struct RoleView {
    /// Its word, or the id of one of the practice's own making.
    pub role: String,
    /// The name of one of the practice's own making.
    pub name: Option<String>,
    /// What it may do.
    pub rights: Vec<String>,
    /// Whether every practice has it.
    pub built_in: bool,
    /// How many people have it.
    pub people: u32,
    /// Whether the asker may give it.
    pub givable: bool,
}

/// All roles.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Roles")]
pub struct RolesView {
    /// Those that every practice has, then its own.
    pub roles: Vec<RoleView>,
    /// The rights that a role of the practice's own making can be given.
    pub grantable: Vec<String>,
}

/// A role to be made.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RoleMade", deny_unknown_fields)]
pub struct RoleMadeView {
    /// What to call it.
    name: String,
    /// What it may do, beside what everybody may.
    rights: Vec<String>,
}

/// What to change about a role; what is absent stays.
#[derive(Clone, Debug, Object)]
#[oai(rename = "RoleEdit", deny_unknown_fields)]
pub struct RoleEditView {
    /// Another name.
    name: Option<String>,
    /// Other rights.
    rights: Option<Vec<String>>,
}

/// The security policies.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SecurityPolicy", deny_unknown_fields)]
pub struct PolicyView {
    /// Who has to come with a second factor: `owners-and-admins` or `everybody`.
    pub second_factor: String,
    /// Which passwords are taken: `nist`, or `strict` with a mixture of characters and 90 days for owners and admins.
    pub profile: String,
    /// Whether a new sign-in ends the person's other sessions.
    pub single_session: bool,
    /// A colleague who did not come for so many days is suspended.
    pub inactive_days: u16,
    /// Whether that is so for clients, too.
    pub inactive_clients: bool,
    /// An access review is due after so many days.
    pub review_days: u16,
}

impl RoleMadeView {
    /// Name and rights.
    ///
    /// # Errors
    /// A right is none.
    pub fn parts(self) -> Result<(String, Rights), Problem> {
        Ok((self.name, rights(&self.rights)?))
    }
}

impl RoleEditView {
    /// The edit.
    ///
    /// # Errors
    /// A right is none.
    pub fn edit(self) -> Result<RoleEdit, Problem> {
        Ok(RoleEdit { name: self.name, rights: self.rights.as_deref().map(rights).transpose()? })
    }
}

fn rights(words: &[String]) -> Result<Rights, Problem> {
    let parsed = words.iter().map(|word| word.parse::<Right>()).collect::<Result<Rights, ()>>();
    parsed.map_err(|()| Problem::bad_request("A right is none of those that GET /roles names."))
}

fn words(rights: Rights) -> Vec<String> {
    rights.iter().map(|right| right.word().to_owned()).collect()
}

impl From<RoleSeen> for RoleView {
    fn from(seen: RoleSeen) -> Self {
        Self {
            role: seen.role.to_string(),
            name: seen.name,
            rights: words(seen.rights),
            built_in: seen.role.custom().is_none(),
            people: u32::try_from(seen.people).unwrap_or(u32::MAX),
            givable: seen.givable,
        }
    }
}

impl From<Vec<RoleSeen>> for RolesView {
    fn from(roles: Vec<RoleSeen>) -> Self {
        let grantable = Right::ALL.into_iter().filter(|right| right.grantable()).collect();
        Self { roles: roles.into_iter().map(Into::into).collect(), grantable: words(grantable) }
    }
}

impl From<SecurityPolicy> for PolicyView {
    fn from(policy: SecurityPolicy) -> Self {
        Self {
            second_factor: policy.second_factor.word().to_owned(),
            profile: policy.profile.word().to_owned(),
            single_session: policy.single_session,
            inactive_days: policy.inactive_days,
            inactive_clients: policy.inactive_clients,
            review_days: policy.review_days,
        }
    }
}

impl TryFrom<PolicyView> for SecurityPolicy {
    type Error = Problem;

    fn try_from(view: PolicyView) -> Result<Self, Problem> {
        let unknown = |()| Problem::bad_request("A policy has a value that is none of those it can have.");
        Ok(Self {
            second_factor: view.second_factor.parse().map_err(unknown)?,
            profile: view.profile.parse().map_err(unknown)?,
            single_session: view.single_session,
            inactive_days: view.inactive_days,
            inactive_clients: view.inactive_clients,
            review_days: view.review_days,
        })
    }
}

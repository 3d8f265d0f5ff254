//! Roles: what someone is in the practice. What a role may do stands in `policy`.

use std::fmt;
use std::str::FromStr;

use super::id::{InvalidId, RoleId};

/// What a person is in the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Owns the practice; also works as a practitioner.
    Owner,
    /// Looks after people, roles and policies, never after clients.
    Admin,
    /// Coaches clients.
    Practitioner,
    /// Works in the practice without clients of their own.
    Staff,
    /// Is coached.
    Client,
    /// A role that the practice made for itself, never wider than its maker.
    Custom(RoleId),
}

impl Role {
    /// The roles that every practice has, widest first.
    pub const BUILT_IN: [Self; 5] = [Self::Owner, Self::Admin, Self::Practitioner, Self::Staff, Self::Client];

    /// The role of the practice's own making, if it is one.
    #[must_use]
    pub const fn custom(self) -> Option<RoleId> {
        match self {
            Self::Custom(id) => Some(id),
            _ => None,
        }
    }

    /// Whether people of this role work in the practice: everybody but its clients.
    #[must_use]
    pub const fn is_colleague(self) -> bool {
        !matches!(self, Self::Client)
    }

    /// Whether the role is one of those that look after the whole practice.
    #[must_use]
    pub const fn looks_after_practice(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// The word for it in the API and in rows; of a role of the practice's own making, its id.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Practitioner => "practitioner",
            Self::Staff => "staff",
            Self::Client => "client",
            Self::Custom(id) => return id.fmt(f),
        })
    }
}

impl FromStr for Role {
    type Err = InvalidId;

    fn from_str(word: &str) -> Result<Self, InvalidId> {
        match Self::BUILT_IN.into_iter().find(|role| role.to_string() == word) {
            Some(role) => Ok(role),
            None => word.parse().map(Self::Custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_word_that_leads_back() {
        let own = Role::Custom(RoleId::from_bytes([7; 16]));
        for role in Role::BUILT_IN.into_iter().chain([own]) {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
        assert!(own.to_string().starts_with("rol_"));
        assert!("king".parse::<Role>().is_err() && "Owner".parse::<Role>().is_err());
    }
}

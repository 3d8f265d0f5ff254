//! Roles: what someone is in the practice.

use std::str::FromStr;

/// What a person is in the practice. Custom roles come later and are never wider than their maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Owns the practice; also works as a practitioner.
    Owner,
    /// Coaches clients.
    Practitioner,
    /// Is coached.
    Client,
}

impl Role {
    /// All roles, widest first.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Practitioner, Self::Client];

    /// The word for it in the API and in rows.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Practitioner => "practitioner",
            Self::Client => "client",
        }
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.word() == word).ok_or(())
    }
}

//! Sets of rights, and those of the roles that every practice has.

use super::Right;
use crate::domain::role::Role;

/// A set of rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights(u32);

/// What everybody holds who is signed in.
const BASE: Rights = Rights::from_all(&[
    Right::SignIn,
    Right::OwnAccount,
    Right::ChangeSignIn,
    Right::EndSession,
    Right::ReadSpaces,
    Right::ChangeRosters,
    Right::WriteRecords,
    Right::UploadFiles,
]);

const ADMIN: Rights = Rights::from_all(&[
    Right::SeePeople,
    Right::ManagePeople,
    Right::ManageRoles,
    Right::SetPolicy,
    Right::ReviewAccess,
    Right::SeeSecurity,
    Right::SeeBackups,
]);

const OWNER: Rights = Rights::from_all(&[Right::ManageClients, Right::SignRestore, Right::Recover]);

impl Rights {
    /// None.
    pub const NONE: Self = Self(0);
    /// What everybody holds who is signed in.
    pub const BASE: Self = BASE;

    /// The rights of a role. One of the practice's own making has the base here: what it was given stands in its row,
    /// see [`Rights::with_base`].
    #[must_use]
    pub const fn of(role: Role) -> Self {
        match role {
            Role::Owner => BASE.and(ADMIN).and(OWNER),
            Role::Admin => BASE.and(ADMIN),
            Role::Practitioner => BASE.and(Self::from_all(&[Right::ManageClients])),
            Role::Staff | Role::Client | Role::Custom(_) => BASE,
        }
    }

    /// The set of these rights.
    #[must_use]
    pub const fn from_all(rights: &[Right]) -> Self {
        let (mut set, mut n) = (0, 0);
        while n < rights.len() {
            set |= rights[n].bit();
            n += 1;
        }
        Self(set)
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    /// These rights and what everybody holds.
    #[must_use]
    pub const fn with_base(self) -> Self {
        self.and(BASE)
    }

    /// Whether the right is among them.
    #[must_use]
    pub const fn has(self, right: Right) -> bool {
        self.0 & right.bit() != 0
    }

    /// Whether all of these are among the others.
    #[must_use]
    pub const fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// The rights, in the order of the reviewed matrix.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(move |right| self.has(*right))
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        rights.into_iter().fold(Self::NONE, |set, right| set.and(Self::from_all(&[right])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_its_own_place_in_the_set() {
        let all: Rights = Right::ALL.into_iter().collect();
        assert_eq!(all.iter().count(), Right::ALL.len());
        assert!(!Rights::NONE.has(Right::SignIn) && Rights::NONE.is_within(Rights::BASE));
    }

    #[test]
    fn an_admin_never_comes_near_clients_and_is_within_an_owner() {
        let (owner, admin) = (Rights::of(Role::Owner), Rights::of(Role::Admin));
        assert!(admin.is_within(owner) && !owner.is_within(admin));
        assert!(!admin.has(Right::ManageClients));
        assert!(Role::BUILT_IN.into_iter().all(|role| Rights::BASE.is_within(Rights::of(role))));
    }
}

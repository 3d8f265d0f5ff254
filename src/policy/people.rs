//! Who may change whom, and who may give which role: pure rules. Power over the practice is compared, work is not:
//! looking after clients opens nothing that is sealed, and an admin who lacks it may suspend a practitioner all the same.

use super::{Right, Rights};
use crate::domain::id::PersonId;
use crate::domain::role::Role;

/// Somebody, as far as these rules look at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub person: PersonId,
    /// Their role.
    pub role: Role,
    /// What it may do.
    pub rights: Rights,
}

/// Why somebody may not change somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfReach {
    /// It is themselves.
    Oneself,
    /// They may do more, or are an owner.
    Wider,
}

/// Whether one person may change another's role and state.
///
/// # Errors
/// Says why not.
pub fn may_manage(by: &Party, whom: &Party) -> Result<(), OutOfReach> {
    if by.person == whom.person {
        Err(OutOfReach::Oneself)
    } else if !reaches(by, whom.role, whom.rights) {
        Err(OutOfReach::Wider)
    } else {
        Ok(())
    }
}

/// Whether somebody may make others what this role is. What the practice made itself is compared as a whole.
#[must_use]
pub fn may_give(by: &Party, role: Role, rights: Rights) -> bool {
    match role {
        Role::Custom(_) => may_make(by, rights),
        _ => reaches(by, role, rights),
    }
}

/// Whether somebody may make or change a role with these rights: it never exceeds its maker.
#[must_use]
pub fn may_make(by: &Party, rights: Rights) -> bool {
    rights.is_within(by.rights)
}

/// Whether the practice still has an active owner when this one is none any more.
#[must_use]
pub fn keeps_an_owner(active_owners: &[PersonId], losing: PersonId) -> bool {
    active_owners.iter().any(|owner| *owner != losing)
}

fn reaches(by: &Party, role: Role, rights: Rights) -> bool {
    const WORK: Rights = Rights::from_all(&[Right::ManageClients]);
    (role != Role::Owner || by.role == Role::Owner) && rights.is_within(by.rights.and(WORK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RoleId;

    fn party(n: u8, role: Role) -> Party {
        Party { person: PersonId::from_bytes([n; 16]), role, rights: Rights::of(role) }
    }

    fn custom(n: u8, rights: &[Right]) -> Party {
        let role = Role::Custom(RoleId::from_bytes([n; 16]));
        Party { rights: Rights::of(role).and(Rights::from_all(rights)), ..party(n, role) }
    }

    #[test]
    fn nobody_changes_themselves_or_somebody_with_wider_rights() {
        let [owner, admin, coach] =
            [(1, Role::Owner), (2, Role::Admin), (3, Role::Practitioner)].map(|(n, role)| party(n, role));
        let helper = custom(4, &[Right::SeePeople, Right::ManagePeople]);
        assert_eq!(may_manage(&owner, &owner), Err(OutOfReach::Oneself));
        for (by, whom) in [(&admin, &owner), (&helper, &admin), (&helper, &owner), (&coach, &admin)] {
            assert_eq!(may_manage(by, whom), Err(OutOfReach::Wider));
        }
        for (by, whom) in
            [(&owner, &admin), (&owner, &party(9, Role::Owner)), (&admin, &coach), (&helper, &coach), (&admin, &helper)]
        {
            assert_eq!(may_manage(by, whom), Ok(()));
        }
    }

    #[test]
    fn what_is_given_is_never_wider_than_the_giver() {
        let (owner, admin) = (party(1, Role::Owner), party(2, Role::Admin));
        let helper = custom(4, &[Right::ManagePeople]);
        let gives = |by: &Party, role| may_give(by, role, Rights::of(role));
        assert!(Role::BUILT_IN.into_iter().all(|role| gives(&owner, role)));
        assert!(!gives(&admin, Role::Owner) && gives(&admin, Role::Admin) && gives(&admin, Role::Practitioner));
        assert!(!gives(&helper, Role::Admin) && gives(&helper, Role::Practitioner) && gives(&helper, Role::Staff));
        let coach_like = custom(5, &[Right::ManageClients]);
        assert!(!may_give(&admin, coach_like.role, coach_like.rights) && !may_make(&admin, coach_like.rights));
        assert!(may_make(&owner, coach_like.rights) && !may_make(&helper, Rights::of(Role::Admin)));
    }

    #[test]
    fn the_last_owner_stays() {
        let [one, two] = [1, 2].map(|n| PersonId::from_bytes([n; 16]));
        assert!(keeps_an_owner(&[one, two], one) && !keeps_an_owner(&[one], one) && keeps_an_owner(&[one], two));
    }
}

//! Roles: what one may do, read where somebody is recognised.

use super::Error;
use crate::domain::role::Role;
use crate::policy::{CustomRole, Rights};
use crate::store::Reads;

/// The role of the practice's own making, if it is one.
///
/// # Errors
/// The store's trouble.
pub(super) fn custom_role(tx: &impl Reads, role: Role) -> Result<Option<CustomRole>, Error> {
    Ok(role.custom().map(|id| tx.find(&id)).transpose()?.flatten())
}

/// What a role may do now.
///
/// # Errors
/// The store's trouble.
pub(super) fn rights_of(tx: &impl Reads, role: Role) -> Result<Rights, Error> {
    let own = custom_role(tx, role)?.map_or(Rights::NONE, |own| own.rights);
    Ok(Rights::of(role).and(own))
}

//! A role that the practice made for itself.

use jiff::Timestamp;

use super::Rights;
use crate::domain::id::{PersonId, RoleId};

/// A role that the practice made for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRole {
    /// Which.
    pub id: RoleId,
    /// What it is called.
    pub name: String,
    /// What it adds to what everybody holds; only rights that can be given.
    pub rights: Rights,
    /// Who made it, or last changed its rights.
    pub by: PersonId,
    /// When it was made.
    pub made_at: Timestamp,
}

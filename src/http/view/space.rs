//! Spaces and grants as devices send them.

use poem_openapi::Object;

use super::text::Text;
use crate::app::space::{GrantMade, SpaceMade};
use crate::domain::id::PersonId;

/// A space as its creator's device makes it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "SpaceMade")]
pub struct SpaceMadeView {
    /// The signed genesis entry.
    pub genesis: String,
    /// The first epoch's secret, sealed to the creator.
    pub grants: Vec<GrantMadeView>,
}

/// A grant as a device makes it.
#[derive(Clone, Debug, Object)]
#[oai(rename = "GrantMade")]
pub struct GrantMadeView {
    /// For whom.
    pub to: Text<PersonId>,
    /// The highest epoch inside.
    pub epoch: u64,
    /// The age file.
    pub body: Text<Vec<u8>>,
}

impl From<SpaceMadeView> for SpaceMade {
    fn from(view: SpaceMadeView) -> Self {
        Self { genesis: view.genesis, grants: view.grants.into_iter().map(Into::into).collect() }
    }
}

impl From<GrantMadeView> for GrantMade {
    fn from(view: GrantMadeView) -> Self {
        Self { to: view.to.0, epoch: view.epoch, body: view.body.0 }
    }
}

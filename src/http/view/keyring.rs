//! Keyrings and their changes.

use poem_openapi::Object;

use super::account::SlotMadeView;
use super::text::Text;
use crate::app::account::NewSlot;
use crate::app::keyring::KeyringChange;
use crate::domain::id::SlotId;
use crate::http::Problem;
use crate::store::rows::keyring::Keyring;

/// A keyring with its version.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Keyring")]
pub struct KeyringView {
    /// Its version.
    pub version: u64,
    /// The age file.
    pub body: Text<Vec<u8>>,
}

/// A new version of a keyring.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KeyringChange")]
pub struct KeyringChangeView {
    /// The version that it replaces.
    pub version: u64,
    /// The new age file.
    pub body: Text<Vec<u8>>,
    /// Slots that it is newly sealed to.
    #[oai(default)]
    pub add: Vec<SlotMadeView>,
    /// Slots that it is no longer sealed to.
    #[oai(default)]
    pub remove: Vec<Text<SlotId>>,
}

/// The version of a keyring after a change.
#[derive(Clone, Debug, Object)]
#[oai(rename = "KeyringVersion")]
pub struct KeyringVersionView {
    /// The version.
    pub version: u64,
}

impl From<Keyring> for KeyringView {
    fn from(keyring: Keyring) -> Self {
        Self { version: keyring.version, body: Text(keyring.body) }
    }
}

impl TryFrom<KeyringChangeView> for KeyringChange {
    type Error = Problem;

    fn try_from(view: KeyringChangeView) -> Result<Self, Problem> {
        Ok(Self {
            version: view.version,
            body: view.body.0,
            add: view.add.into_iter().map(NewSlot::try_from).collect::<Result<_, _>>()?,
            remove: view.remove.into_iter().map(|Text(slot)| slot).collect(),
        })
    }
}

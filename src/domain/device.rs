//! Browsers and apps that people have signed in with.

use jiff::Timestamp;

use super::id::{DeviceId, PersonId};

/// One browser or app of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which; made on the device itself.
    pub device: DeviceId,
    /// Whose.
    pub person: PersonId,
    /// What it calls itself, such as "Firefox on Linux".
    pub label: String,
    /// What its person calls it, if they gave it a name.
    pub name: Option<String>,
    /// The network that it was last used from.
    pub network: Option<String>,
    /// When it was first used.
    pub first_seen_at: Timestamp,
    /// When it was last used, to some minutes.
    pub last_seen_at: Timestamp,
}

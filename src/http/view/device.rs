//! One's own devices.

use jiff::Timestamp;
use poem_openapi::Object;

use super::text::Text;
use crate::app::device::DeviceSeen;
use crate::domain::id::DeviceId;

/// One's devices: this one, then by when they were last used.
#[derive(Clone, Debug, Object)]
#[oai(rename = "OwnDevices")]
pub struct OwnDevicesView {
    /// The devices.
    pub devices: Vec<OwnDeviceView>,
}

/// One of one's devices.
#[derive(Clone, Debug, Object)]
#[oai(rename = "OwnDevice")]
pub struct OwnDeviceView {
    /// Which.
    pub device: Text<DeviceId>,
    /// What it calls itself.
    pub label: String,
    /// What its person calls it, if they gave it a name.
    pub name: Option<String>,
    /// When it was first used.
    pub first_seen_at: Text<Timestamp>,
    /// When it was last used, to some minutes.
    pub last_seen_at: Text<Timestamp>,
    /// The network that it was last used from, shortened to a prefix.
    pub network: Option<String>,
    /// How many sessions it has.
    pub sessions: usize,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// A name for a device.
#[derive(Clone, Debug, Object)]
#[oai(rename = "DeviceName")]
pub struct DeviceNameView {
    /// The name; null takes it away.
    pub name: Option<String>,
}

impl From<DeviceSeen> for OwnDeviceView {
    fn from(DeviceSeen { device, sessions, is_here }: DeviceSeen) -> Self {
        Self {
            device: Text(device.device),
            label: device.label,
            name: device.name,
            first_seen_at: Text(device.first_seen_at),
            last_seen_at: Text(device.last_seen_at),
            network: device.network,
            sessions,
            here: is_here,
        }
    }
}

//! Links for new devices.

use jiff::Timestamp;
use poem_openapi::{Enum, Object};

use super::account::DeviceView;
use super::text::Text;
use crate::app::link::LinkSeen;
use crate::domain::id::SlotId;
use crate::domain::link::LinkState;

/// A link for a new device.
#[derive(Clone, Debug, Object)]
#[oai(rename = "Link")]
pub struct LinkView {
    /// Its slot.
    pub slot: Text<SlotId>,
    /// How it stands.
    pub state: LinkStateView,
    /// Until when somebody may come in.
    pub expires_at: Text<Timestamp>,
    /// When somebody came in.
    pub used_at: Option<Text<Timestamp>>,
    /// The device that came in.
    pub device: Option<DeviceView>,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "LinkState", rename_all = "lowercase")]
pub enum LinkStateView {
    /// Nobody came yet.
    Waiting,
    /// A device came in and has not made a way of its own yet.
    Entered,
    /// A device came in, and the link opens nothing any more.
    Done,
    /// Nobody came in time.
    Expired,
    /// It was taken back.
    Cancelled,
}

impl From<LinkState> for LinkStateView {
    fn from(state: LinkState) -> Self {
        match state {
            LinkState::Waiting => Self::Waiting,
            LinkState::Entered => Self::Entered,
            LinkState::Done => Self::Done,
            LinkState::Expired => Self::Expired,
            LinkState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<LinkSeen> for LinkView {
    fn from(LinkSeen { link, state, device }: LinkSeen) -> Self {
        Self {
            slot: Text(link.slot),
            state: state.into(),
            expires_at: Text(link.expires_at()),
            used_at: link.used.map(|used| Text(used.at)),
            device: device.map(|device| DeviceView { device: Text(device.device), label: device.label }),
        }
    }
}

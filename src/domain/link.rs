//! Links: how somebody lets a new device in by one that is in already. The old device shows a secret, the new one comes
//! in with it once and then makes a way of its own. The server knows when, and which device came.

use jiff::{SignedDuration, Timestamp};

use super::id::{DeviceId, PersonId, SlotId};
use super::session::Strength;

/// A link that nobody used is good for this long.
pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// A link by which an owner brings somebody back is good for this long: it has to reach them.
pub const RETURN_LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// A device that came in by a link has this long to make a way of its own: as long as its proof is fresh.
pub const OWN_WAY_TIME: SignedDuration = SignedDuration::from_mins(15);
/// What became of a link can be asked for this long.
pub const LINK_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One link. Its slot is in the keyring while it is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whose.
    pub person: PersonId,
    /// The slot that it opens the keyring with.
    pub slot: SlotId,
    /// What it was made for.
    pub made_for: LinkFor,
    /// The device of theirs that shows it.
    pub by: Option<DeviceId>,
    /// How much the session that made it had proved: whoever comes in by it has proved no more.
    pub strength: Strength,
    /// When it was made.
    pub made_at: Timestamp,
    /// Who came in with it, and when.
    pub used: Option<LinkUse>,
    /// When its slot was taken out.
    pub closed_at: Option<Timestamp>,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFor {
    /// Another device of somebody who is in.
    Device,
    /// Somebody whom an owner brings back.
    Return,
}

/// That a device came in by a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkUse {
    /// Which device.
    pub device: DeviceId,
    /// When.
    pub at: Timestamp,
}

/// How a link stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
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

impl LinkFor {
    /// How long a link that nobody used is good.
    #[must_use]
    pub const fn life(self) -> SignedDuration {
        match self {
            Self::Device => LINK_LIFE,
            Self::Return => RETURN_LINK_LIFE,
        }
    }
}

impl Link {
    /// Until when somebody may come in.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.made_at + self.made_for.life()
    }

    /// When its slot goes, whatever happened.
    #[must_use]
    pub fn runs_out_at(&self) -> Timestamp {
        self.used.map_or_else(|| self.expires_at(), |used| used.at + OWN_WAY_TIME)
    }

    /// How it stands now.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> LinkState {
        match (self.used, self.closed_at) {
            (Some(_), None) => LinkState::Entered,
            (Some(_), Some(_)) => LinkState::Done,
            (None, Some(closed)) if closed < self.expires_at() => LinkState::Cancelled,
            // A clock that was set back makes no link good for longer.
            (None, None) if self.made_at <= now && now < self.expires_at() => LinkState::Waiting,
            (None, _) => LinkState::Expired,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mins: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(mins)
    }

    fn link() -> Link {
        let (person, slot) = (PersonId::from_bytes([1; 16]), SlotId::from_bytes([2; 16]));
        let (made_for, strength) = (LinkFor::Device, Strength::Strong);
        Link { person, slot, made_for, by: None, strength, made_at: at(0), used: None, closed_at: None }
    }

    #[test]
    fn a_link_waits_for_ten_minutes() {
        assert_eq!(link().state(at(9)), LinkState::Waiting);
        assert_eq!(link().state(at(10)), LinkState::Expired);
        assert_eq!(link().state(at(-1)), LinkState::Expired);
        assert_eq!(Link { closed_at: Some(at(3)), ..link() }.state(at(3)), LinkState::Cancelled);
        assert_eq!(Link { closed_at: Some(at(12)), ..link() }.state(at(12)), LinkState::Expired);
    }

    #[test]
    fn a_link_to_come_back_by_waits_for_a_day() {
        let back = Link { made_for: LinkFor::Return, ..link() };
        assert_eq!([back.state(at(10)), back.state(at(24 * 60 - 1))], [LinkState::Waiting; 2]);
        assert_eq!(back.state(at(24 * 60)), LinkState::Expired);
    }

    #[test]
    fn who_came_in_has_fifteen_minutes_for_a_way_of_their_own() {
        let used = Some(LinkUse { device: DeviceId::from_bytes([3; 16]), at: at(9) });
        let entered = Link { used, ..link() };
        assert_eq!((entered.state(at(11)), entered.runs_out_at()), (LinkState::Entered, at(24)));
        assert_eq!(Link { closed_at: Some(at(11)), ..entered }.state(at(11)), LinkState::Done);
    }
}

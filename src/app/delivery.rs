//! Deliveries: that sealed bytes were handed to a device is in the audit log before they are sent. "Opened" cannot be
//! observed and is never claimed.
//!
//! Entries are batched per person, device, network, space and minute, without telling less than the truth: an entry
//! says how many bodies were handed out in its minute so far (`bodies`) and up to how many it covers (`up_to`, at most
//! twice as many, at least 16). A delivery within that bound needs no entry of its own; one beyond it writes the next.
//! So the true count of a minute lies between the last entry's `bodies` and `up_to`. What an entry covers is only
//! remembered in memory: after a restart the next delivery writes a new entry, which starts counting anew.
//!
//! A keyring is no content of a space: it has one entry for each session and version, written before it is first sent
//! there, be that by signing in or later. A session that fetches the same version again has it already. What of this
//! was written is remembered in memory, too.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{App, Error};
use crate::domain::audit::Event;
use crate::domain::client::Client;
use crate::domain::id::{DeviceId, InviteId, PersonId, SessionId, SpaceId};
use crate::domain::space::{Space, SpaceKind};
use crate::policy::Permit;
use crate::store::Reads;
use crate::store::rows::keyring::Keyring;

/// The least that an entry covers.
const UP_TO_LEAST: u64 = 16;

/// How much is handed over in one answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Handed {
    /// How many sealed bodies.
    pub bodies: u64,
    /// How many bytes they are.
    pub bytes: u64,
}

/// What the entries of the current minute cover.
#[derive(Clone, Debug, Default)]
pub(super) struct Deliveries(Arc<Mutex<Minute>>);

#[derive(Debug, Default)]
struct Minute {
    /// Minutes since 1970.
    minute: i64,
    tallies: HashMap<To, Tally>,
}

/// To whom, and from where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum To {
    Device { person: PersonId, device: Option<DeviceId>, network: Option<String>, space: SpaceId },
    Invitee { network: Option<String>, invite: InviteId },
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    handed: Handed,
    up_to: u64,
}

impl App {
    /// Notes that bodies of this space are about to be sent to the device of the permit. Durable when this returns.
    pub(super) fn hand_over(&self, permit: &Permit, space: SpaceId, handed: Handed) -> Result<(), Error> {
        let crate::domain::audit::Doer::Person { person, device } = permit.doer() else { return Err(Error::NotFound) };
        let network = permit.network().map(str::to_owned);
        let to = To::Device { person, device, network, space };
        let whose = self.read(|tx| client_in(tx, space))?.filter(|client| *client != person);
        let event = Event::new("delivered").with("space", space);
        self.note(permit, &to, handed, whose.into_iter().fold(event, Event::about))
    }

    /// Notes that an invite's pending grant is about to be sent to somebody who is not signed in.
    pub(super) fn hand_invite(&self, permit: &Permit, invite: InviteId, handed: Handed) -> Result<(), Error> {
        let to = To::Invitee { network: permit.network().map(str::to_owned), invite };
        self.note(permit, &to, handed, Event::new("delivered").with("invite", invite))
    }

    /// Notes that a keyring is about to be sent to this session, unless that version was before.
    pub(super) fn hand_keyring(&self, permit: &Permit, session: SessionId, keyring: &Keyring) -> Result<(), Error> {
        if self.live.has_keyring(session, keyring.version) {
            return Ok(());
        }
        self.write(|tx| Ok(tx.audit(permit, keyring_handed(session, keyring))?))?;
        self.live.note_keyring(session, keyring.version);
        Ok(())
    }

    fn note(&self, permit: &Permit, to: &To, handed: Handed, event: Event) -> Result<(), Error> {
        if handed.bodies == 0 {
            return Ok(());
        }
        let minute = self.clock.now().as_second().div_euclid(60);
        let Some(tally) = self.deliveries.claim(minute, to, handed) else { return Ok(()) };
        let up_to = (tally.bodies * 2).max(UP_TO_LEAST);
        let event = event.with("bodies", tally.bodies).with("up_to", up_to).with("bytes", tally.bytes);
        self.write(|tx| Ok(tx.audit(permit, event)?))?;
        self.deliveries.cover(minute, to, up_to);
        Ok(())
    }
}

/// The client with whom this space is shared, if they joined: what is handed out of it is theirs. Nobody is told of the
/// practitioner's own space about them.
fn client_in(tx: &impl Reads, space: SpaceId) -> Result<Option<PersonId>, Error> {
    let Some(Space { roster, client: Some(client), .. }) = tx.find(&space)? else { return Ok(None) };
    if roster.kind != SpaceKind::Shared {
        return Ok(None);
    }
    Ok(tx.find::<Client>(&client)?.and_then(|client| client.person))
}

/// The entry of a keyring's delivery.
pub(super) fn keyring_handed(session: SessionId, keyring: &Keyring) -> Event {
    let event = Event::new("delivered").with("keyring", keyring.version).about(keyring.person);
    event.with("session", session).with("bytes", keyring.body.len())
}

impl Deliveries {
    /// Counts a delivery. `Some` with the minute's tally when it needs an entry first.
    fn claim(&self, minute: i64, to: &To, handed: Handed) -> Option<Handed> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.minute != minute {
            *held = Minute { minute, tallies: HashMap::new() };
        }
        let tally = held.tallies.entry(to.clone()).or_default();
        tally.handed.bodies += handed.bodies;
        tally.handed.bytes += handed.bytes;
        (tally.handed.bodies > tally.up_to).then_some(tally.handed)
    }

    /// Remembers what a durable entry covers.
    fn cover(&self, minute: i64, to: &To, up_to: u64) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.minute == minute
            && let Some(tally) = held.tallies.get_mut(to)
        {
            tally.up_to = tally.up_to.max(up_to);
        }
    }
}

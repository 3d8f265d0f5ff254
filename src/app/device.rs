//! One's own devices: listed with where they were last used, named, signed out. And the coarse record of when sessions
//! were used, which a job writes; no request does.

use jiff::Timestamp;

use super::account::field;
use super::changes::security_change;
use super::live::{Live, Used};
use super::session::{Asker, end, end_others};
use super::{App, Error, Refusal, link};
use crate::domain::audit::Event;
use crate::domain::device::Device;
use crate::domain::id::{DeviceId, PersonId, SessionId};
use crate::domain::person::parse_name;
use crate::domain::session::{Holder, Session, Standing};
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::{Reads, WriteTx};

/// A device as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSeen {
    /// The device, with when and from where it was last used.
    pub device: Device,
    /// How many sessions it has.
    pub sessions: usize,
    /// Whether it is the one that asks.
    pub is_here: bool,
}

impl App {
    /// The asker's devices: this one, then by when they were last used.
    ///
    /// # Errors
    /// The session is locked, or the store's trouble.
    pub fn devices(&self, actor: &Actor) -> Result<Vec<DeviceSeen>, Error> {
        let person = actor.may(Right::OwnAccount)?.person().ok_or(Error::NotFound)?;
        let (here, now) = (device_of(actor), self.clock.now());
        let mut seen = self.read(|tx| {
            let sessions = sessions_of(tx, person)?;
            let devices: Vec<Device> = tx.scan(&person)?;
            Ok(devices.into_iter().map(|device| see(&self.live, device, &sessions, here, now)).collect::<Vec<_>>())
        })?;
        seen.sort_by_key(|seen| (!seen.is_here, std::cmp::Reverse(seen.device.last_seen_at)));
        Ok(seen)
    }

    /// Names one of the asker's devices; without a name it is called what it calls itself.
    ///
    /// # Errors
    /// `field-refused`; there is no such device of theirs; the session is locked.
    pub fn name_device(&self, actor: &Actor, id: DeviceId, name: Option<&str>) -> Result<(), Error> {
        let permit = actor.may(Right::OwnAccount)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        let name = name.map(|name| field("name", parse_name(name))).transpose()?;
        self.write(|tx| {
            let device: Device = tx.find(&(person, id))?.ok_or(Error::NotFound)?;
            tx.put(&Device { name, ..device }, &permit)?;
            Ok(tx.audit(&permit, Event::new("device.renamed").about(person).with("device", id))?)
        })
    }

    /// Signs one of the asker's other devices out and forgets it: its sessions end at once, and so do the links that it
    /// showed or came in by. Whoever holds it has to prove who they are anew.
    ///
    /// # Errors
    /// `own-device`; there is no such device of theirs; the session is locked, or the last proof too old.
    pub fn remove_device(&self, actor: &Actor, id: DeviceId) -> Result<(), Error> {
        let permit = actor.may(Right::ChangeSignIn)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        if device_of(actor) == Some(id) {
            let detail = "this is the device that you are using; sign out on it instead";
            return Err(Refusal::new("own-device", detail).into());
        }
        self.write(|tx| {
            if !tx.remove::<Device>(&(person, id), &permit)? {
                return Err(Error::NotFound);
            }
            let sessions = sessions_of(tx, person)?;
            let theirs = sessions.iter().filter(|session| is_at(session, id));
            for session in theirs {
                end(tx, &self.live, &permit, session.session, "device-removed")?;
            }
            link::withdraw(tx, &permit, person, id)?;
            tx.audit(&permit, Event::new("device.removed").about(person).with("device", id))?;
            security_change(tx, &permit, person)
        })
    }

    /// Ends all sessions of the asker but the one that they ask by.
    ///
    /// # Errors
    /// The session is locked, or the last proof too old.
    pub fn end_own_others(&self, asker: &Asker) -> Result<(), Error> {
        let permit = asker.actor.may(Right::ChangeSignIn)?;
        let person = permit.person().ok_or(Error::NotFound)?;
        self.write(|tx| {
            end_others(tx, &self.live, &permit, person, asker.session, "signed-out-elsewhere")?;
            tx.audit(&permit, Event::new("session.others-ended").about(person))?;
            security_change(tx, &permit, person)
        })
    }
}

/// The sessions whose use is worth writing down.
pub(super) fn used_lately(live: &Live, sessions: &[Session]) -> Vec<SessionId> {
    let is_news = |session: &&Session| live.used(session.session).is_some_and(|used| session.is_news(used.at));
    sessions.iter().filter(is_news).map(|session| session.session).collect()
}

/// Writes down when and from where these sessions, and their devices, were last used.
///
/// # Errors
/// The store's trouble.
pub(super) fn note_uses(tx: &mut WriteTx, live: &Live, permit: &Permit, ids: &[SessionId]) -> Result<(), Error> {
    for id in ids {
        let (Some(session), Some(Used { at, place })) = (tx.find::<Session>(id)?, live.used(*id)) else { continue };
        if let Holder::Person { person, device } = session.holder
            && let Some(device) = tx.find::<Device>(&(person, device))?.filter(|device| device.last_seen_at < at)
        {
            tx.put(&Device { last_seen_at: at, network: place.network.clone(), ..device }, permit)?;
        }
        let (seen_network, seen_agent) = (place.network, place.agent);
        tx.put(&Session { used_at: at, seen_network, seen_agent, ..session }, permit)?;
    }
    Ok(())
}

fn see(live: &Live, device: Device, sessions: &[Session], here: Option<DeviceId>, now: Timestamp) -> DeviceSeen {
    let (mut seen, mut open) = (device, 0);
    for session in sessions.iter().filter(|session| is_at(session, seen.device)) {
        let used = live.used(session.session).unwrap_or_else(|| Used { at: session.used_at, place: session.seen() });
        open += usize::from(session.standing(used.at, now) != Standing::Ended);
        if used.at > seen.last_seen_at {
            (seen.last_seen_at, seen.network) = (used.at, used.place.network);
        }
    }
    DeviceSeen { is_here: here == Some(seen.device), device: seen, sessions: open }
}

fn sessions_of(tx: &impl Reads, person: PersonId) -> Result<Vec<Session>, Error> {
    let sessions: Vec<Session> = tx.scan(&())?;
    Ok(sessions.into_iter().filter(|session| session.person() == Some(person)).collect())
}

fn is_at(session: &Session, id: DeviceId) -> bool {
    matches!(session.holder, Holder::Person { device, .. } if device == id)
}

fn device_of(actor: &Actor) -> Option<DeviceId> {
    match actor.kind {
        ActorKind::Person { device, .. } => Some(device),
        _ => None,
    }
}

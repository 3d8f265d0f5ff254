//! What looks unusual about how people come in: noticed where it happens, written into the audit log, told to whom it is
//! about, and listed for whoever sees to security. Each kind once an hour for each account, or network, so that nobody can
//! flood the log. It keeps nobody out: slowing down is the throttle's work.
//!
//! Must not: keep or tell addresses beyond their prefix, or what a browser calls itself.

mod watch;

use jiff::Timestamp;

use super::changes::security_change;
use super::live::Live;
use super::{App, Error};
use crate::domain::anomaly::{Anomaly, Noted, Place, SPRAYED_MIN};
use crate::domain::audit::{Entry, Event, Mention, Topic};
use crate::domain::device::Device;
use crate::domain::id::{DeviceId, PersonId};
use crate::domain::person::Person;
use crate::domain::session::{Holder, Session};
use crate::policy::{Actor, ActorKind, Permit, Right};
use crate::store::audit::{AuditHead, StoredEntry};
use crate::store::{Reads, WriteTx};

pub(super) use watch::Watch;

/// Anomalies on one page at most.
const PAGE_MAX: usize = 200;
/// Anomalies on a page unless told.
const PAGE: usize = 50;
/// People whom one entry names at most.
const PEOPLE_MAX: usize = 32;
/// Entries of an account that are looked at for whether it ever came from a network.
const LOOKED_AT_MAX: usize = 2_000;

/// Something unusual, as whoever sees to security reads it.
#[derive(Clone, Debug)]
pub struct AnomalySeen {
    /// Its position in the audit log.
    pub n: u64,
    /// When.
    pub at: Timestamp,
    /// What, as a stable code.
    pub code: String,
    /// The network it came from, shortened to a prefix.
    pub network: Option<String>,
    /// Whom it is about, with their names.
    pub people: Vec<(PersonId, String)>,
    /// Codes and numbers to word it with.
    pub facts: Vec<(String, String)>,
}

/// Anomalies, newest first.
#[derive(Clone, Debug)]
pub struct AnomalyPage {
    /// The anomalies.
    pub anomalies: Vec<AnomalySeen>,
    /// The position to go on before, if there may be more.
    pub next: Option<u64>,
}

impl App {
    /// What looked unusual in the practice, newest first.
    ///
    /// # Errors
    /// The asker may not see everybody's sign-ins, or the store's trouble.
    pub fn anomalies(&self, actor: &Actor, before: Option<u64>, limit: Option<usize>) -> Result<AnomalyPage, Error> {
        actor.may(Right::SeeSecurity)?;
        let limit = limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
        self.read(|tx| {
            let noted: Vec<Noted> = tx.scan_before(&(), &before.unwrap_or(u64::MAX), limit)?;
            let next = noted.last().filter(|_| noted.len() == limit).map(|last| last.n);
            let mut anomalies = Vec::new();
            for Noted { n } in noted {
                if let Some(stored) = tx.find::<StoredEntry>(&n)? {
                    anomalies.push(seen(tx, stored.entry)?);
                }
            }
            Ok(AnomalyPage { anomalies, next })
        })
    }

    /// Notes that a session is used from elsewhere by another browser. Whoever asks is answered all the same.
    pub(super) fn note_move(&self, session: &Session, from: &Place, to: &Place) {
        let Holder::Person { person, device } = session.holder else { return };
        if !from.is_elsewhere(to) || !self.live.watch.may_note(Anomaly::SessionMoved, &person, self.clock.now()) {
            return;
        }
        let actor = Actor { kind: ActorKind::System, network: to.network.clone() };
        let noted = actor.may(Right::Housekeep).map_err(Error::from).and_then(|permit| {
            let event = Event::new(Anomaly::SessionMoved.code()).with("device", device);
            let event = from.network.iter().fold(event, |event, network| event.with("from", network));
            self.write(|tx| write(tx, &permit, event, &[person]))
        });
        if let Err(error) = noted {
            tracing::warn!(%error, "cannot write down that a session moved");
        }
    }
}

/// Notes a failed sign-in, and that many accounts failed from its network.
///
/// # Errors
/// The store's trouble.
pub(super) fn note_failure(
    tx: &mut WriteTx,
    live: &Live,
    permit: &Permit,
    claimed: Option<PersonId>,
) -> Result<(), Error> {
    let (Some(network), Some(claimed), now) = (permit.network(), claimed, tx.now()) else { return Ok(()) };
    let tried = live.watch.failed(network, claimed, now);
    if tried.len() < SPRAYED_MIN || !live.watch.may_note(Anomaly::Spraying, network, now) {
        return Ok(());
    }
    let mut people = Vec::new();
    for person in &tried {
        let is_here = tx.find::<Person>(person)?.is_some();
        if people.len() < PEOPLE_MAX && is_here && live.watch.may_note(Anomaly::Spraying, person, now) {
            people.push(*person);
        }
    }
    write(tx, permit, Event::new(Anomaly::Spraying.code()).with("accounts", tried.len()), &people)
}

/// Notes a wrong second factor, and that there were many.
///
/// # Errors
/// The store's trouble.
pub(super) fn note_guess(tx: &mut WriteTx, live: &Live, permit: &Permit, person: PersonId) -> Result<(), Error> {
    let now = tx.now();
    if live.watch.guessed(person, now) && live.watch.may_note(Anomaly::SecondGuesses, &person, now) {
        write(tx, permit, Event::new(Anomaly::SecondGuesses.code()), &[person])?;
    }
    Ok(())
}

/// Whether a device that comes in is new and comes from where its person never was: asked before it is let in. Whoever
/// never had a device comes in for the first time, and the machine itself is no place.
///
/// # Errors
/// The store's trouble.
pub(super) fn is_new_place(tx: &impl Reads, permit: &Permit, person: PersonId, id: DeviceId) -> Result<bool, Error> {
    let Some(network) = permit.network() else { return Ok(false) };
    let devices: Vec<Device> = tx.scan(&person)?;
    if devices.is_empty() || devices.iter().any(|known| known.device == id) {
        return Ok(false);
    }
    let came_from = |seen: &Option<String>| seen.as_deref() == Some(network);
    let sessions: Vec<Session> = tx.scan(&())?;
    let by_session = sessions.iter().any(|one| one.person() == Some(person) && came_from(&one.seen_network));
    if by_session || devices.iter().any(|known| came_from(&known.network)) {
        return Ok(false);
    }
    let mentions: Vec<Mention> = tx.scan_before(&(person, [Topic::Account.byte()]), &u64::MAX, LOOKED_AT_MAX)?;
    for mention in mentions {
        let Some(StoredEntry { entry, .. }) = tx.find(&mention.n)? else { continue };
        if is_coming_in(&entry) && came_from(&entry.network) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Notes that a new device came from a new place.
///
/// # Errors
/// The store's trouble.
pub(super) fn note_new_place(
    tx: &mut WriteTx,
    live: &Live,
    permit: &Permit,
    person: PersonId,
    device: DeviceId,
) -> Result<(), Error> {
    if live.watch.may_note(Anomaly::NewPlace, &person, tx.now()) {
        write(tx, permit, Event::new(Anomaly::NewPlace.code()).with("device", device), &[person])?;
    }
    Ok(())
}

/// What only the account's holder does.
fn is_coming_in(entry: &Entry) -> bool {
    matches!(entry.code.as_str(), "session.opened" | "session.unlocked" | "session.proved")
}

fn write(tx: &mut WriteTx, permit: &Permit, event: Event, people: &[PersonId]) -> Result<(), Error> {
    tx.audit(permit, people.iter().fold(event, |event, person| event.about(*person)))?;
    let n = tx.find::<AuditHead>(&())?.unwrap_or_default().size;
    tx.put(&Noted { n }, permit)?;
    people.iter().try_for_each(|person| security_change(tx, permit, *person))
}

fn seen(tx: &impl Reads, entry: Entry) -> Result<AnomalySeen, Error> {
    let mut people = Vec::new();
    for person in entry.about() {
        people.push((person, tx.find::<Person>(&person)?.map_or_else(String::new, |person| person.name)));
    }
    let facts = entry.facts.into_iter().filter(|(name, _)| name == "accounts" || name == "from").collect();
    Ok(AnomalySeen { n: entry.n, at: entry.at, code: entry.code, network: entry.network, people, facts })
}

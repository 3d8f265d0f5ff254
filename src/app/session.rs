//! Sessions: opening, recognising, locking, ending.

use super::account::device_label as label;
use super::changes::security_change;
use super::factor::is_missing;
use super::live::{Live, Used};
use super::roles::rights_of;
use super::security_policy::password_expired;
use super::{App, Error, device, link, recovery};
use crate::crypto::random;
use crate::crypto::token::Token;
use crate::domain::anomaly::{Agent, Place};
use crate::domain::audit::Event;
use crate::domain::device::Device;
use crate::domain::id::{DeviceId, PersonId, SessionId};
use crate::domain::person::Person;
use crate::domain::session::{Holder, Session, Standing, Strength};
use crate::policy::{Actor, ActorKind, Owes, Permit, PersonStanding, Right, Rights};
use crate::store::{Notice, Reads, WriteTx};
use jiff::Timestamp;

/// A device as it describes itself.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Which; chosen on the device.
    pub device: DeviceId,
    /// What it is called.
    pub label: String,
}

/// Who asks, and by which session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Who.
    pub actor: Actor,
    /// Their session, if they have one that has not ended.
    pub session: Option<SessionId>,
}

/// A session with what the store knows about its holder.
struct Known {
    session: Session,
    person: Option<Person>,
    rights: Rights,
    owes: Owes,
}

impl App {
    /// Who asks with this token from this network by this browser. An unknown, wrong or ended token is a visitor's.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn asker(&self, token: Option<&Token>, network: Option<String>, agent: Option<Agent>) -> Result<Asker, Error> {
        let visitor = ActorKind::Visitor;
        let Some(token) = token else { return Ok(Asker { actor: Actor { kind: visitor, network }, session: None }) };
        let known = self.read(|tx| {
            let Some(session) = tx.find::<Session>(&token.session)?.filter(|known| token.is_of(&known.token_hash))
            else {
                return Ok(None);
            };
            let person = session.person().map(|person| tx.find::<Person>(&person)).transpose()?.flatten();
            let rights = person.as_ref().map_or(Ok(Rights::NONE), |person| rights_of(tx, person.role))?;
            let now = self.clock.now();
            let owes = person.as_ref().map_or(Ok(Owes::Nothing), |person| owed(tx, person, session.strength, now))?;
            Ok(Some(Known { session, person, rights, owes }))
        })?;
        let place = Place { network, agent };
        let kind = known.and_then(|known| self.recognise(&known, &place));
        let session = kind.map(|_| token.session);
        Ok(Asker { actor: Actor { kind: kind.unwrap_or(visitor), network: place.network }, session })
    }

    /// Nobody for a session that has ended, and for one of somebody who may not come in (any more).
    fn recognise(&self, known: &Known, place: &Place) -> Option<ActorKind> {
        let Known { session, person, rights, owes } = known;
        let now = self.clock.now();
        if person.as_ref().is_some_and(|person| !person.is_active()) {
            return None;
        }
        let used =
            self.live.used(session.session).unwrap_or_else(|| Used { at: session.used_at, place: session.seen() });
        let standing = session.standing(used.at, now);
        match standing {
            Standing::Ended => return None,
            Standing::Open => self.live.touch(session.session, now, place),
            Standing::Locked => {}
        }
        self.note_move(session, &used.place, place);
        match session.holder {
            Holder::Founder => (standing == Standing::Open).then_some(ActorKind::Founder),
            Holder::Person { person: id, device } => {
                let standing =
                    PersonStanding { locked: standing == Standing::Locked, owes: *owes, fresh: session.is_fresh(now) };
                Some(ActorKind::Person { person: id, role: person.as_ref()?.role, rights: *rights, device, standing })
            }
        }
    }

    /// Signs out.
    ///
    /// # Errors
    /// The asker has no session, or the store's trouble.
    pub fn end_session(&self, asker: &Asker) -> Result<(), Error> {
        let permit = asker.actor.may(Right::EndSession)?;
        let id = asker.session.ok_or(Error::NotFound)?;
        self.write(|tx| end(tx, &self.live, &permit, id, "signed-out"))
    }

    /// Locks the session: it may then finish what was sealed before, unlock and end.
    ///
    /// # Errors
    /// The asker has no session, or the store's trouble.
    pub fn lock_session(&self, asker: &Asker) -> Result<(), Error> {
        let permit = asker.actor.may(Right::EndSession)?;
        let id = asker.session.ok_or(Error::NotFound)?;
        self.write(|tx| {
            let session: Session = tx.find(&id)?.ok_or(Error::NotFound)?;
            tx.put(&Session { locked: true, ..session }, &permit)?;
            tx.audit(&permit, Event::new("session.locked").with("session", id))?;
            // Its event streams end: a locked device is told nothing new.
            tx.notify(Notice::Ended { session: id });
            Ok(())
        })
    }

    /// Clears away what has run out: sessions, challenges, kept answers; writes down when the others were last used. A job
    /// calls it every few minutes.
    ///
    /// # Errors
    /// The store's trouble.
    pub fn sweep(&self) -> Result<(), Error> {
        let permit = Actor::local(ActorKind::System).may(Right::Housekeep)?;
        let now = self.clock.now();
        self.live.challenges.forget_old(now);
        let stale = self.read(|tx| {
            let sessions: Vec<Session> = tx.scan(&())?;
            let (ended, going): (Vec<_>, Vec<_>) =
                sessions.into_iter().partition(|session| session.standing(now, now) == Standing::Ended);
            let old = super::idempotency::any_old(tx, now)? || link::any_old(tx, now)?;
            let old = old || recovery::any_old(tx, now)?;
            let ended: Vec<_> = ended.iter().map(|session| session.session).collect();
            Ok((ended, device::used_lately(&self.live, &going), old))
        })?;
        if stale == (Vec::new(), Vec::new(), false) {
            return Ok(());
        }
        self.write(|tx| {
            device::note_uses(tx, &self.live, &permit, &stale.1)?;
            for id in &stale.0 {
                end(tx, &self.live, &permit, *id, "ran-out")?;
            }
            let answers = super::idempotency::forget_old(tx, &permit)?;
            let links = link::sweep(tx, &permit)?;
            let cases = recovery::sweep(tx, &permit)?;
            let swept = Event::new("session.swept").with("sessions", stale.0.len()).with("answers", answers);
            Ok(tx.audit(&permit, swept.with("links", links).with("cases", cases))?)
        })
    }
}

/// What the practice's rules ask of a person at a session of this strength, and they do not have.
fn owed(tx: &impl Reads, person: &Person, strength: Strength, now: Timestamp) -> Result<Owes, Error> {
    if is_missing(tx, person, strength)? {
        Ok(Owes::SecondFactor)
    } else if password_expired(tx, person, now)? {
        Ok(Owes::NewPassword)
    } else {
        Ok(Owes::Nothing)
    }
}

/// Opens a session for a person at a device, inside the transaction that proved who they are. Notes the visit.
///
/// # Errors
/// `field-refused` for the device's label; the store's trouble.
pub fn open(
    tx: &mut WriteTx,
    permit: &Permit,
    person: &Person,
    device: &NewDevice,
    strength: Strength,
) -> Result<Token, Error> {
    let (now, id) = (tx.now(), person.person);
    let known: Option<Device> = tx.find(&(id, device.device))?;
    let others = !tx.scan::<Device>(&id)?.is_empty();
    let seen = Device {
        device: device.device,
        person: id,
        label: label(&device.label)?,
        name: known.as_ref().and_then(|known| known.name.clone()),
        network: permit.network().map(str::to_owned),
        first_seen_at: known.as_ref().map_or(now, |known| known.first_seen_at),
        last_seen_at: now,
    };
    tx.put(&seen, permit)?;
    let token = begin(tx, permit, Holder::Person { person: id, device: device.device }, strength)?;
    let event = Event::new("session.opened").with("session", token.session).about(id);
    tx.audit(permit, event.with("device", device.device).with("new_device", known.is_none()))?;
    if known.is_none() && others {
        security_change(tx, permit, id)?;
    }
    Ok(token)
}

/// How much the asker's session proved; one thing without any.
///
/// # Errors
/// The store's trouble.
pub(super) fn strength_of(tx: &impl Reads, asker: &Asker) -> Result<Strength, Error> {
    let session = asker.session.map(|id| tx.find::<Session>(&id)).transpose()?.flatten();
    Ok(session.map_or(Strength::Single, |session| session.strength))
}

/// Opens a set-up session, inside the transaction that used up the claim code.
///
/// # Errors
/// The store's trouble.
pub(super) fn open_founding(tx: &mut WriteTx, permit: &Permit) -> Result<Token, Error> {
    let token = begin(tx, permit, Holder::Founder, Strength::Single)?;
    tx.audit(permit, Event::new("session.opened").with("session", token.session).with("holder", "founder"))?;
    Ok(token)
}

/// Ends every session of a person but the one to keep, if any.
///
/// # Errors
/// The store's trouble.
pub(super) fn end_others(
    tx: &mut WriteTx,
    live: &Live,
    permit: &Permit,
    person: PersonId,
    keep: Option<SessionId>,
    why: &'static str,
) -> Result<(), Error> {
    for session in tx.scan::<Session>(&())? {
        if session.person() == Some(person) && Some(session.session) != keep {
            end(tx, live, permit, session.session, why)?;
        }
    }
    Ok(())
}

/// Ends the sessions of whoever set the practice up.
pub(super) fn end_founding(tx: &mut WriteTx, live: &Live, permit: &Permit) -> Result<(), Error> {
    for session in tx.scan::<Session>(&())? {
        if session.holder == Holder::Founder {
            end(tx, live, permit, session.session, "set-up-over")?;
        }
    }
    Ok(())
}

/// Ends the session that somebody had when they came in anew: nobody holds its cookie any more.
pub(super) fn replace(
    tx: &mut WriteTx,
    live: &Live,
    permit: &Permit,
    asker: &Asker,
    by: PersonId,
) -> Result<(), Error> {
    let Some(id) = asker.session else { return Ok(()) };
    let same = matches!(asker.actor.kind, ActorKind::Person { person, .. } if person == by);
    end(tx, live, permit, id, if same { "signed-in-anew" } else { "signed-in-as-another" })
}

fn begin(tx: &mut WriteTx, permit: &Permit, holder: Holder, strength: Strength) -> Result<Token, Error> {
    let now = tx.now();
    let token = Token::make(SessionId::new(now, random::bytes()));
    let session = Session {
        session: token.session,
        token_hash: token.hash(),
        holder,
        made_at: now,
        proved_at: now,
        locked: false,
        strength,
        seen_network: permit.network().map(str::to_owned),
        seen_agent: None,
        used_at: now,
    };
    tx.put(&session, permit)?;
    Ok(token)
}

/// Ends a session, and cuts its streams.
///
/// # Errors
/// The store's trouble.
pub(super) fn end(tx: &mut WriteTx, live: &Live, permit: &Permit, id: SessionId, why: &str) -> Result<(), Error> {
    let holder = tx.find::<Session>(&id)?.and_then(|session| session.person());
    if tx.remove::<Session>(&id, permit)? {
        let event = Event::new("session.ended").with("session", id).with("why", why);
        tx.audit(permit, holder.into_iter().fold(event, Event::about))?;
        tx.notify(Notice::Ended { session: id });
    }
    live.forget(id);
    Ok(())
}
